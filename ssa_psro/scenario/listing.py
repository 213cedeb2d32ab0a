"""Element sets that were taken from files become the objects of a listed catalogue.

CSV files may say more of single objects: attributes, and when they are expected to manoeuvre.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import numpy as np

from ssa_psro.catalogs import ElementSet, Rejected
from ssa_psro.catalogs.element_set import identities
from ssa_psro.catalogs.particulars import (
    Attributes,
    Forecast,
    attributes_of,
    forecasts_of,
    object_key,
    read_attributes,
    read_forecasts,
    unmatched,
    unmatched_forecasts,
)
from ssa_psro.catalogs.selection import select
from ssa_psro.errors import CatalogError, Fault
from ssa_psro.randomness import derive_seed, generator
from ssa_psro.scenario.catalogue import FileCatalog, FileRegime, ListedCatalog, ListedObject
from ssa_psro.scenario.element_set_files import FileReport
from ssa_psro.scenario.fields import LARGEST_RADIUS_M, REGIMES, RegimeName
from ssa_psro.scenario.manoeuvres import ManoeuvrePlan, ManoeuvreWindow, within_horizon
from ssa_psro.scenario.orbits import from_record
from ssa_psro.scenario.schema import Window
from ssa_psro.scenario.standards import (
    DEAD,
    Traits,
    radius_of_magnitude_m,
    standard_plan,
    traits_of,
)

HOUR = timedelta(hours=1)
Row = TypeVar("Row")

STRAY = "no such object in the catalogue", "Correct the id or name, or leave the row out."
RIVAL = "rows with the id speak of this object", "Write its id here too, or leave the row out."


@dataclass(frozen=True)
class Particulars:
    """The rows of both files; none where a catalogue names no such file."""

    attributes: tuple[Attributes, ...] = ()
    forecasts: tuple[Forecast, ...] = ()


def read_particulars(catalog: FileCatalog, folder: Path, faults: list[Fault]) -> Particulars:
    """The rows of the files that ``catalog`` names; what is wrong with them goes to ``faults``."""
    return Particulars(
        _read("attributes", catalog.attributes, folder, read_attributes, faults),
        _read("windows", catalog.windows, folder, read_forecasts, faults),
    )


def _read(
    key: str,
    path: str | None,
    folder: Path,
    read: Callable[[Path], tuple[Row, ...]],
    faults: list[Fault],
) -> tuple[Row, ...]:
    if path is None:
        return ()
    try:
        return read(folder / path)
    except CatalogError as error:
        faults += [
            Fault(f"catalog.{key}: {path}: {one.key}", one.value, one.problem, one.cure)
            for one in error.faults
        ]
        return ()


def stated_windows(
    names: Sequence[str],
    element_sets: Sequence[ElementSet],
    forecasts: Sequence[Forecast],
    window: Window,
) -> tuple[ManoeuvreWindow, ...]:
    """The forecasts as windows of named objects, as far as they fall in the horizon."""
    horizon_h = window.horizon_days * 24.0
    windows = []
    for name, found in zip(names, forecasts_of(forecasts, element_sets), strict=True):
        for one in found:
            start, end = ((at - window.epoch) / HOUR for at in (one.start_utc, one.end_utc))
            if part := within_horizon(start, end, horizon_h):
                start_h, end_h, share = part
                windows.append(
                    ManoeuvreWindow(
                        object=name,
                        start_h=start_h,
                        end_h=end_h,
                        probability=one.probability * share,
                        delta_v_m_s=one.delta_v_m_s,
                    )
                )
    return tuple(windows)


def particulars_reports(
    catalog: FileCatalog, rows: Particulars, known: Sequence[ElementSet], folder: Path
) -> list[FileReport]:
    """One report a file; rows that none of the ``known`` element sets takes are rejected."""
    names = {object_key("", one.name) for one in known}

    def rival(name: str, catalog_id: str) -> bool:
        return not catalog_id and object_key("", name) in names

    strangers = {
        "attributes": [(one.name, one.catalog_id) for one in unmatched(rows.attributes, known)],
        "windows": [(one.object, "") for one in unmatched_forecasts(rows.forecasts, known)],
    }
    paths = {"attributes": catalog.attributes, "windows": catalog.windows}
    counts = {"attributes": len(rows.attributes), "windows": len(rows.forecasts)}
    return [
        FileReport(
            key=f"catalog.{key}",
            path=str(folder / path),
            format="csv",
            records=counts[key],
            used=counts[key] - len(strangers[key]),
            rejected=tuple(
                Rejected("row", name, number, *(RIVAL if rival(name, number) else STRAY))
                for name, number in strangers[key]
            ),
        )
        for key, path in paths.items()
        if path is not None
    ]


def regimes_taken(catalog: FileCatalog) -> dict[RegimeName, FileRegime]:
    """The regimes that a catalogue takes objects of, in its order; all where it names none."""
    stated: dict[RegimeName, FileRegime] = {}
    for one in catalog.regimes:
        stated.setdefault(one.regime, one)
    return stated or {regime: FileRegime(regime=regime) for regime in REGIMES}


def draw_objects(
    catalog: FileCatalog, element_sets: Sequence[ElementSet]
) -> tuple[ElementSet, ...]:
    """The element sets of the objects: at most so many a regime, and at most so many in all."""
    taken = [
        one
        for regime, wanted in regimes_taken(catalog).items()
        for one in select(element_sets, regimes=(regime,), count=wanted.count, seed=catalog.seed)
    ]
    return select(taken, count=catalog.select.count, seed=catalog.seed)


def listed(
    catalog: FileCatalog, element_sets: Sequence[ElementSet], rows: Particulars, window: Window
) -> ListedCatalog:
    """The catalogue of ``element_sets``, in their order.

    Radii and who is contested are drawn object by object, keyed by catalogue id, so that an object
    keeps its own when the file grows. What ``rows`` say of an object goes before that.
    """
    names, keys = unique_names(element_sets), identities(element_sets)
    facts = [one or Attributes() for one in attributes_of(rows.attributes, element_sets)]
    forecasts = forecasts_of(rows.forecasts, element_sets)
    taken = regimes_taken(catalog)
    traits = {regime: traits_of(one) for regime, one in taken.items()}
    contested = _contested(catalog.seed, keys, element_sets, facts, traits)
    objects = []
    rows_of = zip(names, keys, element_sets, facts, forecasts, strict=True)
    for name, key, one, fact, stated in rows_of:
        regime, random = taken[one.regime], generator(catalog.seed, "catalog", key, "radius")
        made = _object(name, one, regime, traits[one.regime], fact, random, key in contested)
        # windows that are stated replace those of the plan, even if they miss the horizon
        plan = None if stated else _plan(catalog, regime, one.name, made.contested)
        objects.append(made.model_copy(update={"manoeuvres": plan}))
    windows = stated_windows(names, element_sets, rows.forecasts, window)
    return ListedCatalog(kind="listed", seed=catalog.seed, objects=tuple(objects), windows=windows)


def _plan(
    catalog: FileCatalog, regime: FileRegime, name: str, contested: bool
) -> ManoeuvrePlan | None:
    """How an object manoeuvres of which no window is stated."""
    if not contested:
        plan = regime.uncontested_manoeuvres
        return None if plan.kind == "none" or DEAD.search(name) else plan
    if regime.manoeuvres is not None or catalog.windows is not None:
        return regime.manoeuvres
    return standard_plan(regime.regime, name)


def unique_names(element_sets: Sequence[ElementSet]) -> tuple[str, ...]:
    """The names, with the id where another has the same name, and a number if need be."""
    shared = Counter(one.name for one in element_sets)
    names: dict[str, None] = {}
    numbers: Counter[str] = Counter()
    for one in element_sets:
        name = one.name if shared[one.name] == 1 else f"{one.name} ({one.catalog_id})"
        unique = name
        while unique in names:
            numbers[name] += 1
            unique = f"{name} #{numbers[name] + 1}"
        names[unique] = None
    return tuple(names)


def _contested(
    seed: int,
    keys: Sequence[str],
    element_sets: Sequence[ElementSet],
    facts: Sequence[Attributes],
    traits: Mapping[RegimeName, Traits],
) -> Collection[str]:
    """Which objects are contested, by their ``identities``.

    Those that are said to be; of the others of each regime its share, drawn by catalogue id.
    """
    said = list(zip(keys, (fact.contested for fact in facts), element_sets, strict=True))
    chosen = {key for key, contested, _ in said if contested}
    for regime, wanted in traits.items():
        open_ = [key for key, contested, one in said if contested is None and one.regime == regime]
        open_.sort(key=lambda key: derive_seed(seed, "contested", key))
        chosen.update(open_[: round(wanted.contested_share * len(open_))])
    return chosen


def _object(
    name: str,
    element_set: ElementSet,
    regime: FileRegime,
    traits: Traits,
    facts: Attributes,
    random: np.random.Generator,
    contested: bool,
) -> ListedObject:
    worth = traits.contested_weight if contested else traits.weight
    albedo = traits.albedo if facts.albedo is None else facts.albedo
    scatter = facts.brightness_scatter_mag
    return ListedObject(
        name=name,
        regime=element_set.regime,
        orbit=from_record(element_set),
        contested=contested,
        weight=worth if facts.weight is None else facts.weight,
        radius_m=_radius_m(traits, facts, albedo, random),
        albedo=albedo,
        custody_sigma_km=traits.custody_sigma_km,
        growth_km_h=traits.growth_km_h,
        measurement_sigma_km=traits.measurement_sigma_km,
        brightness_scatter_mag=regime.brightness_scatter_mag if scatter is None else scatter,
        unforecast_per_day=regime.unforecast_per_day,
        unforecast_delta_v_m_s=regime.unforecast_delta_v_m_s,
    )


def _radius_m(
    traits: Traits, facts: Attributes, albedo: float, random: np.random.Generator
) -> float:
    """As stated, as bright as stated, or drawn."""
    if facts.radius_m is not None:
        return facts.radius_m
    if facts.standard_magnitude is not None:
        return min(radius_of_magnitude_m(facts.standard_magnitude, albedo), LARGEST_RADIUS_M)
    low, high = sorted(traits.radius_m)  # of a range turned round the rules tell, afterwards
    return float(random.uniform(low, high))
