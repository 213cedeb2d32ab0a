"""The parts of the general-sum solvers: rules, equations and tolerances, each by hand."""

from __future__ import annotations

from itertools import islice, pairwise
from math import comb

import numpy as np
import pytest
from scipy.optimize import milp

from ssa_psro.errors import SolverError
from ssa_psro.metagame.solvers import logit_path, nash_milp, support_enumeration
from ssa_psro.metagame.solvers.equilibrium import Equilibrium, certified, unit_scaled
from ssa_psro.metagame.solvers.lemke_howson import (
    _first_to_vanish,
    _Polytope,
    follow_path,
    solve_lemke_howson,
)
from ssa_psro.metagame.solvers.logit_path import solve_logit_path
from ssa_psro.metagame.solvers.nash_maxent import indifferent
from ssa_psro.metagame.solvers.nash_milp import solve_nash_milp
from ssa_psro.metagame.solvers.support_enumeration import (
    enumerate_equilibria,
    solve_support_enumeration,
)

COORDINATION = np.array([[[3, 2], [0, 0]], [[0, 0], [2, 3]]], dtype=float)
CYCLE = np.array([[[2, 1], [0, 2]], [[1, 3], [3, 0]]], dtype=float)
"""One equilibrium, mixed: Blue plays (3, 1) / 4, Red (3, 1) / 4."""


def random_game(seed, shape=(4, 3)):
    return np.random.default_rng(seed).normal(size=(*shape, 2))


# Lemke and Howson


def test_who_shrinks_to_zero_first_leaves():
    limits = np.array([[4.0, 0], [1.0, 0], [3.0, 0]])
    assert _first_to_vanish(np.array([4.0, 2.0, 12.0]), limits) == 2
    assert _first_to_vanish(np.array([4.0, 0.0, -12.0]), limits) == 0
    assert _first_to_vanish(np.array([9e-11, 1.1e-10, -1.0]), limits) == 1
    with pytest.raises(SolverError, match="lemke-howson: rounding opened the polytope"):
        _first_to_vanish(np.array([9e-11, -1.0, 0.0]), limits)


@pytest.mark.parametrize(
    ("least", "apart", "tied"),
    [
        (1.0, 0.9e-10, True),
        (1.0, 1.1e-10, False),
        (1e-3, 0.9e-10, True),
        (1e-3, 1.1e-10, False),
        (1e3, 0.9e-7, True),
        (1e3, 1.1e-7, False),
    ],
)
def test_ties_are_broken_by_the_moved_limits_in_their_order(least, apart, tied):
    one = np.ones(3)
    limits = np.array([[least, 2, 9, 0], [least + apart, 2, 8, 1], [least + 9, 0, 0, 0]])
    assert _first_to_vanish(one, limits) == (1 if tied else 0)
    still = np.array([[least, 2, 9, 1], [least + apart, 2, 9, 0], [least + 9, 0, 0, 0]])
    assert _first_to_vanish(one, still) == (1 if tied else 0)


def test_a_pivot_keeps_the_polytope_and_names_who_leaves():
    payoffs = np.array([[2.0, 1.0], [1.0, 4.0]])
    polytope = _Polytope(payoffs, range(2), range(2, 4))
    assert polytope.weights().tolist() == [0.0, 0.0]
    assert polytope.enter(0) == 2  # the first row's slack, at a weight of 1/2
    assert polytope.weights().tolist() == [0.5, 0.0]
    assert polytope.enter(1) == 3
    np.testing.assert_allclose(payoffs @ polytope.weights(), [1.0, 1.0])


def test_a_path_is_as_long_as_it_is():
    for label in range(4):
        _, _, taken = follow_path(CYCLE, label, 100)
        assert taken == 4
        row, column, again = follow_path(CYCLE, label, taken)
        np.testing.assert_allclose([row, column], [[0.75, 0.25], [0.75, 0.25]])
        assert again == taken
        with pytest.raises(SolverError, match=f"no end after 3 pivots from label {label}"):
            follow_path(CYCLE, label, taken - 1)


def test_the_first_label_is_tried_first_and_told():
    solution = solve_lemke_howson(CYCLE, pivots=4)
    assert solution.parameters == {"label": 0, "pivots": 4}
    assert solution.method == "lemke-howson"


def test_the_next_label_is_tried_where_a_path_is_too_long():
    game = random_game(7)
    assert [follow_path(game, label, 100)[2] for label in range(3)] == [5, 5, 2]
    assert solve_lemke_howson(game, pivots=2).parameters == {"label": 2, "pivots": 2}
    with pytest.raises(SolverError, match=r"from the last: .* no end after 1 pivots from label 5"):
        solve_lemke_howson(game, pivots=1)


# Path of logit responses


