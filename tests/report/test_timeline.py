"""The episode on a page: its data are the trace's, and the page runs no script but its own."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from base64 import b64decode, b64encode
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from arenas import make_arena
from run_folders import Report
from study.forgery import forge

from ssa_psro.game import CoverageGame
from ssa_psro.geometry import build_arena
from ssa_psro.geometry.bodies import flights
from ssa_psro.geometry.flight import positions_km
from ssa_psro.policies import make_policy
from ssa_psro.report import write_report
from ssa_psro.report.drawing import PAGE_COLOURS
from ssa_psro.report.style import GREEN
from ssa_psro.report.timeline import data, timeline_part
from ssa_psro.report.timeline.data import KNOT_RAD, compact, document_of, packed
from ssa_psro.scenario import load_scenario
from ssa_psro.trace import Trace, record

HERE = files("ssa_psro.report.timeline")


def decoded(text: str) -> dict[str, Any]:
    """A second reading of the document, with its arrays."""
    document = json.loads(gzip.decompress(b64decode(text)))
    document["arrays"] = {name: array(*packed) for name, packed in document["arrays"].items()}
    return document


def array(kind: str, shape: list[int], text: str) -> np.ndarray:
    """An array as the document's docstring describes it."""
    content = np.frombuffer(b64decode(text), np.uint8)
    if kind == "bits":
        return np.unpackbits(content, count=int(np.prod(shape))).reshape(shape).astype(bool)
    return content.view(np.dtype(kind).newbyteorder("<")).reshape(shape)


@pytest.fixture(scope="module", name="game")
def _game() -> CoverageGame:
    return CoverageGame(make_arena(3, sensors=(3, 2), objects=7, steps=60))


@pytest.fixture(scope="module", name="trace")
def _trace(game: CoverageGame) -> Trace:
    blue, red = make_policy("aggressive"), make_policy("blinding")
    return record(game, blue, red, np.array([5], np.uint64))[0]


@pytest.fixture(scope="module", name="document")
def _document(game: CoverageGame, trace: Trace) -> dict[str, Any]:
    return decoded(compact(document_of(trace, game)))


def test_states_come_back_as_they_were(document: dict[str, Any], trace: Trace) -> None:
    arrays = document["arrays"]
    for name in ("custody", "activity", "denied", "protected"):
        np.testing.assert_array_equal(arrays[name].swapaxes(1, 2), getattr(trace, name))
    np.testing.assert_array_equal(arrays["holder"].T, trace.holder)
    assert trace.custody.any()
    assert trace.denied.any()
    smallest, steps = document["sigma"]
    told_km = smallest * np.exp(arrays["sigma"].swapaxes(1, 2) / steps)
    np.testing.assert_allclose(told_km, trace.sigma_km, rtol=0.03)


def test_sightings_give_the_hour_of_the_last_success(
    document: dict[str, Any], trace: Trace
) -> None:
    arrays, told = document["arrays"], np.empty_like(trace.seen_h)
    rows = zip(*(arrays[f"sighting_{key}"] for key in ("side", "step", "object", "h")), strict=True)
    for side, step, n, hour in sorted(rows, key=lambda row: row[1]):
        told[side, step:, n] = hour
    np.testing.assert_array_equal(told, trace.seen_h)


def test_events_come_back_as_they_were(document: dict[str, Any], trace: Trace) -> None:
    assert len(trace.looks.side) > 20
    assert len(trace.denials.side) > 2
    looks, arrays = trace.looks._asdict(), document["arrays"]
    np.testing.assert_allclose(arrays["look_exposure_start_s"], looks["exposure_start_s"], atol=0.5)
    np.testing.assert_allclose(arrays["look_detection_percent"], 100 * looks["detection"], atol=0.5)
    exactly = ("side", "sensor", "object", "start_step", "end_step", "known_step", "result")
    kinds = {
        "look": {name: looks[name] for name in exactly},
        "denial": trace.denials._asdict(),
        "protection": trace.protections._asdict(),
    }
    for kind, columns in kinds.items():
        for name, values in columns.items():
            np.testing.assert_array_equal(arrays[f"{kind}_{name}"], values, err_msg=name)
    during = trace.manoeuvres.step >= 0
    for name in ("object", "step", "noticed_step"):
        told = arrays[f"manoeuvre_{name}"]
        np.testing.assert_array_equal(told, getattr(trace.manoeuvres, name)[during])


