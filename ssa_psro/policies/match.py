"""One policy against another over a batch of episodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.game.engine import CoverageGame
from ssa_psro.game.state import State
from ssa_psro.policies.protocol import Policy

CHUNK = 32
"""Most episodes that are played side by side."""
BATCH_BYTES = 64e6
"""What their state may take, unless that of a single one takes more."""


def batches(game: CoverageGame, count: int) -> list[slice]:
    """Parts of ``count`` episodes that are played side by side.

    Their size follows from the game alone, so that a result does not depend on who else plays.
    """
    size = max(1, min(CHUNK, int(BATCH_BYTES / game.episode_bytes)))
    return [slice(first, first + size) for first in range(0, count, size)]


@dataclass(frozen=True)
class Match:
    """What came of a match; E episodes, sides in the order Blue, Red.

    Attributes:
        payoffs: ``[E, 2]``.
        scores: ``[E, 2]`` coverage scores in [0, 1].
        statistics: name -> ``[E, 2]``; see ``statistics_of``.
    """

    payoffs: Floats
    scores: Floats
    statistics: Mapping[str, Floats]


def play(game: CoverageGame, blue: Policy, red: Policy, seeds: Seeds) -> Match:
    """Play one episode a seed; the compiled rules release the interpreter, so matches in threads
    scale.

    Raises:
        ValueError: there is no seed.
    """
    if seeds.size == 0:
        raise ValueError("seeds: there must be at least one episode to play")
    parts = [_play_batch(game, blue, red, seeds[some]) for some in batches(game, seeds.size)]
    return Match(
        payoffs=np.concatenate([part.payoffs for part in parts]),
        scores=np.concatenate([part.scores for part in parts]),
        statistics={
            name: np.concatenate([part.statistics[name] for part in parts])
            for name in parts[0].statistics
        },
    )


def play_out(game: CoverageGame, blue: Policy, red: Policy, state: State) -> State:
    """Play started episodes to their end, in place."""
    if blue.constant and red.constant:
        orders = [p.act(game.view(state, side)) for side, p in enumerate((blue, red))]
        game.advance(state, orders[0], orders[1], steps=game.world.rules.steps)
    while not game.done(state):
        game.advance(state, blue.act(game.view(state, 0)), red.act(game.view(state, 1)))
    return state


def statistics_of(game: CoverageGame, state: State) -> dict[str, Floats]:
    """Figures of merit of finished episodes, each ``[B, 2]``.

    ``custody`` and ``contested_custody`` are mean shares of the window in custody; ``revisit_h``
    is the mean interval between successes and ``max_gap_h`` the longest, over all objects, the
    ends of the window counting as successes; ``hit_rate`` is successes over completed
    observations (1 where there were none). Where no object is contested, ``contested_custody`` is
    that of all.
    """
    steps, dt_h = game.world.rules.steps, game.world.rules.dt_h
    contested, track, counter = game.arena.objects.contested, state.track, state.counter
    custody = track.custody_steps / steps
    last_gap_h = steps * dt_h - np.maximum(track.seen_h, 0.0)
    hits, attempts = track.hits.sum(axis=2), track.attempts.sum(axis=2)
    held = custody[:, :, contested].mean(axis=2) if contested.any() else custody.mean(axis=2)
    return {
        "custody": custody.mean(axis=2),
        "contested_custody": held,
        "revisit_h": (steps * dt_h / (track.hits + 1.0)).mean(axis=2),
        "max_gap_h": np.maximum(track.max_gap_h, last_gap_h).max(axis=2),
        "observations": attempts,
        "hit_rate": np.where(attempts > 0, hits / np.maximum(attempts, 1.0), 1.0),
        "denials": counter.denials.copy(),
        "denials_blocked": counter.denials_blocked.copy(),
        "protections": counter.protections.copy(),
    }


def _play_batch(game: CoverageGame, blue: Policy, red: Policy, seeds: Seeds) -> Match:
    state = play_out(game, blue, red, game.start(seeds))
    return Match(game.payoffs(state), game.scores(state), statistics_of(game, state))
