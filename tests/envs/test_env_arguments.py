"""What the environments accept, and what they say to the rest."""

from __future__ import annotations

import numpy as np
import pytest
from arenas import make_arena

from ssa_psro.envs import CoverageEnv, parallel_env
from ssa_psro.envs.core import as_game, as_policy
from ssa_psro.errors import ScenarioError, UsageError
from ssa_psro.game import CoverageGame
from ssa_psro.policies import make_policy
from ssa_psro.scenario import load_scenario

GAME = CoverageGame(make_arena())
QUICKSTART = "scenarios/quickstart.toml"


def test_a_path_a_scenario_and_a_game_are_the_same_game(request):
    path = request.config.rootpath / QUICKSTART
    game = as_game(path)
    assert as_game(str(path)) is game
    assert as_game(load_scenario(path)) is game
    assert as_game(game) is game


def test_a_broken_scenario_file_is_reported(tmp_path):
    path = tmp_path / "broken.toml"
    path.write_text("name = 3")
    with pytest.raises(ScenarioError, match="name"):
        CoverageEnv(path)


def test_opponents_by_name_policy_and_mixture():
    assert as_policy("reactive").name == "reactive"
    policy = make_policy("shielded")
    assert as_policy(policy) is policy
    mixture = as_policy({"reactive": 3, "random": 1})
    assert np.allclose(mixture.probabilities, [0.75, 0.25])
    assert [member.name for member in mixture.members] == ["reactive", "random"]


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ({"side": "bleu"}, "'blue'"),
        ({"opponent": "agressive"}, "'aggressive'"),
        ({"opponent": {"agressive": 1.0}}, "'aggressive'"),
        ({"opponent": {"reactive": -1.0, "random": 2.0}}, "at least 0"),
        ({"opponent": {"reactive": float("nan")}}, "at least 0"),
        ({"opponent": {}}, "more than 0"),
        ({"action_mode": "doctrines"}, "'doctrine'"),
        ({"action_mode": ["doctrine"]}, "Did you mean 'doctrine'"),
        ({"side": 1}, "Known: blue, red"),
        ({"opponent": {"reactive": "much"}}, "at least 0"),
        ({"opponent": 7}, "is no policy"),
    ],
)
def test_misspelt_arguments_come_with_a_cure(arguments, hint):
    with pytest.raises(UsageError, match=hint):
        CoverageEnv(GAME, **arguments)


def test_a_source_that_is_no_game():
    with pytest.raises(UsageError, match=r"scenario: is no game \(found 'int'\)"):
        CoverageEnv(7)


def test_an_unknown_action_mode_of_both_sides():
    with pytest.raises(UsageError, match="'priority'"):
        parallel_env(GAME, action_mode="prioritty")
