"""Figures of coverage on cases worked by hand, with gaps at the ends of the window and without.

The first is the example of STK's documentation of the time-average gap: gaps of 5, 10 and 15 in
100 time units are (25 + 100 + 225) / 100 = 3.5.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssa_psro.trace.gaps import (
    GapFigures,
    Gaps,
    Intervals,
    gap_figures,
    gaps_of,
    intervals_of,
    united,
)

WINDOW_H = 100.0
ONE = np.zeros(1, np.int64)
"""One object, in a group of its own."""


def intervals(*pairs: tuple[float, float], owner: int = 0) -> Intervals:
    found = np.array(pairs, np.float64).reshape(-1, 2)
    return Intervals(np.full(len(found), owner), found[:, 0], found[:, 1])


def lengths(found: Intervals, *, ends: bool = True) -> list[float]:
    return gaps_of(found, 1, WINDOW_H, ends=ends).hours.tolist()


def figures(*pairs: tuple[float, float], ends: bool = True, within_h: float = 12.0) -> GapFigures:
    gaps = gaps_of(intervals(*pairs), 1, WINDOW_H, ends=ends)
    return gap_figures(gaps, ONE, WINDOW_H, within_h=within_h)


def test_the_example_of_stk() -> None:
    """Covered from 0 to 20, 25 to 40, 50 to 60 and 75 to 100."""
    found = figures((0, 20), (25, 40), (50, 60), (75, 100))
    assert found.average_h == [3.5]
    assert found.response_h == [1.75]
    assert found.number == [3]
    assert found.mean_h == [10.0]  # (5 + 10 + 15) / 3
    assert found.median_h == [10.0]
    assert found.p95_h == pytest.approx([14.5])  # place 0.95 x 2 = 1.9: 10 + 0.9 x (15 - 10)
    assert found.longest_h == [15.0]
    assert found.within == [2 / 3]


def test_the_limit_itself_is_within_it() -> None:
    assert figures((0, 20), (25, 40), (50, 60), (75, 100), within_h=10.0).within == [2 / 3]
    assert figures((0, 20), (25, 40), (50, 60), (75, 100), within_h=9.99).within == [1 / 3]


def test_a_limit_of_whole_steps_is_within_it_wherever_the_gap_begins() -> None:
    step_h, hours = 240 / 3600.0, 12.0
    for first in range(1, 900):
        ends = first * step_h, (first + 180) * step_h
        edge = gaps_of(Intervals(np.zeros(2, int), np.array(ends), np.array(ends)), 1, 1e3)
        found = gap_figures(edge, np.zeros(1, int), 1e3, within_h=hours)
        expected = [first * step_h - 1e-6 <= 12.0, True, False]
        assert found.within == [sum(expected) / 3], first


def test_gaps_at_the_ends_count_or_do_not() -> None:
    """Covered from 10 to 30 and 50 to 80: 10 before, 20 between, 20 after."""
    pairs = (10, 30), (50, 80)
    assert lengths(intervals(*pairs)) == [10.0, 20.0, 20.0]
    assert lengths(intervals(*pairs), ends=False) == [20.0]
    assert figures(*pairs).average_h == [9.0]  # (100 + 400 + 400) / 100
    assert figures(*pairs, ends=False).average_h == [4.0]
    assert figures(*pairs).mean_h == pytest.approx([50 / 3])
    assert figures(*pairs, ends=False).mean_h == [20.0]


def test_a_look_is_an_instant() -> None:
    """Successes at 40 and 70: 40, 30 and 30."""
    assert lengths(intervals((40, 40), (70, 70))) == [40.0, 30.0, 30.0]
    assert lengths(intervals((40, 40), (70, 70)), ends=False) == [30.0]
    assert lengths(intervals((40, 40)), ends=False) == []


def test_what_is_never_covered_is_one_gap_or_none() -> None:
    nothing = figures()
    assert nothing.longest_h == nothing.mean_h == nothing.average_h == [WINDOW_H]
    assert nothing.response_h == [50.0]
    assert nothing.within == [0.0]
    left_out = figures(ends=False)
    assert left_out.number == [0]
    assert np.isnan([left_out.mean_h, left_out.median_h, left_out.longest_h, left_out.within]).all()


def test_what_is_always_covered_has_no_gap() -> None:
    always = figures((0, 100))
    assert always.number == always.average_h == always.response_h == [0]
    assert np.isnan([always.mean_h, always.p95_h, always.longest_h]).all()


def test_coverage_that_overlaps_or_touches_is_one() -> None:
    start, end = np.array([40.0, 10.0, 20.0, 60.0, 0.0]), np.array([50.0, 30.0, 40.0, 70.0, 5.0])
    found = united(np.zeros(5, np.int64), start, end)
    assert found.start_h.tolist() == [0.0, 10.0, 60.0]
    assert found.end_h.tolist() == [5.0, 50.0, 70.0]
    others = united(np.array([0, 1]), np.array([0.0, 0.0]), np.array([9.0, 9.0]))
    assert others.owner.tolist() == [0, 1]


def test_steps_cover_the_time_until_the_next() -> None:
    flags = np.array([[1, 0], [1, 1], [0, 1], [1, 0]], np.bool_)
    found = intervals_of(flags, 0.5)
    assert found.owner.tolist() == [0, 0, 1]
    assert found.start_h.tolist() == [0.0, 1.5, 0.5]
    assert found.end_h.tolist() == [1.0, 2.0, 1.5]


def test_all_gaps_of_a_group_count_alike() -> None:
    """Gaps of 10 and 30 of one object, 50 of another; the third is apart and has none.

    Mean 90 / 3; time average (100 + 900 + 2500) / (2 x 100): each object counts alike there.
    """
    gaps = Gaps(np.array([0, 0, 1]), np.array([10.0, 30.0, 50.0]))
    found = gap_figures(gaps, np.array([0, 0, 1]), WINDOW_H)
    assert found.mean_h[0] == 30.0
    assert found.median_h[0] == 30.0
    assert found.average_h.tolist() == [17.5, 0.0]
    assert found.number.tolist() == [3, 0]
    assert np.isnan(found.mean_h[1])


LAST = 30
"""Hours of a window that is looked at hour by hour."""

Spans = list[tuple[int, int]]


def free_hours(spans: Spans, *, ends: bool) -> list[float]:
    """Lengths of the runs of hours outside all spans, each of which an instant inside parts."""
    inside = {hour for begins, stops in spans for hour in range(begins, stops)}
    instants = {hour for begins, stops in spans for hour in range(begins, stops + 1)}
    runs: list[list[int]] = []
    for hour in range(LAST):
        if hour in inside:
            continue
        if not runs or runs[-1][1] != hour or hour in instants:
            runs.append([hour, hour])
        runs[-1][1] = hour + 1
    cut = {0, LAST} - instants
    return [float(b - a) for a, b in runs if ends or not {a, b} & cut]


@given(
    spans=st.lists(
        st.lists(st.tuples(st.integers(0, LAST), st.integers(0, LAST)).map(sorted).map(tuple)),
        min_size=1,
        max_size=3,
    ),
    ends=st.booleans(),
)
def test_against_hours_looked_at_one_by_one(spans: list[Spans], ends: bool) -> None:
    rows = [(n, *span) for n, some in enumerate(spans) for span in some]
    owner, start, end = np.array(rows, np.int64).reshape(-1, 3).T
    found = united(owner, start.astype(np.float64), end.astype(np.float64))
    gaps = gaps_of(found, len(spans), LAST, ends=ends)
    figures = gap_figures(gaps, np.arange(len(spans)), LAST, within_h=7.0)
    for n, some in enumerate(spans):
        free = np.array(free_hours(some, ends=ends))
        assert gaps.hours[gaps.owner == n].tolist() == free.tolist()
        assert figures.average_h[n] == pytest.approx((free**2).sum() / LAST)
        if free.size:
            assert figures.mean_h[n] == pytest.approx(free.mean())
            assert figures.median_h[n] == pytest.approx(np.median(free))
            assert figures.p95_h[n] == pytest.approx(np.quantile(free, 0.95))
            assert figures.longest_h[n] == free.max()
            assert figures.within[n] == pytest.approx((free <= 7.0).mean())
