"""Who writes to a run folder: alone or together, what is written already stays as it is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest
from small_runs import SMALL, make

from ssa_psro.errors import RunFolderError
from ssa_psro.study import open_run, parse_study
from ssa_psro.study.policies import restore
from ssa_psro.study.study import overridden
from ssa_psro.study.writers import FolderWriter, JointWriter, writer_of
from ssa_psro.study.writing import clear

KEPT = Path(__file__).with_name("folders")
LOCKS = pytest.mark.skipif(sys.platform == "win32", reason="needs file locks")


@pytest.fixture
def kept(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a copy of a kept folder."""
    return lambda name: Path(copytree(KEPT / name, tmp_path / name))


def content_of_all(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, but for locks."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".turn")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_each_goes_on_by_its_own_command() -> None:
    assert writer_of(together=True).command == "work"
    assert writer_of(together=False).command == "resume"


def test_those_who_work_together_join_a_run_of_the_same_study(tmp_path: Path) -> None:
    study = parse_study(SMALL, "any")
    other = overridden(study, {"seed": study.seed + 1})
    folder = make(tmp_path / "run")
    assert JointWriter().joins(folder, study)
    assert not JointWriter().joins(folder, other)
    assert not JointWriter().joins(tmp_path, study)
    assert not FolderWriter().joins(folder, study)


def test_no_lock_is_put_into_what_is_no_run_folder(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError):
        JointWriter().opened(tmp_path)
    assert list(tmp_path.iterdir()) == []


@LOCKS
def test_those_who_work_together_write_once(kept: Callable[[str], Path]) -> None:
    folder = kept("format-4")
    run, before = open_run(folder), content_of_all(folder)
    assert run.solution is not None
    assert run.coverage is not None
    JointWriter().commit(folder, restore(run))
    JointWriter().finish(run, replace(run.solution, gap=0.5), run.coverage)
    assert content_of_all(folder) == before
    FolderWriter().finish(run, replace(run.solution, gap=0.5), run.coverage)
    assert open_run(folder).solution == replace(run.solution, gap=0.5)


@LOCKS
def test_what_nobody_has_committed_is(kept: Callable[[str], Path]) -> None:
    folder = kept("format-4-interrupted")
    state = restore(open_run(folder))
    last = folder / "iterations" / f"{len(state.records):03d}.json"
    last.unlink()
    JointWriter().commit(folder, state)
    assert open_run(folder).records == state.records


def test_a_finished_run_is_not_cleared(kept: Callable[[str], Path]) -> None:
    finished, interrupted = kept("format-4"), kept("format-4-interrupted")
    copytree(finished / "audit", interrupted / "audit")
    for folder in (finished, interrupted):
        clear(folder)
    assert (finished / "audit").is_dir()
    assert not (interrupted / "audit").exists()
    assert (interrupted / "audit.1").is_dir()


@LOCKS
def test_who_holds_a_folder_keeps_others_off(kept: Callable[[str], Path]) -> None:
    folder, firsts = kept("format-4-interrupted"), []
    (folder / "work").mkdir()
    alone, together = FolderWriter(), JointWriter()
    with together.held(folder, lambda: firsts.append("together")):
        with together.held(folder, lambda: firsts.append("second")):
            pass
        with pytest.raises(RunFolderError, match="another process"), alone.held(folder, list):
            pass
        together.leave(folder)  # somebody is left
        assert (folder / "work").is_dir()
    together.leave(folder)
    assert not (folder / "work").exists()
    (folder / "work").mkdir()
    with alone.held(folder, lambda: firsts.append("alone")):
        assert not (folder / "work").exists()
    assert firsts == ["together", "alone"]
