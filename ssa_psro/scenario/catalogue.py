"""Catalogues as scenarios state them: drawn from a seed, listed object by object, or in files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, ClassVar, Literal, NamedTuple, Protocol

from pydantic import Field

from ssa_psro.errors import Fault, did_you_mean
from ssa_psro.inputs.sections import (
    Count,
    Fraction,
    Items,
    Range,
    Rule,
    Section,
    Seed,
    Weight,
    is_sound,
    rule,
)
from ssa_psro.scenario.fields import (
    EARTH_RADIUS_KM,
    Eccentricity,
    Inclination,
    Kilometres,
    Metres,
    RegimeName,
    Speed,
)
from ssa_psro.scenario.manoeuvres import (
    ManoeuvreClass,
    ManoeuvrePlan,
    Manoeuvres,
    ManoeuvreWindow,
    windows_apart,
)
from ssa_psro.scenario.orbits import LOWEST_PERIGEE_KM, Paths, Selection, StatedElementSet

Albedo = Annotated[float, Field(gt=0, le=1)]
Scatter = Annotated[float, Field(ge=0, le=5)]
"""Standard deviation of an object's magnitude from episode to episode."""
PerDay = Annotated[float, Field(ge=0, le=1)]
"""Mean number of events a day; at most one a day is played."""


class RosterEntry(NamedTuple):
    """One object as a table would show it; generated objects have no catalogue id."""

    name: str
    catalog_id: str
    regime: RegimeName
    contested: bool
    weight: float


class Tally(NamedTuple):
    """How many objects a regime has, and how many of them are contested."""

    objects: int
    contested: int


REGIME_ALTITUDES_KM: dict[RegimeName, tuple[float, float]] = {
    "LEO": (LOWEST_PERIGEE_KM, 2000.0),
    "MEO": (2000.0, 35000.0),
    "GEO": (35500.0, 36100.0),
    "HEO": (2000.0, 200_000.0),
}
"""Where the objects of a regime may fly."""


class _MovesUnforecast(Protocol):
    @property
    def unforecast_per_day(self) -> float: ...
    @property
    def unforecast_delta_v_m_s(self) -> float: ...


@rule("unforecast_per_day", "unforecast_delta_v_m_s")
def unforecast_moves(section: _MovesUnforecast, at: str) -> Iterator[Fault]:
    """A manoeuvre that nobody forecasts has a size."""
    if section.unforecast_per_day > 0 and section.unforecast_delta_v_m_s == 0:
        yield Fault(
            f"{at}.unforecast_delta_v_m_s",
            section.unforecast_delta_v_m_s,
            f"moves nothing, {section.unforecast_per_day:g} times a day",
            "Use more than 0, or unforecast_per_day = 0.",
        )


RANGES = ("altitude_km", "inclination_deg", "eccentricity", "radius_m")
"""The ``[low, high]`` pairs of a regime."""


