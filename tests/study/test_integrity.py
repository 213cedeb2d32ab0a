"""A folder that somebody changed, or made to harm, is told and harms nobody."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
from forgery import edit, forge, seal
from small_runs import guess_on, make

from ssa_psro.errors import RunFolderError
from ssa_psro.findings import content_of
from ssa_psro.report import write_content
from ssa_psro.study import open_run
from ssa_psro.study.audit.document import read_audit
from ssa_psro.study.audit.execution import audit
from ssa_psro.study.audit.findings import AuditSettings
from ssa_psro.study.holding import sole_writer
from ssa_psro.study.integrity import entries_of
from ssa_psro.study.verifying import FREE, Condition, verify
from ssa_psro.study.writing import new_session
from ssa_psro.work import Workers

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="links and pipes of Unix")
FLIPS = 150


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A finished run with an audit and a report."""
    folder = make(tmp_path_factory.mktemp("runs") / "whole")
    guess_on(folder)
    audit(folder, AuditSettings("best", (8,), 4, 1, short=True), Workers())
    write_content(content_of(open_run(folder)))
    return folder


@pytest.fixture
def copy(whole, tmp_path):
    """One that a test may damage."""
    return shutil.copytree(whole, tmp_path / "run")


def test_everything_is_vouched_for_or_is_free_text(whole):
    found = verify(whole)
    assert found.faults == ()
    assert {name for name, one in found.files.items() if one != Condition.SOUND} == set(FREE)


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff"])
def test_damage_to_what_older_folders_hold_unsealed_is_told(tmp_path, content):
    old = shutil.copytree(Path(__file__).parent / "folders" / "format-1", tmp_path / "run")
    damaged = old / "audit" / "best" / "blue-ppo-fusion.json"
    damaged.write_bytes(content)
    assert any("blue-ppo-fusion.json" in fault.key for fault in verify(old).faults)


def test_flipped_bits_and_digits_are_noticed_in_every_file(copy):
    luck = random.Random(15)
    paths = sorted(
        path
        for path in copy.rglob("*")
        if path.is_file() and path.relative_to(copy).as_posix() not in FREE
    )
    for number in range(FLIPS):
        path = paths[number % len(paths)]
        content = path.read_bytes()
        where = luck.randrange(len(content))
        path.write_bytes(
            content[:where]
            + bytes([content[where] ^ 1 << luck.randrange(8)])
            + content[where + 1 :]
        )
        found = verify(copy)
        assert found.files[path.relative_to(copy).as_posix()] == Condition.DAMAGED, (path, where)
        path.write_bytes(content)
    assert verify(copy).faults == ()


def test_a_number_edited_by_hand_is_not_taken(copy):
    path = copy / "iterations" / "001.json"
    edit(path, gap=0.125)
    with pytest.raises(RunFolderError, match=r"iterations/001\.json: is not the file"):
        open_run(copy)


def test_a_whole_record_of_another_run_is_not_taken(copy):
    """Its own checksum is right; the record after it vouches for another."""
    path = copy / "iterations" / "001.json"
    edit(path, gap=0.125)
    seal(copy, path)
    with pytest.raises(RunFolderError, match=r"iterations/001\.json: is not the file"):
        open_run(copy)


def test_an_audit_of_another_outcome_is_not_taken(copy):
    edit(copy / "solution.json", gap=0.125)
    forge(copy)
    assert open_run(copy).solution.gap == 0.125
    with pytest.raises(RunFolderError, match="about another outcome"):
        read_audit(copy)


def test_a_newer_audit_is_not_taken_for_damage(copy):
    edit(copy / "audit" / "audit.json", format=9)
    with pytest.raises(RunFolderError, match=r"audit\.json: format: is another format .found 9."):
        read_audit(copy)


TRAPS = ("lock", "log.txt", "report", "report/data", "report/index.html", "iterations/001.json")


def outside(tmp_path):
    """Files that nothing may touch, and what is in them."""
    folder = tmp_path / "outside"
    folder.mkdir(exist_ok=True)
    for name in ("file", "index.html"):
        (folder / name).write_text("years of work")
    return folder


