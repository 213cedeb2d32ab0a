"""``tournament``: payoffs, equilibrium and ranking with intervals, in every output."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command_line import Outcome, run

from ssa_psro.game import CoverageGame
from ssa_psro.geometry import build_arena
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.policies import HEURISTICS, make_policy, match
from ssa_psro.randomness import episode_seeds
from ssa_psro.scenario import load_scenario

THREE = "aggressive,blinding,random"
BRIEF = ("--episodes", "6", "--resamples", "20")


def _tournament(path: Path, *more: str | Path) -> Outcome:
    return run("tournament", path, *BRIEF, "--policies", THREE, *more)


@cache
def _document(path: Path) -> Any:
    """The JSON document, made once; tests only read it."""
    return _tournament(path, "--json").document


def test_all_heuristics_take_part_by_default(small: Path) -> None:
    document = run("tournament", small, *BRIEF, "--json").document
    assert document["policies"] == list(HEURISTICS)
    assert np.shape(document["payoffs"]["blue"]["mean"]) == (len(HEURISTICS), len(HEURISTICS))
    assert document["timing"]["episodes_per_s"] > 0


def test_symmetric_game_swaps_seats(small: Path) -> None:
    document = _document(small)
    mean = np.array(document["payoffs"]["blue"]["mean"])
    assert document["seats_swapped"]
    assert np.allclose(mean, -mean.T, rtol=0, atol=1e-15)
    assert document["value"]["blue"]["mean"] == 0
    assert document["variance_reduction"]["seat_swap"] is not None


def test_unequal_game_does_not(unequal: Path) -> None:
    document = _document(unequal)
    mean = np.array(document["payoffs"]["blue"]["mean"])
    assert not document["seats_swapped"]
    assert not np.allclose(mean, -mean.T, atol=1e-3)
    assert document["variance_reduction"]["seat_swap"] is None
    assert np.allclose(mean, -np.array(document["payoffs"]["red"]["mean"]))


def test_custody_of_both_stands_beside_what_a_policy_earns(unequal: Path) -> None:
    """Seats apart: Blue's mean over opponents of single matches is what the table has."""
    document, names = _document(unequal), THREE.split(",")
    game = CoverageGame(build_arena(load_scenario(unequal)))
    seeds = episode_seeds(document["seed"], "tournament", count=6)
    blue = make_policy("blinding")
    matches = [match.play(game, blue, make_policy(other), seeds) for other in names]
    custody = np.array([one.statistics["custody"] for one in matches]).mean(axis=(0, 1))
    (found,) = (
        one
        for one in document["custody"]["blue"]
        if (one["policy"], one["against"]) == ("blinding", "everyone")
    )
    assert found["custody"]["mean"] == pytest.approx(custody[0])
    assert found["opponent_custody"]["mean"] == pytest.approx(custody[1])
    out = _tournament(unequal).out
    for seat in ("Blue", "Red"):
        assert f"Who holds custody, {seat}: against all policies alike" in out


@pytest.mark.parametrize("which", ["small", "unequal", "general_sum", "half_rivals"])
def test_equilibrium_is_that_of_the_payoffs(which: str, request: pytest.FixtureRequest) -> None:
    document = _document(request.getfixturevalue(which))
    payoffs = np.stack([document["payoffs"][side]["mean"] for side in ("blue", "red")], axis=-1)
    wanted = make_solver("nash")(payoffs)
    for side, mixture in (("blue", wanted.row), ("red", wanted.column)):
        probability = document["nash"]["probability"][side]
        found = [probability[name]["mean"] for name in document["policies"]]
        assert found == pytest.approx(list(mixture), abs=1e-9)
        assert sum(found) == pytest.approx(1)
        supported = [name for name in probability if probability[name]["mean"] > 1e-6]
        assert document["nash"]["support"][side] == supported
    assert document["value"]["red"]["mean"] == pytest.approx(wanted.value[1])


def test_seed_decides_and_workers_do_not(small: Path) -> None:
    def untimed(document: Any) -> dict[str, Any]:
        assert document["timing"]
        return {key: value for key, value in document.items() if key != "timing"}

    own = untimed(_document(small))  # seed 7, the scenario's own
    assert own == untimed(_tournament(small, "--json", "--seed", "7", "--workers", "3").document)
    other = _tournament(small, "--json", "--seed", "8").document
    assert own["payoffs"] != other["payoffs"]


