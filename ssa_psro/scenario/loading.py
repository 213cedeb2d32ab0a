"""Scenario files in, checked games out, or one error with every fault in the file.

1. A document is read section by section, as far as it is sound.
2. What it names in other files is put in its place: a scenario needs no other file.
3. The rules that span keys are asked, of what will be played and of what stands in the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from ssa_psro.catalogs.selection import select
from ssa_psro.errors import Fault, ScenarioError
from ssa_psro.inputs.reading import read_fields
from ssa_psro.inputs.sections import Section, broken_rules, is_sound, is_whole, partial_section
from ssa_psro.inputs.text_files import FileKind
from ssa_psro.scenario.element_set_files import Draw, FileReport, Request, Taken, take
from ssa_psro.scenario.listing import (
    Particulars,
    draw_objects,
    listed,
    particulars_reports,
    read_particulars,
    regimes_taken,
)
from ssa_psro.scenario.orbits import from_record
from ssa_psro.scenario.schema import (
    SIDES,
    ElementSetConstellation,
    FileCatalog,
    FileConstellation,
    Scenario,
    ScenarioInFile,
    Side,
    Window,
)

SCENARIO_FILE = FileKind("scenario file", "quickstart.toml", ScenarioError)

STUDY_KEYS = frozenset({"seed", "populations", "oracle", "solver"})
"""Keys at the top of the same file that say how the game is studied, see ``ssa_psro.study``."""


def load_scenario(path: str | Path) -> Scenario:
    """The game in the TOML file at ``path``, with the element sets of the files it names.

    What the file says of how the game is studied is passed over.

    Args:
        path: a file in UTF-8.

    Raises:
        ScenarioError: with every fault, whether of a file, of a key or of several keys together.
    """
    path = Path(path)
    return _game(SCENARIO_FILE.read_toml(path), str(path), path.parent)


def parse_scenario(text: str, source: str) -> Scenario:
    """The game in TOML ``text``; ``source`` names it in errors.

    Raises:
        ScenarioError: with every fault; naming a file is one.
    """
    return _game(SCENARIO_FILE.parse_toml(text, source), source, None)


def parse_scenario_json(text: str, source: str) -> Scenario:
    """The game in JSON ``text``, such as that of ``dump_scenario``.

    Raises:
        ScenarioError: with every fault; naming a file is one.
    """
    return _game(SCENARIO_FILE.parse_json(text, source), source, None)


def dump_scenario(scenario: Scenario) -> str:
    """``scenario`` as JSON text with every key, defaults included."""
    return scenario.model_dump_json(indent=2) + "\n"


def _game(document: object, source: str, folder: Path | None) -> Scenario:
    if isinstance(document, dict):
        document = {key: document[key] for key in document if key not in STUDY_KEYS}
    reading = read_fields(ScenarioInFile, document)
    found = resolve(reading.section, folder)
    faults = [*reading.faults, *found.faults, *found.broken_rules()]
    if faults:
        raise ScenarioError(source, faults)
    return found.scenario


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

    def broken_rules(self, *own: tuple[Section, str]) -> list[Fault]:
        """What the rules of all its sections find wrong.

        Args:
            own: other sections of the file, with their paths; they come before the replaced ones.
        """
        every = [(self.scenario, ""), *own, *self.replaced]
        return [fault for section, at in every for fault in broken_rules(section, at)]


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
    sound = folder is not None and is_whole(catalog)
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
    if not isinstance(catalog, FileCatalog) or "catalog" in values:
        return False
    return catalog.sets_epoch if is_sound(catalog, "sets_epoch") else True


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
    if window is None or not (is_whole(section) and is_whole(window)):
        return None
    catalog = section if isinstance(section, FileCatalog) else None
    request = Request(
        key=key,
        paths=tuple(folder / path for path in section.path),
        selection=section.select,
        regimes=tuple(regimes_taken(catalog)) if catalog else (),
        sets_epoch=catalog is not None and catalog.sets_epoch,
        draw=draw,
        rule=rule_in_words(section),
    )
    taken = take(request, window, found.faults)
    found.files += taken.reports if taken else ()
    return taken


def rule_in_words(section: FileCatalog | FileConstellation) -> str:
    """By which rule element sets of a file are chosen, as people read it."""
    wanted, counts = section.select, [section.select.count]
    said = []
    if isinstance(section, FileCatalog) and section.regimes:
        counts += [one.count for one in section.regimes]
        each = [
            f"all {one.regime}" if one.count is None else f"at most {one.count} {one.regime}"
            for one in section.regimes
        ]
        said.append(", ".join(each))
    if wanted.names:
        said.append(f"named {' or '.join(wanted.names)}")
    if wanted.ids:
        said.append(f"of {len(wanted.ids)} catalogue ids")
    if wanted.count is not None:
        said.append(f"at most {wanted.count} in all")
    drawn = f", drawn by seed {section.seed}" if any(one is not None for one in counts) else ""
    what = "; ".join(said) or "all"
    return f"{what}{drawn}; epochs within {wanted.max_epoch_age_days:g} days of the window"
