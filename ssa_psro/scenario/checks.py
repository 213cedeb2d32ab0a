"""Applying the rules that span several keys, section by section, to whatever is sound."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ssa_psro.errors import Fault
from ssa_psro.scenario import game_rules, sensor_rules
from ssa_psro.scenario import rules as own
from ssa_psro.scenario.schema import (
    Elements,
    FileCatalog,
    FileRegime,
    GeneratedCatalog,
    ListedCatalog,
    Manoeuvres,
    ManoeuvreWindow,
    Regime,
    Scenario,
    Section,
    Sensor,
    Walker,
    Window,
)

Rule = Callable[[Any, str], Iterator[Fault]]
Rules = Mapping[type[Section], tuple[Rule, ...]]

RULES: Rules = {
    Sensor: (
        sensor_rules.preset_is_known,
        sensor_rules.something_is_bright_enough,
        sensor_rules.limb_matters_where_it_is_kept_from,
    ),
    Window: (
        own.decision_is_whole_steps,
        own.duration_is_whole_decisions,
        own.horizon_covers_episode,
    ),
    Walker: (own.planes_divide_satellites, own.phasing_below_planes),
    Elements: (own.elements_clear_earth,),
    Regime: (
        own.ranges_ascend,
        own.altitude_suits_regime,
        own.regime_clears_earth,
        own.contested_within_count,
    ),
    Manoeuvres: (own.forecast_windows_apart,),
    FileCatalog: (own.regimes_named_once,),
    FileRegime: (own.sizes_ascend,),
    ManoeuvreWindow: (own.window_ends_after_start,),
    GeneratedCatalog: (
        own.catalog_has_objects,
        own.catalog_has_weight,
        own.windows_name_objects,
        own.windows_apart,
    ),
    ListedCatalog: (
        own.listed_objects_apart,
        own.listed_objects_weigh,
        own.listed_windows_name_objects,
        own.windows_apart,
    ),
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


def check(sections: Iterable[tuple[Section, str]], rules: Rules = RULES) -> list[Fault]:
    """All faults that span several keys. Sections may lack the fields that are at fault.

    Args:
        sections: with their paths; those below them are checked too.
        rules: of each kind of section.
    """
    return [
        fault
        for top, path in sections
        for section, at in _sections(top, path)
        for rule in rules.get(type(section), ())
        for fault in _apply(rule, section, at)
    ]


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