def test_files_say_the_same_as_json(unequal: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    assert _tournament(unequal, "--output", folder).code == 0
    document = {key: value for key, value in _document(unequal).items() if key != "timing"}
    assert json.loads((folder / "tournament.json").read_text("utf-8")) == document
    with (folder / "payoffs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * 9
    (cell,) = [
        row
        for row in rows
        if (row["paid"], row["red_policy"], row["blue_policy"]) == ("red", "random", "blinding")
    ]
    red = document["payoffs"]["red"]
    numbers = [float(cell[key]) for key in ("mean", "low", "high", "episodes")]
    assert numbers == pytest.approx([red[key][1][2] for key in ("mean", "low", "high", "count")])
    assert (folder / "payoffs.png").stat().st_size > 10_000
    with (folder / "nash.csv").open(encoding="utf-8", newline="") as file:
        shares = [float(row["mean"]) for row in csv.DictReader(file)]
    assert sum(shares) == pytest.approx(2)
    with (folder / "ranking.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 2 * 3 * 2


def test_lines_of_every_csv_file_end_in_lf(unequal: Path, tmp_path: Path) -> None:
    assert _tournament(unequal, "--output", tmp_path).code == 0
    files = {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")}
    assert files.keys() == {
        "payoffs.csv",
        "custody.csv",
        "nash.csv",
        "ranking.csv",
        "price-of-rivalry.csv",
        "seats.csv",
    }
    assert not any(b"\r" in content for content in files.values())
    assert files["nash.csv"].startswith(b"side,policy,mean,low,high,count\nblue,aggressive,")
    assert files["ranking.csv"].startswith(b"side,policy,against,mean,low,high,count\nblue,")


def test_folder_that_cannot_be_made_is_a_fault(small: Path) -> None:
    outcome = _tournament(small, "--output", small / "below-a-file")
    assert (outcome.code, outcome.out) == (2, "")
    assert "--output: cannot be written" in outcome.err


@pytest.mark.parametrize(
    ("policies", "problem"),
    [
        ("aggressive,rective", "Did you mean 'reactive'?"),
        ("aggressive", "a tournament needs two policies"),
        ("random,aggressive,random", "named more than once"),
        ("", "not one of the known policies"),
    ],
)
def test_unusable_list_of_policies(policies: str, problem: str, small: Path) -> None:
    outcome = run("tournament", small, "--policies", policies)
    assert (outcome.code, outcome.out) == (2, "")
    assert problem in outcome.err


@pytest.mark.parametrize(("which", "matrices"), [("small", 1), ("unequal", 1), ("general_sum", 2)])
def test_tables_for_people(which: str, matrices: int, request: pytest.FixtureRequest) -> None:
    outcome = _tournament(request.getfixturevalue(which), "--workers", "2")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.count("small: payoff of") == matrices
    assert outcome.out.count("Ranking and Nash") == (1 if which == "small" else 2)
    assert "What Blue's seat is worth" in outcome.out
    for text in (
        *THREE.split(","),
        "cyclic share",
        "price of rivalry",
        "policies in the Nash support",
        "value of",
    ):
        assert text in outcome.out
    assert max(len(line) for line in outcome.out.splitlines()) <= 80


def test_ten_policies_fit_80_columns_unabridged(small: Path) -> None:
    names = [name for name in HEURISTICS if len(name) <= len("high-orbit-first")]
    assert len(names) == 10
    out = run("tournament", small, *BRIEF, "--policies", ",".join(names)).out
    assert max(len(line) for line in out.splitlines()) <= 80
    assert "…" not in out
    assert " 8 high-orbit-first" in out


def test_evaluation_ranks_the_same_policies_in_text_and_json(small: Path) -> None:
    document = _tournament(small, "--json", "--evaluate").document
    ranked = [one["policy"] for one in document["evaluation"]["nash_averaging"]["rows"]]
    assert sorted(ranked) == sorted(document["policies"])
    masses = [one["mass"]["mean"] for one in document["evaluation"]["alpha_rank"]["rows"]]
    assert sum(masses) == pytest.approx(1)
    text = _tournament(small, "--evaluate").out
    table = text[text.index("Population") :]
    assert table.index(ranked[0]) < table.index(ranked[-1])
    assert "Following them ends among" in text
    assert "evaluation" not in _tournament(small, "--json").document


def test_a_general_sum_tournament_is_evaluated_too(general_sum: Path) -> None:
    outcome = _tournament(general_sum, "--json", "--evaluate")
    assert outcome.code == 0, outcome.err
    rows = outcome.document["evaluation"]["nash_averaging"]["rows"]
    assert sorted(one["policy"] for one in rows) == sorted(outcome.document["policies"])


@pytest.mark.parametrize(
    ("which", "kind", "rivalry"),
    [
        ("small", "zero-sum", 1.0),
        ("general_sum", "general-sum", 0.0),
        ("half_rivals", "general-sum", 0.5),
    ],
)
def test_price_of_rivalry_stands_beside_the_equilibrium(
    which: str, kind: str, rivalry: float, request: pytest.FixtureRequest
) -> None:
    document = _document(request.getfixturevalue(which))
    assert (document["payoff_kind"], document["rivalry"]) == (kind, rivalry)
    price = document["price_of_rivalry"]
    plays = price["equilibrium"], price["cooperative"]
    for play in plays:
        blue, red = (one["mean"] for one in play["score"])
        assert play["payoff"][0]["mean"] == pytest.approx(blue - rivalry * red)
        assert play["payoff"][1]["mean"] == pytest.approx(red - rivalry * blue)
        assert play["total_score"]["mean"] == pytest.approx(blue + red)
        for name in ("custody", "contested_custody"):
            assert all(one["low"] <= one["mean"] <= one["high"] for one in play[name])
            assert all(0 <= one["mean"] <= 1 for one in play[name])
    lost = 1 - plays[0]["total_score"]["mean"] / plays[1]["total_score"]["mean"]
    assert price["price"]["mean"] == pytest.approx(lost)
    assert price["price"]["count"] == 4 * document["episodes_per_cell"]
    assert (price["pairs_known"], price["pairs"]) == (9, 9)
    assert plays[1]["policies"][0] in document["policies"]


def test_price_in_csv_is_that_of_json(half_rivals: Path, tmp_path: Path) -> None:
    assert _tournament(half_rivals, "--output", tmp_path).code == 0
    price = _document(half_rivals)["price_of_rivalry"]
    with (tmp_path / "price-of-rivalry.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["play"], row["side"]) for row in rows] == [
        (play, side) for play in ("equilibrium", "together") for side in ("blue", "red")
    ]
    for row, play in zip(rows, ("equilibrium",) * 2 + ("cooperative",) * 2, strict=True):
        for name in ("payoff", "score", "custody", "contested_custody"):
            wanted = price[play][name][row["side"] == "red"]
            for part, value in wanted.items():
                assert float(row[f"{name}_{part}"]) == pytest.approx(value)
    assert [row["price_mean"] for row in rows[2:]] == ["", ""]
    assert float(rows[0]["price_low"]) == pytest.approx(price["price"]["low"])


def test_seats_are_measured_whether_or_not_they_are_swapped(small: Path, unequal: Path) -> None:
    for path in (small, unequal):
        seats = _document(path)["seats"]
        assert seats["policies"].keys() == set(THREE.split(","))
        assert seats["tolerance"] == 0.005
        found = seats["mixture"]
        sure = found["low"] > 0 or found["high"] < 0
        assert seats["differ"] == (sure and abs(found["mean"]) > 0.005)
    # the diagonal as it was seated, which in the unequal game is what the table holds
    document = _document(unequal)
    diagonal = np.diagonal(document["payoffs"]["blue"]["mean"])
    own = [document["seats"]["policies"][name]["mean"] for name in document["policies"]]
    assert own == pytest.approx(diagonal.tolist())


def test_a_seat_that_is_worth_more_is_warned_of(small: Path) -> None:
    """The tolerance decides: with episodes enough the small game's seats are surely not alike."""
    options = ("--policies", "aggressive,low-orbit-first", "--episodes", "60", "--resamples", "20")
    seats = run("tournament", small, *options, "--json").document["seats"]
    words = "so the seats are not one game" if seats["differ"] else "the tolerance of 0.005"
    text = run("tournament", small, *options).out
    assert words in " ".join(text.split())
    assert "payoff is the mean of both seats" in text
