"""Tables of an episode, as pandas reads them from CSV and from Parquet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ssa_psro.errors import UsageError
from ssa_psro.exports.ephemeris import Ephemeris
from ssa_psro.exports.tables import tables_of, write_tables
from ssa_psro.trace import NEVER, Activity, Result, Trace

NAMES = ("bodies", "ephemeris", "looks", "interference", "manoeuvres", "knowledge")
Frames = dict[str, pd.DataFrame]


@pytest.fixture(scope="module", name="both")
def _both(
    ephemeris: Ephemeris, trace: Trace, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Frames, Frames]:
    """The tables by name, from either kind of file."""
    folder, tables = tmp_path_factory.mktemp("tables"), tables_of(ephemeris, trace)
    write_tables(tables, folder, parquet=False)
    write_tables(tables, folder, parquet=True)
    return (
        {path.stem: _read_csv(path) for path in folder.glob("*.csv")},
        {path.stem: pd.read_parquet(path) for path in folder.glob("*.parquet")},
    )


def _read_csv(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, keep_default_na=False)
    for name in frame.columns.intersection(["found", "target"]):
        frame[name] = pd.to_numeric(frame[name])
    for name in frame.columns[frame.columns.str.endswith("utc")]:
        frame[name] = pd.to_datetime(frame[name].replace("", None), utc=True)
    return frame


def test_both_kinds_of_file_say_the_same(both: tuple[Frames, Frames]) -> None:
    written, stored = both
    assert set(written) == set(stored) == {*NAMES, "activity", "columns"}
    for name, frame in written.items():
        assert list(frame.columns) == list(stored[name].columns)
        for column in frame.columns:
            one, other = frame[column], stored[name][column]
            if one.dtype.kind == "f":
                # single precision is written with its own digits
                tolerance = 1e-6 if other.dtype == np.float32 else 0.0
                np.testing.assert_allclose(one, other, rtol=tolerance)
            else:
                assert one.astype(object).equals(other.astype(object)), (name, column)


def test_every_column_is_explained(both: tuple[Frames, Frames]) -> None:
    for frames in both:
        told = set(zip(frames["columns"]["table"], frames["columns"]["column"], strict=True))
        assert told == {
            (name, column)
            for name in frames
            if name != "columns"
            for column in frames[name].columns
        }


def test_states_come_back_to_the_last_digit(
    both: tuple[Frames, Frames], ephemeris: Ephemeris
) -> None:
    for frames in both:
        frame = frames["ephemeris"]
        for number, body in enumerate(ephemeris.bodies):
            rows = frame[frame["body"] == body.key]
            place = rows[["x_km", "y_km", "z_km"]].to_numpy()
            speed = rows[["vx_km_s", "vy_km_s", "vz_km_s"]].to_numpy()
            np.testing.assert_array_equal(place, ephemeris.position_km[:, number])
            np.testing.assert_array_equal(speed, ephemeris.velocity_km_s[:, number])
            late_s = (rows["utc"] - pd.Timestamp(ephemeris.epoch)).dt.total_seconds()
            np.testing.assert_array_equal(late_s, ephemeris.times_s)


def test_events_are_those_of_the_trace(both: tuple[Frames, Frames], trace: Trace) -> None:
    for frames in both:
        looks = frames["looks"]
        assert looks.groupby(["side", "result"]).size().to_dict() == {
            (side, one.name.lower().replace("_", " ")): count
            for n, side in enumerate(("blue", "red"))
            for one in Result
            if (count := int(((trace.looks.result == one) & (trace.looks.side == n)).sum()))
        }
        late_s = (looks["end_utc"] - pd.Timestamp(trace.epoch)).dt.total_seconds()
        np.testing.assert_array_equal(late_s, trace.looks.end_step * trace.step_s)
        bodies = frames["bodies"].set_index(["kind", "number"])["name"]
        assert list(looks["object"]) == [bodies["object", n + 1] for n in trace.looks.object]
        events = frames["interference"]["event"]
        assert (events == "denial blocked").sum() == trace.denials.blocked.sum()
        assert events.str.startswith("denial").sum() == trace.denials.side.size
        assert (events == "protection").sum() == trace.protections.side.size
        noticed = frames["manoeuvres"][["blue_utc", "red_utc"]]
        never = trace.manoeuvres.noticed_step == NEVER
        np.testing.assert_array_equal(noticed.isna().to_numpy().reshape(never.shape), never)


def test_every_step_is_there(
    both: tuple[Frames, Frames], ephemeris: Ephemeris, trace: Trace
) -> None:
    for frames in both:
        known = frames["knowledge"].groupby(["side", "object"], sort=False)["custody"].sum()
        np.testing.assert_array_equal(known.to_numpy(), trace.custody.sum(axis=1).ravel())
        sigma = frames["knowledge"]["sigma_km"].to_numpy().reshape(2, -1, trace.steps)
        np.testing.assert_allclose(sigma, trace.sigma_km.transpose(0, 2, 1), rtol=1e-6)
        activity = frames["activity"]
        sensors = activity.groupby(["side", "sensor"]).size()
        assert sensors.to_dict() == {
            (one.kind, int(one.key[-1])): trace.steps for one in ephemeris.bodies[:4]
        }
        counts = activity["activity"].value_counts()
        for one in Activity:
            assert counts.get(one.name.lower(), 0) == (trace.activity == one).sum()


def test_parquet_without_pyarrow_is_refused_with_a_cure(
    ephemeris: Ephemeris, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"ssa-psro\[parquet\]"):
        write_tables(tables_of(ephemeris), tmp_path, parquet=True)
