"""What was measured, as one table of rows: kept after every point, and found again by its values.

A row is one number with its 95 % interval and the episodes behind it: ``measure`` names what was
measured, ``of`` whose it is. The columns before these say at which point.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence.blinding_map.points import QUANTITIES, RIVALRY
from ssa_psro.experiments.running import read_rows
from ssa_psro.metagame.intervals import Interval
from ssa_psro.report.csv_files import write_rows
from ssa_psro.sweeps.measuring import PAIR, SHARE, SIDES

Row = dict[str, Any]
PLACE = (*QUANTITIES, RIVALRY)

GAIN = "gain of a response"
"""Measured beside what a sweep measures of a tournament."""


@dataclass(frozen=True)
class Found:
    """What was measured at one point.

    Attributes:
        place: value of every quantity, and of rivalry.
        measures: by what is measured and whose it is.
    """

    place: Mapping[str, float]
    measures: Mapping[tuple[str, str], Interval]

    def __getitem__(self, key: tuple[str, str]) -> Interval:
        return self.measures[key]

    @property
    def shares(self) -> dict[str, float]:
        """How often each policy is played at equilibrium."""
        return {of: one.mean for (measure, of), one in self.measures.items() if measure == SHARE}

    def share(self, policy: str) -> float:
        """How often one of them is."""
        return self.shares.get(policy, 0.0)

    @property
    def together(self) -> str:
        """The pair of policies that scores most together."""
        return next(of for measure, of in self.measures if measure == PAIR)

    def both(self, measure: str, play: str) -> float:
        """Mean of both sides."""
        return sum(self[measure, f"{play}, {side}"].mean for side in SIDES) / 2


@dataclass(frozen=True)
class Map:
    """All that was measured.

    Attributes:
        reference: values of every quantity and of rivalry in the scenario as it stands.
        found: one entry a point.
    """

    reference: Mapping[str, float]
    found: Sequence[Found]

    @property
    def middle(self) -> Found:
        """The reference."""
        return next(one for one in self.found if one.place == self.reference)

    @property
    def played(self) -> list[Found]:
        """The points that have episodes of their own: those of the reference's rivalry."""
        return [one for one in self.found if one.place[RIVALRY] == self.reference[RIVALRY]]

    def along(self, name: str) -> list[Found]:
        """The line of points on which one quantity alone moves, in ascending order."""
        return sorted(self._only(name), key=lambda one: one.place[name])

    def across(self, x: str, y: str) -> dict[tuple[float, float], Found]:
        """The points of a slice, by both values."""
        return {(one.place[x], one.place[y]): one for one in self._only(x, y)}

    @property
    def policies(self) -> list[str]:
        """Whoever is played somewhere, most played first."""
        total: dict[str, float] = {}
        for one in self.found:
            for policy, share in one.shares.items():
                total[policy] = total.get(policy, 0.0) + share
        return sorted((name for name in total if total[name] > 0), key=lambda name: -total[name])

    def _only(self, *names: str) -> list[Found]:
        """Where nothing but ``names`` differs from the reference."""
        still = [name for name in PLACE if name not in names]
        return [
            one
            for one in self.found
            if all(one.place[name] == self.reference[name] for name in still)
        ]


def row(place: Mapping[str, float], measure: str, of: str, value: Interval) -> Row:
    """One number as it is kept."""
    bounds = {"mean": value.mean, "low": value.low, "high": value.high, "episodes": value.count}
    return {**place, "measure": measure, "of": of, **bounds}


def map_of(rows: Iterable[Row], reference: Mapping[str, float]) -> Map:
    """The rows by point."""
    points: dict[tuple[float, ...], dict[tuple[str, str], Interval]] = {}
    for one in rows:
        measures = points.setdefault(tuple(one[name] for name in PLACE), {})
        value = Interval(one["mean"], one["low"], one["high"], one["episodes"])
        measures[one["measure"], one["of"]] = value
    found = [Found(dict(zip(PLACE, place, strict=True)), m) for place, m in points.items()]
    return Map(reference, found)


def read(path: Path) -> list[Row]:
    """The rows of a file; none where there is no file yet."""
    return list(read_rows(path)) if path.is_file() else []


def write(path: Path, rows: Sequence[Row]) -> None:
    """Write all rows, at once or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_rows(path, rows)
