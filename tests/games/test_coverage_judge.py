"""The coverage game in the meta-game's terms: judge, mixture, threads."""

from __future__ import annotations

import numpy as np
import pytest
from arenas import make_arena

from ssa_psro.game import CoverageGame
from ssa_psro.games.coverage import Coverage
from ssa_psro.metagame.judge import Fixture, play_all
from ssa_psro.policies import make_policy, play
from ssa_psro.randomness import episode_seeds
from ssa_psro.work import Workers

SEEDS = episode_seeds(4, "judge", count=40)


@pytest.fixture(scope="module", name="game")
def _game() -> CoverageGame:
    return CoverageGame(make_arena(2))


def test_row_is_blue(game: CoverageGame) -> None:
    row, column = make_policy("aggressive"), make_policy("blinding")
    wanted = play(game, row, column, SEEDS).payoffs
    assert np.array_equal(Coverage.of(game).judge(row, column, SEEDS), wanted)


def test_an_episode_depends_on_its_own_seed_only(game: CoverageGame) -> None:
    judge = Coverage.of(game).judge
    row, column = make_policy("information"), make_policy("shielded")
    whole = judge(row, column, SEEDS)
    assert np.array_equal(judge(row, column, SEEDS[35:]), whole[35:])
    assert np.array_equal(judge(row, column, SEEDS[::-1]), whole[::-1])


def test_mixture_plays_each_episode_as_one_of_its_members(game: CoverageGame) -> None:
    judge = Coverage.of(game).judge
    members = [make_policy("aggressive"), make_policy("distributed")]
    column = make_policy("random")
    mixture = Coverage.mix(members, np.array([0.5, 0.5]))
    alone = [judge(member, column, SEEDS) for member in members]
    drawn = mixture.draw(game.view(game.start(SEEDS), 0).seed)
    assert set(drawn) == {0, 1}
    wanted = np.where(drawn[:, None] == 0, *alone)
    assert np.array_equal(judge(mixture, column, SEEDS), wanted)


def test_threads_give_what_one_after_the_other_gives(game: CoverageGame) -> None:
    judge = Coverage.of(game).judge
    policies = [make_policy(name) for name in ("random", "reactive", "predictive")]
    fixtures = [Fixture(row, column, SEEDS[:8]) for row in policies for column in policies]
    shares: list[float] = []
    threaded = play_all(
        judge, fixtures, Workers(3, lambda stage, share: shares.append(share)).in_threads
    )
    for one, other in zip(threaded, play_all(judge, fixtures), strict=True):
        assert np.array_equal(one, other)
    assert shares == pytest.approx([(n + 1) / 9 for n in range(9)])


def test_long_match_in_parts_is_the_match(game: CoverageGame) -> None:
    judge = Coverage.of(game).judge
    row, column = make_policy("aggressive"), make_policy("reactive")
    seeds = episode_seeds(5, "judge", count=70)
    assert np.array_equal(
        Workers(2).part_by_part(judge)(row, column, seeds), judge(row, column, seeds)
    )
