"""What a file of element sets holds, on half a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ssa_psro.cli.output import print_table, stdout, table

if TYPE_CHECKING:
    from rich.table import Table

    from ssa_psro.catalogs import CatalogFile, ElementSet, Rejected

SHOWN_REJECTS = 10
DAY_S = 86400.0


def summary_of(catalog: CatalogFile, at: datetime) -> dict[str, Any]:
    """The facts for JSON: everything but the elements themselves."""
    return {
        "file": str(catalog.path),
        "format": catalog.format,
        "objects": len(catalog.accepted),
        "regimes": {regime: _facts(members, at) for regime, members in _by_regime(catalog).items()},
        "ages_at": at.isoformat(),
        "rejected": [asdict(one) for one in catalog.rejected],
    }


def print_summary(catalog: CatalogFile, at: datetime, *, all_rejects: bool) -> None:
    """The same for people; of the rejected records only the first, unless all are wanted."""
    from rich.text import Text

    count, unusable = len(catalog.accepted), len(catalog.rejected)
    colour = "red" if unusable else ""
    heading = Text.assemble(
        (str(catalog.path), "bold"),
        f": {count} object{'' if count == 1 else 's'} in {catalog.format}, ",
        (f"{unusable or 'no'} record{'' if unusable == 1 else 's'} rejected", colour),
    )
    stdout().print(heading, "", soft_wrap=True)
    if count:
        epochs = [one.epoch for one in catalog.accepted]
        first, last, then = (f"{day:%Y-%m-%d %H:%M}" for day in (min(epochs), max(epochs), at))
        note = f"Epochs {first} to {last} UTC; ages at {then}."
        print_table("Objects by regime", _regime_table(catalog, at), note)
    if unusable:
        shown = catalog.rejected[: None if all_rejects else SHOWN_REJECTS]
        hidden = unusable - len(shown)
        note = f"{hidden} more: --all-rejects lists them, --json too." if hidden else ""
        print_table("Rejected records", _reject_table(shown), note)


def _by_regime(catalog: CatalogFile) -> dict[str, list[ElementSet]]:
    """The regimes that have objects, low to high."""
    from ssa_psro.catalogs import ORBIT_REGIMES

    members: dict[str, list[ElementSet]] = {regime: [] for regime in ORBIT_REGIMES}
    for one in catalog.accepted:
        members[one.regime].append(one)
    return {regime: found for regime, found in members.items() if found}


def _facts(members: Sequence[ElementSet], at: datetime) -> dict[str, Any]:
    """Counts and ranges ``[low, high]`` of the objects of one regime."""
    epochs = [one.epoch for one in members]
    ages = sorted((at - epoch).total_seconds() / DAY_S for epoch in epochs)
    return {
        "objects": len(members),
        "perigee_altitude_km": _range([one.perigee_altitude_km for one in members]),
        "apogee_altitude_km": _range([one.apogee_altitude_km for one in members]),
        "inclination_deg": _range([one.inclination_deg for one in members]),
        "epoch": [min(epochs).isoformat(), max(epochs).isoformat()],
        "age_days": {"newest": ages[0], "median": ages[len(ages) // 2], "oldest": ages[-1]},
    }


def _range(values: Sequence[float]) -> list[float]:
    return [min(values), max(values)]


def _regime_table(catalog: CatalogFile, at: datetime) -> Table:
    lines = table("Regime", "Objects", "Perigee km", "Apogee km", "Inclination °", "Age days")
    for regime, members in _by_regime(catalog).items():
        facts = _facts(members, at)
        ages = facts["age_days"]
        lines.add_row(
            regime,
            str(facts["objects"]),
            _spread(facts["perigee_altitude_km"], ".0f"),
            _spread(facts["apogee_altitude_km"], ".0f"),
            _spread(facts["inclination_deg"], ".1f"),
            _spread((ages["newest"], ages["oldest"]), ".1f"),
        )
    return lines


def _spread(limits: Sequence[float], form: str) -> str:
    """``low … high``, or one number where both look alike."""
    return " … ".join(dict.fromkeys(format(limit, form) for limit in limits))


def _reject_table(rejected: Sequence[Rejected]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    lines = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in ("Place", "Object", "Id", "Problem and cure"):
        lines.add_column(name, overflow="fold")
    for one in rejected:
        what = Text.assemble(f"{one.problem}. ", (one.cure, "green"))
        lines.add_row(one.place, one.name, one.catalog_id, what)
    return lines
