"""One mixture for both players of a game whose seats are alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssa_psro.errors import SolverError, UsageError
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.solvers import regrets
from ssa_psro.metagame.solvers.symmetric import make_symmetric_solver
from ssa_psro.metagame.tournament import swap_seats

CERTIFIED = ("nash", "nash-milp", "lemke-howson", "support-enumeration", "logit-path")
RPS = np.array([[0, -1, 3], [1, 0, -2], [-3, 2, 0]], dtype=float)
MEETING = np.array([[[0, 0], [1, 2]], [[2, 1], [0, 0]]], dtype=float)
"""Battle of the sexes: alike players, two equilibria in which they differ, one in which not."""


def seated(seed: int, size: int, kind: str) -> np.ndarray:
    """Payoffs of both seats ``[n, n, 2]``, which differ by luck."""
    row, column = np.random.default_rng(seed).normal(size=(2, size, size))
    return np.stack([row, -row if kind == "zero-sum" else column], axis=-1)


def averaged(payoffs: np.ndarray) -> np.ndarray:
    mean = (payoffs[..., 0] + payoffs[..., 1].T) / 2
    return np.stack([mean, mean.T], axis=-1)


@pytest.mark.parametrize("name", CERTIFIED)
@pytest.mark.parametrize("kind", ["zero-sum", "general-sum"])
@given(seed=st.integers(0, 10_000), size=st.integers(1, 6))
@settings(max_examples=12, deadline=None)
def test_nash_solvers_answer_with_one_mixture_and_no_regret(name, kind, seed, size):
    payoffs = seated(seed, size, kind)
    found = make_symmetric_solver(name)(payoffs)
    np.testing.assert_array_equal(found.row, found.column)
    assert max(regrets(averaged(payoffs), found.row, found.column)) < 1e-7
    assert found.value[0] == pytest.approx(found.value[1], abs=1e-12)


@given(seed=st.integers(0, 10_000), size=st.integers(1, 8))
@settings(max_examples=20, deadline=None)
def test_learning_dynamics_keep_within_their_tolerance(seed, size):
    payoffs = seated(seed, size, "zero-sum")
    found = make_symmetric_solver("regret-matching+")(payoffs)
    span = np.ptp(averaged(payoffs))
    assert sum(regrets(averaged(payoffs), found.row, found.column)) <= 2e-4 * span + 1e-9


def test_the_equilibrium_in_which_players_are_alike_is_found_among_others():
    found = make_symmetric_solver("nash")(MEETING)
    assert found.method == "nash-milp, symmetric"
    np.testing.assert_allclose(found.row, [1 / 3, 2 / 3], atol=1e-9)


def test_of_several_alike_the_one_of_greatest_welfare_is_taken():
    stag = np.array([[[4, 4], [0, 3]], [[3, 0], [2, 2]]], dtype=float)
    found = make_symmetric_solver("lemke-howson")(stag)
    np.testing.assert_allclose(found.row, [1, 0], atol=1e-9)


def test_unequal_rock_paper_scissors_as_without_seats():
    found = make_symmetric_solver("nash")(RPS)
    np.testing.assert_allclose(found.row, [1 / 3, 1 / 2, 1 / 6], atol=1e-9)
    assert found.value == pytest.approx((0, 0), abs=1e-12)


def test_what_fits_neither_player_is_refused():
    """Fictitious play moves in turn, and comes to an equilibrium in which the players differ."""
    with pytest.raises(SolverError, match=r"neither will do for both.*Use nash"):
        make_symmetric_solver("fictitious-play")(MEETING)


def test_unknown_solver_is_refused():
    with pytest.raises(UsageError, match="no such meta-solver"):
        make_symmetric_solver("nsah")


def test_seats_are_averaged_over_the_episodes_that_both_cells_have():
    rng = np.random.default_rng(1)
    samples = rng.normal(size=(2, 2, 5, 2))
    samples[0, 1, 3:] = np.nan
    table = PayoffTable(("a", "b"), ("a", "b"), np.arange(5, dtype=np.uint64), samples)
    swapped = swap_seats(table)
    assert swapped.count.tolist() == [[5, 3], [3, 5]]
    expected = (samples[0, 1, :3, 0] + samples[1, 0, :3, 1]) / 2
    np.testing.assert_allclose(swapped.mean[0, 1, 0], expected.mean(), atol=1e-15)
    np.testing.assert_array_equal(swapped.mean[..., 1], swapped.mean[..., 0].T)
