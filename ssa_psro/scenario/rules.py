"""Rules that span several keys of one section; each says what is wrong and what would be right.

A rule takes a section and its path and yields faults. It may read fields that are at fault
already: then it stops at that point, see ``checks.py``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from math import isqrt

from ssa_psro.errors import Fault, did_you_mean
from ssa_psro.scenario.schema import (
    EARTH_RADIUS_KM,
    Catalog,
    Elements,
    FileCatalog,
    FileRegime,
    GeneratedCatalog,
    ListedCatalog,
    Manoeuvres,
    ManoeuvreWindow,
    Regime,
    RegimeName,
    Walker,
    Window,
)

LOWEST_PERIGEE_KM = 150.0
"""Below it drag brings a satellite down within hours."""

REGIME_ALTITUDES_KM: dict[RegimeName, tuple[float, float]] = {
    "LEO": (LOWEST_PERIGEE_KM, 2000.0),
    "MEO": (2000.0, 35000.0),
    "GEO": (35500.0, 36100.0),
    "HEO": (2000.0, 200_000.0),
}
"""Where the objects of a regime may fly."""

RANGES = ("altitude_km", "inclination_deg", "eccentricity", "radius_m")
"""The ``[low, high]`` pairs of a regime."""


def is_multiple(whole: float, part: float) -> bool:
    """Whether ``whole`` is ``part`` times 1, 2, 3 ...; tolerant of decimal fractions."""
    times = whole / part
    return round(times) >= 1 and abs(times - round(times)) < 1e-9 * max(1.0, times)


def nearby_multiples(whole: float, part: float) -> str:
    """The multiples of ``part`` on both sides of ``whole``, in words."""
    below = int(whole / part)
    return " or ".join(f"{times * part:g}" for times in (below, below + 1) if times)


def decision_is_whole_steps(window: Window, at: str) -> Iterator[Fault]:
    """A decision holds for a whole number of steps."""
    if not is_multiple(window.decision_interval_s, window.step_s):
        yield Fault(
            f"{at}.decision_interval_s",
            window.decision_interval_s,
            f"must be a multiple of step_s = {window.step_s}",
            f"Use {nearby_multiples(window.decision_interval_s, window.step_s)}.",
        )


def duration_is_whole_decisions(window: Window, at: str) -> Iterator[Fault]:
    """An episode is a whole number of decisions, if a decision is a whole number of steps."""
    interval_h = window.decision_interval_s / 3600
    if any(decision_is_whole_steps(window, at)):
        return
    if not is_multiple(window.duration_h, interval_h):
        yield Fault(
            f"{at}.duration_h",
            window.duration_h,
            f"must be a multiple of decision_interval_s = {window.decision_interval_s}",
            f"Use {nearby_multiples(window.duration_h, interval_h)} h.",
        )


def horizon_covers_episode(window: Window, at: str) -> Iterator[Fault]:
    """Ephemerides last for at least one episode."""
    if window.horizon_days * 24 < window.duration_h:
        yield Fault(
            f"{at}.horizon_days",
            window.horizon_days,
            f"is shorter than duration_h = {window.duration_h:g}",
            f"Use at least {window.duration_h / 24:g} days.",
        )


def divisors(number: int) -> list[int]:
    """All divisors, ascending."""
    small = [n for n in range(1, isqrt(number) + 1) if number % n == 0]
    return sorted({*small, *(number // n for n in small)})


def planes_divide_satellites(walker: Walker, at: str) -> Iterator[Fault]:
    """Every plane of a Walker constellation holds equally many satellites."""
    if walker.satellites % walker.planes:
        *first, last = divisors(walker.satellites)
        yield Fault(
            f"{at}.planes",
            walker.planes,
            f"must divide satellites = {walker.satellites}",
            f"Use {', '.join(map(str, first))} or {last}.",
        )


def phasing_below_planes(walker: Walker, at: str) -> Iterator[Fault]:
    """Walker's f counts planes."""
    if walker.phasing >= walker.planes:
        yield Fault(
            f"{at}.phasing",
            walker.phasing,
            f"must be less than planes = {walker.planes}",
            f"Use 0 to {walker.planes - 1}.",
        )


