"""``ssa-psro audit``: what it finds, keeps, goes on with and refuses."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from command_line import run
from study.small_runs import ALIKE, SMALL, guess_on, make

import ssa_psro
import ssa_psro.study.audit.responses as battery
from ssa_psro.cli.commands.audit import lengths_of
from ssa_psro.errors import RunFolderError, UsageError
from ssa_psro.findings.audit import responses_in_brief
from ssa_psro.study import open_run
from ssa_psro.study.audit import read_audit

pytestmark = [pytest.mark.slow, pytest.mark.learner]

ASKED = ("--budgets", "24,48", "--episodes", "6", "--workers", "1", "--json")
BUDGETS = (24, 48)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run folder with an outcome."""
    return guess_on(make(tmp_path_factory.mktemp("runs") / "run")).folder


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """A run of another seed."""
    text = SMALL.replace("seed = 3", "seed = 4")
    return guess_on(make(tmp_path_factory.mktemp("others") / "other", text)).folder


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A run whose sides share a population."""
    return guess_on(make(tmp_path_factory.mktemp("shared") / "shared", ALIKE)).folder


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


def trained_of(found, side):
    """What one side trained: oracle, start and budget."""
    own = [one for one in found["responses"] if one["side"] == side and one["budget"]]
    return [(one["oracle"], one["start_rule"], one["budget"]) for one in own]


def test_both_sides_answer_with_every_oracle_and_start_at_every_budget(audited):
    _, document = audited
    for found in (document["best"], document["self_play"]["findings"]):
        for side in ("blue", "red"):
            expected = [(*pair, budget) for budget in BUDGETS for pair in battery.BATTERY]
            assert trained_of(found, side) == expected
            own = [one for one in found["responses"] if one["side"] == side]
            assert own[0]["oracle"] == "member"
            best = max(own, key=lambda one: one["choosing_gain"])
            assert [one for one in own if one["chosen"]] == [best]
            assert all(one["gain"]["count"] == 6 for one in own)


def test_self_play_with_an_entropy_bonus_is_another_baseline(audited, tmp_path):
    folder, document = audited
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    found = run("audit", copy, *ASKED, "--self-play", "--entropy", "0.5").document
    assert untimed(found["best"]["responses"]) == untimed(document["best"]["responses"])
    plain, spread = (one["self_play"]["findings"] for one in (document, found))
    assert (plain["audited"], spread["audited"]) == ("self-play", "self-play-0.5")
    assert spread["settings"]["entropy"] == 0.5
    names = ["blue-self-play-scratch-", "red-self-play-scratch-"]
    networks = [
        [
            next((copy / "audit" / one["audited"]).glob(f"{name}*.safetensors")).read_bytes()
            for name in names
        ]
        for one in (plain, spread)
    ]
    assert networks[0][0] != networks[1][0]
    assert networks[0][1] != networks[1][1]


@pytest.mark.parametrize(
    ("entropy", "told"), [(-0.1, "no weight of a bonus"), (0.1, "which is not asked for")]
)
def test_an_entropy_bonus_of_nothing_is_refused(finished, tmp_path, entropy, told):
    copy = Path(shutil.copytree(finished, tmp_path / "copy"))
    shutil.rmtree(copy / "audit", ignore_errors=True)  # of a test that audits the folder in place
    with pytest.raises(UsageError, match=told):
        ssa_psro.audit(copy, entropy=entropy)
    assert not (copy / "audit").exists()


def test_the_curve_counts_its_trainings_and_never_falls(audited):
    for found in (audited[1]["best"], audited[1]["self_play"]["findings"]):
        each = 2 * len(battery.BATTERY)
        counted = [(point["budget"], point["trainings"]) for point in found["points"]]
        assert counted == [(0, 0), (24, each), (48, 2 * each)]
        for number in ("mean", "low", "high"):
            assert (np.diff([point["bound"][number] for point in found["points"]]) >= 0).all()
        for point in found["points"]:
            gains = [gain["mean"] for gain in point["gains"]]
            assert point["bound"]["mean"] == pytest.approx(np.mean(np.maximum(gains, 0.0)))


def test_it_stands_beside_the_run_and_can_be_read(audited):
    folder, document = audited
    found, records = read_audit(folder), sorted((folder / "iterations").glob("*.json"))
    assert found.best.iteration == document["best"]["iteration"]
    record = json.loads(records[found.best.iteration - 1].read_text())
    assert document["best"]["in_loop"] == record["approx_exploitability"]
    assert found.self_play.decisions == 256 * len(records)
    assert found.best.largest.bound.mean == document["best"]["points"][-1]["bound"]["mean"]


def test_what_was_trained_is_not_trained_again(audited, tmp_path):
    """One response is lost, and one damaged: these two are trained anew, to the same bits."""
    folder, document = audited
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    lost, damaged = (
        copy / "audit" / "best" / f"{n}-cma-es-heuristic-48-3.json" for n in ("blue", "red")
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
    assert len(left) == 2 * len(BUDGETS) * len(battery.BATTERY) - 3
    assert not stored & set(left)
    assert found["best"] is None
    assert (found["final"]["iteration"], found["final"]["in_loop"]) == (None, None)


def test_what_an_earlier_audit_found_attacks_in_a_later_one(audited, tmp_path):
    """Other seed, smaller budget: still the curve has all that was found, measured anew."""
    folder, document = audited
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    found = run("audit", copy, "--seed", "9", "--budgets", "24", *ASKED[2:]).document["best"]
    first = document["best"]
    assert found["settings"]["budgets"] == [24]
    assert [point["budget"] for point in found["points"]] == [0, *BUDGETS]
    each = 2 * len(battery.BATTERY)
    assert [point["trainings"] for point in found["points"]] == [0, 2 * each, 3 * each]
    names = [{one["name"] for one in part["responses"] if one["budget"]} for part in (first, found)]
    assert names[0] < names[1]
    assert {one["seed"] for one in found["responses"] if one["budget"]} == {3, 9}
    printed = run("audit", copy, "--seed", "9", "--budgets", "24", *ASKED[2:-1]).out
    starts = responses_in_brief(read_audit(copy).best, "").values("start")
    assert starts.count("heuristic, seed 3") == 2 * len(BUDGETS)
    assert starts.count("heuristic") == 2
    assert "24 trainings of 24 to 48 decisions" in printed
    damaged = copy / "audit" / "best" / "blue-cma-es-heuristic-48-3.safetensors"
    damaged.write_bytes(b"damaged")
    again = run("audit", copy, "--seed", "9", "--budgets", "24", *ASKED[2:]).document["best"]
    assert len(again["responses"]) == len(found["responses"]) - 1


def test_members_of_another_run_attack_as_they_are_and_as_starts(audited, other, tmp_path):
    """What has been trained without them is there already."""
    folder, document = audited
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    before = set(copy.glob("audit/best/*.json"))
    found = run("audit", copy, *ASKED, "--members", other).document["best"]
    assert found["settings"]["members"] == [str(other)]
    for side in ("blue", "red"):
        own = [one for one in found["responses"] if one["side"] == side]
        guest = own[1]
        assert (guest["oracle"], guest["budget"]) == ("member", 0)
        assert re.fullmatch(r"other/(blue|red)-[12]", guest["name"])
        begun = [one for one in own if one["start_rule"] == guest["name"]]
        assert [(one["oracle"], one["budget"]) for one in begun] == [
            ("cma-es+ppo", budget) for budget in BUDGETS
        ]
    assert len(set(copy.glob("audit/best/*.json")) - before) == 2 * len(BUDGETS)
    alone = [one for one in untimed(found["responses"]) if "other/" not in str(one.values())]
    kept = untimed(document["best"]["responses"])
    assert [{**one, "chosen": 0} for one in alone] == [{**one, "chosen": 0} for one in kept]


def test_one_population_is_answered_in_both_seats_at_once(shared, other, tmp_path):
    """Half the trainings, also of the short attack; self-play's networks know their seats."""
    short = run("resume", shared, "--workers", "1", "--json").document["audit"]["best"]
    assert trained_of(short, "both") == [(*pair, 256) for pair in battery.SHORT]
    document = run("audit", shared, *ASKED, "--self-play", "--members", other).document
    found, each = document["best"], len(battery.BATTERY) + 1
    assert {one["side"] for one in found["responses"]} == {"both"}
    counted = [(point["budget"], point["trainings"]) for point in found["points"]]
    last = 2 * each + len(battery.SHORT)  # those of the short attack are not forgotten
    assert counted == [(0, 0), (24, each), (48, 2 * each), (256, last)]
    for point in found["points"]:
        (gain,) = point["gains"]
        assert point["bound"] == {key: max(0, gain[key]) for key in gain}
    stored = {path.stem.split("-")[0] for path in shared.glob("audit/best/*.json")}
    assert stored == {"both"}
    against = document["self_play"]
    records = sorted((shared / "iterations").glob("*.json"))
    assert against["decisions"] == 2 * len(records) * 256 / 2  # two responses an iteration
    for side in ("blue", "red"):
        assert len(trained_of(against["findings"], side)) == 2 * each
    printed = run("audit", shared, *[word for word in ASKED if word != "--json"])
    assert "gain Both" in printed.out
    assert run("report", shared).code == 0
    page = (shared / "report" / "index.html").read_text("utf-8")
    assert "A response plays both seats" in page
    assert "the attack on it, seat by seat, gains" in page
    assert 'id="figure-audit"' in page


