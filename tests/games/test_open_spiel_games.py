"""Game trees built from OpenSpiel: the right size, well-formed, and complete."""

from __future__ import annotations

import sys
from dataclasses import fields

import numpy as np
import pytest
from games.behaviours import every_game, tree_of
from test_layers import loaded_by

from ssa_psro.errors import UsageError
from ssa_psro.games.trees.open_spiel import make_game, open_spiel_tree
from ssa_psro.games.trees.tree import CHANCE, COLUMN, NOTHING, ROW, TERMINAL

SIZES = {
    "kuhn": (12, 30),  # 3! deals times 5 ways to bet; 2 players, 3 cards, 2 turns each
    "leduc": (936, 5520),  # Southey et al. 2005; OpenSpiel's overview counts 936 too
    "liars-dice": (24_576, 36 * (2**12 - 1)),  # 2 dice of 6 faces, all rising series of 12 bids
    "goofspiel-4": (162, 24**2),  # both play their cards in any order
    "goofspiel-5": (2124, 120**2),
}


@pytest.mark.parametrize("name", every_game)
def test_games_have_the_known_number_of_information_sets_and_endings(name: str) -> None:
    tree = tree_of(name)
    assert (sum(tree.infosets), int((tree.player == TERMINAL).sum())) == SIZES[name]


@pytest.mark.parametrize("name", every_game)
def test_every_node_but_the_root_is_one_parents_child_and_stands_behind_it(name: str) -> None:
    tree = tree_of(name)
    inner = np.flatnonzero(tree.child_count)
    runs = [np.arange(tree.child_count[n]) + tree.first_child[n] for n in inner]
    np.testing.assert_array_equal(np.concatenate(runs), np.arange(1, tree.player.size))
    assert (tree.first_child[inner] > inner).all()
    ends = tree.child_count == 0
    np.testing.assert_array_equal(ends, tree.player == TERMINAL)
    assert (tree.first_child[ends] == NOTHING).all()
    assert (tree.payoff[~ends] == 0).all()


@pytest.mark.parametrize("name", every_game)
def test_edges_carry_legal_actions_or_chances_that_sum_to_one(name: str) -> None:
    tree = tree_of(name)
    parent = np.repeat(np.arange(tree.player.size), tree.child_count)
    mover, action, chance = tree.player[parent], tree.action[1:], tree.chance[1:]
    drawn = mover == CHANCE
    totals = np.bincount(parent[drawn], chance[drawn], tree.player.size)[tree.player == CHANCE]
    np.testing.assert_allclose(totals, 1.0, atol=1e-12)
    assert (action[drawn] == NOTHING).all()
    assert (chance[~drawn] == 1.0).all()
    for side in (ROW, COLUMN):
        edges = mover == side
        taken = np.zeros((tree.player.size, tree.actions), dtype=bool)
        taken[parent[edges], action[edges]] = True
        nodes = np.flatnonzero(tree.player == side)
        np.testing.assert_array_equal(taken[nodes], tree.legal[side][tree.infoset[nodes]])
    ascending = (np.diff(action) > 0) | (np.diff(parent) > 0) | drawn[1:]
    assert ascending.all()


@pytest.mark.parametrize("name", every_game)
def test_a_network_can_tell_all_information_sets_apart(name: str) -> None:
    tree = tree_of(name)
    for side in (ROW, COLUMN):
        features = tree.features[side]
        assert features.dtype == np.float32
        assert len(features) == len(tree.labels[side]) == len(set(tree.labels[side]))
        assert len(np.unique(features, axis=0)) == len(features)
        np.testing.assert_array_equal(
            np.unique(tree.infoset[tree.player == side]), range(len(features))
        )


def test_the_same_game_is_built_the_same_way_again() -> None:
    first, second = tree_of("kuhn"), make_game("kuhn")
    for field in fields(first):
        np.testing.assert_equal(getattr(second, field.name), getattr(first, field.name))


@pytest.mark.parametrize(
    ("game", "message"),
    [
        ("khun_poker", "'kuhn_poker'"),
        ("leduc_poker(colour=3)", "colour"),
        ("kuhn_poker(players=3)", "not a zero-sum game of two"),
        ("matrix_pd", "not a zero-sum game of two"),
        ("chess", "no information state tensor"),
    ],
)
def test_games_that_cannot_be_solved_here_are_refused(game: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        open_spiel_tree(game)


def test_a_misspelt_game_is_reported() -> None:
    with pytest.raises(UsageError, match="'leduc'"):
        make_game("ledduc")


def test_without_open_spiel_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspiel", None)
    with pytest.raises(UsageError, match=r"ssa-psro\[games\]"):
        make_game("kuhn")


def test_naming_the_games_loads_neither_open_spiel_nor_torch() -> None:
    modules = ("trees.open_spiel", "trees.game", "protocol", "plane.game", "matrix")
    code = "\n".join(f"import ssa_psro.games.{name}" for name in modules)
    assert loaded_by(code, ["pyspiel", "open_spiel", "torch", "matplotlib"]) == []
