"""The coverage game in the meta-game's terms: judge, mixture, threads."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from arenas import make_arena

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.game import CoverageGame
from ssa_psro.metagame.coverage import CoverageJudge, ThreadMap, mix
from ssa_psro.metagame.judge import Fixture, play_all
from ssa_psro.policies import make_policy, play
from ssa_psro.randomness import episode_seeds

SEEDS = episode_seeds(4, "judge", count=40)


@pytest.fixture(scope="module", name="game")
def _game() -> CoverageGame:
    return CoverageGame(make_arena(2))


def test_row_is_blue_and_workers_do_not_matter(game: CoverageGame) -> None:
    row, column = make_policy("aggressive"), make_policy("blinding")
    wanted = play(game, row, column, SEEDS).payoffs
    for workers in (1, 3):
        assert np.array_equal(CoverageJudge(game, workers)(row, column, SEEDS), wanted)


def test_an_episode_depends_on_its_own_seed_only(game: CoverageGame) -> None:
    judge = CoverageJudge(game)
    row, column = make_policy("information"), make_policy("shielded")
    whole = judge(row, column, SEEDS)
    assert np.array_equal(judge(row, column, SEEDS[35:]), whole[35:])
    assert np.array_equal(judge(row, column, SEEDS[::-1]), whole[::-1])


def test_mixture_plays_each_episode_as_one_of_its_members(game: CoverageGame) -> None:
    judge = CoverageJudge(game)
    members = [make_policy("aggressive"), make_policy("distributed")]
    column = make_policy("random")
    mixture = mix(members, np.array([0.5, 0.5]))
    alone = [judge(member, column, SEEDS) for member in members]
    drawn = mixture.draw(game.view(game.start(SEEDS), 0).seed)
    assert set(drawn) == {0, 1}
    wanted = np.where(drawn[:, None] == 0, *alone)
    assert np.array_equal(judge(mixture, column, SEEDS), wanted)


def test_threads_give_what_one_after_the_other_gives(game: CoverageGame) -> None:
    judge = CoverageJudge(game)
    policies = [make_policy(name) for name in ("random", "reactive", "predictive")]
    fixtures = [Fixture(row, column, SEEDS[:8]) for row in policies for column in policies]
    shares: list[float] = []
    threaded = play_all(judge, fixtures, ThreadMap(3, shares.append))
    for one, other in zip(threaded, play_all(judge, fixtures), strict=True):
        assert np.array_equal(one, other)
    assert shares == pytest.approx([(n + 1) / 9 for n in range(9)])


def test_failure_ends_the_map_without_doing_the_rest() -> None:
    started: list[int] = []
    release = threading.Event()

    def work(item: int) -> int:
        started.append(item)
        if item == 0:
            raise KeyError("first")
        release.wait(5)
        return item

    def consume() -> None:
        for _ in ThreadMap(2)(work, range(100)):
            pass

    timer = threading.Timer(0.2, release.set)
    timer.start()
    with pytest.raises(KeyError, match="first"):
        consume()
    timer.join()
    assert len(started) < 10


def test_long_match_in_parts_is_the_match(game: CoverageGame) -> None:
    judge = CoverageJudge(game)
    row, column = make_policy("aggressive"), make_policy("reactive")
    seeds = episode_seeds(5, "judge", count=70)
    assert np.array_equal(
        ThreadMap(2).part_by_part(judge)(row, column, seeds), judge(row, column, seeds)
    )


def test_abandoned_match_stops_at_its_next_part() -> None:
    parts: list[int] = []

    def judge(row: str, column: str, seeds: Seeds) -> Floats:
        if row == "fails":
            raise KeyError(row)
        parts.append(seeds.size)
        failed.wait(0.01)
        return np.zeros((seeds.size, 2))

    failed = threading.Event()
    threads = ThreadMap(2)
    seeds = np.arange(1_000_000, dtype=np.uint64)
    fixtures = [Fixture("fails", "x", seeds), Fixture("long", "x", seeds)]
    with pytest.raises(KeyError, match="fails"):
        play_all(threads.part_by_part(judge), fixtures, threads)
    assert len(parts) < 1000