def test_audits_of_both_mixtures_stand_side_by_side(audited, tmp_path):
    folder, document = audited
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    found = run("audit", copy, *ASKED, "--against", "final").document
    assert found["best"] == document["best"]
    assert found["self_play"] == document["self_play"]
    assert found["final"]["settings"]["against"] == "final"


def test_people_are_told_that_it_is_a_lower_bound(audited):
    asked = [word for word in ASKED if word != "--json"]
    outcome = run("audit", audited[0], *asked, "--self-play")
    assert outcome.code == 0
    assert "lower bound of exploitability" in outcome.out
    assert "the run's Blue earns" in outcome.out
    assert "policy at hand" in outcome.out


@pytest.mark.parametrize("budgets", ["", "0", "50k,", "50k,x", "-5", "1.5k", "5kk"])
def test_what_is_no_budget_is_refused(finished, budgets):
    outcome = run("audit", finished, "--budgets", budgets)
    assert outcome.code == 2
    assert outcome.err.count("--budgets") == 1
    assert "is no list of budgets" in " ".join(outcome.err.split())


def test_budgets_are_written_in_thousands_and_millions():
    assert lengths_of("50k, 1M,7") == [50_000, 1_000_000, 7]


def test_members_of_what_is_no_run_are_refused(finished, tmp_path):
    for path, told in (
        (tmp_path / "none", "no such folder"),
        (make(tmp_path / "begun"), "has trained nobody yet"),
    ):
        outcome = run("audit", finished, "--members", path)
        assert outcome.code == 2
        assert told in " ".join(outcome.err.split())


