"""``list``: every name a user may write, from the registries themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import SMALL, run

from ssa_psro.game import FEATURES
from ssa_psro.games.coverage import Coverage
from ssa_psro.metagame.solvers import SOLVERS
from ssa_psro.policies import HEURISTICS, make_policy
from ssa_psro.scenario.sensors import PRESETS
from ssa_psro.scenario.shipped import shipped_scenarios
from ssa_psro.study.study import registries


def test_everything_is_listed() -> None:
    outcome = run("list")
    assert outcome.code == 0
    for name in (*HEURISTICS, *SOLVERS, *Coverage.starts, *FEATURES, *PRESETS, "ppo"):
        assert name in outcome.out


def test_what_is_listed_is_what_runs_may_have() -> None:
    listed = run("list", "--json").document
    for _, _, family, known in registries():
        assert {one["name"] for one in listed[family]} == set(known)


def test_one_family_only() -> None:
    outcome = run("list", "solvers", "--json")
    assert list(outcome.document) == ["solvers"]
    assert [entry["name"] for entry in outcome.document["solvers"]] == list(SOLVERS)
    assert all(entry["summary"] for entry in outcome.document["solvers"])


def test_weights_of_policies() -> None:
    entries = {one["name"]: one for one in run("list", "policies", "--json").document["policies"]}
    assert list(entries) == list(HEURISTICS)
    for name, entry in entries.items():
        weights = make_policy(name).weights
        assert [entry["weights"].get(feature, 0.0) for feature in FEATURES] == list(weights)
    assert "noise 1" in run("list", "policies", "-v").out
    assert "noise 1" not in run("list", "policies").out


def test_samplers_say_what_they_play() -> None:
    for entry in run("list", "samplers", "--json").document["samplers"]:
        assert entry["summary"].startswith(f"The sampler `{entry['name']}`: ")


def test_keys_of_sensors() -> None:
    entries = run("list", "sensors", "--json").document["sensors"]
    assert {one["name"]: one["keys"] for one in entries} == {
        name: preset.keys for name, preset in PRESETS.items()
    }
    assert all(one["summary"] for one in entries)
    assert "slew_rate_deg_s 0.5" in run("list", "sensors", "-v").out


def test_scenario_files_of_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shipped = run("list", "scenarios", "--json").document["scenarios"]
    assert [entry["name"] for entry in shipped] == sorted(shipped_scenarios())
    assert all(entry["summary"] and "fault" not in entry["summary"] for entry in shipped)
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "good.toml").write_text(SMALL, "utf-8")
    (folder / "bad.toml").write_text(SMALL.replace("seed = 7", "seed = -7"), "utf-8")
    entries = run("list", "scenarios", "--json").document["scenarios"]
    assert [entry["name"] for entry in entries[:2]] == ["scenarios/bad.toml", "scenarios/good.toml"]
    assert entries[2:] == shipped
    assert entries[0]["summary"] == "1 fault(s): ssa-psro check scenarios/bad.toml"
    assert entries[1]["summary"] == "Two against two [for tests]"


def test_files_of_the_working_folder_are_listed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    names = [one["name"] for one in run("list", "scenarios", "--json").document["scenarios"]]
    assert names == [f"scenarios/{name}.toml" for name in sorted(shipped_scenarios())]
