"""What the map moves: quantities without a public source, alone and two at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.errors import Fault, UsageError
from ssa_psro.game import CoverageGame
from ssa_psro.game.columns import OBJECT
from ssa_psro.game.motion import position_variance
from ssa_psro.geometry import build_arena
from ssa_psro.scenario import Scenario, is_symmetric
from ssa_psro.scenario.schema import GeneratedCatalog

TWOFOLD = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Times the reference value: what is moved where nothing says how far."""

HOURS = np.arange(241.0)
"""Since the last look, at which the error of an orbit is worked out."""


@dataclass(frozen=True)
class Quantity:
    """One quantity, which both sides share.

    Attributes:
        name: of its column, which ends in the unit where there is one.
        title: for people.
        unit: written behind its values.
        read: its value in a scenario.
        moved: the scenario with another value.
        factors: times the reference value; 1 is among them.
        best: the value that the factors' distance is counted from.
    """

    name: str
    title: str
    unit: str
    read: Callable[[Scenario], float]
    moved: Callable[[Scenario, float], Scenario]
    factors: tuple[float, ...] = TWOFOLD
    best: float = 0.0

    def values(self, scenario: Scenario) -> tuple[float, ...]:
        """In ascending order; where the reference is ``best`` itself, it stands alone."""
        reference = self.read(scenario)
        away = (self.best + factor * (reference - self.best) for factor in self.factors)
        return tuple(sorted({float(f"{max(0.0, value):.6g}") for value in away}))

    def text(self, value: float) -> str:
        """``6 h`` or ``0.85``."""
        return f"{value:.3g} {self.unit}".strip() if value < 1000 else f"{value:,.0f} {self.unit}"


def _rule(key: str, scale: float = 60.0) -> dict[str, Any]:
    """How to read and move a key of the rules, in ``scale`` of its own unit."""

    def moved(scenario: Scenario, value: float) -> Scenario:
        rules = scenario.rules.model_copy(update={key: value * scale})
        return scenario.model_copy(update={"rules": rules})

    return {"read": lambda scenario: getattr(scenario.rules, key) / scale, "moved": moved}


def _sensor(key: str, scale: float = 1.0) -> dict[str, Any]:
    """How to read and move a key of both sides' sensors."""

    def moved(scenario: Scenario, value: float) -> Scenario:
        sides = {}
        for name, side in (("blue", scenario.blue), ("red", scenario.red)):
            sensor = side.sensor.model_copy(update={key: value * scale})
            sides[name] = side.model_copy(update={"sensor": sensor})
        return scenario.model_copy(update=sides)

    return {"read": lambda scenario: getattr(scenario.blue.sensor, key) / scale, "moved": moved}


@cache
def _errors_km(scenario: Scenario) -> Floats:
    """``[N, H]`` the largest RMS error of every object so far, at ``HOURS`` since its last look.

    That look was the last of the twelve by which the game has kept every orbit up.
    """
    world = CoverageGame(build_arena(scenario, cache_dir=None)).world
    density, motion = (world.objects[c] for c in (OBJECT.density_km2_h3, OBJECT.motion_rad_h))
    variance = [
        [position_variance(world.kept_up[0, n], density[n], motion[n], hour) for hour in HOURS]
        for n in range(len(motion))
    ]
    return np.asarray(np.sqrt(np.maximum.accumulate(variance, axis=1)))


def _groups(scenario: Scenario) -> Iterator[tuple[int, slice]]:
    """Each section of the catalogue and the objects that it makes."""
    assert isinstance(scenario.catalog, GeneratedCatalog)
    first = 0
    for number, regime in enumerate(scenario.catalog.regimes):
        yield number, slice(first, first + regime.count)
        first += regime.count


def custody_h(scenario: Scenario) -> float:
    """How many whole hours the median object stays in custody after its last look."""
    assert isinstance(scenario.catalog, GeneratedCatalog)
    limits = [one.custody_sigma_km for one in scenario.catalog.regimes for _ in range(one.count)]
    held = (_errors_km(scenario) <= np.array(limits)[:, None]).sum(axis=1) - 1
    return float(HOURS[int(np.median(np.maximum(held, 0)))])


