"""From what an oracle has found to what it answers: the best of its start, its way and its end.

A response is not worse than what it started from, as far as the validation episodes can tell.
They belong to the training: their seeds are apart from those of the episodes that train, and
from those that the meta-game is judged by.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ssa_psro.game import CoverageGame
from ssa_psro.learn.protocol import Fact, Member, OracleRequest, OracleResult, Weights
from ssa_psro.policies import DoctrineNetwork, Mixture, Policy, play
from ssa_psro.randomness import episode_seeds


def opponent_of(request: OracleRequest[Policy]) -> Mixture:
    """The opponents' mixture as one policy that draws a member for every episode."""
    members = [member.policy for member in request.opponents]
    return Mixture(f"opponents of {request.name}", members, request.opponent_mixture)


def answer(
    game: CoverageGame,
    request: OracleRequest[Policy],
    candidates: Mapping[str, Weights],
    *,
    start: str,
    facts: Mapping[str, Fact],
    episodes: int,
) -> OracleResult[Policy]:
    """The candidate that does best against the request's opponents; the first of equals.

    Args:
        game: what is played.
        request: what was asked for.
        candidates: parameters by name, such as ``start`` and ``end``.
        start: what training started from, in words.
        facts: about the training; who was kept and all scores join them.
        episodes: on which the candidates are compared.
    """
    seeds = episode_seeds(request.seed, "validation", count=episodes)
    scores = validate(game, request.side, opponent_of(request), candidates, seeds)
    kept = max(scores, key=lambda name: scores[name])
    policy = DoctrineNetwork(request.name, candidates[kept])
    member = Member[Policy](request.name, policy, parameters=candidates[kept])
    validation = {f"validation_{name}": score for name, score in scores.items()}
    return OracleResult(member, start, {**facts, "kept": kept, **validation})


def validate(
    game: CoverageGame,
    side: int,
    opponent: Policy,
    candidates: Mapping[str, Weights],
    seeds: np.ndarray,
) -> dict[str, float]:
    """Mean payoff of each candidate, without exploration, all on the same episodes ``[E]``."""
    scores = {}
    for name, weights in candidates.items():
        own: Policy = DoctrineNetwork(name, weights)
        blue, red = (own, opponent) if side == 0 else (opponent, own)
        scores[name] = float(play(game, blue, red, seeds).payoffs[:, side].mean())
    return scores
