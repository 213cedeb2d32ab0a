"""Mixtures: one member an episode, drawn by the seed of its side's view."""

from __future__ import annotations

import numpy as np
import pytest
from arenas import make_arena
from game.driving import some_seeds
from policies.members import Patient, some_mixture, some_network
from scipy import stats

from ssa_psro.game import CoverageGame
from ssa_psro.policies import Mixture, make_policy, play

SEEDS = some_seeds(6000)


def of(*probabilities: float) -> Mixture:
    names = ("random", "aggressive", "reactive", "blinding")
    members = [make_policy(name) for name in names[: len(probabilities)]]
    return Mixture("test", members, np.array(probabilities))


def test_members_are_drawn_as_often_as_stated() -> None:
    probabilities = np.array([0.1, 0.5, 0.15, 0.25])
    drawn = of(*probabilities).draw(SEEDS)
    counts = np.bincount(drawn, minlength=4)
    assert stats.chisquare(counts, probabilities * SEEDS.size).pvalue > 1e-3


def test_the_sides_draw_independently() -> None:
    mixture, game = of(0.5, 0.5), CoverageGame(make_arena(1))
    state = game.start(SEEDS)
    blue, red = (mixture.draw(game.view(state, side).seed) for side in (0, 1))
    pairs = 2 * blue + red
    assert stats.chisquare(np.bincount(pairs, minlength=4)).pvalue > 1e-3


@pytest.mark.parametrize("probabilities", [(1.0, 0.0), (0.0, 1.0), (0.0, 0.3, 0.7, 0.0)])
def test_what_has_no_probability_is_never_drawn(probabilities: tuple[float, ...]) -> None:
    drawn = np.unique(of(*probabilities).draw(SEEDS))
    assert drawn.tolist() == np.flatnonzero(probabilities).tolist()


def test_rounding_of_the_sum_draws_no_ghost() -> None:
    """Ten times 0.1 is less than 1 in floating point; the last member takes the gap."""
    mixture = Mixture("tenths", [make_policy("random")] * 10, np.full(10, 0.1))
    assert mixture.draw(SEEDS).max() == 9


def test_each_episode_keeps_its_member_to_the_end() -> None:
    """An episode of the mixture is an episode of the member that was drawn for it."""
    game, seeds = CoverageGame(make_arena(1)), some_seeds(24)
    mixture, opponent = some_mixture(), make_policy("distributed")
    drawn = mixture.draw(game.view(game.start(seeds), 0).seed)
    assert len(np.unique(drawn)) == 4
    match = play(game, mixture, opponent, seeds)
    for index, member in enumerate(mixture.members):
        mine = drawn == index
        apart = play(game, member, opponent, seeds[mine])
        np.testing.assert_allclose(match.payoffs[mine], apart.payoffs, atol=1e-12)


def test_a_mixture_inside_a_mixture_draws_on_its_own() -> None:
    """With one draw for both levels, the inner draw would follow from the outer one."""
    game, seeds = CoverageGame(make_arena(1)), some_seeds(400)
    shielded, aggressive, reactive = map(make_policy, ("shielded", "aggressive", "reactive"))
    inner = Mixture("inner", [aggressive, reactive], np.array([0.5, 0.5]))
    outer = Mixture("outer", [shielded, inner], np.array([0.5, 0.5]))
    doctrines = outer.act(game.view(game.start(seeds), 0)).doctrine
    kinds = [
        (doctrines == policy.weights).all(axis=1) for policy in (shielded, aggressive, reactive)
    ]
    counts = np.array([kind.sum() for kind in kinds])
    assert stats.chisquare(counts, np.array([200.0, 100.0, 100.0])).pvalue > 1e-3


def test_a_mixture_is_constant_if_all_its_members_are() -> None:
    fixed, moving = make_policy("random"), some_network()
    assert Mixture("a", (fixed, fixed), np.array([0.5, 0.5])).constant
    assert not Mixture("b", (fixed, moving), np.array([0.5, 0.5])).constant
    assert Mixture("c", (fixed, moving), np.array([1.0, 0.0])).constant
    assert not Mixture("d", (fixed, Patient()), np.array([0.0, 1.0])).constant
