"""What a game is: every field of a scenario file, with its unit, range and default.

The models are frozen and forbid unknown keys. Checks of one field stand in its annotation;
checks that need several fields stand in ``checks.py``, so that all faults are found at once.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Degrees = Annotated[float, Field(ge=-360, le=360, allow_inf_nan=False)]
Inclination = Annotated[float, Field(ge=0, le=180, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]
RegimeName = Literal["LEO", "MEO", "GEO"]
SideName = Literal["blue", "red"]
REGIMES: tuple[RegimeName, ...] = ("LEO", "MEO", "GEO")
SIDES: tuple[SideName, ...] = ("blue", "red")


class Section(BaseModel):
    """A table of a scenario file: immutable, and closed to unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Window(Section):
    """When the game is played. Episodes start at a random epoch inside the horizon."""

    epoch: AwareDatetime
    duration_h: Positive = 72.0
    step_s: Annotated[int, Field(ge=10, le=3600)] = 300
    decision_interval_s: Annotated[int, Field(ge=10)] = 3600
    horizon_days: Positive = 10.0

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


class Walker(Section):
    """A Walker constellation i:t/p/f (Walker 1984): delta spreads its nodes over 360°, star 180°."""

    kind: Literal["walker-delta", "walker-star"]
    altitude_km: Annotated[float, Field(ge=200, le=60000, allow_inf_nan=False)]
    inclination_deg: Inclination
    satellites: Count = 12
    planes: Count = 6
    phasing: Annotated[int, Field(ge=0)] = 1
    raan_deg: Degrees = 0.0
    anomaly_deg: Degrees = 0.0


class Elements(Section):
    """Osculating Keplerian elements at the window's epoch, in the inertial frame."""

    semi_major_axis_km: Annotated[float, Field(ge=6578, le=100000, allow_inf_nan=False)]
    eccentricity: Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)] = 0.0
    inclination_deg: Inclination
    raan_deg: Degrees = 0.0
    argument_of_perigee_deg: Degrees = 0.0
    mean_anomaly_deg: Degrees = 0.0


class ElementSets(Section):
    """A constellation given satellite by satellite."""

    kind: Literal["elements"]
    satellites: Annotated[list[Elements], Field(min_length=1)]

    @property
    def count(self) -> int:
        """Number of satellites."""
        return len(self.satellites)


Constellation = Annotated[Walker | ElementSets, Field(discriminator="kind")]


class Sensor(Section):
    """One optical sensor type; every satellite of a side carries one."""

    limiting_magnitude: Annotated[float, Field(ge=0, le=25, allow_inf_nan=False)] = 16.0
    sun_exclusion_deg: Annotated[float, Field(ge=0, le=90, allow_inf_nan=False)] = 30.0
    limb_background: bool = True
    max_range_km: Positive | None = None
    denial_range_km: Positive = 5000.0
    slew_rate_deg_s: Positive = 1.0
    settle_s: NonNegative = 60.0
    dwell_s: NonNegative = 600.0


class Side(Section):
    """One operator: a constellation and the sensor it carries."""

    constellation: Constellation
    sensor: Sensor = Sensor()


class Manoeuvres(Section):
    """Forecast manoeuvre windows of the contested objects of one regime, known to both sides."""

    interval_h: Positive = 48.0
    window_h: Positive = 6.0
    probability: Fraction = 0.7
    delta_v_m_s: NonNegative = 0.5


class Regime(Section):
    """One part of the generated catalogue: how many objects, on what orbits, how they behave.

    Ranges are ``[low, high]`` of a uniform distribution.
    """

    regime: RegimeName
    count: Annotated[int, Field(ge=0)]
    contested: Annotated[int, Field(ge=0)] = 0
    altitude_km: tuple[Positive, Positive]
    inclination_deg: tuple[Inclination, Inclination]
    eccentricity: tuple[Fraction, Fraction] = (0.0, 0.001)
    radius_m: tuple[Positive, Positive] = (0.5, 2.0)
    albedo: Fraction = 0.2
    weight: NonNegative = 1.0
    contested_weight: NonNegative = 2.0
    custody_sigma_km: Positive = 10.0
    growth_km_h: Positive = 2.0
    measurement_sigma_km: Positive = 1.0
    manoeuvres: Manoeuvres = Manoeuvres()


class ManoeuvreWindow(Section):
    """One forecast window stated by hand; it replaces the drawn ones of that object."""

    object: str
    start_h: NonNegative
    end_h: Positive
    probability: Fraction = 1.0
    delta_v_m_s: NonNegative = 0.5


class GeneratedCatalog(Section):
    """A catalogue drawn from a seed; objects are named ``LEO-001``, ``MEO-001``, ``GEO-001``."""

    kind: Literal["generated"] = "generated"
    seed: Annotated[int, Field(ge=0)] = 1
    regimes: list[Regime]
    windows: list[ManoeuvreWindow] = []

    @property
    def count(self) -> int:
        """Number of objects."""
        return sum(regime.count for regime in self.regimes)


class Rules(Section):
    """The rules of the game: contest, denial, protection, and who is paid what."""

    payoff: Literal["zero-sum", "general-sum"] = "zero-sum"
    contest_sharpness: Annotated[float, Field(gt=0, le=64, allow_inf_nan=False)] = 8.0
    contest_period_h: Positive = 24.0
    initial_age_h: NonNegative = 6.0
    denial: bool = True
    denial_s: Positive = 1800.0
    denial_recharge_s: Positive = 1800.0
    protection_s: Positive = 3600.0
    protected_sensitivity: Fraction = 0.7


class Populations(Section):
    """The policies each side starts with, by name; empty means all heuristics."""

    blue: list[str] = []
    red: list[str] = []


class Oracle(Section):
    """How a best response is trained."""

    kind: str = "ppo"
    decisions: Count = 250_000
    environments: Count = 32
    hidden: list[Count] = [64, 64]
    learning_rate: Positive = 1e-3
    start: str = "fusion"
    fusion_from_iteration: Count = 2


class Solver(Section):
    """How the meta-game is grown and solved."""

    meta_solver: str = "nash"
    iterations: Count = 10
    episodes_per_cell: Annotated[int, Field(ge=2)] = 50
    held_out_episodes: Annotated[int, Field(ge=2)] = 400
    tolerance: NonNegative = 0.005
    patience: Count = 2


class Scenario(Section):
    """A whole game, as one scenario file states it."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    description: str = ""
    seed: Annotated[int, Field(ge=0)] = 0
    window: Window
    blue: Side
    red: Side
    catalog: GeneratedCatalog
    rules: Rules = Rules()
    populations: Populations = Populations()
    oracle: Oracle = Oracle()
    solver: Solver = Solver()

    @property
    def sides(self) -> tuple[Side, Side]:
        """Blue, then Red."""
        return (self.blue, self.red)
