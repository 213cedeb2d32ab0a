"""Catalogues as scenarios state them: drawn from a seed, listed object by object, or in files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from ssa_psro.scenario.element_sets import ElementSet, Paths, Selection
from ssa_psro.scenario.fields import (
    Count,
    Eccentricity,
    Fraction,
    Hours,
    Inclination,
    Items,
    Kilometres,
    Metres,
    Range,
    RegimeName,
    Section,
    Seed,
    Speed,
    Weight,
)

Albedo = Annotated[float, Field(gt=0, le=1)]


class Member(NamedTuple):
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


class Manoeuvres(Section):
    """Forecast manoeuvre windows of the contested objects of one regime, known to both sides.

    ``interval_h`` is the mean time from one window's start to the next one's, ``spread`` the
    standard deviation of that time over its mean: 0 is strictly regular.
    """

    kind: Literal["stated"] = "stated"
    interval_h: Hours = 48.0
    spread: Fraction = 0.0
    window_h: Hours = 6.0
    probability: Fraction = 0.7
    delta_v_m_s: Speed = 0.5


ManoeuvreKind = Literal[
    "geo-east-west", "geo-north-south", "geo-station-keeping", "leo-drag-make-up", "none"
]


class ManoeuvreClass(Section):
    """Forecast windows as objects of a known class have them; ``none`` suits debris.

    ``geo-station-keeping`` is east-west and north-south. The figures stand in
    ``ssa_psro/geometry/manoeuvres.py``; drag make-up depends on the altitude of each object.
    """

    kind: Annotated[ManoeuvreKind, Field(examples=["geo-station-keeping"])]


ManoeuvrePlan = Manoeuvres | ManoeuvreClass


class Regime(Section):
    """One part of the generated catalogue: how many objects, on what orbits, how they behave.

    Pairs are ``[low, high]`` of a uniform distribution; ``altitude_km`` is the semi-major axis
    above the equatorial radius. The first ``contested`` objects are the contested ones.
    """

    regime: Annotated[RegimeName, Field(examples=["LEO"])]
    count: Annotated[int, Field(ge=0, le=100_000, examples=[20])]
    contested: Annotated[int, Field(ge=0, le=100_000)] = 0
    altitude_km: Annotated[Range[Kilometres], Field(examples=[(900.0, 1600.0)])]
    inclination_deg: Annotated[Range[Inclination], Field(examples=[(45.0, 100.0)])]
    eccentricity: Range[Eccentricity] = (0.0, 0.001)
    radius_m: Range[Metres] = (0.5, 2.0)
    albedo: Albedo = 0.2
    weight: Weight = 1.0
    contested_weight: Weight = 2.0
    custody_sigma_km: Kilometres = 10.0
    growth_km_h: Kilometres = 2.0
    measurement_sigma_km: Kilometres = 1.0
    manoeuvres: ManoeuvrePlan = Manoeuvres()


class ManoeuvreWindow(Section):
    """One forecast window stated by hand; it replaces the drawn ones of that object.

    Hours count from the window's epoch.
    """

    object: Annotated[str, Field(examples=["LEO-001"])]
    start_h: Annotated[float, Field(ge=0, le=8784, examples=[12.0])]
    end_h: Annotated[Hours, Field(examples=[18.0])]
    probability: Fraction = 1.0
    delta_v_m_s: Speed = 0.5


class GeneratedCatalog(Section):
    """A catalogue drawn from a seed; objects are named ``LEO-001``, ``MEO-001``, ``GEO-001``."""

    kind: Literal["generated"] = "generated"
    seed: Seed = 1
    regimes: Items[Regime]
    windows: Items[ManoeuvreWindow] = ()

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

    def roster(self) -> Iterator[Member]:
        """Every object, in the order of ``names``; the first of each regime are contested."""
        names = iter(self.names)
        for one in self.regimes:
            for index, name in zip(range(one.count), names, strict=False):
                contested = index < one.contested
                weight = one.contested_weight if contested else one.weight
                yield Member(name, "", one.regime, contested, weight)


class ListedObject(Section):
    """One object of a listed catalogue: its orbit, its size, what it is worth, how it behaves."""

    # as long as a name of a file with its id and a number behind it
    name: Annotated[str, Field(min_length=1, max_length=120, examples=["ISS (ZARYA)"])]
    regime: Annotated[RegimeName, Field(examples=["LEO"])]
    orbit: ElementSet
    contested: bool = False
    weight: Weight = 1.0
    radius_m: Annotated[Metres, Field(examples=[1.0])]
    albedo: Albedo = 0.2
    custody_sigma_km: Kilometres = 10.0
    growth_km_h: Kilometres = 2.0
    measurement_sigma_km: Kilometres = 1.0
    manoeuvres: ManoeuvrePlan | None = None


class ListedCatalog(Section):
    """A catalogue object by object; windows are drawn for the objects that have ``manoeuvres``."""

    kind: Literal["listed"]
    seed: Seed = 1
    objects: Annotated[Items[ListedObject], Field(min_length=1)]
    windows: Items[ManoeuvreWindow] = ()

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

    def roster(self) -> Iterator[Member]:
        """Every object, in order."""
        for one in self.objects:
            yield Member(one.name, one.orbit.catalog_id, one.regime, one.contested, one.weight)


class FileRegime(Section):
    """What is taken of one regime of a file, and what its objects are like by default.

    At most ``count`` objects are drawn. ``contested_share`` of them are contested, besides those
    that the file of attributes says are. Keys left out take the regime's row of ``STANDARDS``.
    Contested objects manoeuvre as ``manoeuvres`` says, those with stated windows only in these.
    Left out, a file of windows is taken to be complete; without one each manoeuvres by its class.
    """

    regime: Annotated[RegimeName, Field(examples=["LEO"])]
    count: Annotated[Count | None, Field(examples=[20])] = None
    contested_share: Annotated[Fraction | None, Field(examples=[0.3])] = None
    radius_m: Annotated[Range[Metres] | None, Field(examples=[(0.5, 2.0)])] = None
    albedo: Annotated[Albedo | None, Field(examples=[0.2])] = None
    weight: Annotated[Weight | None, Field(examples=[1.0])] = None
    contested_weight: Annotated[Weight | None, Field(examples=[2.0])] = None
    custody_sigma_km: Annotated[Kilometres | None, Field(examples=[10.0])] = None
    growth_km_h: Annotated[Kilometres | None, Field(examples=[2.0])] = None
    measurement_sigma_km: Annotated[Kilometres | None, Field(examples=[1.0])] = None
    manoeuvres: ManoeuvrePlan | None = None


class FileCatalog(Section):
    """The objects of files of element sets; loading puts a listed catalogue in its place.

    Without ``regimes`` the objects of all regimes are taken. ``attributes`` and ``windows`` are
    CSV files: what is known of single objects, and when they are expected to manoeuvre.
    ``sets_epoch`` moves the window to the midnight (UTC) after the median epoch of the files.
    """

    kind: Literal["file"]
    path: Paths
    seed: Seed = 1
    sets_epoch: bool = False
    select: Selection = Selection()
    regimes: Items[FileRegime] = ()
    attributes: Annotated[str | None, Field(examples=["attributes.csv"])] = None
    windows: Annotated[str | None, Field(examples=["windows.csv"])] = None


Catalog = GeneratedCatalog | ListedCatalog
CatalogInFile = GeneratedCatalog | ListedCatalog | FileCatalog


def _tally(rows: Iterable[tuple[RegimeName, int, int]]) -> dict[RegimeName, Tally]:
    totals: dict[RegimeName, Tally] = {}
    for regime, objects, contested in rows:
        known = totals.get(regime, Tally(0, 0))
        totals[regime] = Tally(known.objects + objects, known.contested + contested)
    return totals
