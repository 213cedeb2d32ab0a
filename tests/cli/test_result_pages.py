"""Pages of a match and of a tournament: what stands on them, and that they need nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from command_line import run

from ssa_psro.game import game_of
from ssa_psro.policies import make_policy, play
from ssa_psro.randomness import episode_seeds
from ssa_psro.scenario import load_scenario
from ssa_psro.trace.files import load_trace

PAGES = {
    "play": (
        ("--blue", "blinding", "--red", "shielded", "--episodes", "4"),
        (
            "Who is ahead?",
            "Who has custody of what?",
            "Why does Blue lose custody?",
            "What does denial cost?",
            "Recovered if not denied",
            "Age of information, object by object",
            "How long objects go unseen",
        ),
        ("causes", "lapses", "ages", "activity", "merit-objects", "gaps", "orbits", "looks"),
    ),
    "tournament": (
        ("--policies", "blinding,reactive,shielded", "--episodes", "4"),
        (
            "Which policy earns most?",
            "Which mixture does none of them beat?",
            "What each policy is paid, and what it holds",
            "seat is worth",
        ),
        ("payoffs", "nash", "ranking", "policies", "price-of-rivalry", "seats", "objects"),
    ),
}


def test_a_match_in_which_nobody_loses_custody_has_a_page(small: Path, tmp_path: Path) -> None:
    path, folder = tmp_path / "easy.toml", tmp_path / "page"
    text = small.read_text("utf-8")
    easy = "custody_sigma_km = 1e6\naltitude_km"
    path.write_text(text.replace("altitude_km = [", f"{easy} = ["), "utf-8")
    options = ("--blue", "reactive", "--red", "shielded", "--episodes", "2")
    assert run("play", path, *options, "--report", folder).code == 0
    assert "It loses none." in (folder / "index.html").read_text("utf-8")


@pytest.mark.parametrize("command", list(PAGES))
def test_a_page_stands_alone(command: str, small: Path, tmp_path: Path) -> None:
    options, words, tables = PAGES[command]
    folder = tmp_path / "page"
    outcome = run(command, small, *options, "--report", folder, "--json")
    assert outcome.document["report"] == str(folder / "index.html")
    page = (folder / "index.html").read_text("utf-8")
    for one in words:
        assert one in page, one
    for name in tables:
        assert (folder / "data" / f"{name}.csv").is_file(), name
    # names of namespaces are no addresses that anything is loaded from
    elsewhere = re.findall(r'(?:src|href)="(?!#|data/|figures/|data:)[^"]*"', page)
    assert not [one for one in elsewhere if "xlink:href" not in one], elsewhere
    assert "Content-Security-Policy" in page
    assert len(page) < 3_000_000


def test_the_page_of_a_match_tells_what_the_terminal_tells(small: Path, tmp_path: Path) -> None:
    asked = ("play", small, "--blue", "reactive", "--red", "random", "--episodes", "4", "--seed")
    text = run(*asked, "3", "--report", tmp_path / "a").out
    page = (tmp_path / "a" / "index.html").read_text("utf-8")
    payoff = re.search(r"payoff +(\S+ \[\S+ \S+\])", text)
    assert payoff is not None
    assert payoff[1].replace("-", "\N{MINUS SIGN}") in page.replace("-", "\N{MINUS SIGN}")
    assert "seed" in page.lower()


def test_an_episode_is_written_as_it_was_played(small: Path, tmp_path: Path) -> None:
    path = tmp_path / "traces" / "first.npz"
    asked = ("play", small, "--blue", "blinding", "--red", "shielded", "--episodes", "3")
    document = run(*asked, "--seed", "5", "--trace", path, "--json").document
    trace = load_trace(path)
    assert trace.seed == episode_seeds(5, "play", count=3)[0]
    game = game_of(load_scenario(small))
    match = play(game, make_policy("blinding"), make_policy("shielded"), np.array([trace.seed]))
    assert trace.custody[0].mean() == pytest.approx(match.statistics["custody"][0, 0])
    assert document["episodes"] == 3
