"""Exact payoffs, best responses and mixtures, against OpenSpiel and against plain walks."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pyspiel
import pytest
from games.behaviours import (
    every_game,
    random_behaviour,
    random_pair,
    tree_of,
    walked_payoff,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.peers.nash_conv import python_answer
from evidence.peers.nash_conv import table as open_spiel_table
from ssa_psro.errors import UsageError
from ssa_psro.games.trees.behaviour import (
    Behaviour,
    behaviour_of,
    best_response,
    deviations,
    expected_payoff,
    first_legal,
    guaranteed_payoff,
    mixed,
    nash_conv,
    payoff_table,
    realisation_plan,
    uniform,
)
from ssa_psro.games.trees.open_spiel import SOURCES, load_open_spiel
from ssa_psro.games.trees.tree import GameTree, seated

ROUNDING = 1e-12
EXPLOITABILITY = {
    "kuhn": 11 / 24,
    "leduc": 2.373611111111111,
    "liars-dice": 0.7807443231922397,
    "goofspiel-4": 0.7083333333333333,
    "goofspiel-5": 0.775,
}
"""Of uniform play. ``pyspiel.exploitability`` of OpenSpiel 2.0.2; the first two are published."""

seeds = st.integers(0, 2**31)


@pytest.mark.parametrize("name", every_game)
def test_uniform_play_is_as_exploitable_as_open_spiel_says(name: str) -> None:
    tree = tree_of(name)
    found = deviations(tree, uniform(tree, 0), uniform(tree, 1))
    assert found.exploitability == pytest.approx(EXPLOITABILITY[name], abs=ROUNDING)
    assert found.nash_conv == 2 * found.exploitability


@pytest.mark.parametrize("name", ["kuhn", "leduc", "goofspiel-4"])
@pytest.mark.parametrize("seed", [0, 1])
def test_random_policies_are_worth_what_open_spiel_says(name: str, seed: int) -> None:
    tree, game = tree_of(name), load_open_spiel(SOURCES[name])
    pair = random_pair(tree, seed)
    policy = pyspiel.TabularPolicy(open_spiel_table(tree, pair))
    found = deviations(tree, *pair)
    value = pyspiel.expected_returns(game.new_initial_state(), policy, -1, True)[0]
    assert found.value == pytest.approx(value, abs=ROUNDING)
    assert found.nash_conv == pytest.approx(pyspiel.nash_conv(game, policy, True), abs=ROUNDING)


def test_best_responses_are_worth_what_open_spiels_python_code_says() -> None:
    tree, game = tree_of("leduc"), load_open_spiel(SOURCES["leduc"])
    pair = random_pair(tree, 4)
    assert nash_conv(tree, *pair) == pytest.approx(python_answer(game, tree, pair)(), abs=ROUNDING)


@given(seeds)
@settings(max_examples=20)
def test_expected_payoffs_are_those_of_a_walk_through_the_tree(seed: int) -> None:
    tree = tree_of("kuhn")
    pair = random_pair(tree, seed)
    assert expected_payoff(tree, *pair) == pytest.approx(walked_payoff(tree, *pair), abs=ROUNDING)


@given(seeds, st.sampled_from([0, 1]))
@settings(max_examples=20)
def test_no_pure_policy_does_better_than_the_best_response(seed: int, side: int) -> None:
    """All 64 of Kuhn poker are tried."""
    tree = tree_of("kuhn")
    opponent = random_behaviour(tree, 1 - side, seed)
    response, payoff = best_response(tree, opponent)
    assert response.side == side
    every = [Behaviour(side, np.eye(2)[list(choice)]) for choice in product((0, 1), repeat=6)]
    pairs = [(own, opponent) if side == 0 else (opponent, own) for own in (*every, response)]
    payoffs = [(1, -1)[side] * expected_payoff(tree, *pair) for pair in pairs]
    assert payoff == pytest.approx(max(payoffs[:-1]), abs=ROUNDING)
    assert payoff == pytest.approx(payoffs[-1], abs=ROUNDING)


def test_a_best_response_takes_the_first_of_equal_actions() -> None:
    """Against an opponent who always folds, what one would do after a bet never matters."""
    tree = tree_of("kuhn")
    passive = first_legal(tree, 1)
    response, _ = best_response(tree, passive)
    unreached = [label.endswith("pb") for label in tree.labels[0]]
    np.testing.assert_array_equal(response.probabilities[unreached], [[1, 0]] * 3)


@pytest.mark.parametrize("name", ["leduc", "goofspiel-4"])
def test_the_payoff_table_has_the_payoff_of_every_pair(name: str) -> None:
    tree = tree_of(name)
    rows = [random_behaviour(tree, 0, seed) for seed in range(3)]
    columns = [random_behaviour(tree, 1, seed) for seed in range(4)]
    one_by_one = [[expected_payoff(tree, row, column) for column in columns] for row in rows]
    np.testing.assert_allclose(payoff_table(tree, rows, columns), one_by_one, atol=ROUNDING)


def _mixture(tree: GameTree, side: int, seed: int) -> tuple[list[Behaviour], np.ndarray]:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 6))
    policies = [random_behaviour(tree, side, seed + number) for number in range(count)]
    return policies, rng.dirichlet(np.full(count, 0.5))


@given(seeds, st.sampled_from(["kuhn", "leduc", "goofspiel-4"]), st.sampled_from([0, 1]))
@settings(max_examples=30)
def test_one_behaviour_plays_as_its_mixture_does(seed: int, name: str, side: int) -> None:
    """Kuhn's theorem: the same payoff against every opponent, hence the same plan."""
    tree = tree_of(name)
    policies, probabilities = _mixture(tree, side, seed)
    one = mixed(tree, policies, probabilities)
    behaviour_of(tree, side, one.probabilities)  # is a distribution over legal actions
    plans = np.stack([realisation_plan(tree, policy) for policy in policies])
    np.testing.assert_allclose(realisation_plan(tree, one), probabilities @ plans, atol=ROUNDING)
    opponent = random_behaviour(tree, 1 - side, seed)
    pairs = [(own, opponent) if side == 0 else (opponent, own) for own in (*policies, one)]
    payoffs = [expected_payoff(tree, *pair) for pair in pairs]
    assert payoffs[-1] == pytest.approx(probabilities @ payoffs[:-1], abs=ROUNDING)


