"""Whole catalogues from a seed: populations, names, ids, sizes and forecast manoeuvres.

Every object has a generator of its own, keyed by its population and its number in it. So a longer
catalogue extends a shorter one, and a change to one population leaves the others as they were.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ssa_psro.catalogs.element_set import ElementSet
from ssa_psro.catalogs.generation.debris_cloud import debris_cloud
from ssa_psro.catalogs.generation.drafts import Draft, Population, mean_motion_rev_day
from ssa_psro.catalogs.generation.high_orbits import eccentric_orbits, geostationary
from ssa_psro.catalogs.generation.low_and_medium_orbits import low_orbits, medium_orbits
from ssa_psro.catalogs.particulars import Attributes, Forecast
from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.randomness import generator

POPULATIONS: dict[str, Population] = {
    "LEO": low_orbits,
    "MEO": medium_orbits,
    "GEO": geostationary,
    "HEO": eccentric_orbits,
    "DEBRIS": debris_cloud,
}
"""What catalogues are made of, by name."""

FIRST_ID = 339_970
"""So that ids of a usual catalogue cross the largest that Alpha-5 and sgp4 know, 339999."""
OLDEST_H = 36.0
"""Element sets are issued every day or so: none is older than this at the catalogue's epoch."""


@dataclass(frozen=True)
class GeneratedObject:
    """One object of a generated catalogue.

    Attributes:
        element_set: as it would be published.
        attributes: size, albedo, and whether it is contested.
        forecasts: the manoeuvre windows in the days after the catalogue's epoch.
    """

    element_set: ElementSet
    attributes: Attributes
    forecasts: tuple[Forecast, ...]


def generate(
    populations: Sequence[tuple[str, int]],
    *,
    seed: int,
    epoch: datetime,
    contested: float = 0.4,
    horizon_days: float = 10.0,
    first_id: int = FIRST_ID,
) -> tuple[GeneratedObject, ...]:
    """A catalogue.

    Args:
        populations: names in ``POPULATIONS``, and how many objects of each.
        seed: of everything drawn.
        epoch: of the catalogue, in UTC; the epochs of the element sets lie up to 36 h before it.
        contested: share of the objects that are contested; each is, or not, by a draw of its own.
        horizon_days: how far forecasts reach beyond ``epoch``.
        first_id: catalogue id of the first object; the others follow.

    Raises:
        UsageError: a name that ``POPULATIONS`` does not have.
    """
    faults = [
        Fault("regime", name, "no such population", did_you_mean(name, POPULATIONS))
        for name, _ in populations
        if name not in POPULATIONS
    ]
    if faults:
        raise UsageError("generated catalogue", faults)
    drafts = [draft for name, count in populations for draft in _drafts(name, count, seed, epoch)]
    names = _names([draft for draft, _ in drafts])
    return tuple(
        GeneratedObject(
            element_set=_element_set(draft, name, str(first_id + index), at),
            attributes=_attributes(draft, name, str(first_id + index), seed, contested),
            forecasts=tuple(_forecasts(draft, name, seed, epoch, horizon_days)),
        )
        for index, (name, (draft, at)) in enumerate(zip(names, drafts, strict=True))
    )


def _drafts(name: str, count: int, seed: int, epoch: datetime) -> Iterator[tuple[Draft, datetime]]:
    """The drawn objects of one population and the epochs of their element sets."""
    draw = POPULATIONS[name](seed, epoch)
    for number in range(count):
        random = generator(seed, "catalog", name, number)
        age_s = round(random.uniform(0.0, OLDEST_H * 3600.0), 3)
        at = epoch - timedelta(seconds=age_s)
        yield draw(random, at), at


def _names(drafts: Sequence[Draft]) -> list[str]:
    """The families, numbered: ``SSO-001``, ``SSO-002``, ``SLOT-001``."""
    numbers: Counter[str] = Counter()
    names = []
    for draft in drafts:
        numbers[draft.family] += 1
        names.append(f"{draft.family}-{numbers[draft.family]:03d}")
    return names


def _element_set(draft: Draft, name: str, catalog_id: str, epoch: datetime) -> ElementSet:
    """Rounded as element sets are published, which also hides the last bits of other machines."""
    orbit = draft.orbit
    turns = (round(float(angle) % 360.0, 4) % 360.0 for angle in orbit[3:])
    node_deg, perigee_deg, anomaly_deg = turns
    return ElementSet(
        name=name,
        catalog_id=catalog_id,
        designator="",
        epoch=epoch,
        mean_motion_rev_day=round(mean_motion_rev_day(orbit.semi_major_axis_km), 8),
        eccentricity=round(float(orbit.eccentricity), 7),
        inclination_deg=round(float(orbit.inclination_deg), 4),
        raan_deg=node_deg,
        argument_of_perigee_deg=perigee_deg,
        mean_anomaly_deg=anomaly_deg,
        bstar=float(f"{draft.bstar:.4e}"),
    )


def _attributes(
    draft: Draft, name: str, catalog_id: str, seed: int, contested: float
) -> Attributes:
    chance = generator(seed, "catalog", name, "contested").uniform()
    return Attributes(
        catalog_id=catalog_id,
        name=name,
        radius_m=round(float(draft.radius_m), 2),
        albedo=round(float(draft.albedo), 2),
        contested=bool(chance < contested),
    )


def _forecasts(
    draft: Draft, name: str, seed: int, epoch: datetime, horizon_days: float
) -> Iterator[Forecast]:
    """The windows of every upkeep that lie wholly within the horizon and apart from the earlier."""
    taken: list[tuple[float, float]] = []
    for number, upkeep in enumerate(draft.upkeep):
        random = generator(seed, "catalog", name, "upkeep", number)
        start_h = random.uniform(0.0, upkeep.interval_days * 24.0)
        while start_h + upkeep.window_h <= horizon_days * 24.0:
            end_h = start_h + upkeep.window_h
            delta_v_m_s = round(float(random.uniform(*upkeep.delta_v_m_s)), 3)
            if all(end_h <= first or last <= start_h for first, last in taken):
                taken.append((start_h, end_h))
                start, end = (epoch + timedelta(minutes=round(h * 60)) for h in (start_h, end_h))
                yield Forecast(name, start, end, upkeep.probability, delta_v_m_s)
            start_h += upkeep.interval_days * 24.0
