"""Another catalogue, start or duration than a file states, and who is blamed for what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sky_files import EPOCH, SCENARIO, decaying, low, several, write_sky
from study.small_runs import SMALL

from ssa_psro.catalogs.omm_writing import write_catalog
from ssa_psro.errors import Fault, ScenarioError
from ssa_psro.findings.catalog import use_in_words
from ssa_psro.scenario.changes import Changes
from ssa_psro.study.study import load_study, moved

LATER = datetime(2026, 3, 21, 4, tzinfo=UTC)
LISTED = """\
[catalog]
kind = "listed"
[[catalog.objects]]
name = "ONE"
regime = "LEO"
radius_m = 1.0
orbit = { epoch = 2026-03-20T00:00:00Z, mean_motion_rev_day = 14.0, eccentricity = 0.001, \
inclination_deg = 60.0, raan_deg = 10.0, argument_of_perigee_deg = 0.0, mean_anomaly_deg = 5.0, \
bstar = 0.0, name = "ONE", catalog_id = "1", designator = "" }
"""
WINDOWS = "".join(
    f'[[catalog.windows]]\nobject = "ONE"\nstart_h = {first}.0\nend_h = {last}.0\n'
    for first, last in ((1, 2), (3, 5), (7, 20))
)
LISTING = SCENARIO.replace('[catalog]\nkind = "file"\npath = "sky.json"\n', LISTED + WINDOWS)


def faults_of(path: Path, changes: Changes) -> tuple[str, tuple[Fault, ...]]:
    with pytest.raises(ScenarioError) as caught:
        load_study(path, changes)
    return caught.value.source, caught.value.faults


def test_every_episode_begins_at_the_start(tmp_path: Path) -> None:
    window = load_study(write_sky(tmp_path), Changes(start=LATER)).scenario.window
    assert (window.epoch, window.duration_h, window.start_epochs) == (LATER, 6.0, 1)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
        ("2026-03-20T08:00:00+02:00", datetime(2026, 3, 20, 6, tzinfo=UTC)),
    ],
)
def test_a_start_may_be_a_leap_second_or_of_another_zone(
    tmp_path: Path, text: str, meant: datetime
) -> None:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, "utf-8")
    assert load_study(path, Changes(start=text)).scenario.window.epoch == meant


def test_a_start_keeps_a_window_from_following_its_catalogue(tmp_path: Path) -> None:
    text = SCENARIO.replace('path = "sky.json"', 'path = "sky.json"\nsets_epoch = true')
    path = write_sky(tmp_path, scenario=text)
    assert load_study(path).scenario.window.epoch == datetime(2026, 3, 21, tzinfo=UTC)
    assert load_study(path, Changes(start=LATER)).scenario.window.epoch == LATER


def test_duration_keeps_the_horizon_unless_it_is_too_short(tmp_path: Path) -> None:
    path = write_sky(tmp_path)
    for duration_h, days in ((3.0, 1.0), (24.0, 1.0), (48.0, 2.0)):
        window = load_study(path, Changes(duration_h=duration_h)).scenario.window
        assert (window.duration_h, window.horizon_days) == (duration_h, days)


def test_forecasts_of_listed_objects_stay_where_they_are_in_time(tmp_path: Path) -> None:
    path = write_sky(tmp_path, scenario=LISTING)
    asked = Changes(start=datetime(2026, 3, 20, 4, tzinfo=UTC))
    for study in (load_study(path, asked).study, moved(load_study(path).study, asked)):
        windows = study.scenario.catalog.windows
        found = [(one.start_h, one.end_h, one.probability) for one in windows]
        # the first is over, the last goes on; what is cut off takes its share of the probability
        assert found == [(0.0, 1.0, 0.5), (3.0, 6.0, pytest.approx(3.0 / 13.0))]


def test_forecasts_of_a_file_are_read_for_the_new_window(tmp_path: Path) -> None:
    (tmp_path / "windows.csv").write_text(
        "object,start_utc,end_utc\nLOW 1,2026-03-21T06:00:00,2026-03-21T09:00:00\n", "utf-8"
    )
    text = SCENARIO.replace('path = "sky.json"', 'path = "sky.json"\nwindows = "windows.csv"')
    path = write_sky(tmp_path, scenario=text)
    assert load_study(path).scenario.catalog.windows == ()
    (window,) = load_study(path, Changes(start=LATER)).scenario.catalog.windows
    assert (window.start_h, window.end_h) == (2.0, 5.0)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (Changes(duration_h=7.0), {"duration_h": "rules.contest_period_h = 3"}),
        (Changes(duration_h=-1.0), {"duration_h": "must be greater than 0"}),
        (Changes(duration_h=8785.0), {"duration_h": "must be at most 8784"}),
        (Changes(start="2026-03-20"), {"start": "lacks a time zone"}),
        (Changes(start="noon"), {"start": "not a date-time"}),
        (Changes(start=LATER + timedelta(days=99)), {"start": "9 rejected"}),
        (Changes(start=LATER + timedelta(days=99), dashed=True), {"--start": "9 rejected"}),
        (Changes(duration_h=7.0, dashed=True), {"--duration": "rules.contest_period_h = 3"}),
        (Changes(catalogs=(Path("none.tle"),), dashed=True), {"--catalog": "no such file"}),
        (
            Changes(catalogs=(Path("none.tle"),), duration_h=7.0),
            {"catalog": "no such file", "duration_h": "no multiple"},
        ),
    ],
)
def test_what_is_asked_for_is_blamed_for_what_follows(
    tmp_path: Path, changes: Changes, told: dict[str, str]
) -> None:
    path = write_sky(tmp_path, several()[:9])
    source, faults = faults_of(path, changes)
    assert source == ("command line" if changes.dashed else "load")
    assert [one.key for one in faults] == list(told)
    assert all(words in one.problem for one, words in zip(faults, told.values(), strict=True))


def test_the_scenario_is_blamed_for_its_own(tmp_path: Path) -> None:
    path = write_sky(tmp_path, scenario=SCENARIO.replace("step_s = 600", "step_s = 601"))
    source, faults = faults_of(path, Changes(duration_h=7.0))
    assert source == str(path)
    assert {"window.decision_interval_s", "duration_h"} <= {one.key for one in faults}


def test_every_element_set_is_accounted_for(tmp_path: Path) -> None:
    """Ten sound ones, one too old, one that decays, one damaged, and two in the other file too."""
    old = low("OLD", "501", epoch=EPOCH - timedelta(days=45), mean_anomaly_deg=200.0)
    sets = [*several(), old, decaying(), replace(decaying("BAD", "601"), eccentricity=0.5)]
    newer = replace(several()[0], epoch=EPOCH + timedelta(hours=1))
    write_catalog(tmp_path / "more.kvn", [newer, several()[1]], created=EPOCH)
    text = SCENARIO.replace(
        'path = "sky.json"',
        'path = ["sky.json", "more.kvn"]\nselect.count = 3\n'
        '[[catalog.regimes]]\nregime = "LEO"\n[[catalog.regimes]]\nregime = "HEO"',
    )
    files = load_study(write_sky(tmp_path, sets, scenario=text)).files
    assert [one.records - one.used for one in files] == [
        sum(one.left_out.values()) for one in files
    ]
    assert files[0].left_out == {
        "rejected": 1,
        "in another file too": 1,
        "not asked for": 3,
        "not fit for the window": 2,
        "not among the chosen": 5 - files[0].used + 1,
    }
    assert files[0].passed_over["not asked for"] == tuple(f"HIGH {k} [{201 + k}]" for k in range(3))
    (line,) = use_in_words(files)
    assert line == (
        "3 of 15 element sets used, chosen so: all LEO, all HEO; at most 3 in all, drawn by seed "
        "1; epochs within 30 days of the window. Left out: 1 rejected, 2 in another file too, "
        "3 not asked for, 2 not fit for the window, 4 not among the chosen."
    )
