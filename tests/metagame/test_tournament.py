"""A tournament of a game whose answer is known: rock, paper, scissors with payoffs 1, 2, 3."""

from __future__ import annotations

import numpy as np
import pytest

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.errors import UsageError
from ssa_psro.metagame.intervals import Interval
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.metagame.tournament import (
    Tournament,
    analyse_tournament,
    play_tournament,
    seat_difference,
    surely,
)
from ssa_psro.randomness import episode_seeds, generator

NAMES = ("rock", "paper", "scissors")
PAYOFFS = np.array([[0.0, -1.0, 2.0], [1.0, 0.0, -3.0], [-2.0, 3.0, 0.0]])
NASH = [1 / 2, 1 / 3, 1 / 6]
SEEDS = episode_seeds(1, "rps", count=30)


def _judge(row: int, column: int, seeds: Seeds) -> Floats:
    """The matrix game with luck that favours the row seat by 0.5 and depends on the episode."""
    luck = (seeds % np.uint64(1000)).astype(float) / 1000
    payoff = PAYOFFS[row, column] + 0.5 + (luck - luck.mean()) * (1 + row)
    return np.stack([payoff, -payoff], axis=-1)


def _played() -> PayoffTable:
    return play_tournament(NAMES, range(3), judge=_judge, seeds=SEEDS)


def _analysed(*, symmetric: bool) -> Tournament:
    return analyse_tournament(
        _played(), make_solver("nash"), symmetric=symmetric, rng=generator(1, "b"), resamples=50
    )


def test_every_pair_is_played_in_both_seats() -> None:
    table = _played()
    assert table.complete
    assert table.mean[..., 0] == pytest.approx(PAYOFFS + 0.5)


def test_swapped_seats_cancel_their_advantage() -> None:
    found = _analysed(symmetric=True)
    assert found.seats_swapped
    assert found.table.mean[..., 0] == pytest.approx(PAYOFFS)
    assert found.intervals.value[0].mean == pytest.approx(0, abs=1e-12)
    assert found.equilibrium.row == pytest.approx(NASH)
    assert found.equilibrium.column == pytest.approx(NASH)
    assert found.seat_swap_reduction is not None


def test_seats_kept_apart_keep_their_value() -> None:
    found = _analysed(symmetric=False)
    assert not found.seats_swapped
    assert found.seat_swap_reduction is None
    assert found.intervals.value[0].mean == pytest.approx(0.5)
    assert found.intervals.value[1].mean == pytest.approx(-0.5)


def test_standings_are_sorted_and_level_against_the_equilibrium() -> None:
    found = _analysed(symmetric=True)
    for side in (0, 1):
        order = [one.overall.mean for one in found.standings[side]]
        assert order == sorted(order, reverse=True)
        assert {one.policy for one in found.standings[side]} == set(NAMES)
        for one in found.standings[side]:
            assert one.against_nash.mean == pytest.approx(0, abs=1e-9)
            assert one.overall.count == len(SEEDS)
    overall = {one.policy: one.overall.mean for one in found.standings[0]}
    assert overall["rock"] == pytest.approx(PAYOFFS[0].mean())


def test_columns_are_ranked_by_their_own_payoff() -> None:
    found = _analysed(symmetric=False)
    overall = {one.policy: one.overall.mean for one in found.standings[1]}
    for index, name in enumerate(NAMES):
        assert overall[name] == pytest.approx(-(PAYOFFS[:, index] + 0.5).mean())


@pytest.mark.parametrize("names", [["rock"], ["rock", "paper", "rock"]])
def test_too_few_or_doubled_policies_are_refused(names: list[str]) -> None:
    with pytest.raises(UsageError, match="policies"):
        play_tournament(names, range(len(names)), judge=_judge, seeds=SEEDS)


@pytest.mark.parametrize("symmetric", [True, False])
def test_seats_are_told_apart_by_equals_in_both_of_them(symmetric: bool) -> None:
    """The row seat's advantage of 0.5, whether or not payoffs are averaged over the seats."""
    seats = _analysed(symmetric=symmetric).seats
    assert seats.policies.keys() == set(NAMES)
    for found in (*seats.policies.values(), seats.mixture):
        assert found.mean == pytest.approx(0.5)
        assert found.low < 0.5 < found.high
        assert found.count == len(SEEDS)


def test_mixtures_trade_seats() -> None:
    """What one mixture gains from the other is no difference of seats."""
    rock, paper = np.eye(3)[:2]
    assert seat_difference(_played(), paper, rock).mixture.mean == pytest.approx(0.5)


def test_seats_of_a_general_sum_game_differ_by_half_of_what_both_are_paid() -> None:
    samples = np.zeros((1, 1, 4, 2))
    samples[0, 0] = [[0.9, 0.3], [0.7, 0.1], [0.8, 0.2], [0.8, 0.2]]
    table = PayoffTable(("a",), ("a",), np.arange(4, dtype=np.uint64), samples)
    found = seat_difference(table, np.ones(1), np.ones(1)).policies["a"]
    assert (found.mean, found.low) == pytest.approx((0.3, 0.3))


@pytest.mark.parametrize(
    ("mean", "half", "differs"),
    [(0.02, 0.01, True), (-0.02, 0.01, True), (0.02, 0.02, False), (0.02, 0.03, False)],
)
def test_seats_differ_beyond_their_interval(mean: float, half: float, differs: bool) -> None:
    assert surely(Interval(mean, mean - half, mean + half, 9), 0.005) == differs


@pytest.mark.parametrize(("tolerance", "differs"), [(0.0199, True), (0.02, False), (0.0, True)])
def test_seats_differ_beyond_the_tolerance(tolerance: float, differs: bool) -> None:
    assert surely(Interval(-0.02, -0.021, -0.019, 9), tolerance) == differs


def test_one_seat_tells_all_where_both_play_alike() -> None:
    assert _analysed(symmetric=True).one_seat
    assert not _analysed(symmetric=False).one_seat
    chicken = np.array([[0.0, 1.0], [1.0, 0.0]])

    def judge(row: int, column: int, seeds: Seeds) -> Floats:
        payoff = np.full(len(seeds), chicken[row, column])
        return np.stack([payoff + 0.1 * (row == 1), payoff + 0.1 * (column == 1)], axis=-1)

    table = play_tournament(("a", "b"), range(2), judge=judge, seeds=SEEDS)
    found = analyse_tournament(
        table, make_solver("nash"), symmetric=True, rng=generator(1, "b"), resamples=20
    )
    assert found.seats_swapped
    assert not found.one_seat, "the best equilibria have the players do different things"
