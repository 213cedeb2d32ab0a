"""Applying the rules that span several keys, section by section, to whatever is sound."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ssa_psro.errors import Fault, did_you_mean
from ssa_psro.scenario import game_rules, rules, sensor_rules
from ssa_psro.scenario.schema import (
    Elements,
    FileCatalog,
    FileRegime,
    GeneratedCatalog,
    ListedCatalog,
    Manoeuvres,
    ManoeuvreWindow,
    Oracle,
    Populations,
    Regime,
    Scenario,
    Section,
    Sensor,
    Solver,
    Walker,
    Window,
)

Rule = Callable[[Any, str], Iterator[Fault]]

RULES: dict[type[Section], tuple[Rule, ...]] = {
    Sensor: (
        sensor_rules.preset_is_known,
        sensor_rules.something_is_bright_enough,
        sensor_rules.limb_matters_where_it_is_kept_from,
    ),
    Window: (
        rules.decision_is_whole_steps,
        rules.duration_is_whole_decisions,
        rules.horizon_covers_episode,
    ),
    Walker: (rules.planes_divide_satellites, rules.phasing_below_planes),
    Elements: (rules.elements_clear_earth,),
    Regime: (
        rules.ranges_ascend,
        rules.altitude_suits_regime,
        rules.regime_clears_earth,
        rules.contested_within_count,
    ),
    Manoeuvres: (rules.forecast_windows_apart,),
    FileCatalog: (rules.regimes_named_once,),
    FileRegime: (rules.sizes_ascend,),
    ManoeuvreWindow: (rules.window_ends_after_start,),
    GeneratedCatalog: (
        rules.catalog_has_objects,
        rules.catalog_has_weight,
        rules.windows_name_objects,
        rules.windows_apart,
    ),
    ListedCatalog: (
        rules.listed_objects_apart,
        rules.listed_objects_weigh,
        rules.listed_windows_name_objects,
        rules.windows_apart,
    ),
    Populations: (rules.policies_named_once,),
    Scenario: (
        game_rules.sides_apart,
        game_rules.observation_fits_episode,
        game_rules.period_divides_episode,
        game_rules.denial_fits_episode,
        game_rules.windows_within_horizon,
        game_rules.tables_fit_memory,
    ),
}
"""The rules of each kind of section; a new rule is a function and a line here."""


NAMES: dict[type[Section], dict[str, str]] = {
    Populations: {"blue": "policies", "red": "policies"},
    Oracle: {"kind": "oracles", "start": "starts"},
    Solver: {"meta_solver": "solvers", "target": "targets", "sampler": "samplers"},
}
"""The fields that hold names, and which of ``KnownNames`` they may hold."""


@dataclass(frozen=True)
class KnownNames:
    """Names that a scenario may use; ``None`` leaves that kind of name unchecked.

    The registries stand above this layer, so their names are passed in.

    Attributes:
        policies: of ``[populations]``.
        solvers: of ``solver.meta_solver``.
        oracles: of ``oracle.kind``.
        starts: of ``oracle.start``.
        targets: of ``solver.target``.
        samplers: of ``solver.sampler``.
    """

    policies: Collection[str] | None = None
    solvers: Collection[str] | None = None
    oracles: Collection[str] | None = None
    starts: Collection[str] | None = None
    targets: Collection[str] | None = None
    samplers: Collection[str] | None = None


def check(
    scenario: Scenario, known: KnownNames, *, replaced: Iterable[tuple[Section, str]] = ()
) -> list[Fault]:
    """All faults that span several keys. Sections may lack the fields that are at fault.

    Args:
        scenario: what will be played.
        known: names to check against.
        replaced: sections that a file states instead of some in ``scenario``, with their paths.
    """
    faults = [
        fault
        for top, path in [(scenario, ""), *replaced]
        for section, at in _sections(top, path)
        for rule in RULES.get(type(section), ())
        for fault in _apply(rule, section, at)
    ]
    return faults + list(_unknown_names(scenario, known))


def _sections(section: Section, at: str) -> Iterator[tuple[Section, str]]:
    """``section`` and all below it, each with its path."""
    yield section, at
    for name, value in vars(section).items():
        path = f"{at}.{name}" if at else name
        if isinstance(value, Section):
            yield from _sections(value, path)
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, Section):
                    yield from _sections(item, f"{path}[{index}]")


def _apply(rule: Rule, section: Section, at: str) -> Iterator[Fault]:
    """The faults that ``rule`` finds before it meets a field that is itself at fault."""
    try:
        yield from rule(section, at)
    except AttributeError as error:
        owner = type(error.obj)
        if not (issubclass(owner, Section) and error.name in owner.model_fields):
            raise


def _unknown_names(scenario: Scenario, known: KnownNames) -> Iterator[Fault]:
    for section, at in _sections(scenario, ""):
        for field, family in NAMES.get(type(section), {}).items():
            names = getattr(known, family)
            for key, name in _named(vars(section).get(field, ()), f"{at}.{field}"):
                if names is not None and name not in names:
                    yield Fault(
                        key, name, f"not one of the known {family}", did_you_mean(name, names)
                    )


def _named(value: str | tuple[str, ...], at: str) -> Iterator[tuple[str, str]]:
    """The names in ``value``, one or many, each with its path."""
    if isinstance(value, str):
        yield at, value
    else:
        yield from ((f"{at}[{index}]", name) for index, name in enumerate(value))
