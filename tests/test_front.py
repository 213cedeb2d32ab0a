"""The front door computes what the commands compute, and loads nothing before it is used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import ssa_psro
from ssa_psro.errors import InputError, UsageError
from ssa_psro.game import Command, View, priority_command
from ssa_psro.policies import make_policy
from ssa_psro.study import Study
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
