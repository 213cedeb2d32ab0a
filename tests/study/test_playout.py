"""Coverage against time: the same game as a match, looked at after every step."""

from __future__ import annotations

import numpy as np
import pytest
from small_runs import SMALL, small_study

from ssa_psro.game import CoverageGame
from ssa_psro.geometry import build_arena
from ssa_psro.policies import Mixture, make_policy, play
from ssa_psro.randomness import episode_seeds
from ssa_psro.study.outcome import series_from_arrays, series_to_arrays
from ssa_psro.study.playout import play_series
from ssa_psro.work import Workers

SEEDS = episode_seeds(5, "playout", count=40)  # two chunks
BLUE = Mixture("blue", [make_policy("aggressive"), make_policy("random")], np.array([0.4, 0.6]))
RED = make_policy("blinding")


def game_of(text: str = SMALL) -> CoverageGame:
    return CoverageGame(build_arena(small_study(text).scenario))


@pytest.fixture(scope="module")
def series():
    with Workers(2) as workers:
        return play_series(game_of(), BLUE, RED, SEEDS, map_parts=workers.in_threads)


def test_it_is_the_game_of_a_match(series):
    match = play(game_of(), BLUE, RED, SEEDS)
    np.testing.assert_array_equal(series.payoffs, match.payoffs)
    np.testing.assert_allclose(series.scores, match.scores, rtol=1e-12)


def test_groups_add_up_to_the_whole(series):
    whole = series.scores
    by_regime = series.regime_scores @ series.regime_weights
    by_contest = series.contest_scores @ series.contest_weights
    np.testing.assert_allclose(by_regime, whole, rtol=1e-12)
    np.testing.assert_allclose(by_contest, whole, rtol=1e-12)
    custody = np.einsum("srt,r->st", series.regime_custody.mean, series.regime_weights)
    np.testing.assert_allclose(custody, series.custody.mean, rtol=1e-12)
    assert series.regimes == ("LEO", "GEO")
    assert series.regime_weights.sum() == pytest.approx(1)


def test_time_in_custody_is_that_of_a_match():
    text = SMALL.replace("[rules]", "[rules]\npayoff = 'general-sum'")
    text = text.replace("contested = 2", "contested = 0").replace("contested = 1", "contested = 0")
    game = game_of(text)
    series = play_series(game, BLUE, RED, SEEDS)
    match = play(game, BLUE, RED, SEEDS)
    custody = match.statistics["custody"].mean(axis=0)  # all weights are 1
    np.testing.assert_allclose(series.custody.mean.mean(axis=1), custody, rtol=1e-12)
    np.testing.assert_allclose(series.scores.mean(axis=0), custody, rtol=1e-12)
    assert np.isnan(series.contested_held.mean).all()
    assert np.isnan(series.contest_scores[..., 1]).all()


def test_holding_decides_the_contest():
    """One contested object, one period and sharpness 1: the credit is the share of time held."""
    text = SMALL.replace(
        "contest_period_h = 6.0", "contest_period_h = 12.0\ncontest_sharpness = 1.0"
    )
    text = text.replace("contested = 2", "contested = 0")
    seen = 0
    for seed in SEEDS[:6]:
        series = play_series(game_of(text), BLUE, RED, np.array([seed, seed]))
        held = series.contested_held.mean.sum(axis=1)
        if held.sum() > 0:
            seen += 1
            credit = series.contest_scores[0, :, 1]
            np.testing.assert_allclose(credit, held / held.sum(), rtol=1e-9)
    assert seen > 2


def test_at_most_one_side_holds_an_object(series):
    assert (series.contested_held.mean.sum(axis=0) <= 1 + 1e-12).all()
    assert series.contested_held.mean.max() > 0


def test_the_result_does_not_depend_on_workers(series):
    alone = series_to_arrays(play_series(game_of(), BLUE, RED, SEEDS))
    for name, array in series_to_arrays(series).items():
        np.testing.assert_array_equal(array, alone[name])


def test_bounds_enclose_the_mean(series):
    for band in (series.custody, series.regime_custody, series.contested_held):
        assert (band.low <= band.mean).all()
        assert (band.mean <= band.high).all()
        assert band.low.min() >= 0
        assert band.high.max() <= 1


def test_arrays_and_back(series):
    arrays = series_to_arrays(series)
    back = series_to_arrays(series_from_arrays(arrays))
    assert arrays.keys() == back.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(back[name], array)


@pytest.mark.parametrize(
    "change",
    [{"scores": np.zeros((3, 2))}, {"hour": np.zeros(5)}, {"custody_low": np.zeros(72, "f4")}],
)
def test_arrays_that_do_not_fit_are_refused(series, change):
    with pytest.raises(ValueError, match=r"shape|float64"):
        series_from_arrays({**series_to_arrays(series), **change})
