"""Running what a run folder asks for, from wherever it stands to its outcome."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from ssa_psro.envs.arguments import game_of
from ssa_psro.game import CoverageGame
from ssa_psro.geometry import build_arena
from ssa_psro.metagame.coverage import CoverageJudge, ThreadMap, mix
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.oracles.anytime import AnytimeOracle
from ssa_psro.oracles.protocol import Oracle
from ssa_psro.oracles.start_weights import StartSchedule
from ssa_psro.policies import Mixture, Policy
from ssa_psro.psro import IterationRecord, PsroResult, PsroState, StopRule, run_psro
from ssa_psro.psro.targets import exploring, make_targets
from ssa_psro.randomness import episode_seeds, generator
from ssa_psro.runs.files import remove_unfinished
from ssa_psro.runs.lock import sole_writer
from ssa_psro.runs.playout import play_series
from ssa_psro.runs.policies import restore
from ssa_psro.runs.reading import Run, open_run
from ssa_psro.runs.sampling import sampler_of
from ssa_psro.runs.series import CoverageSeries
from ssa_psro.runs.solution import RESAMPLES, solution_of
from ssa_psro.runs.trainers import OpenTrainer, Trainer, open_trainer
from ssa_psro.runs.writing import commit, finish
from ssa_psro.scenario import Scenario

Tell = Callable[[str, float], None]


@dataclass(frozen=True)
class Watcher:
    """Who is told how a run goes.

    Attributes:
        tell: told the name of each stage and the share of it that is done, in [0, 1]. Stages are
            ``tables``, those of an iteration (``solve``, ``train``, ``measure``, ``play``; the
            first payoffs are a ``play`` too), ``equilibrium`` and ``coverage``.
        on_iteration: told each new record, once it is safe on the disk.
    """

    tell: Tell = lambda stage, share: None
    on_iteration: Callable[[IterationRecord], None] = lambda record: None


def execute(
    folder: Path,
    *,
    workers: int = 1,
    watcher: Watcher | None = None,
    open_trainer: OpenTrainer = open_trainer,
) -> Run:
    """Begin or continue the run in ``folder`` and bring it to its end.

    It may be killed at any moment: what is lost is the iteration in flight, and executing the
    folder again ends as the uninterrupted run would have. A finished run is left as it is.

    Args:
        folder: made by ``writing.create``.
        workers: threads that play matches, processes that train; results do not depend on it.
        watcher: told how it goes.
        open_trainer: opens what trains best responses for a scenario.

    Raises:
        RunFolderError: it is no run folder, damaged, or another process works on it.
        UsageError: the scenario names an unknown solver, oracle or start rule.
        SolverError: the meta-solver could not certify its answer.
    """
    watcher = watcher or Watcher()
    open_run(folder)
    with sole_writer(folder):
        run = open_run(folder)
        if run.finished:
            return run
        remove_unfinished(folder)
        state = restore(run)
        game = _game(run.scenario, watcher.tell)
        stage = _Stage(watcher.tell)
        with open_trainer(run.scenario, workers, stage.go_on) as trainer:
            result = _grow(run, state, game, trainer, workers, watcher, stage)
        _conclude(run, result, game, workers, watcher.tell)
    return open_run(folder)


@dataclass
class _Stage:
    """The stage that a run is in; work inside it only knows its own share."""

    tell: Tell
    name: str = "play"

    def begin(self, name: str) -> None:
        self.name = name
        self.tell(name, 0.0)

    def go_on(self, share: float) -> None:
        self.tell(self.name, share)


def _game(scenario: Scenario, tell: Tell) -> CoverageGame:
    return CoverageGame(build_arena(scenario, progress=lambda step, share: tell("tables", share)))


def _grow(
    run: Run,
    state: PsroState[Policy],
    game: CoverageGame,
    trainer: Trainer,
    workers: int,
    watcher: Watcher,
    stage: _Stage,
) -> PsroResult[Policy]:
    """The PSRO loop, each iteration of it committed to the folder."""
    solver = run.scenario.solver

    def keep(state: PsroState[Policy]) -> None:
        commit(run.folder, state)
        if state.records:
            watcher.on_iteration(state.records[-1])

    return run_psro(
        state,
        judge=CoverageJudge(game),
        mix=mix,
        solve=make_solver(solver.meta_solver),
        oracle=_aimed(trainer.oracle, run.scenario),
        start=start_schedule(run.scenario),
        stop=StopRule(solver.iterations, solver.tolerance, solver.patience),
        seed=run.scenario.seed,
        held_out_episodes=solver.held_out_episodes,
        targets=exploring(make_targets(solver.target), solver.exploration),
        sampler=sampler_of(run.scenario),
        on_state=keep,
        progress=lambda name, share: stage.begin(name),
        map_cells=ThreadMap(workers, stage.go_on),
        map_oracles=trainer.map_oracles,
    )


def _aimed(oracle: Oracle[Policy], scenario: Scenario) -> Oracle[Policy]:
    """The oracle as the training target needs it: opponents that shift, shift while it trains."""
    if scenario.solver.target != "anytime":
        return oracle
    return AnytimeOracle(oracle, partial(open_judge, scenario))


def open_judge(scenario: Scenario) -> CoverageJudge:
    """A judge of the scenario's game, in whatever process it is asked for."""
    return CoverageJudge(game_of(scenario))


def start_schedule(scenario: Scenario) -> StartSchedule:
    """The rule for start weights: fusion waits for its iteration, the others begin at once."""
    rule, fusion_from = scenario.oracle.start, scenario.oracle.fusion_from_iteration
    return StartSchedule(rule, fusion_from if rule == "fusion" else 1)


def _conclude(
    run: Run, result: PsroResult[Policy], game: CoverageGame, workers: int, tell: Tell
) -> None:
    """Solve the last table with intervals, play the best iterate out, and write both."""
    scenario = run.scenario
    tell("equilibrium", 0.0)
    solve = make_solver(scenario.solver.meta_solver)
    solution = solution_of(
        result,
        sampler_of(scenario).completed(result.state.table),
        solve,
        rng=generator(scenario.seed, "solution", "bootstrap"),
        resamples=RESAMPLES[scenario.rules.payoff],
    )
    tell("coverage", 0.0)
    series = _play_best(result, game, scenario, workers, partial(tell, "coverage"))
    finish(run, solution, series)


def _play_best(
    result: PsroResult[Policy],
    game: CoverageGame,
    scenario: Scenario,
    workers: int,
    on_share: Callable[[float], None],
) -> CoverageSeries:
    """The best iterate's mixtures on episodes that chose, trained and measured nothing."""
    assert result.best is not None, "a run has at least one iteration"
    blue, red = (
        Mixture(
            f"{side.side} mixture", population.policies[: len(side.names)], np.array(side.mixture)
        )
        for side, population in zip(result.best.sides, result.state.populations, strict=True)
    )
    seeds = episode_seeds(scenario.seed, "coverage", count=scenario.solver.held_out_episodes)
    return play_series(game, blue, red, seeds, workers=workers, on_share=on_share)
