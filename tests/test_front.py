"""The front door computes what the commands compute, and loads nothing before it is used."""

from __future__ import annotations

import shutil
import subprocess
import sys
from inspect import isfunction
from pathlib import Path

import numpy as np
import pytest

import ssa_psro
from ssa_psro import front
from ssa_psro.errors import InputError, UsageError
from ssa_psro.game import Command, View, game_of, priority_command
from ssa_psro.policies import make_policy, play
from ssa_psro.randomness import episode_seeds
from ssa_psro.study import Study
from ssa_psro.study.audit import settings_of
from ssa_psro.study.matches import play_match
from ssa_psro.work import Workers

QUICKSTART = Path(__file__).parents[1] / "scenarios" / "quickstart.toml"


class Patient:
    """Looks at what it has not seen for longest."""

    name = "patient"
    constant = False

    def act(self, view: View) -> Command:
        """Orders by age."""
        return priority_command(view.feature("age"))


@pytest.fixture(scope="module")
def study() -> Study:
    return ssa_psro.load(QUICKSTART, duration_h=12)


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import ssa_psro, sys; sys.exit('numpy' in sys.modules or 'pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_package_offers_what_the_front_door_has() -> None:
    own = {
        name
        for name, one in vars(front).items()
        if isfunction(one) and one.__module__ == front.__name__ and not name.startswith("_")
    }
    assert set(ssa_psro.__all__) == {*own, "open_run"}
    assert all(getattr(ssa_psro, name) is getattr(front, name) for name in ssa_psro.__all__)


def test_a_shipped_scenario_goes_by_its_name() -> None:
    assert ssa_psro.load("quickstart") == ssa_psro.load(QUICKSTART)


def test_a_study_is_changed_on_the_way_in(study: Study) -> None:
    assert study.scenario.window.duration_h == 12
    later = ssa_psro.load(study, start="2026-05-01T00:00:00Z", overrides={"seed": 9})
    assert (later.seed, later.scenario.window.epoch.month) == (9, 5)
    assert study.seed != 9


def test_a_catalogue_for_a_study_already_read_is_refused(study: Study) -> None:
    with pytest.raises(UsageError) as caught:
        ssa_psro.load(study, catalog="some.tle")
    assert caught.value.faults[0].key == "catalog"


def test_a_match_is_that_of_the_command(study: Study) -> None:
    found = ssa_psro.play(study, Patient(), "reactive", episodes=3, seed=5)
    with Workers() as hands:
        played = play_match(
            study.scenario, Patient(), make_policy("reactive"), seed=5, episodes=3, workers=hands
        )
    blue, red = found.figures["payoff"]
    assert (blue.count, blue.mean) == (3, played.samples["payoff"][:, 0].mean())
    assert red.mean == -blue.mean
    assert repr(found).startswith("<quickstart, patient v reactive, 3 episodes: payoff ")
    assert "Red: reactive" in found._repr_html_()


def test_a_match_gives_frames_and_traces(study: Study) -> None:
    pytest.importorskip("pandas")
    match = ssa_psro.play(study, "aggressive", "blinding", episodes=2, seed=5)
    figures = match.to_dataframe("regime").set_index(["side", "regime", "figure"])["mean"]
    looks, custody = match.looks(), match.custody()
    trace = match.trace(2)
    for number in (0, 99):
        with pytest.raises(UsageError, match="from 1 to"):
            match.trace(number)
    mine = looks[looks["episode"] == 2]
    assert len(mine) == trace.looks.side.size
    assert mine["tasked_utc"].iloc[0] == trace.utc(int(trace.looks.start_step[0]))
    steps = trace.steps
    assert len(custody) == 2 * 2 * steps
    blue = custody[(custody["episode"] == 2) & (custody["side"] == "blue")]["custody"]
    np.testing.assert_allclose(blue, trace.custody[0].mean(axis=1))
    done = looks["result"].isin(["hit", "not detected", "out of field"])
    geo = looks[done & (looks["side"] == "blue") & (looks["regime"] == "GEO")]
    assert figures["blue", "GEO", "looks"] == len(geo) / 2


def test_a_tournament_tells_who_holds_custody(study: Study) -> None:
    pytest.importorskip("pandas")
    found = ssa_psro.tournament(study, ["blinding", "reactive"], episodes=3, resamples=20)
    held = found.custody().set_index(["side", "policy", "against"])
    seeds = episode_seeds(study.seed, "tournament", count=3)
    game, names = game_of(study.scenario), ("blinding", "reactive")
    custody = np.zeros((2, 2, 2))
    for i, j in np.ndindex(2, 2):
        match = play(game, make_policy(names[i]), make_policy(names[j]), seeds)
        custody[i, j] = match.statistics["custody"].mean(axis=0)
    both_seats = (custody + custody.swapaxes(0, 1)[..., ::-1]) / 2
    for i, name in enumerate(names):
        row = held.loc[("red", name, "everyone")]
        own, left = both_seats[i].mean(axis=0)
        assert (row["custody_mean"], row["opponent_custody_mean"]) == pytest.approx((own, left))
        assert row["custody_count"] == 3


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"seed": 1.5}, "seed"),
        ({"seed": True}, "seed"),
        ({"seed": -1}, "seed"),
        ({"episodes": 2.0}, "episodes"),
        ({"episodes": "2"}, "episodes"),
        ({"workers": 0}, "workers"),
        ({"within_h": float("nan")}, "within_h"),
    ],
    ids=str,
)
def test_numbers_that_are_none_are_refused_before_anything_is_played(
    study: Study, given: dict[str, object], told: str
) -> None:
    with pytest.raises(UsageError) as caught:
        ssa_psro.play(study, "random", "random", **given)
    assert [one.key for one in caught.value.faults] == [told]


