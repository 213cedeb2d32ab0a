"""A sweep on Ray: the table of a sweep on this machine. Skipped where Ray is not installed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from sweeps.sweep_files import sweep_file

from ssa_psro.sweeps.folder import TABLE, SweepStanding, prepare
from ssa_psro.sweeps.reading import load_sweep
from ssa_psro.sweeps.running import carry_out
from ssa_psro.work import Workers
from ssa_psro.work.on_ray import OnRay

POINTS = 4


def made(place: Path) -> Path:
    """The folder of a sweep of four points in which nothing has been measured."""
    folder = place / "out"
    prepare(folder, load_sweep(sweep_file(place), seeds=[1]), command=["any"], workers=1)
    return folder


@pytest.fixture(scope="module", name="workers")
def _workers():
    pytest.importorskip("ray", reason="needs Ray")
    os.environ["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, sys.path))
    with Workers(executor=OnRay()) as found:
        yield found


def done_here(folder: Path) -> SweepStanding:
    """The sweep in a folder, carried out in this process."""
    with Workers() as alone:
        return carry_out(folder, alone)


def test_the_table_is_that_of_two_processes_here(workers, tmp_path, monkeypatch) -> None:
    """A folder is where the command says, though tasks work in a folder of the cluster."""
    monkeypatch.chdir(tmp_path)
    heard = []
    folder = made(Path("cluster"))
    carry_out(folder, workers, lambda point, failure: heard.append(failure))
    assert heard == [None] * POINTS
    with Workers(2) as processes:
        carry_out(made(tmp_path / "here"), processes)
    assert (folder / TABLE).read_bytes() == (tmp_path / "here" / "out" / TABLE).read_bytes()


def test_what_was_measured_elsewhere_is_not_measured_again(workers, tmp_path) -> None:
    folder = made(tmp_path)
    done_here(folder)
    whole, heard = (folder / TABLE).read_bytes(), []
    carry_out(folder, workers, lambda point, failure: heard.append(failure))
    assert heard == []
    assert (folder / TABLE).read_bytes() == whole
