"""The front door computes what the commands compute, and loads nothing before it is used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import ssa_psro
from ssa_psro.errors import UsageError
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
