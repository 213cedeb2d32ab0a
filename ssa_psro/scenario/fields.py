"""Types of the keys of a scenario file that are about space: ranges, with units in their names."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from ssa_psro.catalogs.omm_fields import any_instant
from ssa_psro.catalogs.records import RecordError

RegimeName = Literal["LEO", "MEO", "GEO", "HEO"]
SideName = Literal["blue", "red"]
REGIMES: tuple[RegimeName, ...] = ("LEO", "MEO", "GEO", "HEO")
SIDES: tuple[SideName, ...] = ("blue", "red")

LARGEST_RADIUS_M = 1000.0

EPOCH_YEARS = (1972, 2100)
"""UTC has its leap seconds since the first, and ephemerides reach beyond the last."""

LEAP = ":59:60"
"""What only a leap second has, which Python's own reader does not know."""

EARTH_RADIUS_KM = 6378.137
"""Equatorial radius of WGS 84; altitudes are counted from it."""
EARTH_MU_KM3_S2 = 398600.4418
"""Gravitational parameter (WGS 84; IERS Conventions 2010)."""


def _read_epoch(value: Any) -> Any:
    """ISO 8601 text as a date-time, so that JSON can carry one; anything else untouched."""
    if not isinstance(value, str):
        return value
    try:
        return any_instant(value) if LEAP in value else datetime.fromisoformat(value)
    except (ValueError, RecordError):
        raise ValueError("is not a date-time") from None


def _in_utc(epoch: datetime) -> datetime:
    """``epoch`` in UTC, so that two spellings of one instant are one scenario."""
    first, last = EPOCH_YEARS
    with suppress(OverflowError):  # years 1 and 9999
        epoch = epoch.astimezone(UTC)
    if not first <= epoch.year <= last:
        raise ValueError(f"must lie between {first} and {last}, where UTC and the ephemerides hold")
    return epoch


Epoch = Annotated[AwareDatetime, BeforeValidator(_read_epoch), AfterValidator(_in_utc)]
Eccentricity = Annotated[float, Field(ge=0, lt=1)]
Degrees = Annotated[float, Field(ge=-360, le=360)]
Inclination = Annotated[float, Field(ge=0, le=180)]
Hours = Annotated[float, Field(gt=0, le=8784)]
Seconds = Annotated[float, Field(gt=0, le=604_800)]
Kilometres = Annotated[float, Field(gt=0, le=1_000_000)]
Metres = Annotated[float, Field(gt=0, le=LARGEST_RADIUS_M)]
Speed = Annotated[float, Field(ge=0, le=1000)]
