"""How a mixture stands beside the heuristics: what each gets, and does, against one opponent.

Without a baseline nobody sees what a mixture costs: it may win by letting custody fall, its own as
the opponent's. So each side's mixture, its members and every heuristic meet the other side's
mixture on the same episodes, which chose none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ssa_psro.arrays import Flags, Floats, Seeds
from ssa_psro.game import CoverageGame, State
from ssa_psro.metagame.intervals import student_interval
from ssa_psro.metagame.structure.ratings import SUPPORT_MASS
from ssa_psro.policies import HEURISTICS, Mixture, Policy, make_policy
from ssa_psro.policies.match import batches, play_out, statistics_of
from ssa_psro.scenario.schema import REGIMES
from ssa_psro.study.outcome import DENY, MIXTURE, PROTECT, Conduct
from ssa_psro.work import Workers

EPISODES = 100
"""Episodes that a standing rests on, at most."""
FIGURES = ("payoff", "score", "custody", "contested_custody")


def standings_of(
    game: CoverageGame, mixtures: tuple[Mixture, Mixture], seeds: Seeds, workers: Workers
) -> tuple[tuple[Conduct, ...], tuple[Conduct, ...]]:
    """The standings of both sides; see ``Solution.standings``.

    Args:
        game: what is played.
        mixtures: Blue's and Red's.
        seeds: of episodes that chose no policy; the first ``EPISODES`` of them are played.
        workers: whose threads play.
    """
    parts = [seeds[:EPISODES][some] for some in batches(game, min(EPISODES, seeds.size))]

    def standing(side: int, name: str, share: float, policy: Policy) -> Conduct:
        pair = (policy, mixtures[1]) if side == 0 else (mixtures[0], policy)
        played = list(workers.in_threads(partial(_played, game, *pair), parts))
        found = {name: np.concatenate([part[name] for part in played]) for name in played[0]}
        own = {name: student_interval(found[name][:, side]) for name in FIGURES}
        return Conduct(
            name=name,
            share=share,
            **own,
            opponent_custody=student_interval(found["custody"][:, 1 - side]),
            tasks=_shares(game, found["tasks"][:, side].sum(axis=0)),
        )

    blue, red = (
        tuple(standing(side, *player) for player in _players(mixtures[side])) for side in (0, 1)
    )
    return blue, red


def _players(mixture: Mixture) -> Iterator[tuple[str, float, Policy]]:
    """Name, share and policy: of the mixture, of the members it plays, and of the heuristics."""
    yield MIXTURE, 1.0, mixture
    members = list(zip(mixture.members, mixture.probabilities.tolist(), strict=True))
    shares = {member.name: share for member, share in members if share > SUPPORT_MASS}
    for member, share in sorted(members, key=lambda one: -one[1]):
        if member.name in shares and member.name not in HEURISTICS:
            yield member.name, share, member
    for name in HEURISTICS:
        yield name, shares.get(name, 0.0), make_policy(name)


def _played(game: CoverageGame, blue: Policy, red: Policy, seeds: Seeds) -> dict[str, Floats]:
    state = play_out(game, blue, red, game.start(seeds))
    return {
        "payoff": game.payoffs(state),
        "score": game.scores(state),
        **statistics_of(game, state),
        "tasks": tasks_of(game, state),
    }


def tasks_of(game: CoverageGame, state: State) -> Floats:
    """``[B, 2, K]`` how many tasks of each kind each side carried out, in the order of the kinds.

    Looks that were broken off are none.
    """
    looks = [state.track.attempts[:, :, members].sum(axis=2) for members in _groups(game).values()]
    return np.stack([*looks, state.counter.denials, state.counter.protections], axis=2)


def _groups(game: CoverageGame) -> dict[str, Flags]:
    """Which objects, ``[N]``, are in each group that a look may go to."""
    objects = game.arena.objects
    every = {
        f"{regime} contested" if contested else regime: (objects.regime == index)
        & (objects.contested == contested)
        for contested in (False, True)
        for index, regime in enumerate(REGIMES)
    }
    return {name: members for name, members in every.items() if members.any()}


def _shares(game: CoverageGame, counts: Floats) -> dict[str, float]:
    kinds, total = (*_groups(game), DENY, PROTECT), max(1.0, float(counts.sum()))
    return {kind: float(count) / total for kind, count in zip(kinds, counts, strict=True)}
