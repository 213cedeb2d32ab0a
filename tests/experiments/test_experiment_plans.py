"""Experiment files: what they say, and every fault of a broken one at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from experiments.plan_texts import KUHN, MATRIX

from ssa_psro.errors import Fault
from ssa_psro.experiments.plan_reading import PlanError, load_plan, parse_plan
from ssa_psro.experiments.setting_up import GAMES, LEARNERS, settings_from

FILES = sorted((Path(__file__).parents[2] / "scenarios" / "experiments").glob("*.toml"))


def faults_in(text: str) -> dict[str, Fault]:
    with pytest.raises(PlanError) as caught:
        parse_plan(text, "test")
    return {fault.key: fault for fault in caught.value.faults}


def test_a_plan_says_what_its_file_says():
    plan = parse_plan(MATRIX, "test")
    assert [arm.name for arm in plan.arms] == ["scratch", "fusion", "uniform-fusion"]
    assert plan.settings_of(plan.arm("fusion")) == {"steps": 6}
    assert plan.versus(plan.arm("fusion")) == "scratch"
    assert plan.versus(plan.arm("uniform-fusion")) == "fusion"


def test_rules_for_start_weights_hold_from_their_iteration_on():
    text = MATRIX.replace('start = "fusion"', 'start = "fusion"\nfrom_iteration = 3', 1)
    arm = parse_plan(text, "test").arm("fusion")
    assert [arm.start_of(k) for k in (1, 2, 3, 4)] == ["scratch", "scratch", "fusion", "fusion"]


def test_the_smoke_run_is_smaller_in_every_arm():
    text = MATRIX.replace('start = "fusion"', 'start = "fusion"\nsettings = { rate = 0.1 }', 1)
    small = parse_plan(text, "test").smoked()
    assert (small.seeds, small.iterations) == (2, 1)
    assert small.settings_of(small.arm("fusion")) == {"steps": 2, "rate": 0.1}


@pytest.mark.parametrize(
    ("old", "new", "key", "cure"),
    [
        ("iterations = 3", "iteratoins = 3", "iteratoins", "'iterations'"),
        ("seeds = 3", "seeds = 1", "seeds", "seeds = 5"),
        ("seeds = 3", "seeds = 2.5", "seeds", "seeds = 5"),
        ('question = "Which equilibrium?"\n', "", "question", "question ="),
        ('game = "coordination"', 'game = "cordination"', "game", "'coordination'"),
        ('learner = "softmax"', 'learner = "softmx"', "learner", "'softmax'"),
        ('learner = "softmax"', 'learner = "ppo"', "learner", "softmax"),
        ('reference = "scratch"', 'reference = "scrath"', "reference", "'scratch'"),
        ('"actions"', '"acts"', "figures[0]", "figures ="),
        ('name = "fusion"', 'name = "scratch"', "arms[1].name", "name of its own"),
        ('name = "fusion"', 'name = "2/3"', "arms[1].name", "name ="),
        ('start = "fusion"', 'start = "fusoin"', "arms[1].start", "'fusion'"),
        ('start = "fusion"', 'strat = "fusion"', "arms[1].strat", "'start'"),
        ('"uniform"', '"unifrom"', "arms[2].meta_solver", "'uniform'"),
        ('versus = "fusion"', 'versus = "fission"', "arms[2].versus", "'fusion'"),
        ('start = "fusion"', 'variant = "psdd"', "arms[1].variant", "'psd'"),
        ('start = "fusion"', 'variant = "psd"', "arms[1].variant", "ppo or dqn"),
        ("{ steps = 6 }", "{ stesp = 6 }", "settings.stesp", "'steps'"),
        ("{ steps = 6 }", '{ steps = "many" }', "settings.steps", "settings"),
        ("{ steps = 6 }", "{ steps = 0 }", "settings.steps", "1 or more"),
        ("{ steps = 2 }", "{ rat = 2 }", "smoke.settings.rat", "'rate'"),
    ],
)
def test_a_fault_is_named_with_its_cure(old, new, key, cure):
    assert old in MATRIX
    faults = faults_in(MATRIX.replace(old, new, 1))
    assert cure in faults[key].cure


def test_all_faults_are_found_at_once():
    broken = MATRIX.replace("seeds = 3", "seeds = 0").replace('"uniform"', '"unifrom"')
    broken = broken.replace("iterations = 3", "").replace("{ steps = 2 }", "{ rat = 2 }")
    expected = {"seeds", "arms[2].meta_solver", "iterations", "smoke.settings.rat"}
    assert expected <= faults_in(broken).keys()


def test_learners_without_settings_have_none():
    assert LEARNERS["exact"].settings == ()
    faults = faults_in(KUHN.replace("seeds = 2", "seeds = 2\nsettings = { steps = 3 }"))
    assert "no settings" in faults["settings.steps"].cure


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe\x00"])
def test_files_that_are_no_toml_are_told(tmp_path, content):
    (tmp_path / "bad.toml").write_bytes(content)
    with pytest.raises(PlanError, match="the file"):
        load_plan(tmp_path / "bad.toml")
    with pytest.raises(PlanError, match=r"no such file"):
        load_plan(tmp_path / "absent.toml")


def test_a_hash_depends_on_what_decides_a_run_alone():
    plan = parse_plan(MATRIX, "test")
    arm = plan.arm("fusion")

    def changed(old: str, new: str) -> bool:
        other = parse_plan(MATRIX.replace(old, new, 1), "test")
        return other.hash_of(other.arms[1]) != plan.hash_of(arm)

    assert changed("iterations = 3", "iterations = 4")
    assert changed("{ steps = 6 }", "{ steps = 7 }")
    assert changed('start = "fusion"', 'start = "inherit-last"')
    assert changed('"coordination"', '"stag-hunt"')
    assert not changed("seeds = 3", "seeds = 4")
    assert not changed("Which equilibrium", "What equilibrium")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_shipped_files_are_sound(path):
    plan = load_plan(path)
    assert plan.name == path.stem
    assert plan.seeds >= 5
    family = GAMES[plan.game]
    settings = [settings_from(plan.learner, plan.settings_of(arm), family) for arm in plan.arms]
    budgets = {one.steps for one in settings}
    assert len(budgets) == 1, "arms with different budgets"
    assert {arm.start for arm in plan.arms} <= set(LEARNERS[plan.learner].starts(family))


def test_every_experiment_has_a_file():
    letters = {path.stem[0] for path in FILES if path.stem[1] == "-"}
    assert letters == set("abcdefghiklm")  # j is the coverage game's own benchmark
