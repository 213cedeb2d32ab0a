"""Manoeuvre windows: drawn, replaced by those stated by hand, and those that nobody announces."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skies import catalog, geostationary, regime, window

from ssa_psro.geometry.arena import ManoeuvreWindows
from ssa_psro.geometry.manoeuvres import manoeuvre_windows
from ssa_psro.scenario import load_scenario
from ssa_psro.scenario.schema import (
    ListedCatalog,
    ListedObject,
    ManoeuvreClass,
    ManoeuvrePlan,
    Manoeuvres,
    ManoeuvreWindow,
    StatedElementSet,
)

STEPS_PER_H = 12  # of the 300 s of ``skies.window``

SCENARIOS = Path(__file__).parents[2] / "scenarios"
STATION_KEEPING = ManoeuvreClass(kind="geo-station-keeping")
RENEWED = Manoeuvres(interval_h=30.0, spread=0.3, window_h=5.0)


def listed(*names: str, plan: ManoeuvrePlan = STATION_KEEPING, **orbit: Any) -> ListedCatalog:
    """Objects of a listed catalogue that all have one plan; the name is the id too."""
    objects = tuple(
        ListedObject(
            name=name,
            regime="GEO",
            radius_m=1.0,
            manoeuvres=plan,
            orbit=StatedElementSet(
                **{
                    "catalog_id": name.split()[0],
                    "epoch": datetime(2026, 3, 20, tzinfo=UTC),
                    "mean_motion_rev_day": 1.0027,
                    "eccentricity": 0.0002,
                    "inclination_deg": 0.05,
                    "raan_deg": 0.0,
                    "argument_of_perigee_deg": 0.0,
                    "mean_anomaly_deg": 0.0,
                    **orbit,
                }
            ),
        )
        for name in names
    )
    return ListedCatalog(kind="listed", objects=objects)


def spans(table: ManoeuvreWindows, n: int) -> list[tuple[int, int]]:
    """Start and end of the windows of one object."""
    real = table.probability[n] > 0.0
    return list(zip(table.start_step[n][real], table.end_step[n][real], strict=True))


def test_contested_objects_have_regular_windows_and_others_none() -> None:
    drawn = manoeuvre_windows(catalog(), window(horizon_days=4.0))
    real = drawn.probability > 0.0
    assert real[:2].sum(axis=1).tolist() == [8, 8]  # every 12 h for 96 h
    assert not real[2:].any()
    assert np.diff(drawn.start_step[:2], axis=1) == pytest.approx(12 * STEPS_PER_H, abs=1)
    assert (drawn.end_step - drawn.start_step)[real] == pytest.approx(3 * STEPS_PER_H, abs=1)
    assert np.unique(drawn.probability[real]) == pytest.approx([0.6])
    assert drawn.start_step[0, 0] != drawn.start_step[1, 0]


def test_impulses_are_in_km_h() -> None:
    drawn = manoeuvre_windows(catalog(), window())
    assert drawn.delta_v_km_h[0, 0] == pytest.approx(1.8)  # 0.5 m/s
    assert drawn.announced[drawn.probability > 0].all()


def test_stated_windows_replace_the_drawn_ones_in_time_order() -> None:
    by_hand = (
        ManoeuvreWindow(object="LEO-001", start_h=8.0, end_h=9.0, probability=0.5),
        ManoeuvreWindow(object="LEO-001", start_h=2.0, end_h=3.0, delta_v_m_s=1.0),
        ManoeuvreWindow(object="GEO-002", start_h=0.0, end_h=24.0),
    )
    table = manoeuvre_windows(catalog(windows=by_hand), window())
    plain = manoeuvre_windows(catalog(), window())
    assert table.start_step[0, :2].tolist() == [24, 96]
    assert table.end_step[0, :2].tolist() == [36, 108]
    assert table.probability[0, :2].tolist() == [1.0, 0.5]
    assert table.delta_v_km_h[0, 0] == pytest.approx(3.6)
    assert (table.start_step[5, 0], table.end_step[5, 0]) == (0, 288)  # GEO-002, uncontested
    assert np.array_equal(table.start_step[1, :2], plain.start_step[1, :2])


def test_padding_stands_after_the_horizon() -> None:
    span = window()
    table = manoeuvre_windows(catalog(), span)
    padding = table.probability == 0.0
    assert padding.any()
    assert np.all(table.start_step[padding] > span.horizon_steps)
    assert np.all(table.delta_v_km_h[padding] == 0.0)
    assert not table.announced[padding].any()


def test_no_contested_object_still_gives_a_table() -> None:
    table = manoeuvre_windows(catalog(geostationary()), window())
    assert table.start_step.shape == (3, 1)
    assert table.start_step.dtype == table.end_step.dtype == np.int32


def test_window_shorter_than_a_step_lasts_one_step() -> None:
    short = ManoeuvreWindow(object="LEO-001", start_h=1.0, end_h=1.01)
    table = manoeuvre_windows(catalog(windows=(short,)), window())
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
    table = manoeuvre_windows(catalog(regime(manoeuvres=plan), seed=seed), span)
    horizon_h = 24.0 * days
    for n in range(2):
        real = table.probability[n] > 0.0
        start, end = table.start_step[n][real], table.end_step[n][real]
        assert np.all(start >= 0)
        assert np.all(end > start)
        assert np.all(start[1:] >= end[:-1] - 1)  # rounding to steps
        assert abs(real.sum() - horizon_h / interval_h) <= 1.0


@pytest.mark.parametrize(
    ("name", "digest"),
    [("contested-72h", "693efbc23c54e20c"), ("quickstart", "4894ff568c5f8ab1")],
)
def test_windows_of_the_first_scenarios_are_what_they_were(name: str, digest: str) -> None:
    """Regular windows, bit by bit as before there were renewal processes."""
    scenario = load_scenario(SCENARIOS / f"{name}.toml")
    table = manoeuvre_windows(scenario.catalog, scenario.window)
    drift_km_h = 3.0 * table.delta_v_km_h
    columns = (table.start_step, table.end_step, table.probability, drift_km_h)
    content = b"".join(np.ascontiguousarray(column).tobytes() for column in columns)
    assert sha256(content).hexdigest()[:16] == digest


@pytest.mark.parametrize("plan", [RENEWED, STATION_KEEPING], ids=["spread", "class"])
def test_longer_catalogue_extends_a_shorter_one(plan: ManoeuvrePlan) -> None:
    span = window(horizon_days=60.0)
    short = manoeuvre_windows(catalog(regime(manoeuvres=plan)), span)
    longer = catalog(regime(count=7, contested=5, manoeuvres=plan), geostationary())
    long = manoeuvre_windows(longer, span)
    for n in range(2):
        assert spans(long, n) == spans(short, n) != []
    assert spans(long, 0) != spans(long, 1)


@pytest.mark.parametrize("plan", [RENEWED, STATION_KEEPING], ids=["spread", "class"])
def test_longer_horizon_extends_a_shorter_one(plan: ManoeuvrePlan) -> None:
    design = catalog(regime(manoeuvres=plan))
    short = manoeuvre_windows(design, window(horizon_days=40.0))
    long = manoeuvre_windows(design, window(horizon_days=120.0))
    for n in range(2):
        known = spans(short, n)
        assert spans(long, n)[: len(known)] == known


def test_listed_objects_keep_their_windows_in_any_order_and_under_any_name() -> None:
    span = window(horizon_days=60.0)
    first = manoeuvre_windows(listed("11", "12"), span)
    # the second file holds another object of the same name: ids are written beside the names
    second = manoeuvre_windows(listed("12 (12)", "7", "11"), span)
    assert spans(first, 0) == spans(second, 2) != []
    assert spans(first, 1) == spans(second, 0)


@pytest.mark.parametrize("placeholder", ["0", "99999"])
def test_objects_without_number_do_not_manoeuvre_in_step(placeholder: str) -> None:
    both = listed("ONE", "OTHER", plan=RENEWED, catalog_id=placeholder)
    drawn = manoeuvre_windows(both, window())
    assert spans(drawn, 0) != spans(drawn, 1)


def test_station_keeping_is_two_processes_that_do_not_overlap() -> None:
    table = manoeuvre_windows(listed(*map(str, range(40))), window(horizon_days=360.0))
    sizes = set()
    for n in range(40):
        found = spans(table, n)
        assert len(found) == pytest.approx(2 * 360 / 14, abs=8)
        assert all(later[0] >= earlier[1] for earlier, later in pairwise(found))
        real = table.probability[n] > 0.0
        sizes |= set(np.round(3.0 * table.delta_v_km_h[n][real], 2))
    assert sizes == {0.83, 4.13}  # thrice the impulses east-west and north-south, in km/h


def test_drag_make_up_follows_the_altitude_of_each_object() -> None:
    drag = ManoeuvreClass(kind="leo-drag-make-up")
    span = window(horizon_days=300.0)
    low = manoeuvre_windows(listed("1", plan=drag, mean_motion_rev_day=15.2), span)  # 500 km
    high = manoeuvre_windows(listed("1", plan=drag, mean_motion_rev_day=14.3), span)  # 790 km
    assert len(spans(low, 0)) > 5 * len(spans(high, 0)) > 0
    assert low.delta_v_km_h[0, 0] > 5.0 * high.delta_v_km_h[0, 0]


def test_debris_has_no_windows() -> None:
    table = manoeuvre_windows(listed("1", plan=ManoeuvreClass(kind="none")), window())
    assert not table.probability.any()


def test_uncontested_objects_have_windows_where_a_plan_is_stated() -> None:
    plan = Manoeuvres(interval_h=8.0, window_h=2.0)
    table = manoeuvre_windows(catalog(regime(uncontested_manoeuvres=plan)), window())
    assert [len(spans(table, n)) for n in (0, 2)] == [2, 3]  # every 12 h of the contested


@pytest.mark.parametrize(("per_day", "days"), [(0.3, 2.0), (1.0, 2.5), (0.0, 2.0)])
def test_what_is_not_announced_has_a_window_a_day(per_day: float, days: float) -> None:
    """With the odds that a Poisson process of that rate has an event, in a day or a part of one."""
    plan = ManoeuvreClass(kind="none")
    section = regime(manoeuvres=plan, unforecast_per_day=per_day, unforecast_delta_v_m_s=0.25)
    table = manoeuvre_windows(catalog(section), window(horizon_days=days))
    day, last = 24 * STEPS_PER_H, round(24 * days * STEPS_PER_H)
    for n in range(2):
        real = table.probability[n] > 0
        if per_day == 0.0:
            assert not real.any()
            continue
        assert spans(table, n) == [(k, min(k + day, last)) for k in range(0, last, day)]
        length_days = (table.end_step[n] - table.start_step[n])[real] / day
        expected = 1 - np.exp(-per_day * length_days)
        np.testing.assert_allclose(table.probability[n][real], expected)
        np.testing.assert_allclose(table.delta_v_km_h[n][real], 0.9)
        assert not table.announced[n].any()


def test_announced_windows_and_the_days_stand_in_the_order_of_their_openings() -> None:
    table = manoeuvre_windows(catalog(regime(unforecast_per_day=0.5)), window(horizon_days=3.0))
    real = table.probability[0] > 0
    assert (np.diff(table.start_step[0][real]) >= 0).all()
    assert table.announced[0][real].sum() == 6  # every 12 h
    assert (~table.announced[0][real]).sum() == 3
    plain = manoeuvre_windows(catalog(regime()), window(horizon_days=3.0))
    announced = [
        span for span, shown in zip(spans(table, 0), table.announced[0][real], strict=True) if shown
    ]
    assert announced == spans(plain, 0)