def test_a_mixture_is_not_the_average_of_its_action_probabilities() -> None:
    """Only the player who passed first can face a bet: the other must not count there."""
    tree = tree_of("kuhn")
    passes, bets = first_legal(tree, 0), Behaviour(0, np.tile([0.0, 1.0], (6, 1)))
    one = mixed(tree, [passes, bets], np.array([0.5, 0.5]))
    after_bet = [label.endswith("pb") for label in tree.labels[0]]
    np.testing.assert_array_equal(one.probabilities[after_bet], [[1.0, 0.0]] * 3)
    np.testing.assert_array_equal(one.probabilities[np.invert(after_bet)], [[0.5, 0.5]] * 3)


def test_where_no_member_comes_a_mixture_plays_their_average() -> None:
    tree = tree_of("kuhn")
    after_bet = np.array([label.endswith("pb") for label in tree.labels[0]])
    folds, calls = (
        Behaviour(0, np.where(after_bet[:, None], [1 - call, call], [0.0, 1.0]))
        for call in (0.0, 1.0)
    )
    one = mixed(tree, [folds, calls], np.array([0.25, 0.75]))
    np.testing.assert_array_equal(one.probabilities[after_bet], [[0.25, 0.75]] * 3)


@pytest.mark.parametrize("sides", [[], [0, 1]])
def test_only_policies_of_one_side_are_mixed(sides: list[int]) -> None:
    tree = tree_of("kuhn")
    with pytest.raises(UsageError, match="not one side"):
        mixed(tree, [uniform(tree, side) for side in sides], np.full(len(sides), 0.5))


