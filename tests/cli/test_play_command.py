"""``play``: the figures of both sides, the same whatever the number of workers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from command_line import Outcome, run

from ssa_psro.findings.match import FIGURES
from ssa_psro.game import CoverageGame
from ssa_psro.geometry import build_arena
from ssa_psro.metagame.intervals import student_interval
from ssa_psro.policies import make_policy, play
from ssa_psro.randomness import episode_seeds
from ssa_psro.scenario import load_scenario


def _play(path: Path, *more: str) -> Outcome:
    return run("play", path, "--blue", "aggressive", "--red", "blinding", *more)


def test_figures_are_those_of_the_match(small: Path) -> None:
    document = _play(small, "--episodes", "10", "--seed", "3", "--json").document
    game = CoverageGame(build_arena(load_scenario(small)))
    seeds = episode_seeds(3, "play", count=10)
    match = play(game, make_policy("aggressive"), make_policy("blinding"), seeds)
    samples = {"payoff": match.payoffs, "score": match.scores, **match.statistics}
    assert set(document["figures"]) == set(samples) == set(FIGURES)
    for name, sample in samples.items():
        for side, column in (("blue", 0), ("red", 1)):
            found, wanted = document["figures"][name][side], student_interval(sample[:, column])
            assert found["count"] == 10
            assert [found["mean"], found["low"], found["high"]] == pytest.approx(
                [wanted.mean, wanted.low, wanted.high]
            )


def test_seed_decides_and_workers_do_not(small: Path) -> None:
    def document(*more: str) -> dict[str, object]:
        found = dict(_play(small, "--episodes", "40", "--json", *more).document)
        assert found.pop("timing")
        return found

    one = document("--seed", "5", "--workers", "1")
    assert one == document("--seed", "5", "--workers", "3")
    assert one["figures"] != document("--seed", "6")["figures"]
    assert document() == document("--seed", "7")  # the scenario's own


def test_table_for_people(small: Path) -> None:
    outcome = _play(small, "--episodes", "4")
    assert (outcome.code, outcome.err) == (0, "")
    assert "small, 6 h, 4 episodes" in outcome.out
    for text in ("Blue: aggressive", "Red: blinding", *(label for label, _ in FIGURES.values())):
        assert text in outcome.out
    assert max(len(line) for line in outcome.out.splitlines()) <= 80


def test_payoff_is_the_own_score_less_rivalry_times_the_others(
    small: Path, general_sum: Path, half_rivals: Path
) -> None:
    figures = _play(small, "--episodes", "6", "--json").document["figures"]
    score = {side: figures["score"][side]["mean"] for side in ("blue", "red")}
    assert figures["payoff"]["blue"]["mean"] == pytest.approx(score["blue"] - score["red"])
    assert figures["payoff"]["red"]["mean"] == pytest.approx(score["red"] - score["blue"])
    figures = _play(general_sum, "--episodes", "6", "--json").document["figures"]
    assert figures["payoff"] == figures["score"]
    document = _play(half_rivals, "--episodes", "6", "--json").document
    figures = document["figures"]
    score = {side: figures["score"][side]["mean"] for side in ("blue", "red")}
    paid = score["blue"] - 0.5 * score["red"]
    assert figures["payoff"]["blue"]["mean"] == pytest.approx(paid)
    assert (document["payoff_kind"], document["rivalry"]) == ("general-sum", 0.5)
    words = "Payoff: own score less 0.5 x the other's."
    assert words in _play(half_rivals, "--episodes", "6").out


def test_every_unknown_policy_is_named_with_a_suggestion(small: Path) -> None:
    outcome = run("play", small, "--blue", "agressive", "--red", "rective")
    assert (outcome.code, outcome.out) == (2, "")
    assert "--blue: not one of the known policies (found 'agressive')" in outcome.err
    assert "Did you mean 'aggressive'?" in outcome.err
    assert "Did you mean 'reactive'?" in outcome.err


def test_intervals_hold_the_mean(small: Path) -> None:
    figures = _play(small, "--json").document["figures"]
    for sides in figures.values():
        for found in sides.values():
            assert np.isfinite([found["low"], found["high"]]).all()
            assert found["low"] <= found["mean"] <= found["high"]