class Regime(Section):
    """One part of the generated catalogue: how many objects, on what orbits, how they behave.

    Pairs are ``[low, high]`` of a uniform distribution.
    """

    regime: Annotated[RegimeName, Field(examples=["LEO"])]
    """Where the objects fly; it begins their names, and bounds their altitudes."""
    count: Annotated[int, Field(ge=0, le=100_000, examples=[20])]
    """How many objects there are."""
    contested: Annotated[int, Field(ge=0, le=100_000)] = 0
    """How many of them are contested: the first ones."""
    altitude_km: Annotated[Range[Kilometres], Field(examples=[(900.0, 1600.0)])]
    """Semi-major axis, above the equatorial radius."""
    inclination_deg: Annotated[Range[Inclination], Field(examples=[(45.0, 100.0)])]
    """Inclination to the equator."""
    eccentricity: Range[Eccentricity] = (0.0, 0.001)
    """Eccentricity; no orbit may dip into the atmosphere."""
    radius_m: Range[Metres] = (0.5, 2.0)
    """Radius of the equivalent diffuse sphere, which sets the brightness."""
    albedo: Albedo = 0.2
    """Share of the light that the sphere reflects."""
    weight: Weight = 1.0
    """Value of an uncontested object in the score."""
    contested_weight: Weight = 2.0
    """Value of a contested one."""
    custody_sigma_km: Kilometres = 10.0
    """An object is in custody while the error of its position (root mean square, all axes) is at
    most this."""
    growth_km_h: Kilometres = 2.0
    """Error of a position a day after the orbit was known perfectly (root mean square, all axes),
    by the hour; it sets the process noise."""
    measurement_sigma_km: Annotated[Kilometres | None, Field(examples=[0.5])] = None
    """Error of a look across its line of sight (1 sigma, each axis), whatever the range; left out,
    it is the sensor's angular error times the range."""
    brightness_scatter_mag: Scatter = 0.0
    """Standard deviation of the magnitude from one episode to the next; 0 is none."""
    manoeuvres: ManoeuvrePlan = Manoeuvres()
    """When the contested objects are expected to manoeuvre; both sides know."""
    uncontested_manoeuvres: ManoeuvrePlan = ManoeuvreClass(kind="none")
    """Likewise for those that are not contested."""
    unforecast_per_day: PerDay = 0.0
    """Rate of manoeuvres that nobody forecasts, which both sides know; 0 is none."""
    unforecast_delta_v_m_s: Speed = 0.1
    """Size of such a manoeuvre along track, root mean square."""

    unforecast_manoeuvres_move: ClassVar[Rule] = unforecast_moves

    @rule()
    def ranges_ascend(self, at: str) -> Iterator[Fault]:
        """Pairs are ``[low, high]``."""
        for name in RANGES:
            if is_sound(self, name):
                yield from _ascends(name, getattr(self, name), at)

    @rule("regime", "altitude_km")
    def altitude_suits_regime(self, at: str) -> Iterator[Fault]:
        """Objects fly where their regime is."""
        lowest, highest = REGIME_ALTITUDES_KM[self.regime]
        low, high = min(self.altitude_km), max(self.altitude_km)
        if low < lowest or high > highest:
            yield Fault(
                f"{at}.altitude_km",
                list(self.altitude_km),
                f"is outside {self.regime}",
                f"Stay within {lowest:g} to {highest:g} km, or name another regime.",
            )

    @rule("altitude_km", "eccentricity")
    def regime_clears_earth(self, at: str) -> Iterator[Fault]:
        """No orbit that can be drawn dips into the atmosphere."""
        semi_major_axis_km = EARTH_RADIUS_KM + min(self.altitude_km)
        largest = 1 - (EARTH_RADIUS_KM + LOWEST_PERIGEE_KM) / semi_major_axis_km
        if max(self.eccentricity) > max(largest, 0.0):
            yield Fault(
                f"{at}.eccentricity",
                list(self.eccentricity),
                f"puts perigees below {LOWEST_PERIGEE_KM:g} km altitude",
                f"At {min(self.altitude_km):g} km, use at most {largest:.4f}.",
            )

    @rule("contested", "count")
    def contested_within_count(self, at: str) -> Iterator[Fault]:
        """The contested objects are some of the objects."""
        if self.contested > self.count:
            yield Fault(
                f"{at}.contested",
                self.contested,
                f"exceeds count = {self.count}",
                f"Use 0 to {self.count}.",
            )


