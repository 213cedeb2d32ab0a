"""What a game is: the window, the sides, the rules, and the whole of a scenario file.

Every key states its unit, range and default here or where its section stands (``orbits``,
``sensors``, ``manoeuvres``, ``catalogue``), beside the rules that it has to keep with others. Keys
without a default carry an example for error messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from ssa_psro.catalogs.checks import GONE, decay_problem
from ssa_psro.errors import Fault
from ssa_psro.inputs.sections import (
    Fraction,
    Section,
    is_sound,
    is_whole,
    rule,
    sections_below,
)
from ssa_psro.scenario.catalogue import (
    Catalog,
    CatalogInFile,
    FileCatalog,
    FileRegime,
    GeneratedCatalog,
    ListedCatalog,
    ListedObject,
    Regime,
)
from ssa_psro.scenario.fields import (
    EARTH_RADIUS_KM,
    REGIMES,
    SIDES,
    Epoch,
    Hours,
    RegimeName,
    Seconds,
    SideName,
)
from ssa_psro.scenario.manoeuvres import (
    ManoeuvreClass,
    ManoeuvreKind,
    ManoeuvrePlan,
    Manoeuvres,
    ManoeuvreWindow,
)
from ssa_psro.scenario.memory import peak_bytes, shared_bytes
from ssa_psro.scenario.orbits import (
    Constellation,
    ConstellationInFile,
    ElementSetConstellation,
    FileConstellation,
    OsculatingElements,
    Selection,
    StatedConstellation,
    StatedElementSet,
    Walker,
    as_record,
)
from ssa_psro.scenario.places import cure_of_sharing, name_of, shared_places, together_km
from ssa_psro.scenario.sensors import Sensor

__all__ = [
    "EARTH_RADIUS_KM",
    "REGIMES",
    "SIDES",
    "Catalog",
    "CatalogInFile",
    "Constellation",
    "ConstellationInFile",
    "ElementSetConstellation",
    "FileCatalog",
    "FileConstellation",
    "FileRegime",
    "GameRules",
    "GeneratedCatalog",
    "Labels",
    "ListedCatalog",
    "ListedObject",
    "ManoeuvreClass",
    "ManoeuvreKind",
    "ManoeuvrePlan",
    "ManoeuvreWindow",
    "Manoeuvres",
    "OsculatingElements",
    "Regime",
    "RegimeName",
    "Scenario",
    "ScenarioInFile",
    "Section",
    "Selection",
    "Sensor",
    "Side",
    "SideInFile",
    "SideName",
    "StatedConstellation",
    "StatedElementSet",
    "Walker",
    "Window",
]


MOST_PAIRS = 1000
"""Of satellites in one place that are counted."""
LARGEST_MEMORY_BYTES = 4e9
"""More than this would not fit the memory of a usual machine beside the rest."""


def is_multiple(whole: float, part: float) -> bool:
    """Whether ``whole`` is ``part`` times 1, 2, 3 ...; tolerant of decimal fractions."""
    times = whole / part
    return round(times) >= 1 and abs(times - round(times)) < 1e-9 * max(1.0, times)


def nearby_multiples(whole: float, part: float) -> str:
    """The multiples of ``part`` on both sides of ``whole``, in words."""
    below = int(whole / part)
    return " or ".join(f"{times * part:g}" for times in (below, below + 1) if times)


class Window(Section):
    """When the game is played. Episodes start at a random epoch inside the horizon."""

    epoch: Annotated[Epoch, Field(examples=[datetime(2026, 3, 20, tzinfo=UTC)])]
    """Start of the ephemerides; a time zone is required. Catalogues of files may move it."""
    duration_h: Hours = 72.0
    """Length of one episode: a whole number of decisions."""
    step_s: Annotated[int, Field(ge=10, le=1800)] = 300
    """Time step of the rules and of the geometry: less than half a revolution of anything."""
    decision_interval_s: Annotated[int, Field(ge=10, le=604_800)] = 3600
    """A policy decides this often, and its decision holds in between: a whole number of steps."""
    horizon_days: Annotated[float, Field(gt=0, le=366)] = 10.0
    """Length of the ephemerides. An episode starts at a random step of it, and ends within it."""

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

    @rule("decision_interval_s", "step_s")
    def decision_is_whole_steps(self, at: str) -> Iterator[Fault]:
        """A decision holds for a whole number of steps."""
        if not is_multiple(self.decision_interval_s, self.step_s):
            yield Fault(
                f"{at}.decision_interval_s",
                self.decision_interval_s,
                f"must be a multiple of step_s = {self.step_s}",
                f"Use {nearby_multiples(self.decision_interval_s, self.step_s)}.",
            )

    @rule("decision_interval_s", "step_s", "duration_h")
    def duration_is_whole_decisions(self, at: str) -> Iterator[Fault]:
        """An episode is a whole number of decisions, if a decision is a whole number of steps."""
        interval_h = self.decision_interval_s / 3600
        if not is_multiple(self.decision_interval_s, self.step_s):
            return
        if not is_multiple(self.duration_h, interval_h):
            yield Fault(
                f"{at}.duration_h",
                self.duration_h,
                f"must be a multiple of decision_interval_s = {self.decision_interval_s}",
                f"Use {nearby_multiples(self.duration_h, interval_h)} h.",
            )

    @rule("horizon_days", "duration_h")
    def horizon_covers_episode(self, at: str) -> Iterator[Fault]:
        """Ephemerides last for at least one episode."""
        if self.horizon_days * 24 < self.duration_h:
            yield Fault(
                f"{at}.horizon_days",
                self.horizon_days,
                f"is shorter than duration_h = {self.duration_h:g}",
                f"Use at least {self.duration_h / 24:g} days.",
            )


class SideInFile(Section):
    """One operator as a file may state it: its constellation may be in another file."""

    constellation: ConstellationInFile
    """Where its satellites fly."""
    sensor: Sensor = Sensor()
    """What every one of them carries."""


class Side(SideInFile):
    """One operator: a constellation and the sensor it carries."""

    constellation: Constellation


Payoff = Literal["zero-sum", "general-sum"]

RIVALRY: dict[str, float] = {"zero-sum": 1.0, "general-sum": 0.0}
"""What the older key ``payoff`` stands for."""


class GameRules(Section):
    """The rules of the game: contest, denial, protection, and who is paid what."""

    rivalry: Fraction = 1.0
    """Each side is paid its own score less so many times the other's: 1 is a zero-sum game, at 0
    each cares for its own."""
    payoff: Annotated[Payoff | None, Field(examples=["zero-sum"])] = None
    """Older spelling, replaced when the section is read: ``zero-sum`` is a rivalry of 1,
    ``general-sum`` of 0."""
    contest_sharpness: Annotated[float, Field(gt=0, le=64)] = 8.0
    """Exponent of the contest for an object: 1 gives credit in proportion to the time held, a large
    one all or nothing."""
    contest_period_h: Hours = 24.0
    """A contested object is settled once a period, and an episode is a whole number of periods."""
    initial_age_h: Annotated[float, Field(ge=0, le=8784)] = 6.0
    """At the start of an episode each object was last seen up to this long ago."""
    denial: bool = True
    """Whether sensors may deny opposing sensors, and protect themselves."""
    denial_s: Seconds = 1800.0
    """A denied sensor cannot observe for this long."""
    denial_recharge_s: Seconds = 1800.0
    """The denying sensor can deny again after this long."""
    protection_s: Seconds = 3600.0
    """Protection from denial lasts this long."""
    protected_sensitivity: Fraction = 0.7
    """Share of its detection probability that a protected sensor keeps."""

    @property
    def payoff_kind(self) -> Payoff:
        """What solvers call such a game."""
        return "zero-sum" if self.rivalry == 1 else "general-sum"

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, table: Any) -> Any:
        """Replace ``payoff`` by ``rivalry``."""
        return cls.spelt_out(table) if isinstance(table, dict) else table

    @classmethod
    def spelt_out(cls, table: Mapping[str, Any]) -> Mapping[str, Any]:
        """The table with ``payoff`` replaced by the rivalry that it stands for."""
        rivalry = RIVALRY.get(str(table.get("payoff")))
        if rivalry is None or "rivalry" in table:
            return table
        return {"rivalry": rivalry, **{key: table[key] for key in table if key != "payoff"}}

    @rule("payoff")
    def payoff_stated_once(self, at: str) -> Iterator[Fault]:
        """A payoff that stands alone has been replaced by its rivalry already."""
        if self.payoff is not None:
            cure = f"Leave it out; {self.payoff} is rivalry = {RIVALRY[self.payoff]:g}."
            yield Fault(f"{at}.payoff", self.payoff, "says again what rivalry says", cure)


class Labels(Section):
    """What a game is called; changes nothing in it."""

    name: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=100, examples=["my-game"])
    ]
    """What folders and reports call the game: letters, digits, ``.``, ``_`` and ``-``."""
    description: str = ""
    """One line that says what is special about it."""


class ScenarioInFile(Labels):
    """A whole game as a file may state it: orbits may be in other files."""

    window: Window
    """When it is played."""
    blue: SideInFile
    """One operator."""
    red: SideInFile
    """The other one."""
    catalog: CatalogInFile
    """The objects that both watch."""
    rules: GameRules = GameRules()
    """What sensors may do, and what that pays."""


class Scenario(ScenarioInFile):
    """A whole game with everything it is made of: no other file is needed to play it."""

    blue: Side
    red: Side
    catalog: Catalog

    @property
    def sides(self) -> tuple[Side, Side]:
        """Blue, then Red."""
        return (self.blue, self.red)

    @property
    def memory_bytes(self) -> float:
        """What building the tables and playing on them takes at its peak, within 20 %."""
        sensors = max(side.constellation.count for side in self.sides)
        return peak_bytes(sensors, self.catalog.count, self.window.horizon_steps)

    @property
    def shared_bytes(self) -> float:
        """Of them, the tables, which all processes that play this game share."""
        sensors = max(side.constellation.count for side in self.sides)
        return shared_bytes(sensors, self.catalog.count, self.window.horizon_steps)

    @rule("blue.constellation", "red.constellation", "window.epoch")
    def sides_apart(self, at: str) -> Iterator[Fault]:
        """No two satellites share a place, where no direction leads from one to the other."""
        blue, red = self.blue.constellation, self.red.constellation
        if not (is_whole(blue) and is_whole(red)):
            return
        pairs = list(islice(shared_places(blue, red, self.window.epoch), MOST_PAIRS))
        if pairs:
            other, own = name_of(blue, pairs[0][0]), name_of(red, pairs[0][1])
            count = f"{len(pairs) - 1}" if len(pairs) < MOST_PAIRS else "many"
            more = f", and {count} more likewise" if len(pairs) > 1 else ""
            problem = f"puts {own} within {together_km(blue, red):g} km of Blue's {other}{more}"
            yield Fault("red.constellation", None, problem, cure_of_sharing(blue, red))

    @rule("window.epoch", "window.horizon_days")
    def stated_orbits_last(self, at: str) -> Iterator[Fault]:
        """What element sets describe flies from their epoch to the end of the horizon."""
        start = self.window.epoch
        end = start + timedelta(days=self.window.horizon_days)
        for one, path in sections_below(self, at):
            if not (isinstance(one, StatedElementSet) and is_whole(one)):
                continue
            if problem := decay_problem(as_record(one), start, end):
                name = one.name or one.catalog_id or None
                yield Fault(path, name, problem, GONE)

    @rule("window.duration_h")
    def observation_fits_episode(self, at: str) -> Iterator[Fault]:
        """A sensor can finish at least one observation, and know within the episode what it saw."""
        duration_s = self.window.duration_h * 3600
        for name in SIDES:
            if not is_sound(self, f"{name}.sensor.settle_s", f"{name}.sensor.dwell_s"):
                continue
            sensor = getattr(self, name).sensor
            task_s = sensor.settle_s + sensor.dwell_s
            if task_s > duration_s:
                yield Fault(
                    f"{name}.sensor.dwell_s",
                    sensor.dwell_s,
                    "settle_s and dwell_s together exceed the episode",
                    f"Keep their sum within {duration_s:g} s.",
                )
            elif is_sound(self, f"{name}.sensor.latency_s") and (
                task_s + sensor.latency_s > duration_s
            ):
                yield Fault(
                    f"{name}.sensor.latency_s",
                    sensor.latency_s,
                    "no observation is known before the episode ends",
                    f"Use at most {duration_s - task_s:g} s.",
                )

    @rule("rules.contest_period_h", "window.duration_h")
    def period_divides_episode(self, at: str) -> Iterator[Fault]:
        """An episode is a whole number of contest periods."""
        period_h, duration_h = self.rules.contest_period_h, self.window.duration_h
        if not is_multiple(duration_h, period_h):
            problem = f"must divide duration_h = {duration_h:g}"
            cure = f"Use duration_h divided by 1, 2, 3, ...: {duration_h:g} or less."
            yield Fault("rules.contest_period_h", period_h, problem, cure)

    @rule("rules.contest_period_h", "window.step_s")
    def period_is_whole_steps(self, at: str) -> Iterator[Fault]:
        """A contest period is a whole number of steps."""
        period_h, step_s = self.rules.contest_period_h, self.window.step_s
        if not is_multiple(period_h * 3600, step_s):
            problem = f"must be a multiple of step_s = {step_s}"
            cure = f"Use {nearby_multiples(period_h * 3600, step_s)} s, in hours."
            yield Fault("rules.contest_period_h", period_h, problem, cure)

    @rule("rules.denial", "window.duration_h")
    def denial_fits_episode(self, at: str) -> Iterator[Fault]:
        """Denial and protection end within an episode."""
        if not self.rules.denial:
            return
        duration_s = self.window.duration_h * 3600
        for name in ("denial_s", "denial_recharge_s", "protection_s"):
            if not is_sound(self, f"rules.{name}"):
                continue
            seconds = getattr(self.rules, name)
            if seconds > duration_s:
                cure = f"Use at most {duration_s:g} s."
                yield Fault(f"rules.{name}", seconds, "is longer than the episode", cure)

    @rule("window.horizon_days", "catalog.windows")
    def windows_within_horizon(self, at: str) -> Iterator[Fault]:
        """Stated manoeuvre windows lie where episodes are played."""
        horizon_h = self.window.horizon_days * 24
        for index, window in enumerate(self.catalog.windows):
            if is_sound(window, "end_h") and window.end_h > horizon_h:
                yield Fault(
                    f"catalog.windows[{index}].end_h",
                    window.end_h,
                    "is after the end of the horizon",
                    f"Use at most {horizon_h:g} h, or a larger window.horizon_days.",
                )

    @rule(
        "blue.constellation.satellites",
        "red.constellation.satellites",
        "catalog.regimes[].count",
        "catalog.objects",
        "window.horizon_days",
        "window.step_s",
    )
    def tables_fit_memory(self, at: str) -> Iterator[Fault]:
        """Building the tables of the whole horizon and playing on them fit in memory."""
        if self.memory_bytes > LARGEST_MEMORY_BYTES:
            yield Fault(
                "window.horizon_days",
                self.window.horizon_days,
                f"the game would take {self.memory_bytes / 1e9:.1f} GB of memory",
                f"Stay below {LARGEST_MEMORY_BYTES / 1e9:g} GB: a shorter horizon, a longer "
                "step_s, fewer satellites or fewer objects.",
            )
