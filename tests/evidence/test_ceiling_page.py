"""The tables of how loose the ceiling is."""

from __future__ import annotations

import pytest
from cli.command_line import SMALL

from evidence.ceiling import main, without_denial
from ssa_psro.study import parse_study


def test_denial_is_switched_off_and_nothing_else() -> None:
    scenario = parse_study(SMALL, "small").scenario
    rules = without_denial(scenario).rules
    assert not rules.denial
    assert rules.model_copy(update={"denial": scenario.rules.denial}) == scenario.rules


@pytest.mark.learner
def test_command_prints_the_ceiling_between_what_is_found_and_what_is_there(
    tmp_path, capsys
) -> None:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, "utf-8")
    main([str(path), "--cell", "2", "--episodes", "3", "--decisions", "200"])
    title, _, _, _, *lines = capsys.readouterr().out.splitlines()
    assert title.startswith("small without denial against ")
    cells = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    means = {name: float(payoff.split()[0]) for name, payoff in cells}
    found = max(paid for name, paid in means.items() if "ceiling" not in name)
    assert found <= means["**the ceiling**"] <= means["the ceiling, any number of sensors"] + 0.01
    assert means["the ceiling, 25% of the sensors' time"] <= means["**the ceiling**"]
