"""Mixtures beside the heuristics: who plays whom, and what the numbers are of."""

from __future__ import annotations

import numpy as np
import pytest
from small_runs import SMALL, small_study

from ssa_psro.game import game_of
from ssa_psro.policies import HEURISTICS, Mixture, make_policy, play
from ssa_psro.policies.match import play_out
from ssa_psro.randomness import episode_seeds
from ssa_psro.scenario.schema import REGIMES
from ssa_psro.study.outcome import DENY, MIXTURE, PROTECT
from ssa_psro.study.standings import EPISODES, standings_of, tasks_of
from ssa_psro.work import Workers

SEEDS = episode_seeds(5, "standings", count=12)


@pytest.fixture(scope="module")
def game():
    """The small game."""
    return game_of(small_study(SMALL).scenario)


@pytest.fixture(scope="module")
def mixtures():
    """Blue's of two heuristics, Red's of one that denies."""
    blue = Mixture(
        "blue", [make_policy("reactive"), make_policy("shielded")], np.array([0.25, 0.75])
    )
    return blue, Mixture("red", [make_policy("blinding")], np.array([1.0]))


@pytest.fixture(scope="module")
def standings(game, mixtures):
    """Of both sides."""
    return standings_of(game, mixtures, SEEDS, Workers())


def test_the_mixture_comes_first_then_every_heuristic(standings) -> None:
    for own in standings:
        assert [one.name for one in own] == [MIXTURE, *HEURISTICS]
    shares = {one.name: one.share for one in standings[0]}
    assert (shares[MIXTURE], shares["reactive"], shares["shielded"]) == (1.0, 0.25, 0.75)
    assert shares["random"] == 0.0


@pytest.mark.parametrize("side", [0, 1])
def test_figures_are_those_of_a_match_against_the_others_mixture(
    game, mixtures, standings, side
) -> None:
    policy = make_policy("aggressive")
    pair = (policy, mixtures[1]) if side == 0 else (mixtures[0], policy)
    match = play(game, *pair, SEEDS)
    found = next(one for one in standings[side] if one.name == "aggressive")
    assert found.payoff.mean == pytest.approx(match.payoffs[:, side].mean())
    assert found.score.mean == pytest.approx(match.scores[:, side].mean())
    custody, held = match.statistics["custody"], match.statistics["contested_custody"]
    assert found.custody.mean == pytest.approx(custody[:, side].mean())
    assert found.opponent_custody.mean == pytest.approx(custody[:, 1 - side].mean())
    assert found.contested_custody.mean == pytest.approx(held[:, side].mean())
    assert found.payoff.count == SEEDS.size


def test_tasks_are_shares_of_what_sensors_did(standings) -> None:
    for own in standings:
        for one in own:
            assert sum(one.tasks.values()) == pytest.approx(1.0)
            assert set(one.tasks) == {"LEO", "GEO", "LEO contested", "GEO contested", DENY, PROTECT}
        by_name = {one.name: one.tasks for one in own}
        assert by_name["aggressive"][DENY] == by_name["reactive"][PROTECT] == 0.0
        assert by_name["blinding"][DENY] > 0.1
        assert by_name["shielded"][PROTECT] > 0.1


def test_tasks_count_looks_by_group(game) -> None:
    policy = make_policy("information")
    state = play_out(game, policy, policy, game.start(SEEDS[:2]))
    counts = tasks_of(game, state)
    looks, objects = state.track.attempts, game.arena.objects
    geo = (objects.regime == REGIMES.index("GEO")) & objects.contested
    assert counts.shape == (2, 2, 6)
    np.testing.assert_array_equal(counts[..., 3], looks[:, :, geo].sum(axis=2))
    np.testing.assert_array_equal(counts[..., :4].sum(axis=2), looks.sum(axis=2))


def test_episodes_are_bounded(game, mixtures) -> None:
    many = episode_seeds(6, "many", count=EPISODES + 1)
    blue, _ = standings_of(game, mixtures, many, Workers())
    assert blue[0].payoff.count == EPISODES