class GeneratedCatalog(Section):
    """A catalogue drawn from a seed; objects are named ``LEO-001``, ``MEO-001``, ``GEO-001``."""

    kind: Literal["generated"] = "generated"
    """Says that the catalogue is drawn; need not be written."""
    seed: Seed = 1
    """Draws orbits, radii and forecast windows, the same in every episode."""
    regimes: Items[Regime]
    """One section a regime, or several."""
    windows: Items[ManoeuvreWindow] = ()
    """Forecast windows stated by hand."""

    @property
    def count(self) -> int:
        """Number of objects."""
        return sum(regime.count for regime in self.regimes)

    @property
    def names(self) -> tuple[str, ...]:
        """Unique names of the objects, regime by regime in the order of the file."""
        numbers: Counter[str] = Counter()
        names = []
        for regime in self.regimes:
            for _ in range(regime.count):
                numbers[regime.regime] += 1
                names.append(f"{regime.regime}-{numbers[regime.regime]:03d}")
        return tuple(names)

    def tally(self) -> dict[RegimeName, Tally]:
        """Objects by regime, in the order of the file."""
        return _tally((one.regime, one.count, one.contested) for one in self.regimes)

    def roster(self) -> Iterator[RosterEntry]:
        """Every object, in the order of ``names``; the first of each regime are contested."""
        names = iter(self.names)
        for one in self.regimes:
            for index, name in zip(range(one.count), names, strict=False):
                contested = index < one.contested
                weight = one.contested_weight if contested else one.weight
                yield RosterEntry(name, "", one.regime, contested, weight)

    @rule("regimes[].count")
    def catalog_has_objects(self, at: str) -> Iterator[Fault]:
        """There is something to watch."""
        if self.count == 0:
            yield Fault(
                f"{at}.regimes",
                None,
                "the catalogue is empty",
                "Give at least one [[catalog.regimes]] a count of 1 or more.",
            )

    @rule(
        "regimes[].count", "regimes[].contested", "regimes[].weight", "regimes[].contested_weight"
    )
    def catalog_has_weight(self, at: str) -> Iterator[Fault]:
        """There is something to win."""
        weights = [
            (regime.count - regime.contested) * regime.weight
            + regime.contested * regime.contested_weight
            for regime in self.regimes
        ]
        if self.count and sum(weights) <= 0:
            cure = "Set weight or contested_weight of a regime above 0."
            yield Fault(f"{at}.regimes", None, "all objects together weigh nothing", cure)

    @rule("regimes[].regime", "regimes[].count", "windows")
    def windows_name_objects(self, at: str) -> Iterator[Fault]:
        """Stated windows belong to objects of the catalogue."""
        counts: dict[str, int] = dict.fromkeys(REGIME_ALTITUDES_KM, 0)
        for regime in self.regimes:
            counts[regime.regime] += regime.count
        for index, window in enumerate(self.windows):
            if is_sound(window, "object") and not _is_numbered(window.object, counts):
                known = ", ".join(
                    f"{name}-001 to {name}-{n:03d}" for name, n in counts.items() if n
                )
                key = f"{at}.windows[{index}].object"
                yield Fault(key, window.object, "no such object", f"Known: {known or 'none'}.")

    windows_of_an_object_apart: ClassVar[Rule] = windows_apart


class ListedObject(Section):
    """One object of a listed catalogue: its orbit, its size, what it is worth, how it behaves."""

    # as long as a name of a file with its id and a number behind it
    name: Annotated[str, Field(min_length=1, max_length=120, examples=["ISS (ZARYA)"])]
    """Tells the object from all others."""
    regime: Annotated[RegimeName, Field(examples=["LEO"])]
    """Where it counts in reports and features."""
    orbit: StatedElementSet
    """Its element set."""
    contested: bool = False
    """Whether only the side with the fresher custody is paid for it."""
    weight: Weight = 1.0
    """Its value in the score."""
    radius_m: Annotated[Metres, Field(examples=[1.0])]
    """Radius of the equivalent diffuse sphere, which sets the brightness."""
    albedo: Albedo = 0.2
    """Share of the light that the sphere reflects."""
    custody_sigma_km: Kilometres = 10.0
    """The object is in custody while the error of its position (root mean square, all axes) is at
    most this."""
    growth_km_h: Kilometres = 2.0
    """Error of a position a day after the orbit was known perfectly (root mean square, all axes),
    by the hour; it sets the process noise."""
    measurement_sigma_km: Annotated[Kilometres | None, Field(examples=[0.5])] = None
    """Error of a look across its line of sight (1 sigma, each axis), whatever the range; left out,
    it is the sensor's angular error times the range."""
    brightness_scatter_mag: Scatter = 0.0
    """Standard deviation of the magnitude from one episode to the next; 0 is none."""
    manoeuvres: ManoeuvrePlan | None = None
    """When it is expected to manoeuvre; left out, never."""
    unforecast_per_day: PerDay = 0.0
    """Rate of manoeuvres that nobody forecasts, which both sides know; 0 is none."""
    unforecast_delta_v_m_s: Speed = 0.1
    """Size of such a manoeuvre along track, root mean square."""

    unforecast_manoeuvres_move: ClassVar[Rule] = unforecast_moves


