"""Forecast windows: drawn for contested objects, replaced by those stated by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skies import catalog, geostationary, regime, window

from ssa_psro.geometry.windows import forecast_windows
from ssa_psro.scenario.schema import Manoeuvres, ManoeuvreWindow

STEPS_PER_H = 12  # of the 300 s of ``skies.window``


def test_contested_objects_have_regular_windows_and_others_none() -> None:
    drawn = forecast_windows(catalog(), window(horizon_days=4.0))
    real = drawn.probability > 0.0
    assert real[:2].sum(axis=1).tolist() == [8, 8]  # every 12 h for 96 h
    assert not real[2:].any()
    assert np.diff(drawn.start_step[:2], axis=1) == pytest.approx(12 * STEPS_PER_H, abs=1)
    assert (drawn.end_step - drawn.start_step)[real] == pytest.approx(3 * STEPS_PER_H, abs=1)
    assert np.unique(drawn.probability[real]) == pytest.approx([0.6])
    assert drawn.start_step[0, 0] != drawn.start_step[1, 0]


def test_drift_of_an_impulse() -> None:
    # three times the impulse: 3 * 0.5 m/s = 1.5 m/s = 5.4 km/h
    drawn = forecast_windows(catalog(), window())
    assert drawn.drift_km_h[0, 0] == pytest.approx(5.4)


def test_stated_windows_replace_the_drawn_ones_in_time_order() -> None:
    by_hand = (
        ManoeuvreWindow(object="LEO-001", start_h=8.0, end_h=9.0, probability=0.5),
        ManoeuvreWindow(object="LEO-001", start_h=2.0, end_h=3.0, delta_v_m_s=1.0),
        ManoeuvreWindow(object="GEO-002", start_h=0.0, end_h=24.0),
    )
    table = forecast_windows(catalog(windows=by_hand), window())
    plain = forecast_windows(catalog(), window())
    assert table.start_step[0, :2].tolist() == [24, 96]
    assert table.end_step[0, :2].tolist() == [36, 108]
    assert table.probability[0, :2].tolist() == [1.0, 0.5]
    assert table.drift_km_h[0, 0] == pytest.approx(10.8)
    assert (table.start_step[5, 0], table.end_step[5, 0]) == (0, 288)  # GEO-002, uncontested
    assert np.array_equal(table.start_step[1, :2], plain.start_step[1, :2])


def test_padding_stands_after_the_horizon() -> None:
    span = window()
    table = forecast_windows(catalog(), span)
    padding = table.probability == 0.0
    assert padding.any()
    assert np.all(table.start_step[padding] > span.horizon_steps)
    assert np.all(table.drift_km_h[padding] == 0.0)


def test_no_contested_object_still_gives_a_table() -> None:
    table = forecast_windows(catalog(geostationary()), window())
    assert table.start_step.shape == (3, 1)
    assert table.start_step.dtype == table.end_step.dtype == np.int32


def test_window_shorter_than_a_step_lasts_one_step() -> None:
    short = ManoeuvreWindow(object="LEO-001", start_h=1.0, end_h=1.01)
    table = forecast_windows(catalog(windows=(short,)), window())
    assert (table.start_step[0, 0], table.end_step[0, 0]) == (12, 13)


@given(
    interval_h=st.floats(1, 60),
    share=st.floats(0.05, 1.0),
    seed=st.integers(0, 10_000),
    days=st.floats(1, 8),
)
def test_windows_cover_the_horizon_without_overlap(
    interval_h: float, share: float, seed: int, days: float
) -> None:
    plan = Manoeuvres(interval_h=interval_h, window_h=share * interval_h, probability=0.6)
    span = window(horizon_days=days)
    table = forecast_windows(catalog(regime(manoeuvres=plan), seed=seed), span)
    horizon_h = 24.0 * days
    for n in range(2):
        real = table.probability[n] > 0.0
        start, end = table.start_step[n][real], table.end_step[n][real]
        assert np.all(start >= 0)
        assert np.all(end > start)
        assert np.all(start[1:] >= end[:-1] - 1)  # rounding to steps
        assert abs(real.sum() - horizon_h / interval_h) <= 1.0