@pytest.mark.parametrize(
    "given",
    [
        {"against": "../../evil"},
        {"against": "foo"},
        {"seed": 1.5},
        {"budgets": [50.5]},
        {"budgets": []},
        {"self_play": "no"},
    ],
    ids=str,
)
def test_an_audit_that_cannot_be_is_refused_before_anything_is_written(
    given: dict[str, object], tmp_path: Path
) -> None:
    folder = Path(__file__).parent / "study" / "folders" / "format-3"
    run = shutil.copytree(folder, tmp_path / "run")
    before = sorted(run.rglob("*"))
    with pytest.raises(UsageError) as caught:
        ssa_psro.audit(run, **given)
    assert [one.key for one in caught.value.faults] == list(given)
    assert sorted(run.rglob("*")) == before


def test_workers_that_are_none_are_refused_before_a_folder_is_made(tmp_path: Path) -> None:
    for begin in (
        lambda: ssa_psro.solve(QUICKSTART, tmp_path / "run", workers=0),
        lambda: ssa_psro.sweep("denial", tmp_path / "sweep", workers=0),
    ):
        with pytest.raises(UsageError, match="workers"):
            begin()
    assert not list(tmp_path.iterdir())


def test_integers_of_any_kind_are_numbers() -> None:
    study = ssa_psro.load(QUICKSTART)
    found = settings_of(study, seed=np.int64(3), budgets=[np.int64(50)], episodes=np.int32(2))
    assert [type(one) for one in (found.seed, *found.budgets, found.episodes)] == [int] * 3


def test_policies_of_a_run_go_by_their_names(study: Study) -> None:
    run = Path(__file__).parent / "study" / "folders" / "format-3"
    assert ssa_psro.policy(run, "blue-1").name == "blue-1"
    mixture = ssa_psro.policy(run, "red")
    assert ssa_psro.play(study, mixture, "random", episodes=2).names == ("red", "random")
    with pytest.raises(UsageError) as caught:
        ssa_psro.policy(run, "blue-11")
    assert caught.value.faults[0].cure == "Did you mean 'blue-1'?"


def test_a_tournament_ranks_names_and_objects(study: Study) -> None:
    found = ssa_psro.tournament(study, [Patient(), "aggressive"], episodes=2, resamples=20)
    assert {one.policy for one in found.standings[0]} == {"patient", "aggressive"}
    assert "2 policies, 2 episodes a pair" in repr(found)
    assert "patient" in found._repr_html_()


def test_one_episode_has_no_interval(study: Study) -> None:
    with pytest.raises(UsageError) as caught:
        ssa_psro.play(study, "random", "random", episodes=1)
    assert caught.value.faults[0].key == "episodes"


def faults_of(error: pytest.ExceptionInfo[InputError]) -> dict[str, str]:
    """Cures by key."""
    return {fault.key: fault.cure for fault in error.value.faults}


def test_unknown_names_come_with_the_nearest(study: Study) -> None:
    with pytest.raises(InputError) as caught:
        ssa_psro.load("quikstart")
    assert faults_of(caught) == {"source": "Did you mean 'quickstart'?"}
    with pytest.raises(InputError) as caught:
        ssa_psro.load(study, overrides={"solvr.iterations": 3, "oracle.strat": "scratch"})
    assert faults_of(caught) == {
        "solvr": "Did you mean 'solver'?",
        "oracle.strat": "Did you mean 'start'?",
    }
    with pytest.raises(InputError) as caught:
        ssa_psro.load(study, overrides={"seed.x": 3})
    assert faults_of(caught) == {'"seed.x"': "Did you mean 'seed'?"}


def test_every_unusable_policy_is_pointed_out(study: Study) -> None:
    with pytest.raises(InputError) as caught:
        ssa_psro.tournament(study, ["agressive", object()])  # type: ignore[list-item]
    problems = [fault.problem for fault in caught.value.faults]
    assert problems == ["not one of the heuristics", "no policy"]


def test_solving_makes_a_folder_and_leaves_that_of_another_study_alone(tmp_path: Path) -> None:
    small = ssa_psro.load(
        QUICKSTART,
        duration_h=12,
        overrides={
            "populations.blue": ["random"],
            "populations.red": ["random"],
            "solver.iterations": 1,
            "solver.episodes_per_cell": 2,
            "solver.held_out_episodes": 2,
            "oracle.kind": "cma-es",
            "oracle.decisions": 40,
        },
    )
    run = ssa_psro.solve(small, tmp_path / "run")
    assert run.finished
    assert (run.folder / "scenario.toml").read_text("utf-8").startswith("# Given from Python")
    assert ssa_psro.solve(small, run.folder).manifest == run.manifest
    with pytest.raises(InputError) as caught:
        ssa_psro.solve(QUICKSTART, run.folder)
    assert "output" in faults_of(caught)
    assert ssa_psro.write_report(run).is_file()
