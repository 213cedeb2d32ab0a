"""Policy-space response oracles (Lanctot et al. 2017): the loop, for any two-player game.

One iteration, numbered from 1:

1. *solve* the game restricted to the populations;
2. *train* one best response a side against the other side's mixture;
3. *measure* what those responses, and the best existing members, gain over the mixtures on
   held-out episodes. No two iterations share them: a lucky draw must not count twice
   towards stopping;
4. *play* the cells that the payoff table lacks once the responses have joined.

A record's exploitability is therefore that of the mixtures its iteration *began* with. The
mixture of the final, extended table is solved but unmeasured: that takes another training.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Generic

from ssa_psro.metagame.judge import Judge, Mapper, Mix, P, map_in_turn
from ssa_psro.metagame.mixtures import scores_against
from ssa_psro.metagame.payoffs import play_missing
from ssa_psro.metagame.solvers import Equilibrium, Solver
from ssa_psro.oracles.protocol import Oracle, OracleRequest
from ssa_psro.psro.measure import Trained, measure
from ssa_psro.psro.records import IterationRecord, best_record
from ssa_psro.psro.stages import Progress, Stages
from ssa_psro.psro.state import PsroState
from ssa_psro.psro.stopping import StopReason, StopRule
from ssa_psro.randomness import derive_seed, episode_seeds


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
    on_state: Callable[[PsroState[P]], None] = lambda state: None,
    progress: Progress = lambda stage, share: None,
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
        stop: ends the run.
        seed: root of all randomness, the same as ``initial_state`` was given.
        held_out_episodes: episodes on which gains are measured, >= 2.
        on_state: told the first complete state, and the state after each iteration.
        progress: told each stage as it begins, and the share of the run done.
        map_cells: where matches are played.
        map_oracles: where the two responses are trained.

    Raises:
        SolverError: the meta-solver could not certify its answer.
        UsageError: the judge's payoffs are unusable.
    """
    if not state.table.complete:
        state = _complete(state, judge, map_cells)
        on_state(state)
    while (stopped := stop(state.records)) is None:
        stage = Stages(len(state.records) + 1, stop.iterations, progress)
        with stage("solve"):
            equilibrium = solve(state.table.mean)
        with stage("train"):
            requests = _requests(state, equilibrium, start(stage.iteration), seed)
            trained = _train(oracle, requests, map_oracles)
        with stage("measure"):
            seeds = episode_seeds(seed, "held-out", stage.iteration, count=held_out_episodes)
            record = measure(
                state, equilibrium, trained, judge=judge, mix=mix, seeds=seeds, map_cells=map_cells
            )
        with stage("play"):
            state = _complete(_grown(state, trained), judge, map_cells)
        state = replace(state, records=(*state.records, replace(record, seconds=stage.seconds)))
        on_state(state)
    return PsroResult(state, solve(state.table.mean), best_record(state.records), stopped)


def _requests(
    state: PsroState[P], equilibrium: Equilibrium, start: str, seed: int
) -> list[OracleRequest[P]]:
    """What is asked of the row and of the column player's oracle."""
    mixtures = (equilibrium.row, equilibrium.column)
    iteration = len(state.records) + 1
    return [
        OracleRequest(
            side=side,
            iteration=iteration,
            name=f"{population.side}-{iteration}",
            opponents=state.populations[1 - side].members,
            opponent_mixture=mixtures[1 - side],
            learners=population.members,
            learner_mixture=mixtures[side],
            learner_scores=scores_against(state.table, mixtures[1 - side], side),
            start=start,
            seed=derive_seed(seed, "oracle", iteration, population.side),
        )
        for side, population in enumerate(state.populations)
    ]


def _train(
    oracle: Oracle[P], requests: list[OracleRequest[P]], map_oracles: Mapper
) -> list[Trained[P]]:
    trained = map_oracles(partial(_train_one, oracle), requests)
    return sorted(trained, key=lambda answer: answer.request.side)


def _train_one(oracle: Oracle[P], request: OracleRequest[P]) -> Trained[P]:
    started = perf_counter()
    result = oracle(request)
    return Trained(request, result, perf_counter() - started)


def _grown(state: PsroState[P], trained: list[Trained[P]]) -> PsroState[P]:
    """The state with the responses in the populations, and their cells unplayed."""
    rows, columns = (
        population.with_member(answer.result.member)
        for population, answer in zip(state.populations, trained, strict=True)
    )
    table = state.table.enlarged(rows.names, columns.names)
    return PsroState((rows, columns), table, state.records)


def _complete(state: PsroState[P], judge: Judge[P], map_cells: Mapper) -> PsroState[P]:
    rows, columns = (population.policies for population in state.populations)
    table = play_missing(state.table, rows, columns, judge=judge, map_cells=map_cells)
    return replace(state, table=table)
