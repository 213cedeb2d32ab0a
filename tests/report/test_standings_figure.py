"""Names in the figure of standings stand where their points are, and never on each other."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ssa_psro.report.figures.standings import LINE, _spread

PAID = arrays(np.float64, st.integers(1, 40), elements=st.floats(-1.0, 1.0))


@given(paid=PAID)
def test_names_are_in_order_and_a_line_apart(paid: np.ndarray) -> None:
    low, high = float(paid.min()) - 0.1, float(paid.max()) + 0.1
    order, levels = _spread(paid, low, high)
    assert np.all(np.diff(paid[order]) >= 0.0)
    line = min(LINE, 1.0 / max(1, paid.size - 1)) * (high - low)
    assert np.all(np.diff(levels) >= line * (1.0 - 1e-9))
    assert min(levels) >= low - 1e-9
    assert max(levels) <= high + 1e-9


def test_names_far_apart_stand_beside_their_points() -> None:
    paid = np.array([0.4, -0.2, 0.1])
    order, levels = _spread(paid, -0.3, 0.5)
    assert order == [1, 2, 0]
    np.testing.assert_allclose(levels, [-0.2, 0.1, 0.4])


def test_names_too_near_share_the_way_that_they_are_pushed() -> None:
    paid = np.array([0.0, 0.0])
    _, levels = _spread(paid, -0.5, 0.5)
    np.testing.assert_allclose(levels, [-LINE / 2, LINE / 2])
