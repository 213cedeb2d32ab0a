"""What runs are measured by, and what all runs of an experiment come to.

Of a run, a row an iteration and a row a response. Payoffs are in the game's own units,
exploitability is NashConv / 2, entropy is in nats. Columns that end in ``_s`` are durations in
seconds: wall time, but for ``cpu_s``, the processor time of the whole run, which tells more on a
busy machine. All others repeat exactly.

Of an experiment, means over seeds and differences paired by seed, with Student t intervals at
95 %, each for itself: with many arms, some of them miss. All arms of a seed share their random
numbers, hence the pairs; an interval of the difference that excludes 0 is the evidence,
overlapping intervals of two means are none.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.special import ndtri

from ssa_psro.arrays import Floats
from ssa_psro.experiments.plan import Plan
from ssa_psro.experiments.setting_up import SetUp
from ssa_psro.games.protocol import DeviationValues, exact_curve, exact_end
from ssa_psro.metagame.intervals import Interval, student_interval, student_quantile
from ssa_psro.metagame.structure.ratings import support
from ssa_psro.psro import IterationRecord, PsroResult, ResponseRecord, SideRecord

Row = dict[str, Any]
Pair = tuple[Floats, Floats]

WHOLE_MIXTURE = "meta-mixture"
"""Target of a response whose payoffs are payoffs against the meta-mixture."""

SPREAD = 2
"""Policies, mean of both sides, from which on there is something to fuse."""

NOT_TRAINED: Row = {"start_gain": None, "end_gain": None, "true_gain": None, "captured": None}


def iteration_rows(ready: SetUp, result: PsroResult[Any]) -> list[Row]:
    """A row for every iteration, from 0.

    Row k is about the mixtures after k iterations, with all that was spent so far, and about the
    training of iteration k that led there. Row 0 is about what both sides began with.

    - ``steps``, ``episodes``: of both sides' trainings.
    - ``start_gain``, ``end_gain``: what responses gain over the mixtures they were trained
      against, before training and after; ``true_gain``: what exact best responses gain;
      ``captured``: ``end_gain / true_gain``. Means over both sides; of several responses a side,
      the strongest.
    - ``entropy``, ``support``: of the mixtures, means over both sides.
    """
    records, pairs = result.state.records, _pairs(result)
    curve = [*exact_curve(ready.game, result.state), exact_end(ready.game, result)]
    trained = [NOT_TRAINED, *map(_trained, records, curve)]
    spent = _accumulated([_spent(record) for record in records])
    best = np.minimum.accumulate([found.exploitability for found in curve]).tolist()
    return [
        {
            "iteration": number,
            **spent[number],
            "exploitability": curve[number].exploitability,
            "best_exploitability": best[number],
            "value": curve[number].value,
            **_shape(pairs[number]),
            **trained[number],
            **_marks(ready, result, pairs[number]),
        }
        for number in range(len(pairs))
    ]


def response_rows(records: Sequence[IterationRecord]) -> Iterator[Row]:
    """A row for every response: what it was trained against, what it gains, what was noted."""
    for record in records:
        for side in record.populations:
            for response in side.responses:
                yield {
                    "iteration": record.iteration,
                    "side": side.side,
                    "name": response.name,
                    "target": response.target,
                    "start": response.start,
                    "gain": response.gain.mean,
                    "oracle_s": response.oracle_s,
                    **response.facts,
                }


def entropy(mixture: Floats) -> float:
    """Of a mixture ``[n]``, in nats."""
    played = mixture[mixture > 0]
    return float(-(played * np.log(played)).sum()) + 0.0  # no negative zero


def _pairs(result: PsroResult[Any]) -> list[Pair]:
    """Mixtures of both sides before each iteration, and the last ones."""
    before = [
        (np.array(row.mixture), np.array(column.mixture))
        for row, column in (record.sides for record in result.state.records)
    ]
    return [*before, (result.equilibrium.row, result.equilibrium.column)]


def _spent(record: IterationRecord) -> Row:
    responses = [response for side in record.populations for response in side.responses]
    seconds = record.seconds
    return {
        "steps": _total(responses, "decisions"),
        "episodes": _total(responses, "episodes"),
        "wall_s": sum(seconds.values()),
        "solve_s": seconds["solve"],
        "train_s": seconds["train"],
        "start_s": _total(responses, "start_s"),
    }


def _total(responses: Sequence[ResponseRecord], fact: str) -> float:
    return sum(_number(response, fact) or 0 for response in responses)


def _number(response: ResponseRecord, fact: str) -> float | None:
    found = response.facts.get(fact)
    return found if isinstance(found, int | float) else None


def _accumulated(spent: list[Row]) -> list[Row]:
    """Running totals, from nothing."""
    totals = [dict.fromkeys(_SPENT, 0)]
    for one in spent:
        totals.append({key: totals[-1][key] + one[key] for key in _SPENT})
    return totals


_SPENT = ("steps", "episodes", "wall_s", "solve_s", "train_s", "start_s")


def _shape(pair: Pair) -> Row:
    return {
        "entropy": float(np.mean([entropy(mixture) for mixture in pair])),
        "support": float(np.mean([support(mixture).size for mixture in pair])),
    }


def _trained(record: IterationRecord, before: DeviationValues) -> Row:
    starts = [_start_gain(side) for side in record.sides]
    end = float(np.mean([side.gain.mean for side in record.sides]))
    true = before.exploitability
    return {
        "start_gain": None if None in starts else float(np.mean(starts)),  # type: ignore[arg-type]
        "end_gain": end,
        "true_gain": true,
        "captured": end / true if true > 0 else None,
    }


def _start_gain(side: SideRecord) -> float | None:
    response = side.responses[side.strongest]
    payoff = _number(response, "start_payoff")
    if payoff is None or response.target != WHOLE_MIXTURE:
        return None
    return payoff - side.value.mean


def _marks(ready: SetUp, result: PsroResult[Any], pair: Pair) -> Row:
    """Whatever else the game tells about mixtures."""
    if ready.marks is None:
        return {}
    sides = zip(result.state.populations, pair, strict=True)
    row, column = (
        ready.game.mix(population.policies[: mixture.size], mixture)
        for population, mixture in sides
    )
    return ready.marks(row, column)


def _last(key: str) -> Callable[[Sequence[Row]], float | None]:
    return lambda rows: rows[-1].get(key)


def _mean(key: str) -> Callable[[Sequence[Row]], float | None]:
    """Over iterations, of those that have the figure."""

    def mean(rows: Sequence[Row]) -> float | None:
        found = [row[key] for row in rows[1:] if row.get(key) is not None]
        return float(np.mean(found)) if found else None

    return mean


def _mean_where_spread(key: str) -> Callable[[Sequence[Row]], float | None]:
    """Over iterations whose responses met mixtures of two policies or more."""

    def mean(rows: Sequence[Row]) -> float | None:
        met = [now[key] for before, now in pairwise(rows) if (before["support"] or 0) >= SPREAD]
        found = [value for value in met if value is not None]
        return float(np.mean(found)) if found else None

    return mean


def _spread_share(rows: Sequence[Row]) -> float | None:
    met = [row["support"] >= SPREAD for row in rows[:-1] if row["support"] is not None]
    return float(np.mean(met)) if met else None


def _captured(rows: Sequence[Row]) -> float | None:
    """What responses gain of what there is to gain, all iterations together."""
    trained = [row for row in rows[1:] if row["true_gain"] is not None]
    there = sum(row["true_gain"] for row in trained)
    return sum(row["end_gain"] for row in trained) / there if there > 0 else None


def _share(key: str) -> Callable[[Sequence[Row]], float | None]:
    return lambda rows: rows[-1][key] / rows[-1]["wall_s"]


QUANTITIES: Mapping[str, Callable[[Sequence[Row]], float | None]] = {
    "exploitability": _last("exploitability"),
    "best_exploitability": _last("best_exploitability"),
    "mean_exploitability": _mean("exploitability"),
    "start_gain": _mean("start_gain"),
    "end_gain": _mean("end_gain"),
    "spread_start_gain": _mean_where_spread("start_gain"),
    "spread_end_gain": _mean_where_spread("end_gain"),
    "spread_share": _spread_share,
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
``mean_exploitability`` the mean over all iterations: the area under the curve. What begins with
``spread`` is of the iterations whose mixtures have a support of ``SPREAD`` policies or more, and
``spread_share`` is how many of all those are: only there is anything to fuse. ``start_share`` is
the share of the wall time that goes into making start weights. Of matrix games, ``row_action_1``
and ``column_action_1`` are how often the last mixtures take the first action."""