def test_the_equations_have_the_derivatives_they_say():
    scaled = unit_scaled(random_game(1))[0]
    point = np.append(np.log(np.random.default_rng(2).dirichlet(np.ones(7))), 3.0)
    slope = logit_path._equations(scaled, point)[1]
    for k, step in enumerate(1e-6 * np.eye(8)):
        ahead, behind = (logit_path._equations(scaled, point + s)[0] for s in (step, -step))
        np.testing.assert_allclose(slope[:, k], (ahead - behind) / 2e-6, atol=1e-8)


def test_points_of_the_path_are_logit_responses_from_the_uniform_one_on():
    scaled = unit_scaled(random_game(3))[0]
    points = list(islice(logit_path._path(scaled), 30))
    precisions = [point[-1] for point in points]
    assert 0 < precisions[0] <= logit_path.FIRST_STEP
    assert sorted(precisions) == precisions
    for point in points:
        row, column, precision = np.exp(point[:4]), np.exp(point[4:7]), point[-1]
        for own, payoffs in ((row, scaled[..., 0] @ column), (column, row @ scaled[..., 1])):
            answer = np.exp(precision * (payoffs - payoffs.max()))
            np.testing.assert_allclose(own, answer / answer.sum(), atol=1e-8)


def test_steps_follow_from_how_quick_newton_is_up_to_a_thousand():
    points = list(islice(logit_path._path(unit_scaled(random_game(4))[0]), 40))
    apart = [np.linalg.norm(b - a) for a, b in pairwise(points)]
    ratios = np.divide(apart[1:], apart[:-1])
    np.testing.assert_allclose(ratios[:8], [2.0, *[1.3] * 7], rtol=0.02)
    np.testing.assert_allclose(ratios[10], 0.7, rtol=0.02)
    np.testing.assert_allclose(apart[-3:], 1e3, rtol=1e-6)


def test_a_tangent_is_of_unit_length_and_goes_on():
    scaled = unit_scaled(random_game(1))[0]
    point = np.append(np.log(np.random.default_rng(2).dirichlet(np.ones(7))), 3.0)
    slope = logit_path._equations(scaled, point)[1]
    for towards in (np.eye(8)[-1], -np.eye(8)[-1]):
        tangent = logit_path._tangent(slope, towards)
        assert np.linalg.norm(tangent) == pytest.approx(1)
        np.testing.assert_allclose(slope @ tangent, 0, atol=1e-12)
        assert tangent @ towards > 0


def test_corrections_end_on_the_path_or_nowhere():
    scaled = unit_scaled(CYCLE)[0]
    uniform, ahead = np.append(np.full(4, np.log(0.5)), 0.0), np.eye(5)[-1]
    same, effort = logit_path._corrected(scaled, uniform, ahead)
    assert effort == 1
    np.testing.assert_allclose(same, uniform, atol=1e-12)
    point, effort = logit_path._corrected(scaled, uniform + ahead, ahead)
    assert 1 < effort <= logit_path.NEWTON_STEPS
    assert point[-1] == pytest.approx(1)  # at right angles to the tangent
    np.testing.assert_allclose(logit_path._equations(scaled, point)[0], 0, atol=1e-9)
    assert logit_path._corrected(scaled, uniform - 5.0, ahead) is None  # a move above 1
    assert logit_path._corrected(scaled, np.full(5, np.nan), ahead) is None
    assert logit_path._corrected(np.zeros((2, 2, 2)), uniform, np.zeros(5)) is None  # singular
    for heavy in (  # twice a weight above e on the way, then a move of more than 1
        [0.04, 2.31, -0.37, -0.76, 2.88],
        [1.17, -0.36, -0.12, 1.98, -3.72],
        [0.16, 1.16, -1.36, -0.83, -0.48],
    ):
        assert logit_path._corrected(scaled, np.array(heavy), ahead) is None


@pytest.mark.parametrize(("steps", "enough"), [(4, False), (5, True)])
def test_newton_has_so_many_steps(steps, enough, monkeypatch):
    monkeypatch.setattr(logit_path, "NEWTON_STEPS", steps)
    guess, ahead = np.append(np.full(4, np.log(0.5)), 1.0), np.eye(5)[-1]
    found = logit_path._corrected(unit_scaled(CYCLE)[0], guess, ahead)
    assert (found is not None) is enough


