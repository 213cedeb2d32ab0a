"""What a game is: every field of a scenario file, with its unit, range and default.

The models are frozen, forbid unknown keys and take numbers only from numbers. Checks of one field
stand in its annotation; checks that need several fields stand in ``rules.py``, so that all faults
of a file are found at once. Fields without a default carry an example for error messages.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from ssa_psro.scenario.catalogues import (
    Catalog,
    CatalogInFile,
    FileCatalog,
    FileRegime,
    GeneratedCatalog,
    ListedCatalog,
    ListedObject,
    ManoeuvreClass,
    ManoeuvreKind,
    ManoeuvrePlan,
    Manoeuvres,
    ManoeuvreWindow,
    Regime,
)
from ssa_psro.scenario.constellations import (
    Constellation,
    ConstellationInFile,
    Elements,
    ElementSetConstellation,
    FileConstellation,
    StatedConstellation,
    Walker,
)
from ssa_psro.scenario.element_sets import ElementSet, Selection
from ssa_psro.scenario.fields import (
    EARTH_RADIUS_KM,
    REGIMES,
    SIDES,
    Epoch,
    Fraction,
    Hours,
    Kilometres,
    RegimeName,
    Seconds,
    Section,
    SideName,
)
from ssa_psro.scenario.presets import with_preset

__all__ = [
    "EARTH_RADIUS_KM",
    "REGIMES",
    "SIDES",
    "Catalog",
    "CatalogInFile",
    "Constellation",
    "ConstellationInFile",
    "ElementSet",
    "ElementSetConstellation",
    "Elements",
    "FileCatalog",
    "FileConstellation",
    "FileRegime",
    "GeneratedCatalog",
    "Labels",
    "ListedCatalog",
    "ListedObject",
    "ManoeuvreClass",
    "ManoeuvreKind",
    "ManoeuvrePlan",
    "ManoeuvreWindow",
    "Manoeuvres",
    "Regime",
    "RegimeName",
    "Rules",
    "Scenario",
    "ScenarioInFile",
    "Section",
    "Selection",
    "Sensor",
    "Side",
    "SideInFile",
    "SideName",
    "StatedConstellation",
    "Walker",
    "Window",
]


class Window(Section):
    """When the game is played. Episodes start at a random epoch inside the horizon."""

    epoch: Annotated[Epoch, Field(examples=[datetime(2026, 3, 20, tzinfo=UTC)])]
    duration_h: Hours = 72.0
    step_s: Annotated[int, Field(ge=10, le=3600)] = 300
    decision_interval_s: Annotated[int, Field(ge=10, le=604_800)] = 3600
    horizon_days: Annotated[float, Field(gt=0, le=366)] = 10.0

    @property
    def steps(self) -> int:
        """Steps in one episode."""
        return round(self.duration_h * 3600 / self.step_s)

    @property
    def steps_per_decision(self) -> int:
        """Steps for which one decision holds."""
        return round(self.decision_interval_s / self.step_s)

    @property
    def decisions(self) -> int:
        """Decisions in one episode."""
        return self.steps // self.steps_per_decision

    @property
    def horizon_steps(self) -> int:
        """Steps for which ephemerides are tabulated."""
        return round(self.horizon_days * 86400 / self.step_s)

    @property
    def start_epochs(self) -> int:
        """How many different steps of the horizon an episode can start at."""
        return self.horizon_steps - self.steps + 1


class Sensor(Section):
    """One optical sensor type; every satellite of a side carries one.

    ``preset`` names one of ``presets.PRESETS``, whose keys replace it when the section is read, so
    that two spellings of one sensor are one sensor. ``limiting_magnitude`` is that of one-half
    detection probability; there the signal-to-noise ratio is ``detection_snr``. Exclusions are the
    angles to keep between the line of sight and the centre of Sun or Moon, or the Earth's limb.
    """

    preset: Annotated[str | None, Field(examples=["sapphire-like"])] = None
    limiting_magnitude: Annotated[float, Field(ge=0, le=25)] = 16.0
    brightest_magnitude: Annotated[float | None, Field(ge=-30, le=25, examples=[6.0])] = None
    detection_snr: Annotated[float, Field(ge=1, le=1000)] = 6.0
    sun_exclusion_deg: Annotated[float, Field(ge=0, le=90)] = 30.0
    moon_exclusion_deg: Annotated[float, Field(ge=0, le=90)] = 10.0
    limb_background: bool = True
    limb_exclusion_deg: Annotated[float, Field(ge=0, le=90)] = 0.0
    max_range_km: Annotated[Kilometres | None, Field(examples=[45000.0])] = None
    denial_range_km: Kilometres = 5000.0
    slew_rate_deg_s: Annotated[float, Field(gt=0, le=1000)] = 1.0
    settle_s: Annotated[float, Field(ge=0, le=604_800)] = 60.0
    dwell_s: Annotated[float, Field(ge=0, le=604_800)] = 600.0

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, table: Any) -> Any:
        """Replace the preset by its keys."""
        return with_preset(table) if isinstance(table, dict) else table


class SideInFile(Section):
    """One operator as a file may state it: its constellation may be in another file."""

    constellation: ConstellationInFile
    sensor: Sensor = Sensor()


class Side(SideInFile):
    """One operator: a constellation and the sensor it carries."""

    constellation: Constellation


class Rules(Section):
    """The rules of the game: contest, denial, protection, and who is paid what."""

    payoff: Literal["zero-sum", "general-sum"] = "zero-sum"
    contest_sharpness: Annotated[float, Field(gt=0, le=64)] = 8.0
    contest_period_h: Hours = 24.0
    initial_age_h: Annotated[float, Field(ge=0, le=8784)] = 6.0
    denial: bool = True
    denial_s: Seconds = 1800.0
    denial_recharge_s: Seconds = 1800.0
    protection_s: Seconds = 3600.0
    protected_sensitivity: Fraction = 0.7


class Labels(Section):
    """What a game is called; changes nothing in it."""

    name: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=100, examples=["my-game"])
    ]
    description: str = ""


class ScenarioInFile(Labels):
    """A whole game as a file may state it: orbits may be in other files."""

    window: Window
    blue: SideInFile
    red: SideInFile
    catalog: CatalogInFile
    rules: Rules = Rules()


class Scenario(ScenarioInFile):
    """A whole game with everything it is made of: no other file is needed to play it."""

    blue: Side
    red: Side
    catalog: Catalog

    @property
    def sides(self) -> tuple[Side, Side]:
        """Blue, then Red."""
        return (self.blue, self.red)