def perigee_km(semi_major_axis_km: float, eccentricity: float) -> float:
    """Altitude of the lowest point of an orbit."""
    return semi_major_axis_km * (1 - eccentricity) - EARTH_RADIUS_KM


def elements_clear_earth(elements: Elements, at: str) -> Iterator[Fault]:
    """A stated orbit does not dip into the atmosphere."""
    lowest_km = perigee_km(elements.semi_major_axis_km, elements.eccentricity)
    if lowest_km < LOWEST_PERIGEE_KM:
        yield Fault(
            f"{at}.eccentricity",
            elements.eccentricity,
            f"puts the perigee at {lowest_km:.0f} km altitude",
            f"Lower it or raise semi_major_axis_km until the perigee is {LOWEST_PERIGEE_KM:g} km.",
        )


def ranges_ascend(regime: Regime, at: str) -> Iterator[Fault]:
    """Pairs are ``[low, high]``."""
    for name in RANGES:
        yield from _ascends(name, vars(regime).get(name, (0.0, 0.0)), at)


def sizes_ascend(regime: FileRegime, at: str) -> Iterator[Fault]:
    """The radii are drawn between two numbers, if they are stated."""
    yield from _ascends("radius_m", regime.radius_m or (0.0, 0.0), at)


def _ascends(name: str, pair: tuple[float, float], at: str) -> Iterator[Fault]:
    low, high = pair
    if low > high:
        cure = f"Write [low, high]: {name} = [{high}, {low}]."
        yield Fault(f"{at}.{name}", [low, high], "the first number exceeds the second", cure)


def regimes_named_once(catalog: FileCatalog, at: str) -> Iterator[Fault]:
    """What is taken of a regime is said once."""
    regimes = [vars(one).get("regime") for one in catalog.regimes]
    for index, regime in enumerate(regimes):
        if regime and regime in regimes[:index]:
            key = f"{at}.regimes[{index}].regime"
            yield Fault(key, regime, "is named twice", "Merge the two sections.")


def altitude_suits_regime(regime: Regime, at: str) -> Iterator[Fault]:
    """Objects fly where their regime is."""
    lowest, highest = REGIME_ALTITUDES_KM[regime.regime]
    low, high = min(regime.altitude_km), max(regime.altitude_km)
    if low < lowest or high > highest:
        yield Fault(
            f"{at}.altitude_km",
            list(regime.altitude_km),
            f"is outside {regime.regime}",
            f"Stay within {lowest:g} to {highest:g} km, or name another regime.",
        )


def regime_clears_earth(regime: Regime, at: str) -> Iterator[Fault]:
    """No orbit that can be drawn dips into the atmosphere."""
    semi_major_axis_km = EARTH_RADIUS_KM + min(regime.altitude_km)
    largest = 1 - (EARTH_RADIUS_KM + LOWEST_PERIGEE_KM) / semi_major_axis_km
    if max(regime.eccentricity) > max(largest, 0.0):
        yield Fault(
            f"{at}.eccentricity",
            list(regime.eccentricity),
            f"puts perigees below {LOWEST_PERIGEE_KM:g} km altitude",
            f"At {min(regime.altitude_km):g} km, use at most {largest:.4f}.",
        )


def contested_within_count(regime: Regime, at: str) -> Iterator[Fault]:
    """The contested objects are some of the objects."""
    if regime.contested > regime.count:
        yield Fault(
            f"{at}.contested",
            regime.contested,
            f"exceeds count = {regime.count}",
            f"Use 0 to {regime.count}.",
        )


def forecast_windows_apart(manoeuvres: Manoeuvres, at: str) -> Iterator[Fault]:
    """Windows drawn for one object do not overlap."""
    if manoeuvres.window_h > manoeuvres.interval_h:
        yield Fault(
            f"{at}.window_h",
            manoeuvres.window_h,
            f"is longer than interval_h = {manoeuvres.interval_h:g}",
            f"Use at most {manoeuvres.interval_h:g}.",
        )


