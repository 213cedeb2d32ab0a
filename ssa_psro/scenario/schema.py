"""What a game is: every field of a scenario file, with its unit, range and default.

The models are frozen, forbid unknown keys and take numbers only from numbers. Checks of one field
stand in its annotation; checks that need several fields stand in ``rules.py``, so that all faults
of a file are found at once. Fields without a default carry an example for error messages.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

RegimeName = Literal["LEO", "MEO", "GEO"]
SideName = Literal["blue", "red"]
REGIMES: tuple[RegimeName, ...] = ("LEO", "MEO", "GEO")
SIDES: tuple[SideName, ...] = ("blue", "red")

EARTH_RADIUS_KM = 6378.137
"""Equatorial radius of WGS 84; altitudes are counted from it."""


def _read_epoch(value: Any) -> Any:
    """ISO 8601 text as a date-time, so that JSON can carry one; anything else untouched."""
    if not isinstance(value, str):
        return value
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("is not a date-time") from None


def _in_utc(epoch: datetime) -> datetime:
    """``epoch`` in UTC, so that two spellings of one instant are one scenario."""
    if not 1972 <= epoch.year <= 2100:
        raise ValueError("must lie between 1972 and 2100, where UTC and the ephemerides hold")
    return epoch.astimezone(UTC)


Item = TypeVar("Item")
Items = Annotated[tuple[Item, ...], Field(strict=False)]
Range = Annotated[tuple[Item, Item], Field(strict=False)]

Epoch = Annotated[AwareDatetime, BeforeValidator(_read_epoch), AfterValidator(_in_utc)]
Seed = Annotated[int, Field(ge=0, lt=2**63)]
Count = Annotated[int, Field(ge=1, le=1_000_000_000)]
Fraction = Annotated[float, Field(ge=0, le=1)]
Eccentricity = Annotated[float, Field(ge=0, lt=1)]
Degrees = Annotated[float, Field(ge=-360, le=360)]
Inclination = Annotated[float, Field(ge=0, le=180)]
Hours = Annotated[float, Field(gt=0, le=8784)]
Seconds = Annotated[float, Field(gt=0, le=604_800)]
Kilometres = Annotated[float, Field(gt=0, le=1_000_000)]
Metres = Annotated[float, Field(gt=0, le=1000)]
Speed = Annotated[float, Field(ge=0, le=1000)]
Weight = Annotated[float, Field(ge=0, le=1_000_000)]


class Section(BaseModel):
    """A table of a scenario file: immutable, closed to unknown keys, finite numbers only."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


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


class Walker(Section):
    """A Walker constellation i:t/p/f (Walker 1984): delta spreads its nodes over 360°, star 180°.

    Satellite k of plane j stands at ``anomaly_deg + 360 k p/t + 360 j f/t`` along its orbit.
    """

    kind: Literal["walker-delta", "walker-star"]
    altitude_km: Annotated[float, Field(ge=200, le=60_000, examples=[800.0])]
    inclination_deg: Annotated[Inclination, Field(examples=[60.0])]
    satellites: Annotated[int, Field(ge=1, le=10_000)] = 12
    planes: Annotated[int, Field(ge=1, le=10_000)] = 6
    phasing: Annotated[int, Field(ge=0, lt=10_000)] = 1
    raan_deg: Degrees = 0.0
    anomaly_deg: Degrees = 0.0

    @property
    def count(self) -> int:
        """Number of satellites."""
        return self.satellites


class Elements(Section):
    """Osculating Keplerian elements at the window's epoch, in the inertial frame."""

    semi_major_axis_km: Annotated[float, Field(ge=6578, le=100_000, examples=[7178.137])]
    eccentricity: Eccentricity = 0.0
    inclination_deg: Annotated[Inclination, Field(examples=[60.0])]
    raan_deg: Degrees = 0.0
    argument_of_perigee_deg: Degrees = 0.0
    mean_anomaly_deg: Degrees = 0.0


class ElementSets(Section):
    """A constellation given satellite by satellite."""

    kind: Literal["elements"]
    satellites: Annotated[Items[Elements], Field(min_length=1)]

    @property
    def count(self) -> int:
        """Number of satellites."""
        return len(self.satellites)


Constellation = Annotated[Walker | ElementSets, Field(discriminator="kind")]


class Sensor(Section):
    """One optical sensor type; every satellite of a side carries one."""

    limiting_magnitude: Annotated[float, Field(ge=0, le=25)] = 16.0
    sun_exclusion_deg: Annotated[float, Field(ge=0, le=90)] = 30.0
    limb_background: bool = True
    max_range_km: Annotated[Kilometres | None, Field(examples=[45000.0])] = None
    denial_range_km: Kilometres = 5000.0
    slew_rate_deg_s: Annotated[float, Field(gt=0, le=1000)] = 1.0
    settle_s: Annotated[float, Field(ge=0, le=604_800)] = 60.0
    dwell_s: Annotated[float, Field(ge=0, le=604_800)] = 600.0


class Side(Section):
    """One operator: a constellation and the sensor it carries."""

    constellation: Constellation
    sensor: Sensor = Sensor()


class Manoeuvres(Section):
    """Forecast manoeuvre windows of the contested objects of one regime, known to both sides."""

    interval_h: Hours = 48.0
    window_h: Hours = 6.0
    probability: Fraction = 0.7
    delta_v_m_s: Speed = 0.5


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
    albedo: Annotated[float, Field(gt=0, le=1)] = 0.2
    weight: Weight = 1.0
    contested_weight: Weight = 2.0
    custody_sigma_km: Kilometres = 10.0
    growth_km_h: Kilometres = 2.0
    measurement_sigma_km: Kilometres = 1.0
    manoeuvres: Manoeuvres = Manoeuvres()


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


class Populations(Section):
    """The policies each side starts with, by name; empty means all heuristics."""

    blue: Annotated[Items[str], Field(examples=[("aggressive", "reactive")])] = ()
    red: Annotated[Items[str], Field(examples=[("aggressive", "reactive")])] = ()


class Oracle(Section):
    """How a best response is trained."""

    kind: str = "ppo"
    decisions: Count = 200_000
    environments: Annotated[int, Field(ge=1, le=65_536)] = 32
    hidden: Items[Annotated[int, Field(ge=1, le=65_536)]] = (64, 64)
    learning_rate: Annotated[float, Field(gt=0, le=10)] = 1e-3
    start: str = "fusion"
    fusion_from_iteration: Count = 2


class Solver(Section):
    """How the meta-game is grown and solved."""

    meta_solver: str = "nash"
    target: str = "vanilla"
    exploration: Annotated[float, Field(ge=0, le=1)] = 0.0
    iterations: Count = 10
    sampler: str = "full"
    sampled_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    sampled_half_width: Annotated[float, Field(gt=0, le=1)] = 0.01
    sampled_first: Annotated[int, Field(ge=2, le=1_000_000_000)] = 5
    episodes_per_cell: Annotated[int, Field(ge=2, le=1_000_000_000)] = 50
    held_out_episodes: Annotated[int, Field(ge=2, le=1_000_000_000)] = 400
    tolerance: Annotated[float, Field(ge=0, le=1)] = 0.005
    patience: Count = 2


class Scenario(Section):
    """A whole game, as one scenario file states it."""

    name: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=100, examples=["my-game"])
    ]
    description: str = ""
    seed: Seed = 0
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
