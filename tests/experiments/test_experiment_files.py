"""The shipped experiments work: every arm once, every game once, and whole ones from the command.

Arms of tree games are tried on Kuhn poker, which takes a fraction of the time of their own games.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest
from cli.command_line import run

from ssa_psro.experiments.plan import Plan
from ssa_psro.experiments.plan_reading import load_plan
from ssa_psro.experiments.running import Cell, run_cell
from ssa_psro.experiments.setting_up import GAMES
from ssa_psro.experiments.variants import VARIANTS

FOLDER = Path(__file__).parents[2] / "scenarios" / "experiments"
FILES = sorted(FOLDER.glob("*.toml"))
TINY = {
    "steps": 64,
    "environments": 16,
    "checkpoints": 1,
    "distillation_updates": 2,
    "restarts": 2,
}
TINY_OF = {
    "ppo": {**TINY, "rollout_steps": 32},
    "dqn": {**TINY, "warm_up_steps": 16, "batch": 16},
}
PLAYED_ON = {"tree": "kuhn"}


def tiny(plan: Plan) -> Plan:
    small = plan.smoked()
    arms = [
        arm.model_copy(update={"settings": {**arm.settings, **TINY_OF.get(plan.learner, {})}})
        for arm in small.arms
    ]
    game = PLAYED_ON.get(GAMES[plan.game], plan.game)
    return small.model_copy(update={"arms": tuple(arms), "game": game})


def distinct_arms() -> list[tuple[Plan, str]]:
    """Every way of running PSRO that the files name, once."""
    found: dict[str, tuple[Plan, str]] = {}
    for path in FILES:
        plan = tiny(load_plan(path))
        for arm in plan.arms:
            what = arm.model_dump(exclude={"name", "versus"}) | {"from_iteration": None}
            # in the third iteration, there are two trained members to fuse
            long = plan.model_copy(update={"iterations": 3 if "fusion" in arm.start else 2})
            found.setdefault(f"{plan.game}{plan.learner}{what}", (long, arm.name))
    return list(found.values())


def check(plan: Plan, arm: str) -> None:
    outcome = run_cell(Cell(plan, arm, 1))
    assert len(outcome.iterations) == plan.iterations + 1
    for row in outcome.iterations:
        assert 0 <= row["exploitability"] < math.inf
        assert row["best_exploitability"] <= row["exploitability"]
    trained = [row for row in outcome.iterations[1:] if row["true_gain"] is not None]
    assert bool(trained) is not VARIANTS[plan.arm(arm).variant].alone
    for row in trained:  # a response gains no more than an exact best response does
        assert row["end_gain"] <= row["true_gain"] + 1e-9


@pytest.mark.learner
@pytest.mark.parametrize("case", distinct_arms(), ids=lambda case: f"{case[0].name}/{case[1]}")
def test_arms_run(case):
    check(*case)


@pytest.mark.learner
@pytest.mark.parametrize(
    "name",
    [
        "table-leduc",
        pytest.param("table-goofspiel", marks=pytest.mark.slow),
        pytest.param("c-liars-dice", marks=pytest.mark.slow),  # its tree takes half a minute
    ],
)
def test_games_run_at_smoke_budgets(name):
    check(load_plan(FOLDER / f"{name}.toml").smoked(), "fusion")


@pytest.mark.learner
@pytest.mark.parametrize(
    "name",
    [
        "i-stag-hunt",
        pytest.param("a-trajectories", marks=pytest.mark.slow),
        pytest.param("g-frozen-start", marks=pytest.mark.slow),
        pytest.param("e-overhead", marks=pytest.mark.slow),
    ],
)
def test_experiments_end_in_tables_and_figures(name, tmp_path):
    arguments = [FOLDER / f"{name}.toml", "--smoke", "--workers", "1"]
    assert run("experiment", *arguments, "--output", tmp_path).code == 0
    plan, folder = load_plan(FOLDER / f"{name}.toml"), tmp_path / name
    assert all((folder / f"{figure}.png").stat().st_size > 5000 for figure in plan.figures)
    with (folder / "summary.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["arm"] for row in rows} == {arm.name for arm in plan.arms}
    compared = {row["arm"] for row in rows if row["difference"]}
    assert compared == {arm.name for arm in plan.arms if plan.versus(arm) != arm.name}