def test_access_is_that_of_the_tables(
    document: dict[str, Any], trace: Trace, game: CoverageGame
) -> None:
    steps = slice(trace.start_step, trace.start_step + trace.steps)
    quality = game.arena.tables.quality[steps]
    np.testing.assert_array_equal(document["arrays"]["access"].transpose(3, 0, 1, 2), quality > 0)


def test_places_between_knots_are_near_the_true_ones(
    document: dict[str, Any], trace: Trace, game: CoverageGame
) -> None:
    """By the cubic of the page; random arenas fly circles, so that every step is known."""
    arrays = document["arrays"]
    steps = slice(trace.start_step, trace.start_step + trace.steps)
    true_km = game.arena.tables.position_km[steps].astype(float)
    edges = np.cumsum(arrays["knots"])[:-1]
    for body, places in enumerate(np.split(arrays["places"].reshape(-1, 3), edges)):
        told = catmull_rom(places * float(arrays["unit_km"][0]), trace.steps)
        off = np.linalg.norm(told - true_km[:, body], axis=1)
        radius_km = np.linalg.norm(true_km[0, body])
        assert off.max() < 0.005 * radius_km, (body, off.max(), len(places))
        assert len(places) < trace.steps * 2
    assert KNOT_RAD < 0.5


@pytest.mark.parametrize("step_s", [300, 1800])
def test_places_are_right_between_steps_of_any_length(step_s: int) -> None:
    """In a steep orbit and between two steps a body may be farther out than at either."""
    scenario = load_scenario("scenarios/leo-debris-cloud.toml")
    window = scenario.window.model_copy(update={"step_s": step_s, "duration_h": 24.0})
    scenario = scenario.model_copy(update={"window": window})
    game, steps = CoverageGame(build_arena(scenario)), 24 * 3600 // step_s
    shown = np.arange(game.objects)
    groups = flights(scenario)
    for start_step in range(0, window.horizon_steps - steps, window.horizon_steps // 7):
        span = SimpleNamespace(start_step=start_step, steps=steps, step_s=float(step_s))
        given = game.arena.tables.position_km[start_step : start_step + steps].astype(float)
        found = data._places(data._followed(given, span, game, shown))
        edges = np.cumsum(found["knots"])[:-1]
        kept = np.split(found["places"].reshape(-1, 3) * float(found["unit_km"][0]), edges)
        times_s = (start_step + np.linspace(0, steps - 1, 400)) * step_s
        true_km = np.concatenate([positions_km(one, window.epoch, times_s) for one in groups], 1)
        for body, places in enumerate(kept):
            off = np.linalg.norm(catmull_rom(places, 400) - true_km[:, body], axis=1)
            assert off.max() < 0.006 * np.linalg.norm(true_km[:, body], axis=1).max(), body


def catmull_rom(knots: np.ndarray, steps: int) -> np.ndarray:
    """The curve through evenly spaced knots, at so many evenly spaced times."""
    ahead = 3 * knots[0] - 3 * knots[1] + knots[2]
    behind = 3 * knots[-1] - 3 * knots[-2] + knots[-3]
    p = np.concatenate([[ahead], knots, [behind]])
    u = np.linspace(0, len(knots) - 1, steps)
    k = np.minimum(u.astype(int), len(knots) - 2)
    f = (u - k)[:, None]
    slopes = (p[k + 2] - p[k]) / 2, (p[k + 3] - p[k + 1]) / 2
    hermite = (2 * f**3 - 3 * f**2 + 1, f**3 - 2 * f**2 + f, 3 * f**2 - 2 * f**3, f**3 - f**2)
    return (
        hermite[0] * p[k + 1]
        + hermite[1] * slopes[0]
        + hermite[2] * p[k + 2]
        + hermite[3] * slopes[1]
    )


def test_flags_and_numbers_are_packed() -> None:
    flags = np.array([[True, False, True], [False, False, True]])
    np.testing.assert_array_equal(array(*packed(flags)), flags)
    numbers = np.array([[-3, 300], [7, -32768]], ">i2")
    np.testing.assert_array_equal(array(*packed(numbers)), numbers)


def test_the_foremost_objects_are_shown(
    game: CoverageGame, trace: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "MOST_OBJECTS", 4)
    document, objects = decoded(compact(document_of(trace, game))), game.arena.objects
    names = [one["name"] for one in document["objects"]]
    assert document["left_out"] == 3
    assert sum(one["contested"] for one in document["objects"]) == objects.contested.sum() == 3
    heaviest = max(np.flatnonzero(~objects.contested), key=lambda n: objects.weight[n])
    assert objects.names[heaviest] in names
    assert names == sorted(names, key=objects.names.index)
    shown = [objects.names.index(name) for name in names]
    np.testing.assert_array_equal(
        document["arrays"]["custody"], trace.custody[:, :, shown].swapaxes(1, 2)
    )
    objects_of_looks = np.array([*shown, -1])[document["arrays"]["look_object"]]
    shown_only = np.where(np.isin(trace.looks.object, shown), trace.looks.object, -1)
    np.testing.assert_array_equal(objects_of_looks, shown_only)


def test_one_trace_gives_one_part(game: CoverageGame, trace: Trace) -> None:
    first, again = (timeline_part(trace, game, ("a <b>", "c")) for _ in range(2))
    assert first == again
    assert "Blue plays a &lt;b&gt;, Red c;" in first.html


def test_policy_allows_the_script_of_the_page_alone(finished: Report) -> None:
    page = finished.page.read_text("utf-8")
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert policy.endswith(f"; script-src 'sha256-{digest}'")
    assert policy.count("script-src") == 1
    assert policy.startswith("default-src 'none';")
    assert "http" not in script + HERE.joinpath("timeline.css").read_text("utf-8")
    assert all(f'"{colour}"' in script for colour in (*PAGE_COLOURS, GREEN))
    # what an attribute could run, the policy would keep from running
    assert not re.findall(r"<[^>]* on\w+=", page.replace(script, ""))


def test_page_tells_which_episode_it_plays(finished: Report) -> None:
    series = finished.run.coverage
    assert series is not None
    count = series.seeds.size
    median = np.sort(series.payoffs[:, 0])[(count - 1) // 2]
    seed = series.seeds[np.flatnonzero(series.payoffs[:, 0] == median)[0]]
    page = finished.page.read_text("utf-8")
    assert f"Of {count} episodes" in page
    assert f"seed {seed}." in page
    assert re.search(r"Blue plays [\w-]+ \(\d+&nbsp;% of its mixture\), Red [\w-]+ \(", page)


def test_run_of_other_rules_is_not_played(finished: Report, tmp_path: Path) -> None:
    folder = tmp_path / "older"
    shutil.copytree(finished.run.folder, folder)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["rules_version"] -= 1
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    forge(folder)
    page = write_report(folder).read_text("utf-8")
    assert "No episode can be played through: the run was made under other rules" in page
    assert "<script" not in page
    assert "script-src" not in page


def test_vendored_files_are_what_they_were() -> None:
    folder = HERE.joinpath("vendor")
    listed = dict(
        re.findall(
            r"`([\w.-]+)` \| `([0-9a-f]{64})`", folder.joinpath("VENDORED.md").read_text("utf-8")
        )
    )
    kept = {path.name for path in folder.iterdir()} - {"VENDORED.md"}
    assert kept == set(listed)
    for name, digest in listed.items():
        assert sha256(folder.joinpath(name).read_bytes()).hexdigest() == digest


def test_land_lies_to_the_right_of_its_outline() -> None:
    """As the globe's filling takes it; on the sphere, so that both poles are as good."""
    areas = []
    for ring in json.loads(HERE.joinpath("vendor", "land-110m.json").read_text("utf-8")):
        lon, lat = np.radians(np.cumsum(np.reshape(ring, (-1, 2)), axis=0) / 10).T
        turn = np.remainder(np.roll(lon, -1) - lon + np.pi, 2 * np.pi) - np.pi
        # clockwise around the land, from the south pole: where it goes round that, all of it
        areas.append(float(turn @ (2 + np.sin(lat) + np.sin(np.roll(lat, -1)))) / 2)
    assert min(areas) > 0  # of the lake too
    # 29.2 % of the Earth are land; small islands are left out, and so are lakes but one
    assert sum(areas) / (4 * np.pi) == pytest.approx(0.292, abs=0.01)