def lengths_of_path(monkeypatch, corrections, cosines, points):
    """Lengths tried on a path on which Newton and the turns of the tangent go as told.

    Args:
        corrections: how many Newton takes each time; ``None`` where it does not come back.
        cosines: of the turns.
        points: how many of the path are asked for.
    """
    lengths, turns, efforts = [], iter([1.0, *cosines]), iter(corrections)

    def corrected(scaled, guess, tangent):
        lengths.append(float(np.linalg.norm(guess - here[0])))
        effort = next(efforts)
        return None if effort is None else (guess, effort)

    def turned(slope, towards):
        cosine, across = next(turns), np.eye(towards.size)[0]
        across = across - (across @ towards) * towards
        sine = np.sqrt(1 - cosine**2)
        return cosine * towards + sine * across / np.linalg.norm(across)

    monkeypatch.setattr(logit_path, "_corrected", corrected)
    monkeypatch.setattr(logit_path, "_tangent", turned)
    here = [np.append(np.full(4, np.log(0.5)), 0.0)]
    for point in islice(logit_path._path(unit_scaled(CYCLE)[0]), points):
        here[0] = point
    return lengths


def test_a_step_is_longer_the_quicker_newton_was(monkeypatch):
    found = lengths_of_path(monkeypatch, [1, 2, 3, 4, 5, 8, 1], [1.0] * 7, 7)
    factors = np.divide(found[1:], found[:-1])
    np.testing.assert_allclose(factors, [2, 2, 1.3, 1.3, 0.7, 0.7])
    assert found[0] == pytest.approx(0.03)


def test_a_step_is_a_third_where_newton_or_the_path_turned_away(monkeypatch):
    found = lengths_of_path(monkeypatch, [None, 1, 1, 1], [0.79, 0.81, 1.0], 2)
    np.testing.assert_allclose(found, [0.03, 0.01, 0.01 / 3, 0.02 / 3])


def test_a_lost_path_says_where(monkeypatch):
    monkeypatch.setattr(logit_path, "_corrected", lambda scaled, guess, tangent: None)
    with pytest.raises(SolverError, match=r"logit-path: lost the path at precision 0$"):
        solve_logit_path(CYCLE)


def test_a_path_is_followed_as_far_as_it_is_asked_to_be():
    whole = solve_logit_path(CYCLE)
    steps, precision = whole.parameters["steps"], whole.parameters["precision"]
    assert whole.method == "logit-path"
    *_, last = islice(logit_path._path(unit_scaled(CYCLE)[0]), steps)
    assert last[-1] == precision
    assert solve_logit_path(CYCLE, steps=steps).parameters == whole.parameters
    assert solve_logit_path(CYCLE, precision=precision).parameters == whole.parameters
    with pytest.raises(SolverError, match="logit-path: nothing to certify up to precision"):
        solve_logit_path(CYCLE, steps=steps - 1)
    with pytest.raises(SolverError, match="nothing to certify"):
        solve_logit_path(CYCLE, precision=0.5 * precision)


def test_polishing_stays_near_where_the_path_leads():
    scaled = unit_scaled(COORDINATION)[0]
    mixed = np.array([0.6, 0.4]), np.array([0.4, 0.6])
    found = logit_path._polished(scaled, np.array([0.56, 0.44]), np.array([0.43, 0.57]))
    np.testing.assert_allclose(found, mixed, atol=1e-12)
    for off in (0.049, 0.051):
        row, column = np.array([0.6 - off, 0.4 + off]), mixed[1]
        assert (logit_path._polished(scaled, row, column) is None) == (off > 0.05)
    pure = logit_path._polished(scaled, np.array([0.96, 0.04]), np.array([0.97, 0.03]))
    assert np.array_equal(pure, [[1, 0], [1, 0]])


def test_a_support_that_needs_negative_weights_gives_way_to_a_larger_one(monkeypatch):
    answers = iter([np.array([-1.0, 2.0])])

    def once_negative(*arguments):
        return next(answers, indifferent(*arguments))

    monkeypatch.setattr(logit_path, "indifferent", once_negative)
    near = np.array([0.58, 0.42]), np.array([0.42, 0.58])
    found = logit_path._polished(unit_scaled(COORDINATION)[0], *near)
    np.testing.assert_allclose(found, [[0.6, 0.4], [0.4, 0.6]], atol=1e-12)


# Enumeration of supports


@pytest.mark.parametrize(("n", "m"), [(1, 1), (2, 3), (4, 4), (3, 7), (12, 12)])
def test_pairs_of_supports_are_counted(n, m):
    """Of 12 x 12: 2.7 million."""
    every = sum(comb(n, size) * comb(m, size) for size in range(1, min(n, m) + 1))
    assert support_enumeration._pairs(n, m) >= every
    if n == m:
        assert support_enumeration._pairs(n, m) == every == comb(2 * n, n) - 1


def test_small_supports_come_first_and_what_was_looked_at_is_told():
    found = enumerate_equilibria(COORDINATION)
    # two pairs of one for each row's policy, then the pair of two
    assert [one.parameters for one in found] == [{"supports": n} for n in (2, 4, 5)]
    assert solve_support_enumeration(CYCLE).parameters == {"supports": 5}
    assert found[0].method == "support-enumeration"


