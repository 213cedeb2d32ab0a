"""Element sets inside a scenario, and which of a file's are taken."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from ssa_psro.catalogs import element_set as catalogs
from ssa_psro.scenario.fields import (
    Count,
    Degrees,
    Eccentricity,
    Epoch,
    Inclination,
    Items,
    Section,
)


def _several(value: Any) -> Any:
    """One path as a list of one."""
    return [value] if isinstance(value, str) else value


Paths = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...],
    BeforeValidator(_several),
    Field(strict=False, min_length=1, examples=["catalog.json"]),
]
"""One file or several, relative to the folder of the scenario file."""


class ElementSet(Section):
    """Mean elements for SGP4, as an orbit mean-elements message (OMM) or a TLE states them.

    ``catalog_id`` and ``designator`` are labels of any form; nothing is looked up by them.
    """

    name: str = ""
    catalog_id: str = ""
    designator: str = ""
    epoch: Annotated[Epoch, Field(examples=["2026-03-20T00:00:00Z"])]
    mean_motion_rev_day: Annotated[float, Field(ge=0.01, le=20, examples=[15.5])]
    eccentricity: Annotated[Eccentricity, Field(examples=[0.001])]
    inclination_deg: Annotated[Inclination, Field(examples=[60.0])]
    raan_deg: Annotated[Degrees, Field(examples=[0.0])]
    argument_of_perigee_deg: Annotated[Degrees, Field(examples=[0.0])]
    mean_anomaly_deg: Annotated[Degrees, Field(examples=[0.0])]
    bstar: Annotated[float, Field(ge=-10, le=10)] = 0.0


class Selection(Section):
    """Which element sets of a file are taken; every stated key must be met.

    ``names`` are patterns with ``*`` and ``?``, without regard to case. Element sets whose epoch
    is more than ``max_epoch_age_days`` away from the window are rejected, since SGP4 is not meant
    to reach so far. Of more than ``count`` that remain, some are drawn by ``seed``.
    """

    names: Items[str] = ()
    ids: Items[str] = ()
    max_epoch_age_days: Annotated[float, Field(gt=0, le=3660)] = 30.0
    count: Annotated[Count | None, Field(examples=[100])] = None


def as_record(element_set: ElementSet) -> catalogs.ElementSet:
    """``element_set`` as the package of catalogue files knows it."""
    return catalogs.ElementSet(**element_set.model_dump())


def from_record(record: catalogs.ElementSet) -> ElementSet:
    """What a scenario keeps of an element set: all that SGP4 reads, and the labels."""
    return ElementSet(**{name: getattr(record, name) for name in ElementSet.model_fields})
