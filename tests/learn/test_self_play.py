"""Self-play: two learners that meet each other as they are before every rollout."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from arenas import make_arena

from ssa_psro.game import CoverageGame
from ssa_psro.games.coverage import Coverage
from ssa_psro.learn import self_play as module
from ssa_psro.learn import settings_for
from ssa_psro.policies import DoctrineNetwork, make_policy, play
from ssa_psro.randomness import episode_seeds

GAME = CoverageGame(make_arena(seed=4, sensors=(2, 2), objects=10, access=0.8, denial=0.0))
SETTINGS = settings_for(
    "ppo",
    Coverage.defaults["ppo"],
    {"steps": 600, "environments": 16, "hidden": (8,), "learning_rate": 3e-3},
)
RANDOM = make_policy("random")


def self_play(settings, seed, **options):
    return module.self_play(Coverage.of(GAME), settings, seed, (RANDOM, RANDOM), **options)


def same(one, other):
    return all(np.array_equal(one[name], other[name]) for name in one)


def test_it_is_a_function_of_its_arguments_and_leaves_no_trace():
    shares = []
    before = (random.getstate(), np.random.get_state()[1].tolist())  # noqa: NPY002
    blue, red = self_play(SETTINGS, 1, progress=shares.append)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before  # noqa: NPY002
    again, other = self_play(SETTINGS, 1), self_play(SETTINGS, 2)
    assert same(blue, again[0])
    assert same(red, again[1])
    assert not same(blue, other[0])
    assert not same(blue, red)
    rollouts = -(-SETTINGS.steps // (SETTINGS.environments * GAME.decisions))
    assert len(shares) == rollouts
    assert shares[-1] == 1.0


@pytest.mark.slow
def test_both_sides_get_better_than_doing_nothing_in_particular():
    """On average: now and then a network that nobody trained plays well."""
    long, seeds = replace(SETTINGS, steps=8_000), (3, 4, 5)
    untrained = [self_play(replace(long, learning_rate=1e-12), seed) for seed in seeds]
    trained = [self_play(long, seed) for seed in seeds]
    for side in (0, 1):
        before, after = (
            np.mean([earned(networks[side], side) for networks in found])
            for found in (untrained, trained)
        )
        assert after > before + 0.1


def earned(parameters, side):
    """Mean payoff of a network against a heuristic."""
    seeds, opponent = episode_seeds(0, "never trained on", count=200), make_policy("blinding")
    own = DoctrineNetwork("own", parameters)
    blue, red = (own, opponent) if side == 0 else (opponent, own)
    return play(GAME, blue, red, seeds).payoffs[:, side].mean()