OF_ACTIONS = ("row_action_1", "column_action_1")
OF_SPREAD = ("spread_start_gain", "spread_end_gain")
OF_POPULATIONS = ("start_gain", "end_gain", "spread_share", "captured", "entropy", "support")
"""What not every run has: of matrix games, of spread mixtures, of populations only."""


@dataclass(frozen=True)
class Finding:
    """One quantity of one arm.

    Attributes:
        arm: its name.
        quantity: a key of ``QUANTITIES``.
        mean: over seeds.
        versus: arm that it is compared with; its own name where it is the standard.
        difference: mean over seeds of this arm's less the other's; ``None`` for the standard.
        verdict: of the plan's endpoint, see ``verdict_of``; empty for all else.
    """

    arm: str
    quantity: str
    mean: Interval
    versus: str
    difference: Interval | None
    verdict: str = ""


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
            found = _finding(name, quantity, own, versus, other)
            if quantity == plan.endpoint and plan.margin and found.difference:
                found = replace(found, verdict=verdict_of(found.difference, plan.margin))
            findings.append(found)
    curves = {arm.name: _curve(plan, runs, arm.name) for arm in plan.arms}
    return Summary(tuple(findings), curves)


def verdict_of(difference: Interval, margin: float) -> str:
    """What an interval of a difference decides.

    Inside ±``margin`` the arms are ``equivalent``, even if the difference is not 0: two one-sided
    tests (Schuirmann 1987), each at half of what the interval leaves out. Otherwise it is ``less``
    or ``more`` where the interval excludes 0, and ``undecided`` where it does not.
    """
    if -margin <= difference.low and difference.high <= margin:
        return "equivalent"
    if difference.high < 0.0:
        return "less"
    return "more" if difference.low > 0.0 else "undecided"


def seeds_to_decide(difference: Interval, margin: float) -> int:
    """Seeds by which arms that do not differ would be told ``equivalent`` in four cases of five.

    Of paired differences, each one-sided test at 2.5 % as in ``verdict_of``, in the normal
    approximation (Julious 2004, Statistics in Medicine 23:1921, equivalence in a cross-over trial).
    The spread is taken as it was found, which few seeds know but roughly.

    Args:
        difference: a Student t interval at 95 %, its count the seeds there were.
        margin: differences within it count as none, > 0.
    """
    seeds = difference.count
    error = (difference.high - difference.low) / 2 / float(student_quantile(seeds))
    spread = error * math.sqrt(seeds)
    # both tests must succeed, so that either may fail in half of the fifth that is left
    reach = float(ndtri(0.975) + ndtri(1 - 0.2 / 2))
    return math.ceil((reach * spread / margin) ** 2)


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
        "verdict": finding.verdict,
    }
