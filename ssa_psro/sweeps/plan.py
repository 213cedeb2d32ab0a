"""What a sweep is: every key of its file, and the points that it has.

Two ways through the axes: the grid of all combinations, or ``lines``, each axis alone through the
scenario's own values. Points and their names depend on what is asked for, not on the order in which
it is written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import product
from math import isfinite, prod
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from ssa_psro.errors import Fault
from ssa_psro.inputs.paths import values_at
from ssa_psro.inputs.sections import Items, Section, Seed, rule
from ssa_psro.scenario.identity import RULES_VERSION
from ssa_psro.study.study import Study, document_of, dump_study, overridden

MOST_POINTS: Final = 5_000
"""Each is checked before any is begun, some 30 ms, and is a folder."""
MOST_AXES: Final = 8
LONGEST_NAME: Final = 60
"""Characters of a point's name that people can read, before its digest."""
COLUMNS: Final = ("seed", "quantity", "whose", "value", "low", "high", "count")
"""Of the table of a sweep, after those of its axes."""

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=60)]
Key = Annotated[str, Field(min_length=1, max_length=200)]
Place = tuple[Any, ...]
"""The value of each axis, in the order of the axes."""


class Axis(Section):
    """What one axis moves."""

    keys: Annotated[Items[Key], Field(min_length=1, examples=[("blue.sensor.denial_range_km",)])]
    """Keys of the scenario's file that get the axis's value, all of them the same; entries of lists
    as in ``catalog.regimes[0].count``, or ``catalog.regimes[].count`` for every entry."""
    values: Annotated[Items[Any], Field(min_length=1, examples=[(2000.0, 5000.0)])]
    """Numbers, texts, true or false, or lists of these."""
    label: Annotated[str, Field(max_length=80)] = ""
    """What people read beside it; left out, the name of its column."""
    unit: Annotated[str, Field(max_length=20)] = ""
    """Unit of the values, for people."""

    @rule("keys")
    def keys_named_once(self, at: str) -> Iterator[Fault]:
        """An axis has each key once."""
        for place, key in enumerate(self.keys):
            if key in self.keys[:place]:
                yield Fault(f"{at}.keys[{place}]", key, "is named twice", "Remove one of the two.")

    @rule("values")
    def values_are_plain_and_differ(self, at: str) -> Iterator[Fault]:
        """Values can be told apart, in a table too."""
        seen = []
        for place, value in enumerate(self.values):
            if not _is_plain(value):
                cure = "Write numbers, texts, true or false, or lists of these."
                yield Fault(f"{at}.values[{place}]", str(value), "is no plain value", cure)
            elif (known := plain(value)) in seen:
                cure = "Remove one of the two."
                yield Fault(f"{at}.values[{place}]", value, "is there twice", cure)
            else:
                seen.append(known)


class TournamentSettings(Section):
    """How the heuristics meet at every point."""

    policies: Annotated[Items[str], Field(examples=[("aggressive", "reactive")])] = ()
    """Who takes part, two or more; left out, all heuristics."""
    episodes: Annotated[int, Field(ge=2, le=100_000)] = 50
    """Of every pair."""
    resamples: Annotated[int, Field(ge=20, le=100_000)] = 200
    """Tables behind the intervals of the equilibrium."""

    @rule("policies")
    def two_or_more(self, at: str) -> Iterator[Fault]:
        """A tournament needs two different policies."""
        names = list(self.policies)
        if len(names) == 1:
            yield Fault(f"{at}.policies", names, "a tournament needs two", "Name another one.")
        for place, name in enumerate(names):
            if name in names[:place]:
                cure = "Remove one of the two."
                yield Fault(f"{at}.policies[{place}]", name, "is named twice", cure)


