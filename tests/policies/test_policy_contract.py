"""The contract that every policy keeps: heuristics, networks, mixtures, and those of users."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest
from arenas import make_arena
from game.driving import snapshot, some_seeds
from policies.members import KINDS

from ssa_psro.game import FEATURES, Command, CoverageGame, State, View
from ssa_psro.game.command import ASSIGNMENT, DOCTRINE, PRIORITY
from ssa_psro.policies import Policy, make_policy, play

BATCH = 7


@pytest.fixture(scope="module")
def game() -> CoverageGame:
    return CoverageGame(make_arena(1, sensors=(2, 3), steps=36))


@pytest.fixture(scope="module")
def midway(game: CoverageGame) -> State:
    """Episodes after three decisions, when every feature has something to say."""
    state = game.start(some_seeds(BATCH))
    for _ in range(3):
        orders = [make_policy("random").act(game.view(state, side)) for side in (0, 1)]
        game.advance(state, orders[0], orders[1])
    return state


@pytest.fixture(params=KINDS)
def policy(request: pytest.FixtureRequest) -> Policy:
    return KINDS[request.param]()


def assert_same_orders(one: Command, other: Command) -> None:
    for array, twin in zip(one, other, strict=True):
        np.testing.assert_array_equal(array, twin)


def test_it_is_a_policy(policy: Policy) -> None:
    assert isinstance(policy, Policy)
    assert policy.name
    assert isinstance(policy.constant, bool)


def test_its_orders_fit_the_game(policy: Policy, game: CoverageGame, midway: State) -> None:
    widths = {DOCTRINE: len(FEATURES), PRIORITY: game.candidates, ASSIGNMENT: game.sensors}
    for side in (0, 1):
        command = policy.act(game.view(midway, side))
        assert isinstance(command, Command)
        assert command.mode.shape == (BATCH,)
        for mode in np.unique(command.mode):
            array = command[1 + mode]
            assert array.shape == (BATCH, widths[int(mode)])
            assert np.isfinite(array).all()
        if policy.constant:
            assert (command.mode == DOCTRINE).all()
            assert np.abs(command.doctrine).max() <= 1


def test_it_decides_the_same_again(policy: Policy, game: CoverageGame, midway: State) -> None:
    assert_same_orders(policy.act(game.view(midway, 0)), policy.act(game.view(midway, 0)))


def test_it_leaves_the_game_alone(policy: Policy, game: CoverageGame, midway: State) -> None:
    _seen(game.view(midway, 1))  # the first look refreshes what is suspected, which is derived
    state = snapshot(midway)
    features, summary = (array.copy() for array in _seen(game.view(state, 1)))
    policy.act(game.view(state, 1))
    after_features, after_summary = _seen(game.view(state, 1))
    np.testing.assert_array_equal(features, after_features)
    np.testing.assert_array_equal(summary, after_summary)
    for array, twin in zip(state, midway, strict=True):
        np.testing.assert_array_equal(array, twin)


def _seen(view: View) -> tuple[np.ndarray, np.ndarray]:
    return view.features, view.summary


def test_it_does_not_write_into_the_view(policy: Policy, game: CoverageGame, midway: State) -> None:
    view = game.view(midway, 0)
    before = [array.copy() for array in _seen(view)]
    policy.act(view)
    for array, twin in zip(_seen(view), before, strict=True):
        np.testing.assert_array_equal(array, twin)


def test_each_episode_is_decided_by_itself(
    policy: Policy, game: CoverageGame, midway: State
) -> None:
    """Orders for some of the episodes are those orders of the whole batch."""
    view = game.view(midway, 0)
    together = policy.act(view)
    mask = np.array([True, False, True, True, False, False, True])
    apart = policy.act(view.select(mask))
    np.testing.assert_array_equal(apart.mode, together.mode[mask])
    for mode in np.unique(apart.mode):
        rows = apart.mode == mode
        expected, found = together[1 + mode][mask][rows], apart[1 + mode][rows]
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


def test_a_match_replays(policy: Policy, game: CoverageGame) -> None:
    opponent, seeds = make_policy("shielded"), some_seeds(5)
    one, other = (play(game, policy, opponent, seeds) for _ in range(2))
    np.testing.assert_array_equal(one.payoffs, other.payoffs)
    assert set(one.statistics) == set(other.statistics)


def test_it_plays_both_seats(policy: Policy, game: CoverageGame) -> None:
    for pair in ((policy, make_policy("random")), (make_policy("random"), policy)):
        match = play(game, *pair, some_seeds(3))
        assert match.statistics["observations"].shape == (3, 2)


@pytest.mark.parametrize("kind", [kind for kind, make in KINDS.items() if make().constant])
def test_a_constant_policy_may_be_asked_at_every_decision(kind: str, game: CoverageGame) -> None:
    """The short cut for constant policies, one call for an episode, changes nothing."""
    policy, opponent, seeds = KINDS[kind](), make_policy("information"), some_seeds(5)
    short = play(game, policy, opponent, seeds)
    long = play(game, _Asked(policy), opponent, seeds)
    np.testing.assert_array_equal(short.payoffs, long.payoffs)
    for name, numbers in short.statistics.items():
        np.testing.assert_array_equal(numbers, long.statistics[name], name)


class _Asked:
    """A policy that does not say that it is constant."""

    constant = False

    def __init__(self, policy: Policy) -> None:
        self.name = policy.name
        self.act = policy.act


def test_it_survives_a_change_of_process(policy: Policy, game: CoverageGame, midway: State) -> None:
    """Oracles run in processes of their own, so opponents are sent there."""
    twin = pickle.loads(pickle.dumps(policy))
    assert_same_orders(policy.act(game.view(midway, 0)), twin.act(game.view(midway, 0)))


def test_heuristics_are_values() -> None:
    assert make_policy("aggressive") == make_policy("aggressive")
    changed = replace(make_policy("aggressive"), contested=0.1)
    assert changed != make_policy("aggressive")
    assert changed.weights[FEATURES.index("contested")] == 0.1