class ListedCatalog(Section):
    """A catalogue object by object; windows are drawn for the objects that have ``manoeuvres``."""

    kind: Literal["listed"]
    """Says that every object is listed."""
    seed: Seed = 1
    """Draws the forecast windows."""
    objects: Annotated[Items[ListedObject], Field(min_length=1)]
    """One section an object."""
    windows: Items[ManoeuvreWindow] = ()
    """Forecast windows stated by hand."""

    @property
    def count(self) -> int:
        """Number of objects."""
        return len(self.objects)

    @property
    def names(self) -> tuple[str, ...]:
        """Unique names of the objects, in order."""
        return tuple(one.name for one in self.objects)

    def tally(self) -> dict[RegimeName, Tally]:
        """Objects by regime, in the order of the list."""
        return _tally((one.regime, 1, int(one.contested)) for one in self.objects)

    def roster(self) -> Iterator[RosterEntry]:
        """Every object, in order."""
        for one in self.objects:
            yield RosterEntry(one.name, one.orbit.catalog_id, one.regime, one.contested, one.weight)

    @rule("objects")
    def listed_objects_apart(self, at: str) -> Iterator[Fault]:
        """Objects are told apart by their names."""
        seen: dict[str, int] = {}
        for index, one in enumerate(self.objects):
            if not is_sound(one, "name"):
                continue
            if (name := one.name) in seen:
                problem = f"is the name of {at}.objects[{seen[name]}] too"
                yield Fault(
                    f"{at}.objects[{index}].name", name, problem, "Add the catalogue id to it."
                )
            seen.setdefault(name, index)

    @rule("objects[].weight")
    def listed_objects_weigh(self, at: str) -> Iterator[Fault]:
        """There is something to win."""
        if self.objects and not any(one.weight > 0 for one in self.objects):
            cure = "Set the weight of an object above 0."
            yield Fault(f"{at}.objects", None, "all objects together weigh nothing", cure)

    @rule("objects", "windows")
    def listed_windows_name_objects(self, at: str) -> Iterator[Fault]:
        """Stated windows belong to objects of the list."""
        names = dict.fromkeys(one.name for one in self.objects if is_sound(one, "name"))
        for index, window in enumerate(self.windows):
            if is_sound(window, "object") and window.object not in names:
                key = f"{at}.windows[{index}].object"
                known = list(names)[:1000]
                yield Fault(
                    key, window.object, "no such object", did_you_mean(window.object, known)
                )

    windows_of_an_object_apart: ClassVar[Rule] = windows_apart


class FileRegime(Section):
    """What is taken of one regime of a file, and what its objects are like by default.

    Keys left out take the regime's standard, see ``docs/uncertainty.md``.
    """

    regime: Annotated[RegimeName, Field(examples=["LEO"])]
    """Which one: GEO makes 0.9 to 1.1 revolutions a day, LEO more than 11.25; HEO has an
    eccentricity of 0.25 or more, or is slower than GEO; MEO is the rest."""
    count: Annotated[Count | None, Field(examples=[20])] = None
    """At most so many objects are drawn; left out, all are taken."""
    contested_share: Annotated[Fraction | None, Field(examples=[0.3])] = None
    """Share of them that is contested, drawn, besides those that the file of attributes says are.
    """
    radius_m: Annotated[Range[Metres] | None, Field(examples=[(0.5, 2.0)])] = None
    """Radius of the equivalent diffuse sphere, drawn, where the file of attributes has none."""
    albedo: Annotated[Albedo | None, Field(examples=[0.2])] = None
    """Share of the light that the sphere reflects, likewise."""
    weight: Annotated[Weight | None, Field(examples=[1.0])] = None
    """Value of an uncontested object in the score."""
    contested_weight: Annotated[Weight | None, Field(examples=[2.0])] = None
    """Value of a contested one."""
    custody_sigma_km: Annotated[Kilometres | None, Field(examples=[10.0])] = None
    """An object is in custody while the error of its position (root mean square, all axes) is at
    most this."""
    growth_km_h: Annotated[Kilometres | None, Field(examples=[2.0])] = None
    """Error of a position a day after the orbit was known perfectly (root mean square, all axes),
    by the hour; it sets the process noise."""
    measurement_sigma_km: Annotated[Kilometres | None, Field(examples=[1.0])] = None
    """Error of a look across its line of sight (1 sigma, each axis), whatever the range; left out,
    it is the sensor's angular error times the range."""
    brightness_scatter_mag: Scatter = 0.0
    """Standard deviation of the magnitude from one episode to the next, where the file of
    attributes has none; 0 is none."""
    manoeuvres: ManoeuvrePlan | None = None
    """When contested objects of which no window is stated are expected to manoeuvre. Left out, a
    file of windows is taken to be complete; without one each manoeuvres by its class."""
    uncontested_manoeuvres: ManoeuvrePlan = ManoeuvreClass(kind="none")
    """Likewise for objects that are not contested; those named DEB or R/B never do."""
    unforecast_per_day: PerDay = 0.0
    """Rate of manoeuvres that nobody forecasts, which both sides know; 0 is none."""
    unforecast_delta_v_m_s: Speed = 0.1
    """Size of such a manoeuvre along track, root mean square."""

    unforecast_manoeuvres_move: ClassVar[Rule] = unforecast_moves

    @rule("radius_m")
    def sizes_ascend(self, at: str) -> Iterator[Fault]:
        """The radii are drawn between two numbers, if they are stated."""
        yield from _ascends("radius_m", self.radius_m or (0.0, 0.0), at)