def with_custody(scenario: Scenario, hours: float) -> Scenario:
    """Let the median object of every section be lost so many hours after its last look."""
    assert isinstance(scenario.catalog, GeneratedCatalog)
    error_km = np.array([np.interp(hours, HOURS, one) for one in _errors_km(scenario)])
    regimes = list(scenario.catalog.regimes)
    for number, objects in _groups(scenario):
        if regimes[number].count:
            limit_km = {"custody_sigma_km": float(np.median(error_km[objects]))}
            regimes[number] = regimes[number].model_copy(update=limit_km)
    catalog = scenario.catalog.model_copy(update={"regimes": tuple(regimes)})
    return scenario.model_copy(update={"catalog": catalog})


QUANTITIES: Mapping[str, Quantity] = {
    one.name: one
    for one in (
        Quantity(
            "custody_h",
            "Custody after a look",
            "h",
            custody_h,
            with_custody,
            factors=(0.5, 0.75, 1.0, 4 / 3, 2.0),
        ),
        Quantity(
            "denial_range_km",
            "Range of denial",
            "km",
            **_sensor("denial_range_km"),
            factors=(0.25, 0.5, 1.0, 1.5, 2.0),
        ),
        Quantity("denial_min", "A denial lasts", "min", **_rule("denial_s")),
        Quantity("recharge_min", "Recharge after a denial", "min", **_rule("denial_recharge_s")),
        Quantity(
            "sensitivity",
            "Sensitivity left under protection",
            "",
            **_rule("protected_sensitivity", 1.0),
            factors=(0.0, 0.5, 1.0, 2.0, 4.0),
            best=1.0,
        ),
        Quantity("protection_min", "Protection lasts", "min", **_rule("protection_s")),
        Quantity(
            "latency_min",
            "Latency from look to knowledge",
            "min",
            **_sensor("latency_s", 60.0),
            factors=(0.0, 0.5, 1.0, 2.0, 4.0),
        ),
    )
}
"""What is moved, by name."""

RIVALRY = "rivalry"
RIVALRIES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Solved from the episodes of the reference, since every table keeps both sides' scores."""

SLICES = (("denial_min", "custody_h"), ("sensitivity", "custody_h"))
"""Pairs that are moved together: across, then upwards."""


@dataclass(frozen=True)
class Grid:
    """The points of a map.

    Attributes:
        scenario: the reference.
        reference: its value of every quantity.
        values: of every quantity, in ascending order.
        points: the values of every quantity at each point, the reference first.
    """

    scenario: Scenario
    reference: Mapping[str, float]
    values: Mapping[str, tuple[float, ...]]
    points: tuple[Mapping[str, float], ...] = field(init=False)

    def __post_init__(self) -> None:
        found = [dict(self.reference)]
        for name, values in self.values.items():
            found += [{**self.reference, name: value} for value in values]
        for x, y in SLICES:
            found += [
                {**self.reference, x: across, y: up}
                for across in self.values[x]
                for up in self.values[y]
            ]
        unique = {tuple(one.values()): one for one in found}
        object.__setattr__(self, "points", tuple(unique.values()))

    def scenario_at(self, point: Mapping[str, float]) -> Scenario:
        """The game of a point."""
        scenario = self.scenario
        for name, value in point.items():
            if value != self.reference[name]:
                scenario = QUANTITIES[name].moved(scenario, value)
        return scenario


def grid_of(scenario: Scenario, *, smoke: bool = False) -> Grid:
    """The points of the map around a scenario; for a smoke test, the reference and the ends.

    Raises:
        UsageError: both sides are not of one design, or the catalogue is not a generated one.
    """
    if not is_symmetric(scenario) or not isinstance(scenario.catalog, GeneratedCatalog):
        problem = "sides differ, or the catalogue comes from a file"
        cure = "Use a scenario with sides of one design and a generated catalogue."
        raise UsageError("blinding map", [Fault("scenario", scenario.name, problem, cure)])
    values = {}
    for name, quantity in QUANTITIES.items():
        found = quantity.values(scenario)
        values[name] = tuple(dict.fromkeys((found[0], found[-1]))) if smoke else found
    reference = {name: float(f"{one.read(scenario):.6g}") for name, one in QUANTITIES.items()}
    return Grid(scenario, reference, values)