class SweepInFile(Section):
    """A sweep as its file states it."""

    name: Annotated[Name, Field(examples=["denial"])]
    """Of the sweep."""
    description: str = ""
    """What it asks."""
    scenario: Annotated[str, Field(min_length=1, examples=["quickstart"])]
    """Path of a scenario file, from the sweep's own file on, or the name of a shipped scenario."""
    seeds: Annotated[Items[Seed], Field(min_length=1)] = (1,)
    """Root of all chance, one a point: every point has all of them, so that points are paired."""
    measure: Literal["tournament", "run"] = "tournament"
    """What is done at a point: the heuristics against each other, or a whole run of PSRO."""
    audit: Literal["short", "none"] | None = None
    """Of a ``run``: its attack from outside; left out, ``short``."""
    tournament: TournamentSettings | None = None
    """Of a ``tournament``: how the heuristics meet."""
    set: dict[str, Any] = Field(default={})
    """Keys of the scenario's file that all points have, in place of what it says."""
    lines: bool = False
    """Move each axis alone through the scenario's own values, in place of the whole grid."""
    axes: Annotated[Items[Axis], Field(min_length=1, max_length=MOST_AXES)]
    """What is moved."""

    @property
    def meeting(self) -> TournamentSettings:
        """How the heuristics meet."""
        return self.tournament or TournamentSettings()

    @property
    def audited(self) -> bool:
        """Whether a run is attacked from outside in its end."""
        return self.audit != "none"

    @property
    def settings(self) -> dict[str, Any]:
        """``set`` by path of the key, whether sections are written out or not."""
        return dict(_flat(self.set))

    @property
    def columns(self) -> tuple[str, ...]:
        """A name for each axis: the end of its first key, or all of it where that is not enough."""
        firsts = [axis.keys[0] for axis in self.axes]
        ends = [first.rsplit(".", 1)[-1] for first in firsts]
        return tuple(
            first if ends.count(end) > 1 or end in COLUMNS else end
            for first, end in zip(firsts, ends, strict=True)
        )

    @rule("seeds")
    def seeds_differ(self, at: str) -> Iterator[Fault]:
        """A point is there once."""
        yield from faults_of_seeds(self.seeds)

    @rule("measure", "audit", "tournament")
    def settings_are_of_the_measure(self, at: str) -> Iterator[Fault]:
        """What would be passed over is at fault."""
        if self.measure == "run" and self.tournament is not None:
            cure = 'Leave it out, or use measure = "tournament".'
            yield Fault("tournament", None, 'is passed over where measure = "run"', cure)
        if self.measure == "tournament" and self.audit is not None:
            cure = 'Leave it out, or use measure = "run".'
            yield Fault("audit", self.audit, "a tournament is not audited", cure)

    @rule("axes[].keys", "set")
    def keys_are_set_once(self, at: str) -> Iterator[Fault]:
        """No key is moved by two axes, or set and moved."""
        owners = dict.fromkeys(self.settings, "set")
        yield from (_own_place(f"set.{key}", key) for key in owners if key in TOLD_ELSEWHERE)
        for number, axis in enumerate(self.axes):
            for place, key in enumerate(axis.keys):
                path = f"axes[{number}].keys[{place}]"
                if key in TOLD_ELSEWHERE:
                    yield _own_place(path, key)
                elif owners.setdefault(key, f"axes[{number}]") != f"axes[{number}]":
                    yield Fault(path, key, f"is in {owners[key]} already", "Remove one of the two.")

    @rule("axes[].values", "lines", "seeds")
    def not_too_many_points(self, at: str) -> Iterator[Fault]:
        """Points are counted before they are made."""
        counts = [len(axis.values) for axis in self.axes]
        points = (1 + sum(counts) if self.lines else prod(counts)) * len(self.seeds)
        if points > MOST_POINTS:
            problem = f"has {points:,} points, and may have {MOST_POINTS:,}"
            yield Fault("axes", None, problem, "Write fewer values or seeds, or lines = true.")


TOLD_ELSEWHERE: Final = {"seed": "Write seeds.", "name": "Leave it.", "description": "Leave it."}
"""Keys of a scenario's file that a sweep does not move, and what to do instead."""


def _own_place(path: str, key: str) -> Fault:
    return Fault(path, key, "is not moved by a sweep", TOLD_ELSEWHERE[key])


def faults_of_seeds(seeds: Sequence[int], at: str = "seeds[{}]") -> Iterator[Fault]:
    """Seeds that are there twice; ``at`` is the path of each, by its place."""
    for place, seed in enumerate(seeds):
        if seed in seeds[:place]:
            yield Fault(at.format(place), seed, "is there twice", "Remove one of the two.")


@dataclass(frozen=True)
class SweepPoint:
    """One thing to be measured.

    Attributes:
        name: of its folder; the same however the sweep's file is written.
        place: value of each axis.
        seed: root of its chance.
    """

    name: str
    place: Place
    seed: int


