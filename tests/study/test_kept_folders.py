"""Run folders of every format that was ever written open and report for ever.

Those made under the rules that this package plays resume and audit too; the others are refused.

``folders/format-N`` holds a finished and audited run of a tiny game, ``format-N-interrupted`` the
same run killed after its first iteration. They are never made anew: a change that breaks one of
these tests breaks the folders of users.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from hashlib import sha256
from html import escape
from pathlib import Path

import numpy as np
import pytest
from forgery import edit, forge

import ssa_psro
from ssa_psro.errors import RunFolderError
from ssa_psro.findings import content_of
from ssa_psro.scenario import content_hash, geometry_hash
from ssa_psro.scenario.identity import LABELS, digest
from ssa_psro.study import audit as audits
from ssa_psro.study import open_run
from ssa_psro.study.audit.execution import audit
from ssa_psro.study.audit.findings import AuditSettings
from ssa_psro.study.folder import READABLE
from ssa_psro.study.holding import sole_writer
from ssa_psro.study.policies import restore
from ssa_psro.study.reading import refuse_other_rules
from ssa_psro.study.solve import execute
from ssa_psro.study.transfer import TransferSettings, transfer
from ssa_psro.study.writing import new_session
from ssa_psro.work import Workers

PACKAGE = Path(ssa_psro.__file__).parent
KEPT = Path(__file__).parent / "folders"
SHIPPED = Path(__file__).parents[2] / "scenarios"
FORMATS = [f"format-{number}" for number in READABLE]
RULES_1 = FORMATS[:2]
"""Made before the rules had a version."""


@pytest.fixture(params=FORMATS)
def finished(request, tmp_path):
    """A copy of a finished run."""
    return shutil.copytree(KEPT / request.param, tmp_path / "finished")


@pytest.fixture(params=FORMATS[2:])
def playable(request, tmp_path):
    """A finished run that a test may go on with."""
    return shutil.copytree(KEPT / request.param, tmp_path / "finished")


@pytest.fixture(params=FORMATS[2:])
def interrupted(request, tmp_path):
    """The same, killed after its first iteration."""
    return shutil.copytree(KEPT / f"{request.param}-interrupted", tmp_path / "interrupted")


@pytest.fixture(params=[f"{name}{state}" for name in RULES_1 for state in ("", "-interrupted")])
def of_rules_1(request, tmp_path):
    """A run of the first rules, finished or not."""
    return shutil.copytree(KEPT / request.param, tmp_path / "old")


def test_every_format_has_its_folders():
    assert {path.name for path in KEPT.iterdir()} == {
        f"{name}{state}" for name in FORMATS for state in ("", "-interrupted")
    }


def test_it_opens(finished):
    run = open_run(str(finished))
    assert run.finished
    assert run.manifest.format in READABLE
    assert run.manifest.rules_version == (1 if run.manifest.format < 3 else 2)
    assert run.study.solver.iterations == len(run.records) == 2
    assert run.scenario.name == "tiny"
    trained = [("blue-1", "blue-2"), ("red-1", "red-2")]
    if run.study.shared:
        trained = [("response-1", "response-1.2", "response-2", "response-2.2")] * 2
    assert [side.names for side in run.state.populations] == [
        ("random", "aggressive", "reactive", *names) for names in trained
    ]
    assert run.table.complete
    assert run.coverage is not None


def test_it_reports(finished):
    content = content_of(open_run(finished))
    assert content.run.manifest.scenario == "tiny"
    found = audits.read_audit(finished).best
    *_, point = found.points  # one in format 1
    told = json.loads((finished / "audit" / "audit.json").read_text())
    first = told["format"] == 1
    assert (found.audited, found.iteration) == ("best", 2 if first else 1)
    trainings = 8 if first else 4
    assert (point.budget, point.trainings, found.settings.budgets) == (400, trainings, (400,))
    bound = told["run"]["approx_exploitability"] if first else told["best"]["points"][-1]["bound"]
    assert vars(point.bound) == bound
    assert first == (content.run.manifest.format < 4)
    assert content.tables["attack"].values("mean")[len(found.points) - 1] == point.bound.mean


def test_it_resumes(playable):
    before = open_run(playable)
    run = execute(playable, session=new_session(["again"], 3))
    assert run.finished
    assert run.manifest.format == before.manifest.format
    assert len(run.records) == 3
    assert run.records[:2] == before.records
    cells = before.table.samples.shape
    np.testing.assert_array_equal(
        run.table.samples[: cells[0], : cells[1], : cells[2]], before.table.samples
    )
    assert (playable / "audit.1" / "audit.json").is_file()
    assert open_run(playable).study.solver.iterations == 3


def test_an_interrupted_one_goes_on(interrupted, request):
    whole = open_run(KEPT / request.node.callspec.params["interrupted"])
    before = open_run(interrupted)
    assert (before.finished, len(before.records)) == (False, 1)
    run = execute(interrupted, session=new_session(["again"]))
    assert run.finished
    assert run.records[0] == before.records[0]
    assert len(run.records) == 2
    assert [side.names for side in run.solution.sides] == [
        side.names for side in whole.solution.sides
    ]


def test_it_audits(playable):
    """What has been found about other mixtures stays."""
    kept = audits.read_audit(playable)
    found = audit(playable, AuditSettings("final", (200,), 4, 1, short=True), Workers())
    assert [point.budget for point in found.final.points] == [0, 200]
    assert found.content_hash == content_hash(open_run(playable).scenario)
    assert audits.read_audit(playable) == found
    assert (kept.format, found.format) == (open_run(playable).manifest.format - 2, 2)
    assert found.best == kept.best


def test_an_older_rules_run_is_not_played_on(of_rules_1):
    """Nothing is mixed and nothing is touched, whoever asks."""
    before, other = contents(of_rules_1), SHIPPED / "quickstart.toml"
    asked = AuditSettings("best", (8,), 2, 1)
    players = [
        lambda: execute(of_rules_1, session=new_session(["again"], 3)),
        lambda: execute(of_rules_1),
        lambda: audit(of_rules_1, asked, Workers()),
        lambda: transfer(of_rules_1, [], TransferSettings("best", 2, 2, 1), Workers()),
        lambda: restore(open_run(of_rules_1)),
        lambda: ssa_psro.solve(other, of_rules_1),
        lambda: ssa_psro.audit(of_rules_1, budgets=[8], episodes=2),
    ]
    for play in players:
        with pytest.raises(RunFolderError) as caught:
            play()
        (fault,) = caught.value.faults
        assert (fault.key, fault.value) == ("manifest.json: rules_version", 1)
        assert "This version plays rules 2" in fault.cure
        assert "pip install 'ssa-psro<0.2'" in fault.cure
        assert "new run of the same scenario: ssa-psro run tiny.toml" in fault.cure
    assert contents(of_rules_1) == before


@pytest.mark.parametrize(
    "command",
    [["resume", "--iterations", "3"], ["audit"], ["evaluate", "--scenario", "quickstart.toml"]],
    ids=lambda command: command[0],
)
def test_commands_say_so_and_exit_with_2(tmp_path, command):
    folder = shutil.copytree(KEPT / "format-2", tmp_path / "old")
    before = contents(folder)
    name, *rest = command
    told = subprocess.run(
        [sys.executable, "-m", "ssa_psro", name, str(folder), *rest],
        cwd=SHIPPED,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 2, told.stderr
    assert "made under other rules" in told.stderr
    assert "Traceback" not in told.stderr
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("given", "anew"),
    [
        (["ssa-psro", "run", "a b.toml", "--seed", "7"], "ssa-psro run 'a b.toml' --seed 7"),
        (["ssa-psro", "run", "a.toml", "--output", "x", "--seed", "7"], "run a.toml --seed 7"),
        (["ssa-psro", "run", "a.toml", "--output=x"], "ssa-psro run a.toml"),
        (["script.py"], ").study, 'NEW-FOLDER')"),
    ],
)
def test_the_way_to_begin_anew_is_told(tmp_path, given, anew):
    folder = shutil.copytree(KEPT / "format-2", tmp_path / "old")
    edit(folder / "manifest.json", command=given)
    with pytest.raises(RunFolderError) as caught:
        refuse_other_rules(open_run(folder))
    assert caught.value.faults[0].cure.endswith(anew)


def test_a_run_of_later_rules_needs_the_version_that_made_it(tmp_path):
    folder = shutil.copytree(KEPT / "format-2", tmp_path / "later")
    edit(folder / "manifest.json", rules_version=3, versions={"ssa-psro": "0.9"})
    with pytest.raises(RunFolderError, match=r"pip install ssa-psro==0\.9"):
        refuse_other_rules(open_run(folder))


GROWN = {
    "scenario/schema.py": ("    denial: bool = True\n", "    retries: int = 7\n"),
    "study/study.py": ("    patience: Count = 2\n", "    restarts: int = 7\n"),
}
"""Files of the package, a line in each, and the key that is added after it."""

READER = """
import json, sys
from ssa_psro.findings import content_of
from ssa_psro.scenario import content_hash, geometry_hash
from ssa_psro.study import open_run
run = open_run(sys.argv[1])
content_of(run)
hashes = content_hash(run.scenario), geometry_hash(run.scenario)
print(json.dumps([run.scenario.rules.retries, run.study.solver.restarts, *hashes]))
"""


def test_it_opens_and_is_the_same_game_after_the_schema_has_grown(finished, tmp_path):
    later = shutil.copytree(
        PACKAGE, tmp_path / "later" / "ssa_psro", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name, (line, key) in GROWN.items():
        text = (later / name).read_text("utf-8")
        assert text.count(line) == 1
        (later / name).write_text(text.replace(line, line + key), "utf-8")
    read = subprocess.run(
        [sys.executable, "-c", READER, str(finished)],
        cwd=later.parent,  # where it looks for the package first
        capture_output=True,
        text=True,
        check=False,
    )
    assert read.returncode == 0, read.stderr
    scenario = open_run(finished).scenario
    expected = [7, 7, content_hash(scenario), geometry_hash(scenario)]
    assert json.loads(read.stdout) == expected


def test_a_changed_record_of_what_was_run_is_noticed(finished):
    path = finished / "scenario.json"
    path.write_text(path.read_text("utf-8").replace('"denial": true', '"denial": false'), "utf-8")
    with pytest.raises(RunFolderError) as caught:
        open_run(finished)
    (fault,) = caught.value.faults
    assert fault.key == "scenario.json"
    assert fault.problem == "is not the scenario that this run was made from"
    assert "Restore it from a copy" in fault.cure


def test_a_key_that_the_schema_has_lost_is_not_blamed_on_the_folder(finished):
    """Its bytes are what was written, so another version is what helps, not a copy."""
    manifest, path = finished / "manifest.json", finished / "scenario.json"
    stored = json.loads(path.read_text("utf-8"))
    stored["rules"]["lost_one_day"] = 1
    path.write_text(json.dumps(stored), "utf-8")
    vouched = {
        "content_hash": digest({k: v for k, v in stored.items() if k not in LABELS}),
        "sha256": {"scenario.json": sha256(path.read_bytes()).hexdigest()},
    }
    edit(manifest, **vouched)
    forge(finished)
    with pytest.raises(RunFolderError) as caught:
        open_run(finished)
    (fault,) = caught.value.faults
    assert fault.key == "scenario.json: rules.lost_one_day"
    made_by = json.loads(manifest.read_text())["versions"]["ssa-psro"]
    assert fault.cure == f"Use the version that made the run: pip install ssa-psro=={made_by}"


@pytest.mark.parametrize("number", [0, 5, 99])
@pytest.mark.parametrize(
    ("versions", "command"),
    [
        ({"ssa-psro": "9.1"}, "pip install ssa-psro==9.1"),
        ({"ssa-psro": "absent"}, "pip install --upgrade ssa-psro"),
        (None, "pip install --upgrade ssa-psro"),
    ],
)
def test_another_format_is_refused_by_its_version(finished, number, versions, command):
    """Whatever else its manifest says, which may be laid out in another way."""
    (finished / "manifest.json").write_text(json.dumps({"format": number, "versions": versions}))
    with pytest.raises(RunFolderError) as caught:
        open_run(finished)
    (fault,) = caught.value.faults
    assert (fault.key, fault.value) == ("manifest.json: format", number)
    assert command in fault.cure
    assert "formats 1 to 4" in fault.cure


def test_a_refused_resumption_changes_nothing(playable):
    before = contents(playable)
    with pytest.raises(RunFolderError, match="as many already"):
        execute(playable, session=new_session([], 2))
    assert contents(playable) == before
    with sole_writer(playable):
        before = contents(playable)
        with pytest.raises(RunFolderError, match="another process"):
            execute(playable, session=new_session([], 4))
        with pytest.raises(RunFolderError, match="another process"):
            audit(playable, AuditSettings("best", (8,), 2, 1), Workers())
    assert contents(playable) == before


def test_a_run_is_one_line(finished):
    run = open_run(finished)
    assert repr(run) == f"Run('tiny', 2 of 2 iterations, finished, {str(finished)!r})"
    assert run._repr_html_() == f"<code>{escape(repr(run))}</code>"


def contents(folder):
    """Every file with its bytes."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
