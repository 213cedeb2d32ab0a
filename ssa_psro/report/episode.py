"""Episodes of a run, played again for its page: one to play through, several for the causes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Bytes, Floats, Seeds
from ssa_psro.errors import RunFolderError
from ssa_psro.findings.causes import (
    cause_table,
    lapse_table,
    object_cause_table,
    recovered_table,
)
from ssa_psro.findings.episode import activity_table, age_table
from ssa_psro.findings.orbits import assets_table, orbit_table, track_table
from ssa_psro.findings.table import Table
from ssa_psro.findings.wording import Form, percent, plural
from ssa_psro.game import CoverageGame, chance, game_of
from ssa_psro.policies import Mixture, Policy
from ssa_psro.study import Run
from ssa_psro.study.matches import MeasuredMatch
from ssa_psro.study.policies import restore
from ssa_psro.trace import Trace, record
from ssa_psro.trace.causes import cause_steps, causes_of, lapses_of, recovered_steps

EXPLAINED = 12
"""Episodes whose lapses are explained."""


@dataclass(frozen=True, eq=False)
class Replay:
    """Episodes of a match, step by step.

    Attributes:
        game: that they were played in.
        policies: Blue's and Red's.
        shown: the one to play through.
        names: what Blue and what Red played in it, in words.
        words: which it is.
        others: further ones that the causes are of, too.
    """

    game: CoverageGame
    policies: tuple[Policy, Policy]
    shown: Trace
    names: tuple[str, str]
    words: str
    others: tuple[Trace, ...] = ()

    @cached_property
    def causes(self) -> tuple[Bytes, ...]:
        """``[2, T, N]`` why there was no custody, of each episode, the shown one first."""
        return tuple(causes_of(self.game, trace) for trace in (self.shown, *self.others))

    @cached_property
    def measured(self) -> MeasuredMatch:
        """Figures of merit of all these episodes."""
        return MeasuredMatch.of((self.shown, *self.others), self.game.arena)

    @property
    def cause_steps(self) -> NDArray[np.int64]:
        """``[E, 2, N, C]`` steps of each cause."""
        return np.stack([cause_steps(one) for one in self.causes])

    @property
    def seeds(self) -> Seeds:
        """``[E]`` of the episodes, in that order."""
        return np.array([one.seed for one in (self.shown, *self.others)], np.uint64)


def replay_of(run: Run) -> Replay | str:
    """The median episode of a run's coverage, and some more; or why there is none, in words."""
    if run.coverage is None or run.best_record is None:
        return "Once the run is finished, one of its episodes is played here."
    try:
        populations = restore(run).populations
    except RunFolderError as error:
        problems = "; ".join(fault.problem for fault in error.faults)
        return f"No episode can be played through: {problems}."
    blue, red = (
        Mixture(f"{population.side} mixture", population.policies[: len(side.mixture)], shares)
        for population, side in zip(populations, run.best_record.sides, strict=True)
        for shares in (np.array(side.mixture),)
    )
    return replayed(game_of(run.scenario), blue, red, run.coverage.seeds, run.coverage.payoffs)


def replayed(
    game: CoverageGame, blue: Policy, red: Policy, seeds: Seeds, payoffs: Floats
) -> Replay:
    """The median episode of a match, and some more.

    Args:
        game: that was played.
        blue: Blue's policy.
        red: Red's.
        seeds: of the episodes, ``[E]``.
        payoffs: what came of them, ``[E, 2]``.
    """
    paid = payoffs[:, 0]
    # of an even number the lower of both in the middle, and of equals the first
    median = np.argsort(paid, kind="stable")[[(paid.size - 1) // 2]]
    words = (
        f"Of {plural(paid.size, 'episode')}, this one is the median by Blue's payoff, "
        f"{Form(signed=True, typeset=True).number(paid[median[0]])}. It shows how the two play, "
        "not how it has to end."
    )
    names = _drawn(blue, seeds[median], 0), _drawn(red, seeds[median], 1)
    others = np.delete(seeds, median)[: EXPLAINED - 1]
    (shown,) = record(game, blue, red, seeds[median])
    return Replay(game, (blue, red), shown, names, words, tuple(record(game, blue, red, others)))


def _drawn(policy: Policy, seeds: Seeds, side: int) -> str:
    """What plays a side's seat in an episode; the member of a mixture, and how often it does."""
    if not isinstance(policy, Mixture):
        return policy.name
    mixture = policy
    member = int(mixture.draw(chance.branch(seeds, chance.POLICY, side))[0])
    share = percent(mixture.probabilities[member])
    return f"{mixture.members[member].name} ({share} of its mixture)"


def episode_tables(replay: Replay) -> list[Table]:
    """Ages, what sensors did, causes and lapses, what denial cost, and the orbits of the game."""
    arena, shown = replay.game.arena, replay.shown
    step_h = shown.step_s / 3600.0
    steps = replay.cause_steps
    return [
        age_table(shown, arena.scenario),
        activity_table(shown, arena.scenario),
        cause_table(steps, arena.objects, step_h),
        object_cause_table(steps, arena.objects, step_h),
        recovered_table(
            steps,
            recovered_steps(replay.game, *replay.policies, replay.seeds),
            arena.objects,
            step_h,
        ),
        lapse_table(lapses_of(replay.causes[0]), shown, arena.objects),
        orbit_table(arena),
        track_table(arena),
        assets_table(arena),
    ]
