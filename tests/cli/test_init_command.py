"""``init``: a copy of what comes with the package, which plays as the original does."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import run

from ssa_psro.scenario import content_hash, load_scenario
from ssa_psro.scenario.shipped import shipped_scenarios


@pytest.mark.parametrize("name", shipped_scenarios())
def test_copy_is_the_game_of_the_original(name: str, tmp_path: Path) -> None:
    outcome = run("init", name, "--output", tmp_path / "my games")
    made = tmp_path / "my games" / "scenarios" / f"{name}.toml"
    assert (outcome.code, outcome.err) == (0, "")
    assert content_hash(load_scenario(made)) == content_hash(
        load_scenario(shipped_scenarios()[name])
    )
    assert f"ssa-psro run '{made}'" in outcome.out


def test_nothing_is_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("init", "own-catalog").code == 0
    assert run("init", "own-catalog").code == 0  # the same bytes are nobody's loss
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(made) == 2
    for path in made:
        path.write_text("mine", "utf-8")
    outcome = run("init", "own-catalog")
    assert outcome.code == 2
    assert outcome.err.count("is there already, and is another") == 2
    assert {path.read_text("utf-8") for path in made} == {"mine"}


def test_unknown_name_and_unusable_folder(tmp_path: Path) -> None:
    outcome = run("init", "quickstrat")
    assert (outcome.code, "Did you mean 'quickstart'?" in outcome.err) == (2, True)
    (tmp_path / "file").write_text("in the way", "utf-8")
    outcome = run("init", "--output", tmp_path / "file")
    assert outcome.code == 2
    assert "cannot be written" in outcome.err
