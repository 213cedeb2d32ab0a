"""Running what a run folder asks for, from wherever it stands to its outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ssa_psro.errors import to_paste
from ssa_psro.game import CoverageGame
from ssa_psro.games.coverage import Coverage
from ssa_psro.learn import make_oracle
from ssa_psro.learn.anytime import AnytimeOracle
from ssa_psro.learn.protocol import Member, Oracle, OracleResult
from ssa_psro.learn.starts import StartSchedule
from ssa_psro.metagame.estimates import regret_interval
from ssa_psro.metagame.structure.ratings import SUPPORT_MASS
from ssa_psro.policies import DoctrineNetwork, Mixture, Policy
from ssa_psro.policies.match import Match
from ssa_psro.psro import IterationRecord, PsroResult, PsroState, StopRule, run_psro
from ssa_psro.psro.targets import exploring, make_targets
from ssa_psro.randomness import episode_seeds
from ssa_psro.scenario import is_symmetric
from ssa_psro.study.attackers import JoiningOracle, waiting
from ssa_psro.study.folder import WORK, Session
from ssa_psro.study.outcome import (
    CoverageSeries,
    Solution,
    equilibrium_intervals,
    sampler_of,
    solution_of,
    solver_of,
    stop_rule_of,
)
from ssa_psro.study.playout import Played, play_series
from ssa_psro.study.policies import restore
from ssa_psro.study.reading import Run, open_run, refuse_other_rules, standing_of
from ssa_psro.study.rivalry import pair_player, prices_of_rivalry, seats_of
from ssa_psro.study.standings import standings_of
from ssa_psro.study.study import OracleSettings, Study
from ssa_psro.study.writers import FolderWriter, writer_of
from ssa_psro.study.writing import clear, resume, resumed
from ssa_psro.work import OutdatedError, SharedFolder, Workers
from ssa_psro.work.parcels import known

MakeOracle = Callable[[str, Coverage, Mapping[str, Any], int], Oracle[Policy]]
"""See :func:`ssa_psro.learn.make_oracle`."""


def _unheard(record: IterationRecord) -> None:
    """A record that nobody waits for."""


def shared_folder(lease_s: float) -> SharedFolder:
    """The executor of those who work on run folders together, see ``work.shared_folder``."""
    return SharedFolder(known(OracleResult, Member, DoctrineNetwork, Match, Played), lease_s)


def execute(
    folder: Path,
    *,
    workers: Workers | None = None,
    on_iteration: Callable[[IterationRecord], None] = _unheard,
    make_oracle: MakeOracle = make_oracle,
    session: Session | None = None,
) -> Run:
    """Begin or continue the run in ``folder`` and bring it to its end.

    It may be killed at any moment: what is lost is the iteration in flight, and executing the
    folder again ends as the uninterrupted run would have. A finished run is left as it is.

    Args:
        folder: made by ``writing.create``.
        workers: threads that play matches, processes that train; results do not depend on it. They
            tell the stages ``tables``, those of an iteration (``solve``, ``train``, ``measure``,
            ``play``; the first payoffs are a ``play`` too), ``equilibrium``, ``coverage``,
            ``rivalry`` and ``baselines``.
        on_iteration: told each new record, once it is safe on the disk.
        make_oracle: makes what trains best responses.
        session: in which the run is resumed; a refusal of it leaves the folder as it is.

    Raises:
        RunFolderError: it is no run folder, damaged, made under other rules, or another process
            works on it; or the session would change nothing.
        UsageError: the study names an unknown solver, oracle or start rule.
        SolverError: the meta-solver could not certify its answer.
    """
    workers = workers or Workers()
    writer = writer_of(together=workers.executor.together)
    held = writer.opened(folder)
    refuse_other_rules(held)
    if session is not None:
        resumed(held, session)  # what is refused leaves no lock behind either
    with writer.held(folder, lambda: _begin(folder, session)):
        run = writer.opened(folder)
        return run if run.finished else _ended(run, writer, workers, on_iteration, make_oracle)


def _begin(folder: Path, session: Session | None) -> None:
    """What the first to work on a run does to its folder."""
    if session is not None:
        resume(open_run(folder), session)
    clear(folder)


def _ended(
    run: Run,
    writer: FolderWriter,
    workers: Workers,
    on_iteration: Callable[[IterationRecord], None],
    make_oracle: MakeOracle,
) -> Run:
    """The run, once it has been carried out; whoever falls behind begins where the others are."""
    folder = run.folder
    with writer.noted(folder, "the run", workers.count, to_paste(writer.command, folder)):
        while not run.finished:
            with suppress(OutdatedError):
                _carry_out(run, writer, workers, on_iteration, make_oracle)
            run = writer.opened(folder)
    return run


def _carry_out(
    run: Run,
    writer: FolderWriter,
    workers: Workers,
    on_iteration: Callable[[IterationRecord], None],
    make_oracle: MakeOracle,
) -> None:
    """From what is on the disk to the outcome."""
    state = restore(run)
    _arrive(run.folder, state, workers)
    workers.stage("tables")
    game, study = Coverage(run.scenario), run.study
    engine = game.build(lambda step, share: workers.told(share))
    oracle = make_oracle(study.oracle.kind, game, study.oracle.values, study.seed)
    workers.stage("play")

    def keep(state: PsroState[Policy]) -> None:
        writer.commit(run.folder, state)
        _arrive(run.folder, state, workers)
        if state.records:
            on_iteration(state.records[-1])

    stop, aimed = stop_rule_of(study), _aimed(oracle, game, study)
    if joining := waiting(run):
        # though its figures may say that the run is done: they are what the attackers put in doubt
        once = replace(stop, iterations=len(state.records) + 1, patience=len(state.records) + 2)
        state = _grow(run, state, game, JoiningOracle(aimed, joining), workers, keep, once).state
    result = _grow(run, state, game, aimed, workers, keep, stop)
    writer.finish(run, *_concluded(run, result, engine, workers))


def _arrive(folder: Path, state: PsroState[Policy], workers: Workers) -> None:
    """Everything goes on from what is committed in the same way, whoever does it."""
    standing = len(state.records), bool(state.table.count.any())
    name = f"{standing[0]:03d}" if standing[1] else "beginning"
    workers.executor.arrive(folder / WORK, name, lambda: standing_of(folder) > (*standing, False))


def _grow(
    run: Run,
    state: PsroState[Policy],
    game: Coverage,
    oracle: Oracle[Policy],
    workers: Workers,
    keep: Callable[[PsroState[Policy]], None],
    stop: StopRule,
) -> PsroResult[Policy]:
    """The PSRO loop, each state of it kept."""
    study, solver = run.study, run.study.solver
    return run_psro(
        state,
        judge=game.judge_with_scores,
        mix=game.mix,
        solve=solver_of(study),
        shared=study.shared,
        responses=study.responses,
        oracle=oracle,
        start=start_schedule(study.oracle),
        stop=stop,
        seed=study.seed,
        held_out_episodes=solver.held_out_episodes,
        targets=exploring(make_targets(solver.target), solver.exploration),
        sampler=sampler_of(study),
        on_state=keep,
        progress=lambda name, share: workers.stage(name),
        map_cells=workers.in_threads,
        map_oracles=workers.in_processes,
    )


def _aimed(oracle: Oracle[Policy], game: Coverage, study: Study) -> Oracle[Policy]:
    """The oracle as the training target needs it: opponents that shift, shift while it trains."""
    return AnytimeOracle(oracle, game.judge) if study.solver.target == "anytime" else oracle


def start_schedule(settings: OracleSettings) -> StartSchedule:
    """The rule for start weights: fusion waits for its iteration, the others begin at once."""
    rule, fusion_from = settings.start, settings.fusion_from_iteration
    return StartSchedule(rule, fusion_from if rule == "fusion" else 1)


def _concluded(
    run: Run, result: PsroResult[Policy], game: CoverageGame, workers: Workers
) -> tuple[Solution, CoverageSeries]:
    """The last table solved with intervals, and the outcome played out."""
    study = run.study
    workers.stage("equilibrium")
    found = equilibrium_intervals(study, result.state.table, "solution")
    solution = solution_of(result, found)
    # episodes that chose, trained and measured nothing
    seeds = episode_seeds(study.seed, "coverage", count=study.solver.held_out_episodes)
    assert result.best is not None, "a run has at least one iteration"
    best = _mixtures(result, [side.mixture for side in result.best.sides])
    workers.stage("coverage")
    series = play_series(game, *best, seeds, map_parts=workers.in_threads)
    workers.stage("rivalry")
    final = _mixtures(result, [[one.mean for one in side.mixture] for side in solution.sides])
    blue, red = (population.policies for population in result.state.populations)
    play_pair = pair_player(game, seeds, workers)
    prices = prices_of_rivalry(result.state.table, (blue, red), (best, final), play_pair)
    if prices:
        solution = replace(solution, best_price=prices[0], final_price=prices[1])
    if is_symmetric(run.scenario):
        solution = replace(solution, seats=seats_of(best, _played(best), play_pair))
    if study.shared:
        table = sampler_of(study).completed(result.state.table)
        mixture = np.zeros(len(table.rows))
        mixture[: best[0].probabilities.size] = best[0].probabilities
        solution = replace(solution, seated=regret_interval(table, mixture, mixture))
    workers.stage("baselines")
    return replace(solution, standings=standings_of(game, best, seeds, workers)), series


def _mixtures(
    result: PsroResult[Policy], shares: Sequence[Sequence[float]]
) -> tuple[Mixture, Mixture]:
    """Blue's and Red's first policies, as many as there are shares, as one policy each."""
    blue, red = (
        Mixture(f"{population.side} mixture", population.policies[: len(own)], np.array(own))
        for population, own in zip(result.state.populations, shares, strict=True)
    )
    return blue, red


def _played(mixtures: Sequence[Mixture]) -> dict[str, Policy]:
    """All policies that either mixture plays, by name."""
    return {
        policy.name: policy
        for mixture in mixtures
        for policy, share in zip(mixture.members, mixture.probabilities, strict=True)
        if share > SUPPORT_MASS
    }
