"""How access intervals are found and compared, on cases that can be worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evidence.validation.access import compare
from evidence.validation.figures import Figure, Section, number
from evidence.validation.intervals import Intervals, Tracks, find_intervals
from evidence.validation.page import table
from ssa_psro.geometry.propagation import as_elements, propagate
from ssa_psro.report.markdown import renewed, tables_of

REACH_KM = 10.0
SAMPLES_S = np.arange(0.0, 601.0, 30.0)
SPLINE_LIMIT_KM = 0.0002


def near(times_s: np.ndarray, sensors_km: np.ndarray, targets_km: np.ndarray) -> np.ndarray:
    """Access within 10 km."""
    apart = np.linalg.norm(sensors_km[:, :, None] - targets_km[:, None], axis=-1)
    return np.asarray(apart <= REACH_KM)


def passing(*offsets_s: float) -> Tracks:
    """A sensor at rest and targets that pass it at 0.1 km/s, nearest at the given times."""
    still = np.zeros((len(SAMPLES_S), 1, 3))
    along = 0.1 * (SAMPLES_S[:, None] - np.array(offsets_s))
    moving = np.stack((along, np.zeros_like(along), np.zeros_like(along)), axis=-1)
    return Tracks(SAMPLES_S, np.concatenate((still, moving), axis=1))


def intervals(*rows: tuple[int, int, float, float]) -> Intervals:
    """Intervals of sensor, target, start and end."""
    sensor, target, start_s, end_s = (np.array(one) for one in zip(*rows, strict=True))
    return Intervals(sensor, target, start_s.astype(float), end_s.astype(float))


def test_starts_and_ends_are_found_between_samples() -> None:
    found = find_intervals(passing(250.7), 1, near)
    assert len(found) == 1
    assert found.start_s[0] == pytest.approx(150.7, abs=0.001)
    assert found.end_s[0] == pytest.approx(350.7, abs=0.001)


def test_intervals_are_cut_off_at_both_ends_of_the_day() -> None:
    found = find_intervals(passing(50.0, 550.0), 1, near)
    assert found.target.tolist() == [0, 1]
    assert found.start_s == pytest.approx([0.0, 450.0], abs=0.001)
    assert found.end_s == pytest.approx([150.0, 600.0], abs=0.001)


def test_no_access_gives_no_intervals() -> None:
    assert len(find_intervals(passing(5000.0), 1, near)) == 0


def test_splines_place_a_low_orbit_within_twenty_centimetres() -> None:
    low = as_elements(np.array([[6778.0, 0.001, 0.9, 0.1, 0.2, 0.3]]))
    samples_s = np.arange(0.0, 6001.0, 30.0)
    paths = Tracks(samples_s, propagate(low, samples_s))
    between_s = np.arange(1.0, 5999.0, 7.0)
    assert paths.at(between_s, 0) == pytest.approx(
        propagate(low, between_s)[:, 0], abs=SPLINE_LIMIT_KM
    )


def test_ends_are_compared_where_neither_list_is_cut_off() -> None:
    own = intervals((0, 0, 0.0, 100.0), (0, 0, 500.0, 600.0))
    theirs = intervals((0, 0, 0.0, 103.0), (0, 0, 498.0, 600.0))
    found = compare(own, theirs)
    assert found.difference_s.tolist() == [-3.0, 2.0, 0.0]
    assert (found.missing, found.extra) == (0, 0)


def test_split_and_absent_intervals_have_no_partner() -> None:
    own = intervals((0, 0, 10.0, 100.0), (0, 1, 10.0, 20.0))
    theirs = intervals((0, 0, 10.0, 50.0), (0, 0, 60.0, 100.0), (1, 1, 10.0, 20.0))
    found = compare(own, theirs)
    assert len(found.difference_s) == 0
    assert (found.missing, found.extra) == (3, 2)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, "0"), (3301.0, "3,301"), (328.4, "328"), (4.631, "4.63"), (0.00027, "0.0003")],
)
def test_numbers_have_three_digits(value: float, shown: str) -> None:
    assert number(value) == shown


def test_figures_tell_what_is_accepted() -> None:
    figure = Figure("x", "error", 3.0, "km", "y", high=2.0)
    assert not figure.accepted
    assert figure.limits == "≤ 2"
    assert not Figure("x", "error", math.nan, "km", "y").accepted
    assert Figure("x", "missing", 0, "", "y", 0, 0).limits == "0"


def test_tables_are_renewed_between_their_marks() -> None:
    section = Section("one", lambda folder: [])
    fresh = table(section, [Figure("x", "error", 1.0, "km", "y", high=2.0)])
    page = renewed("before\n<!-- figures: one -->\nold\n<!-- end -->\nafter\n", {"one": fresh})
    assert tables_of(page) == {"one": fresh}
    assert page.startswith("before\n")
    assert page.endswith("\nafter\n")
    with pytest.raises(ValueError, match="no place for: two"):
        renewed(page, {"one": fresh, "two": fresh})