def test_dominated_policies_are_left_out_and_come_back_without_weight():
    worse = np.concatenate([CYCLE - 5, CYCLE], axis=0)
    for solve in (solve_support_enumeration, solve_lemke_howson, solve_nash_milp):
        solution = solve(worse)
        np.testing.assert_allclose(solution.row, [0, 0, 0.75, 0.25], atol=1e-12)
        np.testing.assert_allclose(solution.column, [0.75, 0.25], atol=1e-12)
    assert solve_support_enumeration(worse).parameters == {"supports": 5}


def test_what_cannot_be_certified_is_passed_over(monkeypatch):
    failures = iter([True])

    def once_refused(*arguments):
        if next(failures, False):
            raise SolverError("rounding")
        return certified(*arguments)

    monkeypatch.setattr(support_enumeration, "certified", once_refused)
    assert [one.parameters["supports"] for one in enumerate_equilibria(COORDINATION)] == [4, 5]
    failures = iter([True])
    assert solve_support_enumeration(COORDINATION).parameters == {"supports": 4}


@pytest.mark.parametrize(("apart", "same"), [(0.9e-8, True), (1.1e-8, False)])
def test_equilibria_a_hundred_millionth_apart_are_one(apart, same):
    half, off = np.array([0.5, 0.5]), np.array([0.5 + apart, 0.5 - apart])
    one = Equilibrium(half, half, (0.0, 0.0), 0.0, "hand")
    for row, column in ((off, half), (half, off)):
        other = Equilibrium(row, column, (0.0, 0.0), 0.0, "hand")
        assert support_enumeration._same(one, other) is same


@pytest.mark.parametrize(("off", "kept"), [(0.9e-10, 1), (1.1e-10, 0)])
def test_weights_and_payoffs_are_taken_within_rounding(off, kept):
    # weights of (1 + b, -b) for the two columns, b a little less than off
    negative = np.array([[1.0, 1.0], [1.0 + off / 2, 1.5]])
    assert np.linalg.solve(negative, np.ones(2))[1] == pytest.approx(-off, rel=1e-3)
    pair = np.array([[0, 1]])
    assert len(support_enumeration._answers(negative, pair[0], pair)) == kept
    # a second policy that earns so much more than the first one
    better = np.array([[1.0], [1.0 + off]])
    assert len(support_enumeration._answers(better, np.array([0]), np.array([[0]]))) == kept


@pytest.mark.parametrize(("apart", "kept"), [(0.9e-12, 0), (1.1e-12, 1)])
def test_supports_that_leave_the_mixture_open_are_passed_over(apart, kept):
    payoffs = np.array([[1.0, 0.0], [0.0, apart]])
    found = support_enumeration._answers(payoffs, np.array([0, 1]), np.array([[0, 1]]))
    assert len(found) == kept


# Mixed-integer programme


def test_the_welfare_is_that_of_the_best_equilibrium():
    for seed in range(25):
        game = np.random.default_rng(seed).normal(size=(3, 3, 2)) * [1.0, 5.0]
        every = enumerate_equilibria(game)
        best = max(sum(one.value) for one in every)
        found = solve_nash_milp(game)
        assert sum(found.value) == pytest.approx(best, abs=1e-9)
        assert found.method == "nash-milp"


@pytest.fixture
def programmes(monkeypatch):
    """What is asked of the library, and what its answers are changed by."""
    asked, changes = [], {}

    def changed(*arguments, **options):
        asked.append({**options, "options": dict(options["options"])})
        found = milp(*arguments, **options)
        found.update(changes)
        return found

    monkeypatch.setattr(nash_milp, "milp", changed)
    return asked, changes


def test_the_binaries_are_chosen_and_then_held(programmes):
    asked, _ = programmes
    solve_nash_milp(CYCLE)
    chosen, polished = asked
    assert chosen["integrality"].tolist() == [0] * 6 + [1] * 4
    assert polished["integrality"].tolist() == [0] * 10
    assert chosen["options"] == {"node_limit": 10_000}
    assert np.array_equal(chosen["bounds"].lb[-4:], [0] * 4)
    assert np.array_equal(chosen["bounds"].ub[-4:], [1] * 4)
    assert np.array_equal(polished["bounds"].lb[-4:], polished["bounds"].ub[-4:])


def test_a_search_that_is_cut_short_says_so(programmes):
    _, changes = programmes
    changes["status"] = 1
    assert solve_nash_milp(CYCLE).method == "nash-milp (greatest welfare not proven)"
    changes |= {"x": None, "message": "out of nodes"}
    with pytest.raises(SolverError, match="nash-milp: out of nodes"):
        solve_nash_milp(CYCLE)
