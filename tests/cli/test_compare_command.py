"""``compare``: the same episodes for all, differences paired over them, and a page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from command_line import run

from ssa_psro.game import CoverageGame
from ssa_psro.geometry import build_arena
from ssa_psro.metagame.intervals import student_interval
from ssa_psro.policies import make_policy, play
from ssa_psro.randomness import episode_seeds
from ssa_psro.scenario import load_scenario

POLICIES = ("--policy", "reactive", "--policy", "shielded", "--against", "blinding")


@pytest.mark.parametrize("side", ["blue", "red"])
def test_differences_are_paired_over_the_same_episodes(small: Path, side: str) -> None:
    asked = ("--episodes", "12", "--seed", "4", "--side", side, "--json")
    document = run("compare", small, *POLICIES, *asked).document
    game = CoverageGame(build_arena(load_scenario(small)))
    seeds, opponent = episode_seeds(4, "compare", count=12), make_policy("blinding")
    paid = []
    for name in ("reactive", "shielded"):
        pair = (make_policy(name), opponent)
        match = play(game, *(pair if side == "blue" else pair[::-1]), seeds)
        paid.append(match.payoffs[:, 0 if side == "blue" else 1])
    first, second = document["entries"]
    assert [one["policy"] for one in document["entries"]] == ["reactive", "shielded"]
    assert second["figures"]["payoff"]["mean"] == pytest.approx(np.mean(paid[1]))
    wanted = student_interval(paid[1] - paid[0])
    found = second["differences"]["payoff"]
    assert [found["mean"], found["low"], found["high"]] == pytest.approx(
        [wanted.mean, wanted.low, wanted.high]
    )
    assert first["differences"]["payoff"]["mean"] == 0.0
    assert document["side"] == side


def test_scenarios_stand_side_by_side(small: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(small.read_text("utf-8").replace("seed = 7", "seed = 8", 1), "utf-8")
    text = run("compare", small, other, *POLICIES, "--episodes", "4").out
    assert text.count(str(other)[:8]) >= 2, "of one name, they are told apart by their paths"


def test_a_page_is_written_with_its_tables(small: Path, tmp_path: Path) -> None:
    folder = tmp_path / "page"
    outcome = run("compare", small, *POLICIES, "--episodes", "4", "--report", folder, "--json")
    assert outcome.document["report"] == str(folder / "index.html")
    page = (folder / "index.html").read_text("utf-8")
    for words in ("Which is best paid?", "Differences from the first", "Which holds most"):
        assert words in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")
    for name in ("data/comparison.csv", "data/differences.csv", "figures/differences.svg"):
        assert (folder / name).is_file()


def test_every_unknown_policy_is_named_at_once(small: Path, tmp_path: Path) -> None:
    wanted = ("--policy", "reactiv", "--policy", f"{tmp_path}:blue", "--against", "nobody")
    outcome = run("compare", small, *wanted)
    assert outcome.code == 2
    assert "3 faults" in outcome.err
    assert "Did you mean 'reactive'?" in outcome.err
    assert f"{tmp_path}:blue" in outcome.err.replace("\n", "")
