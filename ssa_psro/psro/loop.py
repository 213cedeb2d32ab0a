"""Policy-space response oracles (Lanctot et al. 2017): the loop, for any two-player game.

One iteration, numbered from 1:

1. *solve* the game restricted to the populations;
2. *train* a best response a side, or several, against the other side's mixture;
3. *measure* what those responses, and the best existing members, gain over the mixtures on
   held-out episodes. No two iterations share them: a lucky draw must not count twice
   towards stopping;
4. *play* what the payoff table lacks once the responses have joined, look whether these are but
   members of before again, and measure earlier iterates anew where a new member is the first to
   gain so much over them.

Where both seats are alike the players may share one population: its responses learn in both seats
and join both. The payoff table keeps every pair as it was seated; what is solved, trained for and
measured is the game in which chance seats the players.

A record's exploitability is therefore that of the mixtures its iteration *began* with. The
mixture of the final, extended table is solved but unmeasured: that takes another training.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Generic

from ssa_psro.learn.protocol import Oracle, OracleRequest, OracleResult
from ssa_psro.metagame.estimates import scores_against
from ssa_psro.metagame.judge import Judge, Mix, P
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.sampling import Sampler
from ssa_psro.metagame.sampling.protocol import FULL
from ssa_psro.metagame.solvers import Equilibrium, Solver
from ssa_psro.metagame.tournament import swap_seats
from ssa_psro.progress import StageProgress, untold_stages
from ssa_psro.psro.measure import (
    Responses,
    TargetedRequest,
    Trained,
    as_answered,
    measure,
    with_nearest,
)
from ssa_psro.psro.records import IterationRecord, best_record
from ssa_psro.psro.review import Reviewer
from ssa_psro.psro.state import PsroState, Stages, StopReason, StopRule
from ssa_psro.psro.targets import AMPLIFY, Targets, in_turn, vanilla
from ssa_psro.randomness import derive_seed, episode_seeds
from ssa_psro.work import Mapper, map_in_turn

RESPONSE = "response"
"""What responses are called that play both seats."""


@dataclass(frozen=True, eq=False)
class PsroResult(Generic[P]):
    """A finished run.

    Attributes:
        state: the last state.
        equilibrium: of the last table; nothing about it has been measured out of sample.
        best: the iterate to use, see :func:`~ssa_psro.psro.records.best_record`.
        stopped: why the run ended.
    """

    state: PsroState[P]
    equilibrium: Equilibrium
    best: IterationRecord | None
    stopped: StopReason


def run_psro(
    state: PsroState[P],
    *,
    judge: Judge[P],
    mix: Mix[P],
    solve: Solver,
    oracle: Oracle[P],
    start: Callable[[int], str],
    stop: StopRule,
    seed: int,
    held_out_episodes: int,
    targets: Targets = vanilla,
    sampler: Sampler = FULL,
    shared: bool = False,
    responses: int = 1,
    on_state: Callable[[PsroState[P]], None] = lambda state: None,
    progress: StageProgress = untold_stages,
    map_cells: Mapper = map_in_turn,
    map_oracles: Mapper = map_in_turn,
) -> PsroResult[P]:
    """Grow the populations until ``stop``; a variant of PSRO is another argument.

    Every random number derives from ``seed``, a purpose, the iteration and the side, so the
    result depends neither on the maps nor on interruptions: a state given to ``on_state``
    continues, under the same arguments, exactly as the uninterrupted run.

    Args:
        state: where to begin, from ``initial_state`` or from an earlier ``on_state``.
        judge: plays two policies; a pure function of them and the seeds.
        mix: makes one policy of several.
        solve: the meta-solver.
        oracle: trains a best response; a pure function of its request.
        start: name of the rule for start weights in each iteration, from 1.
        stop: ends the run, and says when responses are trained for longer.
        seed: root of all randomness, the same as ``initial_state`` was given.
        held_out_episodes: episodes on which gains are measured, >= 2.
        targets: whom each response is trained against.
        sampler: which episodes of the payoff table are played; whoever solves or compares sees
            the table as it completes it.
        shared: the players have one population, which ``state`` has twice, and ``solve`` gives
            them one mixture, see ``metagame.solvers.symmetric``.
        responses: trained against each target, from other random numbers; all join.
        on_state: told the first complete state, and the state after each iteration.
        progress: told each stage as it begins, and the share of the run done.
        map_cells: where matches are played.
        map_oracles: where the responses are trained.

    Raises:
        SolverError: the meta-solver could not certify its answer.
        UsageError: the judge's payoffs are unusable.
    """
    # a resumed run has its first table; playing on it again plays nothing, and tells nobody
    if not state.records:
        opened = _played(state, sampler, judge, map_cells)
        if (opened.table.count > state.table.count).any():
            on_state(opened)
        state = opened
    review = Reviewer(judge, mix, seed, held_out_episodes, stop.tolerance, map_cells)
    while (stopped := stop(state.records)) is None:
        stage = Stages(len(state.records) + 1, stop.iterations, progress)
        with stage("solve"):
            known = replace(state, table=sampler.completed(state.table))
            seen = replace(known, table=_solved(known.table, shared))
            equilibrium = solve(seen.table.mean)
        with stage("train"):
            rule = start(stage.iteration)
            requests = [
                asked
                for side in ((0,) if shared else (0, 1))
                for asked in _requests(
                    seen,
                    equilibrium,
                    side,
                    targets,
                    rule,
                    seed,
                    both=shared,
                    responses=responses,
                    effort=stop.effort(state.records),
                )
            ]
            trained = _train(oracle, requests, map_oracles)
            equilibrium = as_answered(seen.table.mean, equilibrium, trained)
        with stage("measure"):
            # new ones each time: what was good luck once would be good luck again, and the bounds
            # that have to lie below the tolerance in a row would not be independent
            seeds = episode_seeds(seed, "held-out", stage.iteration, count=held_out_episodes)
            record = measure(
                known, equilibrium, trained, judge=judge, mix=mix, seeds=seeds, map_cells=map_cells
            )
        with stage("play"):
            state = _played(_grown(state, trained), sampler, judge, map_cells)
            record = replace(record, episodes=tuple(map(tuple, state.table.count.tolist())))
            table = _solved(sampler.completed(state.table), shared)
            record = with_nearest(record, table)
            found = review((*state.records, record), state.populations, table)
        record = replace(record, reviews=found, seconds=stage.seconds)
        state = replace(state, records=(*state.records, record))
        on_state(state)
    final = solve(_solved(sampler.completed(state.table), shared).mean)
    return PsroResult(state, final, best_record(state.records), stopped)


def _solved(table: PayoffTable, shared: bool) -> PayoffTable:
    """The game that is solved: where the players share a population, chance seats them."""
    return swap_seats(table) if shared else table


def _requests(
    state: PsroState[P],
    equilibrium: Equilibrium,
    side: int,
    targets: Targets,
    start: str,
    seed: int,
    *,
    both: bool,
    responses: int,
    effort: float,
) -> list[TargetedRequest[P]]:
    """What is asked of the oracle for one side, or for both at once."""
    mixtures = (equilibrium.row, equilibrium.column)
    own, iteration = state.populations[side], len(state.records) + 1
    named = RESPONSE if both else own.side
    # every target is written for the row player: the column player's payoffs are turned
    payoffs = state.table.mean[..., side] if side == 0 else state.table.mean[..., side].T
    met = in_turn(targets(payoffs, mixtures[side], mixtures[1 - side]), iteration)
    numbers = _numbers(len(met) * responses)
    return [
        TargetedRequest(
            OracleRequest(
                side=side,
                iteration=iteration,
                name=name,
                opponents=state.populations[1 - side].members,
                opponent_mixture=target.opponents,
                learners=own.members,
                learner_mixture=mixtures[side] if target.own is None else target.own,
                learner_scores=scores_against(state.table, target.opponents, side),
                start=start if target.own is None else AMPLIFY,
                seed=derive_seed(seed, "oracle", iteration, named, *number),
                budget=effort / len(met),
                payoffs=payoffs,
                both=both,
            ),
            target.note,
        )
        for name, number, target in zip(
            response_names(named, iteration, len(numbers)), numbers, met * responses, strict=True
        )
    ]


def response_names(whose: str, iteration: int, count: int) -> list[str]:
    """Names of the responses of one side in an iteration.

    Args:
        whose: name of the side; ``RESPONSE`` where one population plays both.
        iteration: from 1.
        count: how many there are.
    """
    return [".".join([f"{whose}-{iteration}", *number]) for number in _numbers(count)]


def _numbers(count: int) -> list[list[str]]:
    """What tells responses of one side and iteration apart: nothing, then 2, 3 and so on."""
    return [[], *([str(number)] for number in range(2, count + 1))]


def _train(
    oracle: Oracle[P], requests: list[TargetedRequest[P]], map_oracles: Mapper
) -> Responses[P]:
    answers = dict(map_oracles(partial(_train_one, oracle), requests))  # in any order
    trained = [Trained(asked, *answers[asked.request.name]) for asked in requests]
    row, column = (
        [answer for answer in trained if seat in answer.asked.request.seats] for seat in (0, 1)
    )
    return row, column


def _train_one(
    oracle: Oracle[P], asked: TargetedRequest[P]
) -> tuple[str, tuple[OracleResult[P], float]]:
    """The name of the response, and what the oracle found with how long it took."""
    started = perf_counter()
    result = oracle(asked.request)
    return asked.request.name, (result, perf_counter() - started)


def _grown(state: PsroState[P], trained: Responses[P]) -> PsroState[P]:
    """The state with the responses in the populations, and their cells unplayed."""
    rows, columns = (
        population.with_members([answer.result.member for answer in responses])
        for population, responses in zip(state.populations, trained, strict=True)
    )
    table = state.table.enlarged(rows.names, columns.names)
    return PsroState((rows, columns), table, state.records)


def _played(
    state: PsroState[P], sampler: Sampler, judge: Judge[P], map_cells: Mapper
) -> PsroState[P]:
    rows, columns = (population.policies for population in state.populations)
    table = sampler.play(state.table, rows, columns, judge=judge, map_cells=map_cells)
    return replace(state, table=table)
