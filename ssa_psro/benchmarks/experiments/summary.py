"""What the runs of an experiment come to: means over seeds, and differences paired by seed.

Intervals are Student t intervals at 95 %, each for itself: with many arms, some of them miss.
All arms of a seed share their random numbers, hence the pairs; an interval of the difference that
excludes 0 is the evidence, overlapping intervals of two means are none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ssa_psro.benchmarks.experiments.measuring import Row
from ssa_psro.benchmarks.experiments.plan import Plan
from ssa_psro.metagame.intervals import Interval, student_interval


def _last(key: str) -> Callable[[Sequence[Row]], float | None]:
    return lambda rows: rows[-1].get(key)


def _mean(key: str) -> Callable[[Sequence[Row]], float | None]:
    """Over iterations, of those that have the figure."""

    def mean(rows: Sequence[Row]) -> float | None:
        found = [row[key] for row in rows[1:] if row.get(key) is not None]
        return float(np.mean(found)) if found else None

    return mean


def _captured(rows: Sequence[Row]) -> float | None:
    """What responses gain of what there is to gain, all iterations together."""
    there = sum(row["true_gain"] for row in rows[1:])
    return sum(row["end_gain"] for row in rows[1:]) / there if there > 0 else None


def _share(key: str) -> Callable[[Sequence[Row]], float | None]:
    return lambda rows: rows[-1][key] / rows[-1]["wall_s"]


QUANTITIES: Mapping[str, Callable[[Sequence[Row]], float | None]] = {
    "exploitability": _last("exploitability"),
    "best_exploitability": _last("best_exploitability"),
    "mean_exploitability": _mean("exploitability"),
    "start_gain": _mean("start_gain"),
    "end_gain": _mean("end_gain"),
    "captured": _captured,
    "entropy": _mean("entropy"),
    "support": _mean("support"),
    "steps": _last("steps"),
    "episodes": _last("episodes"),
    "wall_s": _last("wall_s"),
    "cpu_s": _last("cpu_s"),
    "start_share": _share("start_s"),
    "row_action_1": _last("row_action_1"),
    "column_action_1": _last("column_action_1"),
}
"""What is told of one run, from its rows. ``exploitability`` is that of the last mixtures,
``mean_exploitability`` the mean over all iterations: the area under the curve. ``start_share`` is
the share of the wall time that goes into making start weights. Of matrix games, ``row_action_1``
and ``column_action_1`` are how often the last mixtures take the first action."""


@dataclass(frozen=True)
class Finding:
    """One quantity of one arm.

    Attributes:
        arm: its name.
        quantity: a key of ``QUANTITIES``.
        mean: over seeds.
        versus: arm that it is compared with; its own name where it is the standard.
        difference: mean over seeds of this arm's less the other's; ``None`` for the standard.
    """

    arm: str
    quantity: str
    mean: Interval
    versus: str
    difference: Interval | None


@dataclass(frozen=True)
class Point:
    """One place of an arm's curve: mean exploitability, and where it is reached on average."""

    iteration: int
    steps: float
    wall_s: float
    exploitability: Interval


@dataclass(frozen=True)
class Summary:
    """An experiment in figures.

    Attributes:
        findings: of every arm and quantity that the runs have.
        curves: of every arm, by iteration.
    """

    findings: tuple[Finding, ...]
    curves: Mapping[str, tuple[Point, ...]]

    def find(self, arm: str, quantity: str) -> Finding | None:
        """A finding, if there is one."""
        found = (one for one in self.findings if (one.arm, one.quantity) == (arm, quantity))
        return next(found, None)

    def rows(self) -> list[Row]:
        """The findings as rows of a table."""
        return [_row(finding) for finding in self.findings]


def summarise(plan: Plan, rows: Sequence[Row]) -> Summary:
    """Means and paired differences of all arms of a plan, all its runs being done."""
    runs = _runs(rows)
    values = {
        (arm.name, quantity): _over_seeds(plan, runs, arm.name, measure)
        for arm in plan.arms
        for quantity, measure in QUANTITIES.items()
    }
    findings = []
    for (name, quantity), own in values.items():
        versus = plan.versus(plan.arm(name))
        if own is not None:
            other = values[versus, quantity] if versus != name else None
            findings.append(_finding(name, quantity, own, versus, other))
    curves = {arm.name: _curve(plan, runs, arm.name) for arm in plan.arms}
    return Summary(tuple(findings), curves)


Runs = Mapping[tuple[str, int], list[Row]]


def _runs(rows: Sequence[Row]) -> Runs:
    runs: dict[tuple[str, int], list[Row]] = {}
    for row in rows:
        runs.setdefault((row["arm"], row["seed"]), []).append(row)
    return runs


def _over_seeds(
    plan: Plan, runs: Runs, arm: str, measure: Callable[[Sequence[Row]], float | None]
) -> list[float] | None:
    """One number a seed; ``None`` if a run lacks it."""
    found = [measure(runs[arm, seed]) for seed in range(1, plan.seeds + 1)]
    numbers = [value for value in found if value is not None]
    return numbers if len(numbers) == len(found) else None


def _finding(
    arm: str, quantity: str, own: list[float], versus: str, other: list[float] | None
) -> Finding:
    difference = None if other is None else student_interval(np.array(own) - np.array(other))
    return Finding(arm, quantity, student_interval(np.array(own)), versus, difference)


def _curve(plan: Plan, runs: Runs, arm: str) -> tuple[Point, ...]:
    by_iteration = zip(*(runs[arm, seed] for seed in range(1, plan.seeds + 1)), strict=True)
    return tuple(
        Point(
            rows[0]["iteration"],
            float(np.mean([row["steps"] for row in rows])),
            float(np.mean([row["wall_s"] for row in rows])),
            student_interval(np.array([row["exploitability"] for row in rows])),
        )
        for rows in by_iteration
    )


def _row(finding: Finding) -> Row:
    mean, difference = finding.mean, finding.difference
    told = None if difference is None else (difference.mean, difference.low, difference.high)
    names = ("difference", "difference_low", "difference_high")
    return {
        "arm": finding.arm,
        "quantity": finding.quantity,
        "mean": mean.mean,
        "low": mean.low,
        "high": mean.high,
        "seeds": mean.count,
        "versus": finding.versus,
        **dict(zip(names, told or (None, None, None), strict=True)),
    }
