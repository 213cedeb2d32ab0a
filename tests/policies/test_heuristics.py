"""The heuristics: ten constant doctrines, found by name."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from arenas import make_arena
from game.driving import some_seeds

from ssa_psro.errors import UsageError
from ssa_psro.game import FEATURES, CoverageGame
from ssa_psro.policies import HEURISTICS, Heuristic, make_policy, play

NAMES = {
    "random",
    "distributed",
    "aggressive",
    "reactive",
    "predictive",
    "most-recently-active",
    "information",
    "low-orbit-first",
    "high-orbit-first",
    "blinding",
    "shielded",
}


def test_all_eleven_are_there() -> None:
    assert set(HEURISTICS) == NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_each_is_known_by_its_own_name(name: str) -> None:
    kind = HEURISTICS[name]
    assert kind.name == name
    assert kind.__name__ == name.title().replace("-", "")
    assert kind.__doc__


def test_none_is_left_out_of_the_table() -> None:
    assert set(HEURISTICS.values()) == set(Heuristic.__subclasses__())


@pytest.mark.parametrize("name", sorted(NAMES))
def test_fields_are_weights_of_features(name: str) -> None:
    policy = make_policy(name)
    weights = dict(zip(FEATURES, policy.weights, strict=True))
    for field in fields(policy):
        assert weights.pop(field.name) == getattr(policy, field.name)
    assert set(weights.values()) == {0.0}
    assert np.abs(policy.weights).max() <= 1
    assert (policy.weights != 0).any()


@pytest.mark.parametrize("word", ["agressive", "Aggressive", "aggressive "])
def test_a_misspelling_is_understood(word: str) -> None:
    with pytest.raises(UsageError) as caught:
        make_policy(word)
    (fault,) = caught.value.faults
    assert fault.value == word
    assert "'aggressive'" in fault.cure


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(
        UsageError, match="low-orbit-first, most-recently-active, predictive"
    ) as caught:
        make_policy("zzz")
    assert all(name in str(caught.value) for name in NAMES)


@pytest.mark.parametrize(
    ("name", "statistic", "expected"),
    [
        ("blinding", "denials", True),
        ("shielded", "protections", True),
        ("random", "denials", True),
        ("random", "protections", True),
        ("aggressive", "denials", False),
        ("aggressive", "protections", False),
        ("information", "denials", False),
        ("distributed", "denials", False),
        ("low-orbit-first", "protections", False),
    ],
)
def test_each_uses_the_tasks_it_speaks_of(name: str, statistic: str, expected: bool) -> None:
    game = CoverageGame(make_arena(3, denial=0.8))
    match = play(game, make_policy(name), make_policy("random"), some_seeds(8))
    assert (match.statistics[statistic][:, 0].sum() > 0) == expected
    assert match.statistics["observations"][:, 0].min() > 0


def test_aggressive_watches_contested_objects_more_than_others() -> None:
    game = CoverageGame(make_arena(4, objects=12, access=0.9, denial=0.0))
    match = play(game, make_policy("aggressive"), make_policy("distributed"), some_seeds(40))
    held = match.statistics["contested_custody"].mean(axis=0)
    assert held[0] > held[1]
    assert match.payoffs[:, 0].mean() > 0
