"""``ssa-psro catalog generate``: a catalogue from a seed, as OMM, with attributes and forecasts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssa_psro.cli.options import AsJson, finite, instant
from ssa_psro.cli.output import print_json, stdout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ssa_psro.catalogs.generation import GeneratedObject

EXAMPLES = (
    "ssa-psro catalog generate --regime LEO:60 --regime GEO:20 --seed 1 --output mine.json",
    "ssa-psro catalog generate --regime DEBRIS:200 --seed 2 --epoch 2026-06-01 --output cloud.csv",
    "ssa-psro catalog generate --regime GEO:40 --seed 3 --output belt.xml "
    "--attributes belt-attributes.csv --windows belt-windows.csv",
)

MOST_OBJECTS = 100_000
"""Of one regime in a generated catalogue."""


def command(
    regimes: Annotated[
        list[str],
        typer.Option(
            "--regime",
            metavar="NAME:COUNT",
            help="How many objects of LEO, MEO, GEO, HEO or DEBRIS; may be given several times.",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="File of the element sets; .json, .csv, .xml or .kvn says how they are written.",
            show_default=False,
        ),
    ],
    seed: Annotated[
        int, typer.Option(min=0, metavar="N", help="Root of all chance.", show_default=False)
    ],
    epoch: Annotated[
        str, typer.Option(metavar="DATE", help="Epoch (UTC) of the catalogue.")
    ] = "2026-03-20",
    attributes: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write sizes, albedos and who is contested, as CSV."),
    ] = None,
    windows: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write forecast manoeuvre windows, as CSV.")
    ] = None,
    contested: Annotated[
        float,
        typer.Option(
            min=0.0, max=1.0, callback=finite, metavar="SHARE", help="Share of contested objects."
        ),
    ] = 0.4,
    horizon_days: Annotated[
        float,
        typer.Option(
            min=0.0, max=366.0, callback=finite, metavar="DAYS", help="How far the forecasts reach."
        ),
    ] = 10.0,
    first_id: Annotated[
        int,
        typer.Option(min=1, max=999_999_999, metavar="N", help="Catalogue id of the first object."),
    ] = 339_970,
    as_json: AsJson = False,
) -> None:
    """Generate a catalogue from a seed: element sets, and on request attributes and forecasts.

    LEO: sun-synchronous clusters, shells of large constellations, spent stages.

    MEO: four navigation systems with their planes.

    GEO: kept slots, inclined and librating satellites, the graveyard.

    HEO: geostationary transfer and Molniya orbits.

    DEBRIS: fragments of one parent in LEO, 30 days after it broke up.

    Equal command lines give equal files.
    """
    from ssa_psro.catalogs.generation import generate
    from ssa_psro.catalogs.omm_writing import omm_text, write_texts
    from ssa_psro.catalogs.particulars import attributes_csv, forecasts_csv
    from ssa_psro.errors import Fault, UsageError

    at = instant(epoch, "--epoch")
    named = {"--output": output, "--attributes": attributes, "--windows": windows}
    given = {option: path for option, path in named.items() if path is not None}
    if len({path.resolve() for path in given.values()}) < len(given):
        cure = "Name a file for each."
        faults = [Fault(option, path, "is named twice", cure) for option, path in given.items()]
        raise UsageError("command line", faults)
    objects = generate(
        populations(regimes),
        seed=seed,
        epoch=at,
        contested=contested,
        horizon_days=horizon_days,
        first_id=first_id,
    )
    texts = {output: omm_text(output, [one.element_set for one in objects], created=at)}
    if attributes:
        texts[attributes] = attributes_csv(one.attributes for one in objects)
    if windows:
        texts[windows] = forecasts_csv(row for one in objects for row in one.forecasts)
    write_texts(texts)
    _tell(texts, objects, as_json)


def populations(texts: list[str]) -> list[tuple[str, int]]:
    """``["LEO:60", "GEO:20"]`` as names and counts. Raises ``UsageError`` with every fault."""
    from ssa_psro.catalogs.generation import POPULATIONS
    from ssa_psro.errors import Fault, UsageError, did_you_mean

    faults, found = [], []
    for text in texts:
        name, colon, count = (part.strip() for part in text.partition(":"))
        if name.upper() not in POPULATIONS:
            hint = did_you_mean(name.upper(), POPULATIONS)
            faults.append(Fault("--regime", text, "no such regime", hint))
        elif not (count.isdecimal() and count.isascii() and 0 < int(count[:9]) <= MOST_OBJECTS):
            problem = "lacks a count" if not colon else "has no such count"
            cure = f"Write {name.upper()}:60, with 1 to {MOST_OBJECTS} objects."
            faults.append(Fault("--regime", text, problem, cure))
        else:
            found.append((name.upper(), int(count)))
    if faults:
        raise UsageError("command line", faults)
    return found


def _tell(texts: dict[Path, str], objects: Sequence[GeneratedObject], as_json: bool) -> None:
    """What was written, with checksums."""
    from collections import Counter
    from hashlib import sha256

    files = [
        {"file": str(path), "sha256": sha256(text.encode()).hexdigest()}
        for path, text in texts.items()
    ]
    regimes = dict(Counter(one.element_set.regime for one in objects))
    if as_json:
        print_json({"objects": len(objects), "regimes": regimes, "files": files})
        return
    listed = ", ".join(f"{count} {regime}" for regime, count in regimes.items())
    stdout().print(f"{len(objects)} objects: {listed}", soft_wrap=True)
    for one in files:
        stdout().print(f"  {one['sha256']}  {one['file']}", soft_wrap=True)
