"""``ssa-psro audit``: what it finds, keeps, goes on with and refuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from command_line import run
from study.small_runs import guess_on, make

import ssa_psro.study.audit.responses as battery
from ssa_psro.errors import RunFolderError
from ssa_psro.study.audit import read_audit

pytestmark = pytest.mark.learner

ASKED = ("--decisions", "48", "--episodes", "6", "--workers", "1", "--json")


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run folder with an outcome."""
    return guess_on(make(tmp_path_factory.mktemp("runs") / "run")).folder


@pytest.fixture(scope="module")
def audited(finished):
    """The same after an audit with the baseline, and what was printed."""
    outcome = run("audit", finished, *ASKED, "--self-play")
    assert outcome.code == 0, outcome.error or outcome.err
    return finished, outcome.document


def untimed(document):
    """The document without what a clock has measured."""
    if isinstance(document, dict):
        return {key: untimed(one) for key, one in document.items() if key != "seconds"}
    return [untimed(one) for one in document] if isinstance(document, list) else document


def test_both_sides_answer_with_every_oracle_and_start(audited):
    _, document = audited
    for found in (document["run"], document["self_play"]["findings"]):
        for side in ("blue", "red"):
            own = [one for one in found["responses"] if one["side"] == side]
            trained = [(one["oracle"], one["start_rule"]) for one in own[:-1]]
            assert trained == list(battery.BATTERY)
            assert own[-1]["oracle"] == "member"
            best = max(own, key=lambda one: one["choosing_gain"])
            assert [one for one in own if one["chosen"]] == [best]
            assert all(one["gain"]["count"] == 6 for one in own)


def test_the_bound_is_the_mean_of_what_both_chosen_responses_gain(audited):
    for found in (audited[1]["run"], audited[1]["self_play"]["findings"]):
        gains = [one["gain"]["mean"] for one in found["responses"] if one["chosen"]]
        assert found["approx_exploitability"]["mean"] == pytest.approx(
            np.mean(np.maximum(gains, 0.0))
        )
        assert found["raw_exploitability"]["mean"] == pytest.approx(np.mean(gains))


def test_it_stands_beside_the_run_and_can_be_read(audited):
    folder, document = audited
    found, records = read_audit(folder), sorted((folder / "iterations").glob("*.json"))
    assert found.iteration == document["iteration"]
    record = json.loads(records[found.iteration - 1].read_text())
    assert document["in_loop"] == record["approx_exploitability"]
    assert found.self_play.decisions == 256 * len(records)
    assert found.run.approx_exploitability.mean == document["run"]["approx_exploitability"]["mean"]


def test_what_was_trained_is_not_trained_again(audited, tmp_path):
    """One response is lost, and one damaged: these two are trained anew, to the same bits."""
    folder, document = audited
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    lost, damaged = (
        copy / "audit" / "best" / f"{n}-cma-es-heuristic.json" for n in ("blue", "red")
    )
    lost.unlink()
    damaged.with_suffix(".safetensors").write_bytes(b"damaged")
    before = {path: path.stat().st_mtime_ns for path in copy.glob("audit/*/*.json")}
    again = run("audit", copy, *ASKED, "--self-play").document
    assert untimed({**again, "folder": ""}) == untimed({**document, "folder": ""})
    after = {path: path.stat().st_mtime_ns for path in copy.glob("audit/*/*.json")}
    assert {path for path in after if after[path] != before.get(path)} == {lost, damaged}


def test_an_interrupted_audit_goes_on(finished, tmp_path, monkeypatch):
    copy = Path(shutil.copytree(finished, tmp_path / "copy"))
    shutil.rmtree(copy / "audit", ignore_errors=True)
    done, whole = [], battery.train

    def three_only(job):
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(job.question.name)
        whole(job)

    monkeypatch.setattr(battery, "train", three_only)
    outcome = run("audit", copy, *ASKED, "--seed", "4", "--against", "final")
    assert outcome.code == 130
    assert "same command again" in outcome.err
    assert read_audit(copy) is None
    stored = {path.stem for path in copy.glob("audit/final/*.json")}
    assert stored == set(done)
    left = []
    monkeypatch.setattr(battery, "train", lambda job: (left.append(job.question.name), whole(job)))
    found = run("audit", copy, *ASKED, "--seed", "4", "--against", "final").document
    assert len(left) == 2 * len(battery.BATTERY) - 3
    assert not stored & set(left)
    assert (found["iteration"], found["in_loop"]) == (None, None)


def test_people_are_told_that_it_is_a_lower_bound(audited):
    asked = [word for word in ASKED if word != "--json"]
    outcome = run("audit", audited[0], *asked, "--self-play")
    assert outcome.code == 0
    assert "approximate exploitability (lower bound)" in outcome.out
    assert "payoff of the run's Blue against self-play" in outcome.out
    assert "best member" in outcome.out


def test_an_unfinished_run_is_refused(tmp_path):
    outcome = run("audit", make(tmp_path / "begun"), *ASKED)
    assert outcome.code == 2
    assert "ssa-psro resume" in outcome.err


def test_what_is_no_run_folder_is_refused(tmp_path):
    assert run("audit", tmp_path).code == 2


def test_a_damaged_audit_is_reported(audited, tmp_path):
    copy = Path(shutil.copytree(audited[0], tmp_path / "copy"))
    (copy / "audit" / "audit.json").write_text("{}")
    with pytest.raises(RunFolderError, match=r"audit\.json: settings"):
        read_audit(copy)


def test_a_run_that_goes_on_to_more_iterations_leaves_its_audit_behind(audited, tmp_path):
    copy = Path(shutil.copytree(audited[0], tmp_path / "copy"))
    records = len(list((copy / "iterations").glob("*.json")))
    refused = run("resume", copy, "--iterations", str(records))
    assert refused.code == 2
    assert read_audit(copy) is not None
    outcome = run("resume", copy, "--iterations", str(records + 1), "--workers", "1", "--json")
    assert outcome.code == 0, outcome.error or outcome.err
    assert len(list((copy / "iterations").glob("*.json"))) == records + 1
    assert read_audit(copy) is None
    assert (copy / "audit.1" / "audit.json").is_file()