@dataclass(frozen=True)
class Sweep:
    """A sweep whose keys are sound.

    Attributes:
        plan: what is asked for.
        base: the scenario with what all points have.
        own: its own value of each axis, ``None`` where it has none.
        points: all of them, seed after seed.
    """

    plan: SweepInFile
    base: Study
    own: Place = field(init=False)
    points: tuple[SweepPoint, ...] = field(init=False)

    def __post_init__(self) -> None:
        document = document_of(self.base)
        own = tuple(_own(document, axis) for axis in self.plan.axes)
        object.__setattr__(self, "own", own)
        points = (
            SweepPoint(self._name(place, seed), place, seed)
            for seed in sorted(self.plan.seeds)
            for place in self.places
        )
        object.__setattr__(self, "points", tuple(points))

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The values of the axes at each point, in an order that the file does not decide."""
        values = [axis.values for axis in self.plan.axes]
        found: Iterator[Place] = product(*values)
        if self.plan.lines:
            found = self._on_lines()
        unique = {plain(place): place for place in found}
        return tuple(sorted(unique.values(), key=self._rank))

    def values_of(self, axis: int) -> list[Any]:
        """The different values of one axis: numbers ascend, others are in the file's order."""
        asked = list(self.plan.axes[axis].values)
        if self.plan.lines and plain(self.own[axis]) not in map(plain, asked):
            asked.append(self.own[axis])
        return sorted(asked, key=_order) if all(map(is_number, asked)) else asked

    def study_at(self, point: SweepPoint) -> Study:
        """The study of a point.

        Raises:
            ScenarioError: with every fault that the values make.
        """
        return overridden(self.base, {**self.changes_at(point.place), "seed": point.seed})

    def changes_at(self, place: Place) -> dict[str, Any]:
        """The keys that a place moves, and their values."""
        pairs = zip(self.plan.axes, place, strict=True)
        return {key: value for axis, value in pairs if value is not None for key in axis.keys}

    def words_at(self, place: Place) -> str:
        """A place for people: ``denial_range_km 2000, denial_s 600``."""
        pairs = zip(self.plan.columns, place, strict=True)
        return ", ".join(f"{column} {shown(value)}" for column, value in pairs)

    @property
    def identity(self) -> str:
        """Of all that the results depend on: equal hashes, equal points and numbers."""
        plan = self.plan
        told = {
            "rules": RULES_VERSION,
            "base": json.loads(dump_study(self.base)),
            "measure": plan.measure,
            "how": plan.meeting.model_dump() if plan.measure == "tournament" else plan.audit,
            "points": [point.name for point in self.points],
        }
        return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    def _on_lines(self) -> Iterator[Place]:
        yield self.own
        for number, axis in enumerate(self.plan.axes):
            for value in axis.values:
                yield (*self.own[:number], value, *self.own[number + 1 :])

    def _canonical(self, place: Place) -> list[tuple[list[str], Any]]:
        """Keys and values in an order of their own."""
        pairs = zip(self.plan.axes, place, strict=True)
        return sorted(((sorted(axis.keys), plain(value)) for axis, value in pairs), key=_by_keys)

    def _rank(self, place: Place) -> list[Any]:
        return [_order(value) for _, value in self._canonical(place)]

    def _name(self, place: Place, seed: int) -> str:
        told = self._canonical(place)
        words = "_".join(f"{keys[0].rsplit('.', 1)[-1]}-{shown(value)}" for keys, value in told)
        readable = re.sub(r"[^A-Za-z0-9.+-]+", "_", words)[:LONGEST_NAME].strip("._")
        digest = sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
        return f"{readable}-{digest[:12]}-{seed}"


def plain(value: Any) -> Any:
    """A value such that equal ones are equal and others are not: 1 is 1.0, and not true."""
    if isinstance(value, (list, tuple)):
        return tuple(plain(one) for one in value)
    if isinstance(value, bool):
        return ("bool", value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def is_number(value: object) -> bool:
    """Whether it is a number, and not a truth value."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def shown(value: Any) -> str:
    """A value for people and in tables: 2000.0 is 2000."""
    if isinstance(value, (list, tuple)):
        return " ".join(shown(one) for one in value)
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    return str(plain(value))


def _is_plain(value: object) -> bool:
    if isinstance(value, list):
        return all(_is_plain(one) and not isinstance(one, list) for one in value)
    return isinstance(value, (str, bool, int)) or (isinstance(value, float) and isfinite(value))


def _order(value: Any) -> tuple[int, float, str]:
    """Numbers by size, then all else by its text."""
    return (0, float(value), "") if is_number(value) else (1, 0.0, json.dumps(value))


def _by_keys(pair: tuple[list[str], Any]) -> list[str]:
    return pair[0]


def _flat(section: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in section.items():
        path = f"{at}{key}"
        if isinstance(value, dict):
            yield from _flat(value, f"{path}.")
        else:
            yield path, value


def _own(document: Mapping[str, Any], axis: Axis) -> Any:
    """The first of the values that the scenario has at an axis's keys."""
    found = [value for key in axis.keys for value in values_at(document, key)]
    return found[0] if found else None
