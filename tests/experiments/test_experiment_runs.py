"""Runs of experiments: repeatable, resumable, and the same whatever the number of processes."""

from __future__ import annotations

import csv
import json
from importlib.metadata import version
from itertools import pairwise

import pytest
from cli.command_line import run
from experiments.plan_texts import KUHN, MATRIX, PLANE, SHARED

from ssa_psro.errors import RunFolderError, UsageError
from ssa_psro.experiments.plan_reading import PlanError, parse_plan
from ssa_psro.experiments.results import results_in, tables_in
from ssa_psro.experiments.running import (
    Cell,
    Folder,
    read_rows,
    run_cell,
    run_plan,
    solved_by,
)
from ssa_psro.experiments.setting_up import set_up

DURATIONS = ("wall_s", "cpu_s", "start_share")


def repeatable(path):
    """Content of a CSV file less durations."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {key: value for key, value in row.items() if not key.endswith("_s")}
            for row in csv.DictReader(file)
        ]


def summary_without_durations(path):
    return [row for row in repeatable(path) if row["quantity"] not in DURATIONS]


def test_an_experiment_leaves_tables_figures_and_a_manifest(tmp_path):
    text = MATRIX.replace('["actions"]', '["curves", "outcomes", "starts", "entropy", "actions"]')
    plan = parse_plan(text, "test")
    run_plan(plan, Folder(tmp_path))
    names = {path.name for path in tmp_path.iterdir()}
    assert {"manifest.json", "iterations.csv", "summary.csv", "runs"} <= names
    assert {f"{name}.png" for name in plan.figures} <= names
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert manifest["arms"].keys() == {"scratch", "fusion", "uniform-fusion"}
    assert manifest["plan"]["seeds"] == 3
    assert {"numpy", "ssa-psro"} <= manifest["versions"].keys()
    assert not list(tmp_path.rglob("*.part"))


def test_an_interrupted_experiment_goes_on_to_the_same_end(tmp_path):
    plan = parse_plan(MATRIX, "test")
    run_plan(plan, Folder(tmp_path / "whole"))

    def interrupt(line: str) -> None:
        if " 4/" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_plan(plan, Folder(tmp_path / "broken"), tell=interrupt)
    assert not (tmp_path / "broken" / "summary.csv").exists()
    told: list[str] = []
    run_plan(plan, Folder(tmp_path / "broken"), tell=told.append)
    assert len(told) == 9 - 4
    for name in ("iterations.csv", "runs/fusion-3.csv", "runs/fusion-3.responses.csv"):
        assert repeatable(tmp_path / "broken" / name) == repeatable(tmp_path / "whole" / name)
    summaries = [
        summary_without_durations(tmp_path / f / "summary.csv") for f in ("whole", "broken")
    ]
    assert summaries[0] == summaries[1]


def test_a_finished_experiment_can_be_given_more_seeds(tmp_path):
    plan, folder = parse_plan(MATRIX, "test").with_seeds(2), Folder(tmp_path)
    run_plan(plan, folder)
    told: list[str] = []
    run_plan(plan.with_seeds(3), folder, tell=told.append)
    assert len(told) == 3
    assert all("seed 3" in line for line in told)


def test_runs_of_two_plans_are_not_mixed(tmp_path):
    run_plan(parse_plan(MATRIX, "test").smoked(), Folder(tmp_path), smoke=True)
    with pytest.raises(RunFolderError, match="fusion"):
        run_plan(parse_plan(MATRIX, "test"), Folder(tmp_path))


def test_runs_of_two_versions_are_not_mixed(tmp_path):
    plan = parse_plan(MATRIX, "test").smoked()
    run_plan(plan, Folder(tmp_path), smoke=True)
    manifest = tmp_path / "manifest.json"
    document = json.loads(manifest.read_text("utf-8"))
    document["versions"]["numpy"] = "1.0"
    manifest.write_text(json.dumps(document), "utf-8")
    with pytest.raises(RunFolderError) as caught:
        run_plan(plan.with_seeds(3), Folder(tmp_path))
    (fault,) = caught.value.faults
    assert (fault.key, fault.value) == ("numpy", version("numpy"))
    assert "as 1.0" in fault.problem
    for run_file in tmp_path.glob("runs/*.csv"):
        run_file.unlink()
    run_plan(plan, Folder(tmp_path))  # nothing is left that could be mixed


def test_a_smoke_run_says_what_it_is(tmp_path):
    run_plan(parse_plan(MATRIX, "test").smoked(), Folder(tmp_path / "small"), smoke=True)
    assert "A smoke run" in tables_in(tmp_path)["small"]
    assert all(row["smoke"] for row in results_in(tmp_path))


def test_a_summary_that_lacks_something_is_told(tmp_path):
    run_plan(parse_plan(MATRIX, "test").smoked(), Folder(tmp_path / "small"), smoke=True)
    path = tmp_path / "small" / "summary.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    for left, told in (
        (lines[:1], "lacks exploitability of scratch"),
        ([lines[0].replace("seeds", "seds"), *lines[1:]], "lacks a column"),
    ):
        path.write_text("".join(left), "utf-8")
        with pytest.raises(RunFolderError, match=told):
            tables_in(tmp_path)


def test_an_arm_without_a_population_is_not_solved():
    plan = parse_plan(ALONE, "test")
    arm = plan.arm("self-play")
    with pytest.raises(UsageError, match="has no population"):
        solved_by(plan, arm, set_up(plan, arm, 1), 1)


def test_the_number_of_processes_does_not_matter(tmp_path):
    plan = parse_plan(MATRIX, "test").smoked()
    for workers in (1, 2):
        run_plan(plan, Folder(tmp_path / str(workers)), workers=workers)
    one, two = (repeatable(tmp_path / str(workers) / "iterations.csv") for workers in (1, 2))
    assert one == two


def test_kuhn_is_solved_by_exact_responses():
    """Value -1/18: Kuhn, 1950."""
    outcome = run_cell(Cell(parse_plan(KUHN, "test"), "exact", 1))
    last = outcome.iterations[-1]
    assert last["iteration"] == 6
    assert last["exploitability"] == pytest.approx(0, abs=1e-12)
    assert last["value"] == pytest.approx(-1 / 18)
    for before, row in pairwise(outcome.iterations):
        assert row["end_gain"] == pytest.approx(before["exploitability"])
        assert row["true_gain"] == before["exploitability"]


def test_rectified_responses_go_on_from_whom_they_amplify_and_cost_no_more():
    plan = parse_plan(PLANE, "test")
    outcome = run_cell(Cell(plan, "rectified", 1))
    ends = {(0.0, 0.0)}
    for row in outcome.responses:
        assert min(abs(row["start_x"] - x) + abs(row["start_y"] - y) for x, y in ends) < 1e-9
        ends.add((row["end_x"], row["end_y"]))
    plain = run_cell(Cell(plan, "scratch", 1))
    assert outcome.iterations[-1]["steps"] <= plain.iterations[-1]["steps"] == 2 * 3 * 12


def test_spent_figures_accumulate_and_the_best_never_rises():
    rows = run_cell(Cell(parse_plan(PLANE, "test"), "scratch", 2)).iterations
    for before, row in pairwise(rows):
        assert row["wall_s"] >= before["wall_s"]
        assert row["steps"] > before["steps"]
        assert row["best_exploitability"] <= before["best_exploitability"]
    assert rows[0]["start_gain"] is None
    assert [row["iteration"] for row in rows] == [0, 1, 2, 3]


def test_arms_of_one_seed_begin_alike():
    plan = parse_plan(MATRIX, "test")
    first, second = (run_cell(Cell(plan, arm, 2)).iterations for arm in ("scratch", "fusion"))
    for row in (*first, *second):
        row.pop("arm")
    durations = [key for key in first[0] if key.endswith("_s")]
    for number in (0, 1):  # from the second iteration on, start weights differ
        for key in first[0].keys() - set(durations):
            assert first[number][key] == second[number][key], key


def test_rows_come_back_from_their_file(tmp_path):
    outcome = run_cell(Cell(parse_plan(MATRIX, "test"), "fusion", 1))
    cell = Cell(parse_plan(MATRIX, "test"), "fusion", 1)
    Folder(tmp_path).write(cell, outcome)
    assert list(read_rows(tmp_path / "runs" / "fusion-1.csv")) == outcome.iterations


def test_the_command_runs_files_and_tells_faults(tmp_path):
    (tmp_path / "small.toml").write_text(MATRIX, "utf-8")
    (tmp_path / "bad.toml").write_text(MATRIX.replace('"uniform"', '"unifrom"'), "utf-8")
    chosen = ["--smoke", "--workers", "1", "--output", tmp_path / "out"]
    done = run("experiment", tmp_path / "small.toml", *chosen)
    assert done.code == 0
    assert "uniform-fusion" in done.out
    assert (tmp_path / "out" / "small" / "summary.csv").is_file()
    rows = {row["arm"]: row for row in read_rows(tmp_path / "out" / "results.csv")}
    assert rows["fusion"]["start"] == "fusion"
    assert rows["uniform-fusion"]["exploitability_versus"] == "fusion"
    assert rows["scratch"]["exploitability_difference"] is None
    refused = run("experiment", tmp_path / "bad.toml", *chosen)
    assert refused.code == 2
    assert "arms[2].meta_solver" in refused.err


def test_one_population_for_both_seats_solves_kuhn_and_trains_once_an_iteration(tmp_path):
    plan = parse_plan(SHARED, "test")
    outcome = run_cell(Cell(plan, "exact", 1))
    last = outcome.iterations[-1]
    assert last["exploitability"] == pytest.approx(0, abs=1e-12)
    assert last["value"] == pytest.approx(0, abs=1e-12)  # chance seats the players
    assert [row["name"] for row in outcome.responses] == [f"response-{k}" for k in range(1, 13)]
    assert {row["side"] for row in outcome.responses} == {"both"}
    summary = run_plan(plan, Folder(tmp_path))
    assert summary.find("uniform", "exploitability").verdict == "more"
    assert "verdict at the end, ±0.05" in tables_in(tmp_path.parent)["shared"]


DQN = """
name = "dqn"
question = "Does a learner go on?"
claim = "none"
expected_minutes = 0.1
game = "kuhn"
learner = "dqn"
settings = { steps = 512, hidden = [8], environments = 16, warm_up_steps = 64, batch = 16 }
seeds = 2
iterations = 3
populations = "shared"
reference = "continue"

