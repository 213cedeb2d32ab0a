"""The table of what rivalry costs: one table of scores, paid and solved at every rivalry."""

from __future__ import annotations

import numpy as np
import pytest
from cli.command_line import SMALL

from evidence.price_of_rivalry import main, paid_by, paid_table
from ssa_psro.game import game_of
from ssa_psro.games.coverage import Coverage
from ssa_psro.metagame.tournament import play_tournament
from ssa_psro.policies import make_policy
from ssa_psro.randomness import episode_seeds
from ssa_psro.study import parse_study

NAMES = ("aggressive", "blinding")


@pytest.mark.parametrize("rivalry", [0.0, 0.5, 1.0])
def test_payoffs_of_a_rivalry_are_those_that_its_game_pays(rivalry: float) -> None:
    game = game_of(parse_study(SMALL, "small").scenario)
    players, seeds = [make_policy(name) for name in NAMES], episode_seeds(1, "x", count=3)
    judge = Coverage.of(game).judge_with_scores
    played = play_tournament(NAMES, players, judge=judge, seeds=seeds)
    paid = Coverage.of(paid_by(game, rivalry)).judge
    direct = play_tournament(NAMES, players, judge=paid, seeds=seeds)
    np.testing.assert_array_equal(paid_table(played, rivalry).samples, direct.samples)


def test_command_prints_a_line_a_rivalry_and_the_best_pair(tmp_path, capsys) -> None:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, "utf-8")
    main([str(path), "--episodes", "2", "--fresh", "4", "--rivalries", "0,1"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "small: 2 episodes a pair, 4 fresh ones"
    firsts = [line.split(" | ")[0].strip("| ") for line in lines[4:]]
    assert firsts[0].startswith("own score only (")
    assert firsts[1:] == ["zero-sum (nash-lp)", "best pair known"]