def test_an_unfinished_run_is_refused(tmp_path):
    outcome = run("audit", make(tmp_path / "begun"), *ASKED)
    assert outcome.code == 2
    assert "ssa-psro resume" in outcome.err


def test_what_is_no_run_folder_is_refused(tmp_path):
    assert run("audit", tmp_path).code == 2


def test_a_damaged_audit_is_reported(audited, tmp_path):
    copy = Path(shutil.copytree(audited[0], tmp_path / "copy"))
    (copy / "audit" / "audit.json").write_text("{}")
    with pytest.raises(RunFolderError, match=r"audit\.json: is not the file that was written"):
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
    assert (copy / "audit.1" / "audit.json").is_file()
    assert read_audit(copy).best.settings.short
    assert outcome.document["audit"]["best"]["settings"]["short"]


def test_what_an_attack_has_found_joins_the_run(finished, tmp_path):
    copy = Path(shutil.copytree(finished, tmp_path / "copy"))
    shutil.rmtree(copy / "audit", ignore_errors=True)
    records = len(list((copy / "iterations").glob("*.json")))
    more = ("--join-attackers", "--iterations", str(records + 1), "--workers", "1", "--json")
    refused = run("resume", copy, *more)
    assert refused.code == 2
    assert f"ssa-psro audit {copy}" in refused.err
    printed = run("audit", copy, "--budgets", "512", "--episodes", "6", "--workers", "1")
    gaining = [one for one in read_audit(copy).best.responses if one.budget and one.gain.mean > 0]
    assert gaining, "nobody gains over guesses"
    assert ("--join-attackers" in printed.out) == (read_audit(copy).best.largest.bound.low > 0)
    outcome = run("resume", copy, *more, "--audit", "none")
    assert outcome.code == 0, outcome.error or outcome.err
    last = open_run(copy).records[-1]
    joined = [one for side in last.sides for one in side.responses if "attacker" in one.start]
    assert {one.start.removeprefix("attacker: ") for one in joined} <= {g.name for g in gaining}
    assert joined
    assert len(open_run(copy).records) == records + 1
    assert read_audit(copy) is None


def test_a_short_audit_ends_a_run_and_a_full_one_extends_it(finished, tmp_path, monkeypatch):
    copy = Path(shutil.copytree(finished, tmp_path / "copy"))
    shutil.rmtree(copy / "audit", ignore_errors=True)
    none = run("resume", copy, "--audit", "none", "--workers", "1", "--json").document
    assert none["audit"] is None
    assert read_audit(copy) is None
    page = copy / "report" / "index.html"
    assert "Lower bound by attack" not in page.read_text("utf-8")
    short = run("resume", copy, "--workers", "1", "--json").document["audit"]["best"]
    for side in ("blue", "red"):
        assert trained_of(short, side) == [(*pair, 256) for pair in battery.SHORT]
    assert "Lower bound by attack" in page.read_text("utf-8")
    trained, whole = [], battery.train
    monkeypatch.setattr(
        battery, "train", lambda job: (trained.append(job.question.name), whole(job))
    )
    full = run("audit", copy, "--budgets", "24,256", "--workers", "1", "--json").document["best"]
    assert len(trained) == 2 * (2 * len(battery.BATTERY) - len(battery.SHORT))
    names = [one["name"] for one in short["responses"]]
    again = [one for one in full["responses"] if one["name"] in names]
    assert [one["gain"] for one in again] == [one["gain"] for one in short["responses"]]
    printed = run("resume", copy)
    assert "The attack on the best iterate" in printed.out


def test_an_interrupted_attack_at_the_end_says_how_to_go_on(finished, tmp_path, monkeypatch):
    copy = Path(shutil.copytree(finished, tmp_path / "copy"))
    shutil.rmtree(copy / "audit", ignore_errors=True)

    def interrupted(job):
        raise KeyboardInterrupt

    monkeypatch.setattr(battery, "train", interrupted)
    outcome = run("resume", copy, "--audit", "full", "--workers", "1")
    assert outcome.code == 130
    assert f"ssa-psro resume {copy} --audit full" in outcome.err