[[arms]]
name = "continue"
start = "continue"
from_iteration = 1

[[arms]]
name = "inherit-last"
start = "inherit-last"
"""


def test_a_learner_that_goes_on_takes_optimiser_and_memory_along():
    plan = parse_plan(DQN, "test")
    on, anew = (run_cell(Cell(plan, arm, 1)).responses for arm in ("continue", "inherit-last"))
    assert "scratch" in on[0]["start"]
    assert [row["start"] for row in on[1:]] == [f"continue: 1.000 response-{k}" for k in (1, 2)]
    assert anew[1]["start"] == "inherit-last: 1.000 response-1"
    assert len({row["updates"] for row in (*on, *anew)}) == 1  # each training's own
    assert on[0]["end_payoff"] == anew[0]["end_payoff"]
    assert on[1]["start_payoff"] == anew[1]["start_payoff"]
    assert run_cell(Cell(plan, "continue", 1)).responses[-1]["gain"] == on[-1]["gain"]


@pytest.mark.parametrize(
    ("old", "new", "place", "told"),
    [
        ('"kuhn"', '"coordination"', "populations", "no seats to draw"),
        ('meta_solver = "uniform"', 'meta_solver = "shaken-nash"', "meta_solver", "alike"),
        ('endpoint = "exploitability"', 'endpoint = "wall"', "endpoint", "unknown"),
        ('endpoint = "exploitability"', 'endpoint = "row_action_1"', "endpoint", "matrix games"),
        ('endpoint = "exploitability"', 'endpoint = "spread_end_gain"', "endpoint", "spread"),
        ("margin = 0.05", "margin = 0.0", "margin", "0"),
    ],
)
def test_what_does_not_fit_a_shared_population_is_refused(old, new, place, told):
    text = SHARED.replace(old, new).replace('"exact"', '"softmax"' if "coord" in new else '"exact"')
    with pytest.raises(PlanError) as caught:
        parse_plan(text, "test")
    faults = {fault.key: fault.problem for fault in caught.value.faults}
    (found,) = (problem for key, problem in faults.items() if key.endswith(place))
    assert told in found


ALONE = """
name = "alone"
question = "Does it take a population?"
claim = "none"
expected_minutes = 0.1
game = "kuhn"
learner = "ppo"
settings = { steps = 2048, hidden = [16], environments = 32, rollout_steps = 512, entropy = 0.05 }
seeds = 2
iterations = 6
populations = "shared"
reference = "self-play"