@pytest.mark.parametrize(
    ("probabilities", "message"),
    [
        (np.full((6, 3), 1 / 3), "wrong shape"),
        (np.full((6, 2), 0.4), "0.19"),
        (np.tile([1.5, -0.5], (6, 1)), "negative"),
        (np.full((6, 2), np.nan), "nan"),
    ],
)
def test_unusable_probabilities_are_refused(probabilities: np.ndarray, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        behaviour_of(tree_of("kuhn"), 0, probabilities)


def test_illegal_actions_are_refused_and_single_precision_is_made_exact() -> None:
    tree = tree_of("leduc")
    with pytest.raises(UsageError, match="illegal"):
        behaviour_of(tree, 0, np.full(tree.legal[0].shape, 1 / 3))
    rough = uniform(tree, 0).probabilities.astype(np.float32)
    sums = behaviour_of(tree, 0, rough).probabilities.sum(axis=1)
    np.testing.assert_allclose(sums, 1.0, atol=ROUNDING)


def _renumbered(tree: GameTree, numbers: dict[int, int]) -> GameTree:
    """The row player's information sets under other numbers."""
    infoset = tree.infoset.copy()
    for old, new in numbers.items():
        infoset[(tree.player == 0) & (tree.infoset == old)] = new
    return replace(tree, infoset=infoset)


@pytest.mark.parametrize(
    ("numbers", "message"),
    [({5: 0}, "forgets"), ({0: 5, 5: 0}, "out of order"), ({4: 3}, "forgets|without a node")],
)
def test_trees_without_perfect_recall_or_order_are_refused(
    numbers: dict[int, int], message: str
) -> None:
    tree = tree_of("kuhn")
    with pytest.raises(UsageError, match=message):
        expected_payoff(_renumbered(tree, numbers), uniform(tree, 0), uniform(tree, 1))


@pytest.mark.parametrize("name", ["kuhn", "leduc"])
def test_seats_drawn_by_chance_make_a_game_of_equals(name: str) -> None:
    """What one behaviour for both seats loses there is half of NashConv in the game itself."""
    tree = tree_of(name)
    drawn = seated(tree)
    for seed in range(3):
        pair = random_pair(tree, seed)
        table = np.vstack([one.probabilities for one in pair])
        both = Behaviour(0, table), Behaviour(1, table)
        found = deviations(drawn, *both)
        assert found.value == pytest.approx(0.0, abs=1e-12)
        assert found.gains == pytest.approx([nash_conv(tree, *pair) / 2] * 2)
        other = random_behaviour(drawn, 1, seed)
        paid = expected_payoff(drawn, both[0], other)
        assert paid == pytest.approx(walked_payoff(drawn, both[0], other))
        swapped = Behaviour(0, other.probabilities), Behaviour(1, table)
        assert expected_payoff(drawn, *swapped) == pytest.approx(-paid)


def test_either_player_sees_which_seat_it_has() -> None:
    tree, drawn = tree_of("kuhn"), seated(tree_of("kuhn"))
    assert drawn.infosets == (12, 12)
    assert drawn.player.size == 1 + 2 * tree.player.size
    for side in (0, 1):
        np.testing.assert_array_equal(drawn.features[side][:, 0], [-1.0] * 6 + [1.0] * 6)
        np.testing.assert_array_equal(drawn.features[side][:, 1:], np.vstack(tree.features))
        np.testing.assert_array_equal(drawn.legal[side], np.vstack(tree.legal))


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("name", ["kuhn", "leduc"])
def test_a_population_is_guaranteed_what_its_best_mixture_is(name: str, side: int) -> None:
    """Of one policy, the least that it gets; of several, as much as the best of a dense grid."""
    tree = tree_of(name)
    policies = [random_behaviour(tree, side, seed) for seed in range(2)]
    singly = [-best_response(tree, one)[1] for one in policies]
    for one, least in zip(policies, singly, strict=True):
        assert guaranteed_payoff(tree, [one]) == pytest.approx(least, abs=1e-9)
    found = guaranteed_payoff(tree, policies)
    shares = np.linspace(0.0, 1.0, 201)
    grid = [
        -best_response(tree, mixed(tree, policies, np.array([share, 1.0 - share])))[1]
        for share in shares
    ]
    assert max(grid) - 1e-9 <= found <= max(grid) + 0.02
