"""Where both constellations and all objects are, step by step, with velocities and what they are.

Positions are in the GCRS: SGP4's TEME is turned into it instant by instant, and the mean equator of
the epoch once, as ``geometry.flight`` says. For the interchange of orbits it is named GCRF, the
frame that realises it, and ICRF or *inertial* by programs that tell axes only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.geometry.bodies import flights
from ssa_psro.geometry.flight import positions_km
from ssa_psro.scenario import Scenario
from ssa_psro.scenario.places import name_of
from ssa_psro.scenario.schema import (
    SIDES,
    ElementSetConstellation,
    ListedCatalog,
    StatedElementSet,
)

HALF_S = 0.1
"""Velocities are differences of positions so far before and after, within 0.1 mm/s. Those that SGP4
gives are not the derivative of its positions: they miss it by 20 mm/s in LEO, 60 mm/s in GEO, and
0.7 m/s at the perigee of an eccentric orbit."""

OBJECT = "object"
"""Kind of what is watched; the others are ``blue`` and ``red``."""


@dataclass(frozen=True)
class Body:
    """Something that flies.

    Attributes:
        key: tells it from all others in an export: ``blue-1``, ``red-1``, ``object-1``.
        kind: ``blue``, ``red`` or ``object``.
        name: as people know it.
        catalog_id: of its element set; empty where there is none.
        designator: international designator, likewise.
    """

    key: str
    kind: str
    name: str
    catalog_id: str = ""
    designator: str = ""


@dataclass(frozen=True, eq=False)
class Ephemeris:
    """K bodies at T instants: Blue's satellites, Red's, the objects.

    Attributes:
        scenario: whose they are.
        bodies: K.
        epoch: UTC time that ``times_s`` counts from.
        times_s: ``[T]``, one a step, and the end of the last step.
        position_km: ``[T, K, 3]`` GCRS.
        velocity_km_s: ``[T, K, 3]`` likewise.
    """

    scenario: Scenario
    bodies: tuple[Body, ...]
    epoch: datetime
    times_s: Floats
    position_km: Floats
    velocity_km_s: Floats

    def utc(self, time_s: float) -> datetime:
        """The instant so many seconds after the epoch."""
        return self.epoch + timedelta(seconds=float(time_s))


def ephemeris_of(scenario: Scenario, start_step: int = 0, steps: int | None = None) -> Ephemeris:
    """Where everything is for so many steps of the horizon; to its end, if not given.

    Raises:
        ScenarioError: SGP4 cannot follow an element set.
    """
    window = scenario.window
    count = window.horizon_steps - start_step if steps is None else steps
    offset_s = float(start_step * window.step_s)
    times_s = np.arange(count + 1, dtype=np.float64) * window.step_s
    groups = flights(scenario)
    here, ahead, behind = (
        np.concatenate(
            [positions_km(one, window.epoch, times_s + offset_s + moved_s) for one in groups],
            axis=1,
        )
        for moved_s in (0.0, HALF_S, -HALF_S)
    )
    return Ephemeris(
        scenario,
        bodies_of(scenario),
        window.epoch + timedelta(seconds=offset_s),
        times_s,
        here,
        (ahead - behind) / (2.0 * HALF_S),
    )


def bodies_of(scenario: Scenario) -> tuple[Body, ...]:
    """Blue's satellites, Red's, and the objects, in the order of the tables."""
    found = []
    for kind, side in zip(SIDES, scenario.sides, strict=True):
        design = side.constellation
        for n in range(design.count):
            flown = design.satellites[n] if isinstance(design, ElementSetConstellation) else None
            own = name_of(design, n)
            name = own if flown else f"{kind.capitalize()} {own}"
            found.append(Body(f"{kind}-{n + 1}", kind, name, *_labels(flown)))
    catalog = scenario.catalog
    for n, name in enumerate(catalog.names):
        orbit = catalog.objects[n].orbit if isinstance(catalog, ListedCatalog) else None
        found.append(Body(f"{OBJECT}-{n + 1}", OBJECT, name, *_labels(orbit)))
    return tuple(found)


def _labels(orbit: StatedElementSet | None) -> tuple[str, str]:
    return (orbit.catalog_id, orbit.designator) if orbit else ("", "")
