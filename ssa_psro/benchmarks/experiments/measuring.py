"""What is written down about a run: one row an iteration, one row a response.

Payoffs are in the game's own units, exploitability is NashConv / 2, entropy is in nats. Columns
that end in ``_s`` are durations in seconds: wall time, but for ``cpu_s``, the processor time of the
whole run, which tells more on a busy machine. All others repeat exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.benchmarks.experiments.setting_up import SetUp
from ssa_psro.benchmarks.games.deviation_values import DeviationValues
from ssa_psro.benchmarks.games.exact_curve import exact_curve, exact_end
from ssa_psro.metagame.structure import support
from ssa_psro.psro import IterationRecord, PsroResult, ResponseRecord, SideRecord

Row = dict[str, Any]
Pair = tuple[Floats, Floats]

WHOLE_MIXTURE = "meta-mixture"
"""Target of a response whose payoffs are payoffs against the meta-mixture."""

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
        for side in record.sides:
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
    responses = [response for side in record.sides for response in side.responses]
    seconds = record.seconds
    return {
        "steps": _total(responses, "steps"),
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
