"""Common random numbers and seat swap: the variance they claim to remove."""

from __future__ import annotations

import numpy as np
import pytest

from ssa_psro.errors import UsageError
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.tournament import common_seed_reduction, seat_swap_reduction, swap_seats

NAMES = ("a", "b", "c")


def table_of(payoff):
    """A zero-sum table from the row player's samples ``[n, m, E]``."""
    n, m, episodes = payoff.shape
    seeds = np.arange(episodes, dtype=np.uint64)
    return PayoffTable(NAMES[:n], NAMES[:m], seeds, np.stack([payoff, -payoff], axis=-1))


def test_common_luck_cancels_in_differences():
    rng = np.random.default_rng(0)
    luck = rng.normal(size=4000)
    own = rng.normal(size=(3, 3, 4000))
    # variance of a difference: 2 paired against 2 * (1 + 3) unpaired
    table = table_of(own + np.sqrt(3) * luck)
    assert common_seed_reduction(table, 0) == pytest.approx(0.75, abs=0.03)
    assert common_seed_reduction(table, 1) == pytest.approx(0.75, abs=0.03)


def test_independent_cells_gain_nothing_by_pairing():
    own = np.random.default_rng(1).normal(size=(3, 2, 4000))
    assert common_seed_reduction(table_of(own)) == pytest.approx(0, abs=0.04)


def test_reduction_equals_the_pairwise_sum():
    samples = np.random.default_rng(2).normal(size=(3, 2, 9)).cumsum(axis=0)
    pairs = [(0, 1), (0, 2), (1, 2)]
    paired = sum((samples[i, j] - samples[k, j]).var(ddof=1) for i, k in pairs for j in range(2))
    apart = sum(
        samples[i, j].var(ddof=1) + samples[k, j].var(ddof=1) for i, k in pairs for j in range(2)
    )
    assert common_seed_reduction(table_of(samples)) == pytest.approx(1 - paired / apart)


def test_seat_swap_is_antisymmetric_with_errors_per_episode():
    samples = np.random.default_rng(3).normal(size=(3, 3, 50)) + 0.4
    swapped = swap_seats(table_of(samples))
    np.testing.assert_array_equal(swapped.samples[..., 0], -swapped.samples[..., 1])
    np.testing.assert_array_equal(swapped.mean[..., 0], -swapped.mean[..., 0].T)
    assert (swapped.mean[np.eye(3, dtype=bool)] == 0).all()
    games = (samples[0, 1] - samples[1, 0]) / 2
    assert swapped.mean[0, 1, 0] == pytest.approx(games.mean())
    assert swapped.standard_error[0, 1, 0] == pytest.approx(games.std(ddof=1) / np.sqrt(50))


def test_seat_swap_removes_the_luck_of_a_seat():
    rng = np.random.default_rng(4)
    seat = rng.normal(size=4000)  # good for whoever plays blue in that episode
    own = rng.normal(size=(3, 3, 4000))
    assert seat_swap_reduction(table_of(own + np.sqrt(3) * seat)) == pytest.approx(0.75, abs=0.03)
    assert seat_swap_reduction(table_of(own)) == pytest.approx(0, abs=0.04)


def test_general_sum_seats_are_averaged_per_player():
    samples = np.random.default_rng(5).normal(size=(2, 2, 6, 2))
    table = PayoffTable(("a", "b"), ("a", "b"), np.arange(6, dtype=np.uint64), samples)
    swapped = swap_seats(table)
    np.testing.assert_allclose(
        swapped.samples[0, 1, :, 0], (samples[0, 1, :, 0] + samples[1, 0, :, 1]) / 2
    )
    np.testing.assert_array_equal(swapped.samples[0, 1, :, 1], swapped.samples[1, 0, :, 0])


def test_what_cannot_be_swapped_or_compared_is_refused():
    samples = np.zeros((2, 3, 4))
    with pytest.raises(UsageError, match="rows and columns differ"):
        swap_seats(table_of(samples))
    with pytest.raises(UsageError, match="needs two"):
        common_seed_reduction(table_of(samples[:1]))
    with pytest.raises(UsageError, match="Play every cell"):
        common_seed_reduction(table_of(samples).enlarged(NAMES, NAMES))
