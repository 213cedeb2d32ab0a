"""What CSV files say of single objects of a catalogue: attributes, and forecast windows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from ssa_psro.catalogs import ElementSet, Rejected
from ssa_psro.catalogs.particulars import (
    Attributes,
    Forecast,
    forecasts_of,
    read_attributes,
    read_forecasts,
    unmatched,
    unmatched_forecasts,
)
from ssa_psro.errors import CatalogError, Fault
from ssa_psro.scenario.catalogues import FileCatalog, ManoeuvreWindow
from ssa_psro.scenario.files import FileReport
from ssa_psro.scenario.schema import Window

HOUR = timedelta(hours=1)
Row = TypeVar("Row")

STRAY = "Correct the id or name, or leave the row out."


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
            start_h = max((one.start_utc - window.epoch) / HOUR, 0.0)
            end_h = min((one.end_utc - window.epoch) / HOUR, horizon_h)
            if start_h < end_h:
                windows.append(
                    ManoeuvreWindow(
                        object=name,
                        start_h=start_h,
                        end_h=end_h,
                        probability=one.probability,
                        delta_v_m_s=one.delta_v_m_s,
                    )
                )
    return tuple(windows)


def particulars_reports(
    catalog: FileCatalog, rows: Particulars, known: Sequence[ElementSet], folder: Path
) -> list[FileReport]:
    """One report a file; rows that are about none of the ``known`` element sets are rejected."""
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
                Rejected("row", *who, "no such object in the catalogue", STRAY)
                for who in strangers[key]
            ),
        )
        for key, path in paths.items()
        if path is not None
    ]
