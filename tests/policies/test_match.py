"""Matches: independent of chunks, with statistics of what was played."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from arenas import make_arena
from game.driving import random_doctrines, some_seeds
from numpy.typing import NDArray
from policies.members import some_mixture, some_network

from ssa_psro.game import CoverageGame, doctrine_command
from ssa_psro.policies import ConstantDoctrine, Match, make_policy, play
from ssa_psro.policies import match as matches
from ssa_psro.policies.match import CHUNK, batches


@pytest.fixture(scope="module")
def game() -> CoverageGame:
    return CoverageGame(make_arena(6, steps=40))


def assert_same_match(one: Match, other: Match) -> None:
    np.testing.assert_array_equal(one.payoffs, other.payoffs)
    np.testing.assert_array_equal(one.scores, other.scores)
    assert one.statistics.keys() == other.statistics.keys()
    for name, numbers in one.statistics.items():
        np.testing.assert_array_equal(numbers, other.statistics[name], name)


@pytest.mark.parametrize("count", [1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 5])
def test_every_seed_is_an_episode(game: CoverageGame, count: int) -> None:
    match = play(game, some_network(), some_mixture(), some_seeds(count))
    assert match.payoffs.shape == match.scores.shape == (count, 2)
    assert all(numbers.shape == (count, 2) for numbers in match.statistics.values())


def test_a_match_needs_an_episode(game: CoverageGame) -> None:
    policy = make_policy("random")
    with pytest.raises(ValueError, match="at least one episode"):
        play(game, policy, policy, some_seeds(0))


def test_more_episodes_extend_a_match(game: CoverageGame) -> None:
    blue, red = make_policy("predictive"), make_policy("blinding")
    few, many = (play(game, blue, red, some_seeds(count)) for count in (10, CHUNK + 10))
    np.testing.assert_array_equal(few.payoffs, many.payoffs[:10])


@pytest.mark.parametrize(("room", "size"), [(0.5, 1), (1.0, 1), (3.9, 3), (1e6, CHUNK)])
def test_batches_are_what_memory_has_room_for(
    game: CoverageGame, monkeypatch: pytest.MonkeyPatch, room: float, size: int
) -> None:
    blue, red = some_network(), some_mixture()
    usual = play(game, blue, red, some_seeds(CHUNK + 3))
    monkeypatch.setattr(matches, "BATCH_BYTES", room * game.episode_bytes)
    rows = np.arange(CHUNK + 3)
    parts = [rows[some] for some in batches(game, rows.size)]
    assert {len(part) for part in parts[:-1]} == {size}
    np.testing.assert_array_equal(np.concatenate(parts), rows)
    assert_same_match(play(game, blue, red, some_seeds(CHUNK + 3)), usual)


def test_an_episodes_state_is_counted_whole(game: CoverageGame) -> None:
    state = game.start(some_seeds(5))
    assert 5 * game.episode_bytes == sum(array.nbytes for array in state)
    assert game.episode_bytes > state.covariance[0].nbytes + state.tracks[0].nbytes


@pytest.mark.parametrize("rivalry", [0.0, 0.5])
def test_payoffs_are_scores_of_the_rules(game: CoverageGame, rivalry: float) -> None:
    match = play(game, make_policy("reactive"), make_policy("shielded"), some_seeds(5))
    np.testing.assert_array_equal(match.payoffs, match.scores - match.scores[:, ::-1])
    general = replace(
        game.arena,
        scenario=game.arena.scenario.model_copy(
            update={"rules": game.arena.scenario.rules.model_copy(update={"rivalry": rivalry})}
        ),
    )
    paid = play(
        CoverageGame(general), make_policy("reactive"), make_policy("shielded"), some_seeds(5)
    )
    np.testing.assert_array_equal(paid.payoffs, match.scores - rivalry * match.scores[:, ::-1])


def successes(game: CoverageGame, weights: NDArray[np.float64]) -> list[list[NDArray[np.int64]]]:
    """``[2][N]`` the steps of the one episode at which each side saw each object."""
    state, seen = game.start(some_seeds(1)), [[[] for _ in range(game.objects)] for _ in range(2)]
    orders = [doctrine_command(weights[side : side + 1]) for side in (0, 1)]
    for _ in range(game.world.rules.steps):
        before, t = state.track.hits.copy(), int(state.t[0])
        game.advance(state, orders[0], orders[1], steps=1)
        for _, side, n in zip(*np.nonzero(state.track.hits > before), strict=True):
            seen[side][n].append(t)
    return [[np.array(steps) for steps in side] for side in seen]


def test_the_statistics_are_what_was_played(game: CoverageGame) -> None:
    """Revisit and gaps from the list of all successes, collected step by step."""
    weights = random_doctrines(np.random.default_rng(6), 2).clip(-1, 1)
    sides = [ConstantDoctrine(f"side {index}", tuple(row)) for index, row in enumerate(weights)]
    match = play(game, sides[0], sides[1], some_seeds(1))
    steps, dt_h = game.world.rules.steps, game.world.rules.dt_h
    for side, objects in enumerate(successes(game, weights)):
        intervals = [np.diff([0, *times, steps]) * dt_h for times in objects]
        found = {name: numbers[0, side] for name, numbers in match.statistics.items()}
        assert found["revisit_h"] == pytest.approx(np.mean([gaps.mean() for gaps in intervals]))
        assert found["max_gap_h"] == pytest.approx(max(gaps.max() for gaps in intervals))
        hits = sum(times.size for times in objects)
        assert hits > 0
        assert found["hit_rate"] == pytest.approx(hits / found["observations"])


def test_custody_is_a_share_of_the_window(game: CoverageGame) -> None:
    match = play(game, make_policy("aggressive"), make_policy("random"), some_seeds(20))
    for name in ("custody", "contested_custody", "hit_rate"):
        assert match.statistics[name].min() >= 0
        assert match.statistics[name].max() <= 1
    contested = game.arena.objects.contested
    assert contested.any()
    assert not contested.all()
    assert (match.statistics["custody"] != match.statistics["contested_custody"]).any()


def test_uncontested_custody_is_the_score() -> None:
    """With equal weights and no contest the score is the mean share of time in custody."""
    arena = make_arena(6, contested=0)
    objects = replace(arena.objects, weight=np.ones(len(arena.objects)))
    game = CoverageGame(replace(arena, objects=objects))
    match = play(game, make_policy("information"), make_policy("random"), some_seeds(8))
    np.testing.assert_allclose(match.scores, match.statistics["custody"], rtol=1e-12)


def test_who_never_looks_has_missed_nothing(game: CoverageGame) -> None:
    asleep = ConstantDoctrine("asleep", (0.0,) * len(make_policy("random").weights))
    match = play(game, asleep, make_policy("random"), some_seeds(4))
    assert (match.statistics["observations"][:, 0] == 0).all()
    assert (match.statistics["hit_rate"][:, 0] == 1).all()
    whole_window_h = game.world.rules.steps * game.world.rules.dt_h
    np.testing.assert_allclose(match.statistics["revisit_h"][:, 0], whole_window_h)
    np.testing.assert_allclose(match.statistics["max_gap_h"][:, 0], whole_window_h)
