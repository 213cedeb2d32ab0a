"""Whom an audit is about: a pair of mixtures, and the policies that responses start from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.audit.documents import SELF_PLAY, Against
from ssa_psro.metagame.coverage import mix
from ssa_psro.metagame.judge import Fixture, Judge, Mapper, play_all
from ssa_psro.metagame.mixtures import scores_against
from ssa_psro.oracles.protocol import Member
from ssa_psro.policies import Mixture, Policy
from ssa_psro.psro import PsroState
from ssa_psro.runs import Run

Members = tuple[Member[Policy], ...]


@dataclass(frozen=True, eq=False)
class Subject:
    """Two mixtures to be audited.

    Attributes:
        name: ``best``, ``final`` or ``self-play``.
        members: Blue's and Red's, ``[n]`` and ``[m]``; not all need be in the mixtures.
        mixtures: their probabilities.
        scores: mean payoff of every member against the other side's mixture.
    """

    name: str
    members: tuple[Members, Members]
    mixtures: tuple[Floats, Floats]
    scores: tuple[Floats, Floats]

    def mixed(self, side: int) -> Mixture:
        """One side's mixture as a policy."""
        return mix([member.policy for member in self.members[side]], self.mixtures[side])

    def incumbent(self, side: int) -> Member[Policy]:
        """The member with the best score; the first of equals."""
        return self.members[side][int(self.scores[side].argmax())]


def outcome_of(run: Run, state: PsroState[Policy], against: Against) -> Subject:
    """The outcome of a finished run, with all its members, also those that came later."""
    assert run.solution is not None, "the run is finished"
    assert run.best_record is not None, "a finished run has a best iterate"
    if against == "best":
        shares = [np.array(side.mixture) for side in run.best_record.sides]
    else:
        shares = [np.array([one.mean for one in side.mixture]) for side in run.solution.sides]
    blue, red = (
        np.pad(share, (0, len(population.members) - share.size))
        for share, population in zip(shares, state.populations, strict=True)
    )
    scores = scores_against(state.table, red, 0), scores_against(state.table, blue, 1)
    members = state.populations[0].members, state.populations[1].members
    return Subject(against, members, (blue, red), scores)


def self_play_of(
    state: PsroState[Policy],
    networks: tuple[Member[Policy], Member[Policy]],
    *,
    judge: Judge[Policy],
    seeds: Seeds,
    map_cells: Mapper,
) -> Subject:
    """The networks of self-play, each alone in its mixture, among the heuristics of the run.

    Args:
        state: of the run.
        networks: Blue's and Red's.
        judge: plays one match.
        seeds: episodes ``[E]`` that score the heuristics.
        map_cells: where they are played.
    """
    heuristics = [
        [member for member in population.members if member.parameters is None]
        for population in state.populations
    ]
    blue, red = ((*own, network) for own, network in zip(heuristics, networks, strict=True))
    fixtures = [Fixture(member.policy, networks[1].policy, seeds) for member in blue]
    fixtures += [Fixture(networks[0].policy, member.policy, seeds) for member in red]
    payoffs = play_all(judge, fixtures, map_cells)
    means = [
        np.array([one[:, side].mean() for one in part])
        for side, part in enumerate((payoffs[: len(blue)], payoffs[len(blue) :]))
    ]
    return Subject(SELF_PLAY, (blue, red), (_last(blue), _last(red)), (means[0], means[1]))


def _last(members: Sequence[Member[Policy]]) -> Floats:
    return np.asarray(np.eye(len(members))[-1])
