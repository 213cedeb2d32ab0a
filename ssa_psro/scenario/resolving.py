"""What a scenario names in other files, put in its place: a scenario that needs no other file."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from ssa_psro.catalogs.selection import select
from ssa_psro.errors import Fault
from ssa_psro.scenario.element_sets import from_record
from ssa_psro.scenario.files import Draw, FileReport, Request, Taken, take
from ssa_psro.scenario.listing import draw_objects, listed, regimes_taken
from ssa_psro.scenario.outline import is_sound
from ssa_psro.scenario.particulars import Particulars, particulars_reports, read_particulars
from ssa_psro.scenario.reading import partial_section
from ssa_psro.scenario.schema import (
    SIDES,
    ElementSetConstellation,
    FileCatalog,
    FileConstellation,
    Scenario,
    ScenarioInFile,
    Section,
    Side,
    Window,
)


@dataclass
class Resolution:
    """A scenario as far as it is sound, and what was found on the way.

    Attributes:
        scenario: without the sections that could not be resolved.
        files: one report a file.
        replaced: the sections that named files, with their paths in the scenario.
        faults: of the files, and of how they are named.
    """

    scenario: Scenario
    files: list[FileReport] = field(default_factory=list)
    replaced: list[tuple[Section, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def resolve(draft: ScenarioInFile, folder: Path | None) -> Resolution:
    """Put element sets where ``draft`` names files of them.

    1. The catalogue comes first, since it may move the window.
    2. Sections that are at fault already are left out: their faults are known.
    3. Constellations are not held against a window that a catalogue at fault could not move.

    Args:
        draft: as far as it is sound.
        folder: that the paths in it are relative to; ``None`` if it may name no files.
    """
    found = Resolution(partial_section(Scenario, {}, Scenario.model_fields))
    values = {name: vars(draft)[name] for name in Scenario.model_fields if name in vars(draft)}
    if isinstance(values.get("catalog"), FileCatalog):
        _put_catalog(values, folder, found)
    window = None if _adrift(draft, values) else values.get("window")
    for name in SIDES:
        if name in values:
            values[name] = _side(name, values[name], window, folder, found)
    absent = Scenario.model_fields.keys() - values.keys()
    found.scenario = partial_section(Scenario, values, absent)
    return found


def _put_catalog(values: dict[str, Any], folder: Path | None, found: Resolution) -> None:
    """Replace the catalogue among ``values``, and the window if it follows the catalogue."""
    catalog: FileCatalog = values.pop("catalog")
    before = len(found.faults)
    sound = folder is not None and is_sound(catalog)
    rows = read_particulars(catalog, folder, found.faults) if folder and sound else Particulars()
    draw = partial(draw_objects, catalog)
    taken = _take(catalog, "catalog", draw, values.get("window"), folder, found)
    if taken and folder and len(found.faults) == before:
        values["catalog"] = listed(catalog, taken.element_sets, rows, taken.window)
        values["window"] = taken.window
        found.files += particulars_reports(catalog, rows, taken.known, folder)


def _adrift(draft: ScenarioInFile, values: dict[str, Any]) -> bool:
    """Whether the window should follow a catalogue that could not be had."""
    catalog = vars(draft).get("catalog")
    follows = isinstance(catalog, FileCatalog) and vars(catalog).get("sets_epoch", True)
    return follows and "catalog" not in values


def _side(
    name: str, side: Side, window: Window | None, folder: Path | None, found: Resolution
) -> Side:
    """One side with its constellation, or without one that cannot be had."""
    stated = dict(vars(side))
    design = stated.get("constellation")
    if isinstance(design, FileConstellation):
        del stated["constellation"]
        draw = partial(select, count=design.select.count, seed=design.seed)
        taken = _take(design, f"{name}.constellation", draw, window, folder, found)
        if taken:
            satellites = tuple(from_record(one) for one in taken.element_sets)
            stated["constellation"] = ElementSetConstellation(
                kind="element-sets", satellites=satellites
            )
    return partial_section(Side, stated, Side.model_fields.keys() - stated.keys())


def _take(
    section: FileCatalog | FileConstellation,
    key: str,
    draw: Draw,
    window: Window | None,
    folder: Path | None,
    found: Resolution,
) -> Taken | None:
    """What a section asks for, its report and faults noted."""
    found.replaced.append((section, key))
    if folder is None:
        cure = "Name its element sets one by one, or load the scenario from its own file."
        found.faults.append(Fault(f"{key}.kind", "file", "no files can be named here", cure))
        return None
    if window is None or not (is_sound(section) and is_sound(window)):
        return None
    catalog = section if isinstance(section, FileCatalog) else None
    request = Request(
        key=key,
        paths=tuple(folder / path for path in section.path),
        selection=section.select,
        regimes=tuple(regimes_taken(catalog)) if catalog else (),
        sets_epoch=catalog is not None and catalog.sets_epoch,
        draw=draw,
    )
    taken = take(request, window, found.faults)
    found.files += taken.reports if taken else ()
    return taken