class FileCatalog(Section):
    """The objects of files of element sets; loading puts a listed catalogue in its place."""

    kind: Literal["file"]
    """Says that the objects are those of files; ``--catalog FILE`` names others."""
    path: Paths
    """One file or several of any format (TLE; OMM in JSON, CSV, XML or KVN), relative to the folder
    of the scenario file."""
    seed: Seed = 1
    """Draws the objects, their radii, who is contested, and forecast windows."""
    sets_epoch: bool = False
    """Whether the window moves to the midnight (UTC) after the median epoch of the files."""
    select: Selection = Selection()
    """Which element sets are taken, all regimes together."""
    regimes: Items[FileRegime] = ()
    """What is taken of each regime; empty takes all objects of all regimes."""
    attributes: Annotated[str | None, Field(examples=["attributes.csv"])] = None
    """CSV file of what is known of single objects: catalog_id or name, radius_m, albedo,
    standard_magnitude, brightness_scatter_mag, contested, weight. A row with the id goes before one
    with the name."""
    windows: Annotated[str | None, Field(examples=["windows.csv"])] = None
    """CSV file of forecast windows: object (id or name), start_utc, end_utc, probability,
    delta_v_m_s. Of a window that the horizon cuts, the share of its probability is kept that is
    left."""

    @rule("regimes")
    def regimes_named_once(self, at: str) -> Iterator[Fault]:
        """What is taken of a regime is said once."""
        regimes = [one.regime if is_sound(one, "regime") else None for one in self.regimes]
        for index, regime in enumerate(regimes):
            if regime and regimes.index(regime) < index:
                key = f"{at}.regimes[{index}].regime"
                yield Fault(key, regime, "is named twice", "Merge the two sections.")


Catalog = GeneratedCatalog | ListedCatalog
CatalogInFile = GeneratedCatalog | ListedCatalog | FileCatalog


def _is_numbered(name: str, counts: Mapping[str, int]) -> bool:
    """Whether it is the name of an object of a generated catalogue, such as ``LEO-001``."""
    regime, _, number = name.partition("-")
    if not (number.isdecimal() and len(number) < 10):
        return False
    at = int(number)
    return number == f"{at:03d}" and 0 < at <= counts.get(regime, 0)


def _tally(rows: Iterable[tuple[RegimeName, int, int]]) -> dict[RegimeName, Tally]:
    totals: dict[RegimeName, Tally] = {}
    for regime, objects, contested in rows:
        known = totals.get(regime, Tally(0, 0))
        totals[regime] = Tally(known.objects + objects, known.contested + contested)
    return totals


def _ascends(name: str, pair: tuple[float, float], at: str) -> Iterator[Fault]:
    low, high = pair
    if low > high:
        cure = f"Write [low, high]: {name} = [{high}, {low}]."
        yield Fault(f"{at}.{name}", [low, high], "the first number exceeds the second", cure)
