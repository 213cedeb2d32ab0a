"""Rankings, response graph, layers and Hodge decomposition of games that are solved by hand."""

from __future__ import annotations

import numpy as np
import pytest
from metagame.noisy_games import RPS, NoisyGame

from ssa_psro.metagame.solvers import make_solver
from ssa_psro.metagame.structure.cycles import cyclic_share_interval, decompose, rating_intervals
from ssa_psro.metagame.structure.evaluation import evaluate_population, rank
from ssa_psro.metagame.structure.ratings import cyclic_share
from ssa_psro.metagame.structure.response_graph import response_graph
from ssa_psro.metagame.structure.spinning_top import spinning_top

NASH = make_solver("nash")
TOP = np.zeros((5, 5))  # rock, paper, scissors; a policy they all beat; one it beats
TOP[:3, :3] = RPS
TOP[:4, 4] = TOP[:3, 3] = 1.0
TOP[3:, :3] = -1.0
TOP[4, 3] = -1.0


def rng():
    return np.random.default_rng(0)


def test_hodge_takes_a_known_game_apart():
    strength = np.array([0.5, 0.0, -0.5])
    found = decompose(0.2 + strength[:, None] - strength + RPS)
    assert found.level == pytest.approx(0.2)
    np.testing.assert_allclose(found.row_ratings, strength, atol=1e-12)
    np.testing.assert_allclose(found.cyclic, RPS, atol=1e-12)
    np.testing.assert_allclose(found.row_cyclic, np.sqrt(2 / 3))
    assert [disc.share for disc in found.discs] == pytest.approx([1.0])


@pytest.mark.parametrize("shape", [(6, 6), (4, 7), (7, 3), (1, 4)])
def test_discs_add_up_to_the_cyclic_part(shape):
    found = decompose(np.random.default_rng(shape[0]).normal(size=shape))
    areas = [
        np.outer(disc.rows[:, 0], disc.columns[:, 1])
        - np.outer(disc.rows[:, 1], disc.columns[:, 0])
        for disc in found.discs
    ]
    np.testing.assert_allclose(sum(areas, np.zeros(shape)), found.cyclic, atol=1e-12)
    shares = [disc.share for disc in found.discs]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1.0 if shares else 0.0)


def test_antisymmetric_games_have_one_disc_a_rotation():
    rotation = np.random.default_rng(5).normal(size=(6, 6))
    found = decompose(rotation - rotation.T)
    assert len(found.discs) <= 3
    for disc in found.discs:
        np.testing.assert_array_equal(disc.rows, disc.columns)


def test_cyclic_share_is_freed_of_noise():
    ladder = np.linspace(1, -1, 6)[:, None] - np.linspace(1, -1, 6)
    table = NoisyGame(ladder, noise=3.0, episodes=20).table(20)
    assert cyclic_share(table.mean[..., 0]) > 0.06  # truly 0
    found = cyclic_share_interval(table, rng=rng())
    assert found.mean < 0.04
    assert found.low == 0
    exact = NoisyGame(TOP, noise=0.0).table(4)
    assert cyclic_share_interval(exact, rng=rng()).mean == pytest.approx(cyclic_share(TOP))


def test_rating_intervals_surround_the_ratings():
    table = NoisyGame(TOP, noise=0.3, episodes=50).table(50)
    found = decompose(table.mean[..., 0])
    for side, ratings in ((0, found.row_ratings), (1, found.column_ratings)):
        intervals = rating_intervals(table, side)
        assert [one.mean for one in intervals] == pytest.approx(ratings.tolist())
        assert all(one.low < one.mean < one.high for one in intervals)


def test_nash_averaging_ranks_the_top_level_and_the_rest_by_what_they_lose():
    found = rank(NoisyGame(TOP, noise=0.05).table(50), NASH, rng=rng(), resamples=20)
    assert {one.policy for one in found.rows[:3]} == {"r0", "r1", "r2"}
    assert all(one.mass.low > 0.2 for one in found.rows[:3])
    assert all(one.mass.mean == one.mass.high == 0 for one in found.rows[3:])
    assert all(one.gain.high < -0.9 for one in found.columns[3:])
    assert found.method == "nash-lp"


def test_best_responses_end_in_the_cycle():
    found = response_graph(NoisyGame(TOP, noise=0.0).table(4), rng=rng(), resamples=10)
    (sink,) = found.sinks
    names = {f"{seat[0]}{i}" for seat in ("row", "column") for i in range(3)}
    assert {policy for _, policy in sink} == names
    assert found.in_sink == ((1.0, 1.0, 1.0, 0.0, 0.0),) * 2
    answers = {(one.seat, one.opponent): one.response for one in found.responses}
    assert answers["row", "c0"] == "r1"
    assert answers["column", "r2"] == "c0"


def test_a_pure_equilibrium_is_a_sink_of_two():
    game = np.array([[1.0, 2.0], [0.0, 1.5]])  # saddle at row 0, column 0
    found = response_graph(NoisyGame(game, noise=0.0).table(4), rng=rng(), resamples=5)
    assert found.sinks == ((("row", "r0"), ("column", "c0")),)


def test_frequencies_tell_close_calls_from_clear_ones():
    game = np.array([[0.0, 0.0], [0.02, 0.0], [-3.0, -3.0]])
    found = response_graph(NoisyGame(game, noise=1.0).table(40), rng=rng(), resamples=200)
    to_first = {
        one.response: one.frequency
        for one in found.responses
        if one.seat == "row" and one.opponent == "c0"
    }
    assert sum(to_first.values()) == pytest.approx(1)
    assert all(0.02 < share < 0.98 for share in to_first.values())
    assert "r2" not in to_first


def test_layers_from_the_top_down():
    top, middle, bottom = spinning_top(NoisyGame(TOP, noise=0.0).table(4), NASH)
    assert top.rows == ("r0", "r1", "r2")
    assert (middle.rows, bottom.columns) == (("r3",), ("c4",))
    assert top.size == pytest.approx(3)
    assert top.cyclic_share == pytest.approx(1)
    assert top.rating > middle.rating > bottom.rating
    assert (top.beats_next, middle.beats_next, bottom.beats_next) == pytest.approx((1, 1, None))


def test_everything_at_once():
    table = NoisyGame(TOP, noise=0.1).table(20)
    uniform = make_solver("uniform")
    found = evaluate_population(table, nash=NASH, alpha_rank=uniform, rng=rng(), resamples=10)
    assert found.nash_averaging.rows[0].policy in {"r0", "r1", "r2"}
    assert found.alpha_rank.method == "uniform"
    assert len(found.layers) >= 3
    assert found.cyclic_share.low <= found.cyclic_share.mean <= found.cyclic_share.high