@pytest.mark.parametrize("name", TRAPS)
@pytest.mark.parametrize("kind", ["link to a file", "link to a folder", "dangling link", "pipe"])
def test_links_and_pipes_are_refused_and_not_followed(copy, tmp_path, name, kind):
    place, target = copy / name, outside(tmp_path)
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    if kind == "pipe":
        os.mkfifo(place)
    else:
        names = {"link to a file": "file", "link to a folder": "", "dangling link": "none"}
        place.symlink_to(target / names[kind])
    what = "a pipe" if kind == "pipe" else "a symbolic link"
    asked = AuditSettings("best", (8,), 4, 1)
    for work in (
        lambda: open_run(copy),
        lambda: guess_on(copy, session=new_session([], 3)),
        lambda: audit(copy, asked, Workers()),
        lambda: read_audit(copy),
        lambda: verify(copy),
    ):
        with pytest.raises(RunFolderError, match=f"{name}: is {what}, not a file"):
            work()
    assert sorted(path.name for path in target.iterdir()) == ["file", "index.html"]
    assert {path.read_text() for path in target.iterdir()} == {"years of work"}


def test_a_lock_that_is_a_link_is_not_written_through(copy, tmp_path):
    """Even where nobody has looked at the folder before."""
    target = outside(tmp_path) / "file"
    (copy / "lock").unlink()
    (copy / "lock").symlink_to(target)
    with pytest.raises(RunFolderError), sole_writer(copy):
        pass
    assert target.read_text() == "years of work"


@pytest.mark.parametrize("name", ["../../../outside/file", "..", ".hidden", "a/b", "a\\b", ""])
def test_names_that_lead_elsewhere_are_refused(copy, name):
    path = copy / "iterations" / "001.json"
    sides = json.loads(path.read_text())["sides"]
    sides[0]["responses"][0]["name"] = name
    edit(path, sides=sides)
    forge(copy)
    with pytest.raises(RunFolderError) as caught:
        open_run(copy)
    told = {(one.key, one.value): one.problem for one in caught.value.faults}
    assert told["populations/blue", name] == "is no name of a file"


def test_a_report_is_whole_or_has_no_list(copy):
    """The list is gone while a report is being written, and says what sha256sum says."""
    sums = (copy / "report" / "SHA256SUMS").read_text().splitlines()
    listed = dict(reversed(line.split("  ")) for line in sums[:-1])
    for name, digest in listed.items():
        assert sha256((copy / "report" / name).read_bytes()).hexdigest() == digest
    assert {"index.html", "data/objects.csv", "figures/payoffs.png"} <= set(listed)
    if shutil.which("sha256sum"):
        command = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
        assert subprocess.run(command, cwd=copy / "report", check=False).returncode == 0
    (copy / "report" / "SHA256SUMS").unlink()
    found = verify(copy)
    assert found.faults == ()
    assert found.files["report/index.html"] == Condition.UNPROTECTED


def test_one_process_at_a_time_writes_the_report(copy):
    with sole_writer(copy / "report"), pytest.raises(RunFolderError, match="another process"):
        write_content(content_of(open_run(copy)))


def test_the_log_says_when_who_did_what(whole):
    lines = (whole / "log.txt").read_text().splitlines()
    stamps = [line.split(" ")[0] for line in lines]
    assert stamps == sorted(stamps)
    assert all(stamp.endswith("+00:00") for stamp in stamps)
    assert {line.split(" ")[1] for line in lines} == {str(os.getpid())}
    told = [" ".join(line.split(" ")[2:]) for line in lines]
    assert told[0] == "made, by: ssa-psro run"
    assert [one for one in told if "committed" in one] == [
        "iteration 1 committed",
        "iteration 2 committed",
    ]
    assert told[-1] == "report written"


def test_a_folder_that_would_take_more_memory_than_there_is_is_not_opened(copy):
    path = copy / "scenario.json"
    solver = json.loads(path.read_text())["solver"]
    edit(path, solver={**solver, "episodes_per_cell": 1_000_000_000})
    forge(copy)
    with pytest.raises(RunFolderError, match=r"episodes_per_cell.*\n? .*do not fit"):
        open_run(copy)


def test_a_folder_is_looked_through_while_others_remove_from_it(tmp_path):
    for name in ("a/one", "b/one"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    seen = []
    for entry in entries_of(tmp_path):
        seen.append(entry.name)
        if entry.name == "b":
            shutil.rmtree(entry.path)
    assert seen == ["a", "one", "b"]