[[arms]]
name = "self-play"
variant = "self-play"

[[arms]]
name = "mirror"
variant = "self-play"
settings = { proximity = 0.5, clip_range = 1e6 }
"""


@pytest.mark.slow
@pytest.mark.parametrize("populations", ["shared", "separate"])
def test_learners_alone_are_measured_where_an_iteration_of_psro_would_end(populations, tmp_path):
    plan = parse_plan(ALONE.replace('"shared"', f'"{populations}"'), "test")
    outcome = run_cell(Cell(plan, "self-play", 1))
    learners = 1 if populations == "shared" else 2
    assert [row["iteration"] for row in outcome.iterations] == list(range(7))
    assert [row["steps"] for row in outcome.iterations] == [learners * 2048 * k for k in range(7)]
    assert outcome.responses == []
    first, last = outcome.iterations[0], outcome.iterations[-1]
    assert first["episodes"] == 0
    assert last["steps"] / 2 < last["episodes"] < last["steps"], "a player decides once or twice"
    assert last["exploitability"] < 0.75 * first["exploitability"]
    again = run_cell(Cell(plan, "self-play", 1)).iterations[-1]
    assert again["exploitability"] == last["exploitability"]
    summary = run_plan(plan, Folder(tmp_path), smoke=True)  # in this process, which is sooner there
    found = summary.find("mirror", "exploitability")
    assert found.difference is not None
    assert summary.find("mirror", "entropy") is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('learner = "ppo"', 'learner = "dqn"', "PPO's"),
        ('variant = "self-play"', 'variant = "self-play"\nstart = "fusion"', "no members"),
        ("proximity = 0.5", "proximity = 0.5, entropy = 0.0", "no magnet"),
        ("seeds = 2", 'seeds = 2\nendpoint = "captured"\nmargin = 0.1', "an arm has none"),
        (
            "clip_range = 1e6 }",
            "clip_range = 1e6 }\n[smoke]\nsettings = { entropy = 0.0 }",
            "no magnet",
        ),
    ],
)
def test_self_play_that_cannot_be_is_refused(old, new, told):
    with pytest.raises(PlanError) as caught:
        parse_plan(ALONE.replace(old, new, 1), "test")
    assert any(told in fault.problem for fault in caught.value.faults)


def test_the_candidate_joins_with_which_the_population_is_least_exploitable():
    text = ALONE.replace('variant = "self-play"', 'variant = "global"', 1)
    plan = parse_plan(text, "test")
    outcome = run_cell(Cell(plan, "self-play", 1))
    assert [row["decisions"] for row in outcome.responses] == [2048] * 6
    worth = [row["guaranteed"] for row in outcome.responses]
    for row in outcome.responses:
        assert row["guaranteed"] >= row["guaranteed_without"] - 1e-9
    assert any(row["guaranteed"] > row["guaranteed_least"] for row in outcome.responses)
    assert worth == sorted(worth)  # more members, more choice
    for before, row in pairwise(outcome.responses):
        assert row["guaranteed_without"] == pytest.approx(before["guaranteed"], abs=1e-7)


def test_settings_of_a_meta_solver_reach_it():
    arm = 'meta_solver = "prd"\nsolver_settings = { gamma = 0.5 }'
    plan = parse_plan(SHARED.replace('meta_solver = "uniform"', arm), "test")
    plain = parse_plan(SHARED.replace('meta_solver = "uniform"', 'meta_solver = "prd"'), "test")
    spread, usual = (run_cell(Cell(one, "uniform", 1)).iterations[-1] for one in (plan, plain))
    assert spread["entropy"] > usual["entropy"] + 0.1
    assert plan.hash_of(plan.arm("uniform")) != plain.hash_of(plain.arm("uniform"))


@pytest.mark.parametrize(
    ("settings", "place", "told"),
    [
        ("{ gama = 0.5 }", "arms[1].solver_settings.gama", "'gamma'"),
        ('{ gamma = "x" }', "arms[1].solver_settings.gamma", "wrong type"),
        ("{ gamma = 2.0 }", "arms[1].solver_settings.gamma", "0"),
    ],
)
def test_settings_that_a_meta_solver_does_not_know_are_refused(settings, place, told):
    arm = f'meta_solver = "prd"\nsolver_settings = {settings}'
    with pytest.raises(PlanError) as caught:
        parse_plan(SHARED.replace('meta_solver = "uniform"', arm), "test")
    (fault,) = caught.value.faults
    assert fault.key == place
    assert told in fault.problem + fault.cure
