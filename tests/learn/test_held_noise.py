"""PPO's noise that holds for an episode."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from learn.test_every_game import TREE_GAME, tree_request
from learn.test_oracle_contract import CASES, COVERAGE, SETTINGS, fingerprint

from ssa_psro.errors import UsageError
from ssa_psro.learn import make_oracle
from ssa_psro.learn.held_noise import HeldNoise

HELD = {**SETTINGS, "hold_noise": True, "whole_episodes": True, "validation_episodes": 24}


def test_noise_is_the_same_for_an_episode_and_another_in_the_next():
    noise, log_std = HeldNoise(3, hold=4), torch.tensor([-1.0, 0.0, 1.0])
    means = torch.arange(8 * 500 * 3).reshape(8, 500, 3).float()
    with torch.random.fork_rng():
        torch.manual_seed(0)
        drawn = [noise.proba_distribution(mean, log_std).sample() - mean for mean in means]
    away = np.array([one.numpy() for one in drawn])
    assert np.allclose(away[:4], away[0], atol=1e-2)
    assert np.allclose(away[4:], away[4], atol=1e-2)
    assert not np.allclose(away[0], away[4], atol=0.1)
    # within four standard errors of a standard deviation of 500 numbers
    assert away[0].std(axis=0) == pytest.approx(log_std.exp().numpy(), rel=4 / 1000**0.5)


def test_a_training_with_held_noise_is_another_and_repeatable():
    request = CASES["ppo"].request(0)
    held, again, free = (
        make_oracle("ppo", COVERAGE, {**HELD, "select": "end", "hold_noise": one})(request)
        for one in (True, True, False)
    )
    assert fingerprint(held) == fingerprint(again) != fingerprint(free)
    assert held.member.parameters.keys() == free.member.parameters.keys()


def test_rollouts_that_cut_episodes_cannot_hold_it():
    with pytest.raises(UsageError, match=r"rollouts are no whole episodes .*Set whole_episodes"):
        make_oracle("ppo", COVERAGE, {**HELD, "whole_episodes": False})


def test_episodes_that_differ_in_length_cannot_hold_it():
    values = {"hold_noise": True, "whole_episodes": True, "steps": 64, "hidden": (8,)}
    with pytest.raises(UsageError, match="episodes here differ in length"):
        make_oracle("ppo", TREE_GAME, values)(tree_request(0))
