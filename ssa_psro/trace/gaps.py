"""Figures of coverage from its intervals, by the definitions of STK's Coverage.

Times are hours, shares lie in [0, 1], and what has no value (the mean of no gaps) is nan. *The
boundary rule*: a gap that the window's beginning or end cuts off counts, from or to that boundary,
unless ``ends`` is False; then it is left out, and an object that is never covered has no gap.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Flags, Floats

WITHIN_H = 12.0
"""Gaps up to this long count as short, unless another limit is given."""

LATE = 0.95
"""The quantile of gaps that is told."""

Numbers = NDArray[np.integer[Any]]
"""Numbers of objects or sensors, or counts."""


class Intervals(NamedTuple):
    """Times of coverage; each object's are in order and have no time in common.

    Attributes:
        owner: ``[I]`` number of the object, in order.
        start_h: ``[I]``.
        end_h: ``[I]``; the same as the start for a look, which is an instant.
    """

    owner: Numbers
    start_h: Floats
    end_h: Floats


class Gaps(NamedTuple):
    """Times without coverage.

    Attributes:
        owner: ``[G]`` number of the object.
        hours: ``[G]`` how long each lasts; above 0.
    """

    owner: Numbers
    hours: Floats


class GapFigures(NamedTuple):
    """Figures of the gaps of each group of objects, ``[K]``; all gaps of a group count alike.

    Attributes:
        number: how many there are.
        mean_h: mean length.
        median_h: median length.
        p95_h: length that 95 % do not exceed, interpolated linearly.
        longest_h: greatest length.
        within: share of the gaps that are not longer than the limit.
        average_h: time-average gap, Σ gap² / T: the expected length of the gap that a random
            instant of a random object falls into, 0 for an instant of coverage.
    """

    number: Floats
    mean_h: Floats
    median_h: Floats
    p95_h: Floats
    longest_h: Floats
    within: Floats
    average_h: Floats

    @property
    def response_h(self) -> Floats:
        """Mean response time, Σ gap² / (2 T): from a random instant until coverage, or the end.

        So long is the mean age of data too, which looks the other way.
        """
        return self.average_h / 2.0


def united(owner: Numbers, start_h: Floats, end_h: Floats) -> Intervals:
    """Any intervals ``[I]`` as ``Intervals``: what overlaps or touches becomes one.

    Args:
        owner: number of each one's object.
        start_h: when each begins.
        end_h: when each ends.
    """
    order = np.lexsort((start_h, owner))
    rows: list[list[float]] = []
    for one, start, end in zip(owner[order], start_h[order], end_h[order], strict=True):
        if rows and rows[-1][0] == one and start <= rows[-1][2]:
            rows[-1][2] = max(rows[-1][2], end)
        else:
            rows.append([one, start, end])
    columns: Floats = np.array(rows, dtype=np.float64).reshape(-1, 3)
    return Intervals(columns[:, 0].astype(np.int64), columns[:, 1], columns[:, 2])


def intervals_of(flags: Flags, step_h: float) -> Intervals:
    """Runs of steps ``[T, N]`` that are set; step ``k`` covers the time from ``k`` to ``k + 1``."""
    edges = np.diff(flags.T.astype(np.int8), axis=1, prepend=0, append=0)
    owner, start = np.nonzero(edges == 1)
    end = np.nonzero(edges == -1)[1]
    return Intervals(owner, step_h * start.astype(np.float64), step_h * end.astype(np.float64))


def gaps_of(found: Intervals, objects: int, window_h: float, *, ends: bool = True) -> Gaps:
    """What intervals leave uncovered of a window that begins at hour 0.

    Args:
        found: within the window.
        objects: how many there are, covered or not.
        window_h: length of the window.
        ends: whether gaps at the ends of the window count.
    """
    # an instant of coverage at either end of the window closes the gaps there
    owner = np.concatenate([found.owner, np.arange(objects)])
    before = np.concatenate([found.end_h, np.zeros(objects)])
    after = np.concatenate([found.start_h, np.full(objects, window_h)])
    before, after = before[np.lexsort((before, owner))], after[np.lexsort((after, owner))]
    owner = np.sort(owner)
    counts = after > before
    if not ends:
        edge = np.diff(owner, prepend=-1) > 0  # the first of each object
        counts &= ~edge & ~np.roll(edge, -1)
    return Gaps(owner[counts], (after - before)[counts])


def gap_figures(
    gaps: Gaps, groups: Numbers, window_h: float, *, within_h: float = WITHIN_H
) -> GapFigures:
    """The figures of the gaps of each group.

    Args:
        gaps: of all objects.
        groups: ``[N]`` number of each object's group, from 0, none left out.
        window_h: length of the window.
        within_h: up to what length a gap counts as short.
    """
    size = np.bincount(groups)
    group = groups[gaps.owner]
    order = np.lexsort((gaps.hours, group))
    group, hours = group[order], gaps.hours[order]
    count = np.bincount(group, minlength=size.size)
    first = np.cumsum(count) - count
    some = count > 0

    def quantile(share: float) -> Floats:
        found = np.full(size.size, np.nan)
        place = first[some] + share * (count[some] - 1)
        low = np.floor(place).astype(np.int64)
        high = np.minimum(low + 1, first[some] + count[some] - 1)
        found[some] = hours[low] + (place - low) * (hours[high] - hours[low])
        return found

    def total(values: NDArray[Any]) -> Floats:
        return np.asarray(np.bincount(group, values, minlength=size.size), dtype=np.float64)

    return GapFigures(
        number=count.astype(np.float64),
        mean_h=ratio(total(hours), count),
        median_h=quantile(0.5),
        p95_h=quantile(LATE),
        longest_h=quantile(1.0),
        # gaps are differences of multiples of a step, which binary fractions miss
        within=ratio(total(hours <= within_h * (1.0 + 1e-9)), count),
        average_h=total(hours**2) / (window_h * size),
    )


def ratio(above: NDArray[Any], below: NDArray[Any]) -> Floats:
    """``above / below``; nan where there is nothing to divide by."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(below > 0, above / below, np.nan)