def catalog_has_objects(catalog: GeneratedCatalog, at: str) -> Iterator[Fault]:
    """There is something to watch."""
    if catalog.count == 0:
        yield Fault(
            f"{at}.regimes",
            None,
            "the catalogue is empty",
            "Give at least one [[catalog.regimes]] a count of 1 or more.",
        )


def catalog_has_weight(catalog: GeneratedCatalog, at: str) -> Iterator[Fault]:
    """There is something to win."""
    weights = [
        (regime.count - regime.contested) * regime.weight
        + regime.contested * regime.contested_weight
        for regime in catalog.regimes
    ]
    if catalog.count and sum(weights) <= 0:
        cure = "Set weight or contested_weight of a regime above 0."
        yield Fault(f"{at}.regimes", None, "all objects together weigh nothing", cure)


def windows_name_objects(catalog: GeneratedCatalog, at: str) -> Iterator[Fault]:
    """Stated windows belong to objects of the catalogue."""
    counts = dict.fromkeys(REGIME_ALTITUDES_KM, 0)
    for regime in catalog.regimes:
        counts[regime.regime] += regime.count
    names = set(catalog.names) if catalog.windows else set()
    for index, window in enumerate(catalog.windows):
        if "object" in vars(window) and window.object not in names:
            known = ", ".join(f"{name}-001 to {name}-{n:03d}" for name, n in counts.items() if n)
            key = f"{at}.windows[{index}].object"
            yield Fault(key, window.object, "no such object", f"Known: {known or 'none'}.")


def listed_objects_apart(catalog: ListedCatalog, at: str) -> Iterator[Fault]:
    """Objects are told apart by their names."""
    seen: dict[str, int] = {}
    for index, one in enumerate(catalog.objects):
        name = vars(one).get("name", index)
        if name in seen:
            problem = f"is the name of {at}.objects[{seen[name]}] too"
            yield Fault(f"{at}.objects[{index}].name", name, problem, "Add the catalogue id to it.")
        seen.setdefault(name, index)


def listed_objects_weigh(catalog: ListedCatalog, at: str) -> Iterator[Fault]:
    """There is something to win."""
    if catalog.objects and not any(one.weight > 0 for one in catalog.objects):
        cure = "Set the weight of an object above 0."
        yield Fault(f"{at}.objects", None, "all objects together weigh nothing", cure)


def listed_windows_name_objects(catalog: ListedCatalog, at: str) -> Iterator[Fault]:
    """Stated windows belong to objects of the list."""
    names = {vars(one).get("name") for one in catalog.objects}
    for index, window in enumerate(catalog.windows):
        if "object" in vars(window) and window.object not in names:
            key = f"{at}.windows[{index}].object"
            known = [name for name in names if name][:1000]
            yield Fault(key, window.object, "no such object", did_you_mean(window.object, known))


def window_ends_after_start(window: ManoeuvreWindow, at: str) -> Iterator[Fault]:
    """A stated window lasts for some time."""
    if window.end_h <= window.start_h:
        cure = f"Use more than start_h = {window.start_h:g}."
        yield Fault(f"{at}.end_h", window.end_h, "the window ends before it starts", cure)


def windows_apart(catalog: Catalog, at: str) -> Iterator[Fault]:
    """Stated windows of one object do not overlap."""
    by_object = defaultdict(list)
    for index, window in enumerate(catalog.windows):
        if {"object", "start_h", "end_h"} <= vars(window).keys():
            by_object[window.object].append((window.start_h, window.end_h, index))
    for spans in by_object.values():
        latest_h, latest = -1.0, -1
        for start_h, end_h, index in sorted(spans):
            if start_h < latest_h:
                yield Fault(
                    f"{at}.windows[{index}]",
                    [start_h, end_h],
                    f"overlaps {at}.windows[{latest}] of the same object",
                    f"Start it at {latest_h:g} h or later, or merge the two.",
                )
            if end_h > latest_h:
                latest_h, latest = end_h, index
