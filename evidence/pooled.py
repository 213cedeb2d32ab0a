"""One yardstick for several runs: the responses of all of them, against each one's outcome."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.game import game_of
from ssa_psro.games.coverage import Coverage
from ssa_psro.metagame.exploitability import approx_exploitability, deviation_gains
from ssa_psro.metagame.intervals import Interval
from ssa_psro.policies import Mixture, Policy
from ssa_psro.psro import PsroState
from ssa_psro.randomness import episode_seeds
from ssa_psro.study import Run
from ssa_psro.study.policies import restore
from ssa_psro.work import Workers


def pooled_exploitability(
    runs: Mapping[str, Run], *, seed: int, workers: int = 1
) -> dict[str, Interval]:
    """What the best member of any run gains over each run's last equilibrium.

    The best member is chosen on half of the episodes and measured on the other half.

    Args:
        runs: finished, of one game, by name.
        seed: of the episodes.
        workers: threads that play.
    """
    first = next(iter(runs.values()))
    game = game_of(first.scenario)
    states = {name: restore(run) for name, run in runs.items()}
    pools = [_pool(states, side) for side in (0, 1)]
    half = first.study.solver.held_out_episodes
    seeds = episode_seeds(seed, "pooled", count=2 * half)
    found = {}
    for name, run in runs.items():
        gains = deviation_gains(
            _outcome(run, states[name]),
            pools[0],
            pools[1],
            judge=Coverage.of(game).judge,
            seeds=seeds,
            map_cells=Workers(workers).in_threads,
        )
        measured = approx_exploitability(_chosen(gains.row, half), _chosen(gains.column, half))
        found[name] = measured.interval
    return found


def _pool(states: Mapping[str, PsroState[Policy]], side: int) -> list[Policy]:
    """All members of one side; those that the runs began with, once."""
    members = {
        (member.name if member.parameters is None else f"{run}/{member.name}"): member.policy
        for run, state in states.items()
        for member in state.populations[side].members
    }
    return list(members.values())


def _outcome(run: Run, state: PsroState[Policy]) -> tuple[Policy, Policy]:
    assert run.solution is not None, "the run is finished"
    blue, red = (
        Mixture(side.side, population.policies, np.array([share.mean for share in side.mixture]))
        for side, population in zip(run.solution.sides, state.populations, strict=True)
    )
    return blue, red


def _chosen(gains: Floats, half: int) -> Floats:
    """Of gains ``[a, E]``, those of the member best on the first episodes, on the others."""
    return gains[int(gains[:, :half].mean(axis=1).argmax()), half:]
