"""How much any response could gain over a run's mixtures at most."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.game import CoverageGame
from ssa_psro.games.coverage.ceiling import DRAWS, ceiling, opposition, unopposed
from ssa_psro.metagame.intervals import Interval, student_interval
from ssa_psro.policies import Policy, play
from ssa_psro.randomness import episode_seeds
from ssa_psro.study.audit.findings import Against
from ssa_psro.study.audit.subjects import outcome_of
from ssa_psro.study.matches import open_game
from ssa_psro.study.policies import restore
from ssa_psro.study.reading import finished_run
from ssa_psro.work import Workers


@dataclass(frozen=True)
class Ceilings:
    """Upper bounds of what responses earn; sides in the order Blue, Red.

    Attributes:
        scenario: its name.
        opposed: whether what the opponents do counts; where denial is allowed it does not.
        most: payoff that no response exceeds.
        gain: the same less what the side's own mixture earns.
        exploitability: half of both gains.
    """

    scenario: str
    opposed: bool
    most: tuple[Interval, Interval]
    gain: tuple[Interval, Interval]
    exploitability: Interval


def run_ceilings(
    folder: Path, *, against: Against, episodes: int, seed: int, workers: Workers
) -> Ceilings:
    """The ceilings of a finished run.

    Args:
        folder: of the run.
        against: the best iterate's mixtures, or those of the final table.
        episodes: that are looked at, two or more.
        seed: root of all randomness.
        workers: whose threads work; they tell the stages ``tables`` and ``ceilings``.

    Raises:
        RunFolderError: it is no run folder, damaged, made under other rules, or not finished.
    """
    run = finished_run(folder)
    game = open_game(run.scenario, workers)
    subject = outcome_of(run, restore(run), against)
    mixtures = subject.mixed(0), subject.mixed(1)
    return ceilings(game, mixtures, episode_seeds(seed, "ceiling", count=episodes), workers)


def ceilings(
    game: CoverageGame, mixtures: tuple[Policy, Policy], seeds: Seeds, workers: Workers
) -> Ceilings:
    """What no response to Blue's or to Red's mixture exceeds.

    Args:
        game: what is played.
        mixtures: Blue's and Red's.
        seeds: of the episodes ``[E]``, E >= 2.
        workers: whose threads work.
    """
    opposed = not game.arena.scenario.rules.denial

    def most(job: tuple[int, int]) -> float:
        side, seed = job
        policy = mixtures[1 - side]
        theirs = opposition(game, policy, side, seed, DRAWS) if opposed else unopposed(game)
        return ceiling(game, seed, side, theirs)

    workers.stage("ceilings")
    jobs = [(side, int(seed)) for side in range(2) for seed in seeds]
    tops: Floats = np.reshape(list(workers.in_threads(most, jobs)), (2, -1))
    gains = tops - play(game, *mixtures, seeds).payoffs.T
    return Ceilings(
        scenario=game.arena.scenario.name,
        opposed=opposed,
        most=(student_interval(tops[0]), student_interval(tops[1])),
        gain=(student_interval(gains[0]), student_interval(gains[1])),
        exploitability=student_interval(gains.mean(axis=0)),
    )
