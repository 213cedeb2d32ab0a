"""What a run takes, counted against files that were written, and what cannot fit is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from ssa_psro.errors import ScenarioError
from ssa_psro.study import limits, open_run
from ssa_psro.study.folder import Session
from ssa_psro.study.limits import (
    disk_of,
    memory_of,
    network_bytes,
    refuse_what_cannot_fit,
    table_bytes,
)
from ssa_psro.study.study import Override, Study, load_study, overridden
from ssa_psro.study.writing import create, resumed

ROOT = Path(__file__).parents[2]
FINISHED = Path(__file__).parent / "folders" / "format-3"


@pytest.fixture(name="study")
def _study() -> Study:
    return load_study(ROOT / "scenarios" / "quickstart.toml").study


def keys(study: Study, folder: Path) -> list[str]:
    """What a refusal blames."""
    with pytest.raises(ScenarioError) as caught:
        refuse_what_cannot_fit(study, folder, "here")
    return [fault.key for fault in caught.value.faults]


@pytest.mark.parametrize(("target", "joining"), [("vanilla", 1), ("rectified", 2)])
def test_as_many_are_counted_as_may_join(study: Study, target: str, joining: int) -> None:
    asked = overridden(study, {"solver.target": target})
    assert limits.sizes(asked, 10) == (11 + 10 * joining, 11 + 10 * joining)


def test_sizes_are_those_of_a_kept_run() -> None:
    run = open_run(FINISHED)
    done = overridden(run.study, {"solver.iterations": len(run.records)})
    weights = [one.stat().st_size for one in FINISHED.rglob("populations/**/*.safetensors")]
    assert network_bytes(done) == pytest.approx(max(weights), rel=0.3)
    assert table_bytes(done) == 2 * run.table.samples.nbytes
    # without its report, which is not kept
    report = limits.PAGE_BYTES + limits.OBJECT_BYTES * run.scenario.catalog.count
    counted = sum(disk_of(done).values()) - report
    written = sum(one.stat().st_size for one in FINISHED.rglob("*") if one.is_file())
    assert counted == pytest.approx(written, rel=0.5)


@pytest.mark.parametrize(
    ("values", "blamed"),
    [
        ({"solver.episodes_per_cell": 1_000_000_000}, "solver.episodes_per_cell"),
        ({"solver.held_out_episodes": 1_000_000_000}, "solver.held_out_episodes"),
        ({"solver.iterations": 1_000_000_000}, "solver.iterations"),
    ],
)
def test_more_than_any_machine_has_is_refused(
    study: Study, values: dict[str, Override], blamed: str, tmp_path: Path
) -> None:
    assert set(keys(overridden(study, values), tmp_path)) == {blamed}


def test_a_run_that_goes_on_has_to_fit(tmp_path: Path) -> None:
    session = Session("2026-11-27T00:00:00Z", ("ssa-psro",), {}, iterations=1_000_000_000)
    with pytest.raises(ScenarioError, match=r"solver\.iterations: takes"):
        resumed(open_run(FINISHED), session)


def test_networks_that_do_not_fit_are_refused_before_anything_is_made(
    study: Study, tmp_path: Path
) -> None:
    wide = replace(study, oracle=study.oracle.model_copy(update={"hidden": (65_536,) * 3}))
    assert keys(wide, tmp_path) == ["oracle.hidden"] * 2  # memory, disk
    with pytest.raises(ScenarioError, match="GB of memory"):
        create(tmp_path / "run", wide, source="")
    assert list(tmp_path.iterdir()) == []


def test_a_small_machine_names_what_takes_most(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_what_cannot_fit(study, tmp_path / "not" / "there", "here")
    monkeypatch.setattr(limits, "machine_bytes", lambda: 2.0e6)
    assert keys(study, tmp_path) == ["window.horizon_days"]
    beside = sum(memory_of(study).values())
    monkeypatch.setattr(limits, "machine_bytes", lambda: study.scenario.memory_bytes + beside)
    refuse_what_cannot_fit(study, tmp_path, "here")
    monkeypatch.setattr(limits, "machine_bytes", lambda: study.scenario.memory_bytes + beside / 2)
    assert keys(study, tmp_path) == ["window.horizon_days"]
    many = replace(study, oracle=study.oracle.model_copy(update={"environments": 1_000_000}))
    assert keys(many, tmp_path) == ["oracle.environments"]
    monkeypatch.setattr(limits, "machine_bytes", lambda: 1.0e12)
    monkeypatch.setattr(limits.shutil, "disk_usage", lambda _: SimpleNamespace(free=5_000_000))
    assert keys(study, tmp_path) == ["solver.iterations"]
