"""No play of any policy earns more than the ceiling, and there are games in which one earns it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from arenas import make_arena
from game.driving import random_command, random_doctrines, select, snapshot, some_seeds
from game.strategies import arena_options
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ssa_psro.game import Command, CoverageGame, State, View, doctrine_command, priority_command
from ssa_psro.games.coverage.ceiling import (
    ceiling,
    opposition,
    redrawn,
    unopposed,
)
from ssa_psro.games.coverage.hits import possible_hits
from ssa_psro.policies import Mixture, make_policy

DRAWS, ROUNDS = 3, 30
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Doctrine:
    """The same weights ``[D]`` in every episode."""

    weights: NDArray[np.float64]
    name: str = "doctrine"
    constant: bool = True

    def act(self, view: View) -> Command:
        """The weights, an episode a row."""
        return doctrine_command(np.tile(self.weights, (view.batch, 1)))


def own_orders(game: CoverageGame, rng: np.random.Generator, draws: int) -> Iterator[Command]:
    """Random orders of every mode, new ones every step, the same in every draw."""
    while True:
        yield select(random_command(game, rng, 1), np.zeros(draws, np.int64))


def earned(
    game: CoverageGame, state: State, side: int, policy: Any, orders: Iterator[Command]
) -> NDArray[np.float64]:
    """``[B]`` what ``side`` is paid; the opponent draws numbers as in ``opposition``."""
    every = game.arena.scenario.window.steps_per_decision
    draws = np.arange(state.t.size).astype(np.uint64)
    for own in orders:
        if state.t[0] % every == 0:
            view = game.view(state, 1 - side)
            other = policy.act(replace(view, seed=view.seed + draws))
        game.advance(state, *((own, other) if side == 0 else (other, own)), steps=1)
        if game.done(state):
            break
    return game.payoffs(state)[:, side]


@settings(max_examples=60)
@given(options=arena_options(rules={"denial": False}), luck=st.integers(0, 2**32))
def test_no_play_earns_more_than_the_ceiling(options: dict[str, Any], luck: int) -> None:
    game, rng = CoverageGame(make_arena(**options)), np.random.default_rng(luck)
    (seed,), side = some_seeds(1, luck).tolist(), luck % 2
    members = [Doctrine(weights) for weights in random_doctrines(rng, 3)]
    policy = Mixture("mixture", members, np.full(3, 1 / 3))
    most = ceiling(game, seed, side, opposition(game, policy, side, seed, DRAWS), rounds=ROUNDS)
    doctrine = random_doctrines(rng, 1)
    for orders in (
        own_orders(game, rng, DRAWS),
        iter(lambda: doctrine_command(np.tile(doctrine, (DRAWS, 1))), None),
    ):
        paid = earned(game, redrawn(game, side, seed, DRAWS), side, policy, orders)
        assert paid.mean() <= most + TOLERANCE


@settings(max_examples=30)
@given(options=arena_options(), luck=st.integers(0, 2**32))
def test_no_play_earns_more_than_the_ceiling_without_an_opponent(
    options: dict[str, Any], luck: int
) -> None:
    """Denial included."""
    game, rng = CoverageGame(make_arena(**options)), np.random.default_rng(luck)
    (seed,), side = some_seeds(1, luck).tolist(), luck % 2
    most = ceiling(game, seed, side, unopposed(game), rounds=ROUNDS)
    for other in random_doctrines(rng, 2):
        state = redrawn(game, side, seed, 1)
        orders = own_orders(game, rng, 1)
        assert earned(game, state, side, Doctrine(other), orders)[0] <= most + TOLERANCE


@settings(max_examples=60)
@given(options=arena_options(), luck=st.integers(0, 2**32))
def test_custody_lasts_no_longer_than_the_bound_of_the_last_look(
    options: dict[str, Any], luck: int
) -> None:
    """Every look that succeeds in play is one that could, and custody ends with its bound."""
    game, rng = CoverageGame(make_arena(**options)), np.random.default_rng(luck)
    seeds, side, limit_km = some_seeds(1, luck), luck % 2, game.arena.objects.custody_sigma_km
    hits = possible_hits(game, game.start(seeds), side)
    state, weights = game.start(seeds), random_doctrines(rng, 2)
    while not game.done(state):
        looking = snapshot(state)
        game.advance(state, *(doctrine_command(one[None]) for one in weights), steps=1)
        t, track, before = looking.t[0], state.track, looking.track
        for n in range(game.objects):
            seen = track.seen_step[0, side, n]
            i = np.flatnonzero(hits[n].step == seen)
            custody = track.sigma_km[0, side, n] <= limit_km[n]
            assert not custody or (i.size == 1 and hits[n].known[i] <= t <= hits[n].last[i])
            if seen != before.seen_step[0, side, n] and i.size == 1:
                assert hits[n].sensors[int(before.look_sensor[0, side, n]), i[0] - 1]


def staring_game() -> CoverageGame:
    """One sensor a side sees two objects always. A look takes 3 steps, and only another one at the
    same object right after it keeps custody."""
    arena = make_arena(
        sensors=(1, 1),
        objects=2,
        contested=0,
        steps=60,
        decision_steps=1,
        windows=0,
        access=1.0,
        rules={"denial": False, "initial_age_h": 1.0},
        sensor={"settle_s": 60, "dwell_s": 600, "slew_rate_deg_s": 20, "field_of_view_deg": 180},
    )
    things = replace(
        arena.objects,
        weight=np.ones(2),
        custody_sigma_km=np.full(2, 10.0),
        measurement_sigma_km=np.full(2, 0.1),
        growth_km_h=np.full(2, 300.0),
        mean_motion_rad_h=np.full(2, 0.26),
    )
    seen = arena.tables._replace(quality=np.full_like(arena.tables.quality, 255))
    return CoverageGame(replace(arena, objects=things, tables=seen))


def test_whoever_stares_at_one_object_earns_the_ceiling() -> None:
    """A look elsewhere wins less than it loses, and the bound knows that there is one sensor."""
    game, (seed,), nobody = staring_game(), some_seeds(1).tolist(), make_policy("blinding")
    stare = priority_command(np.eye(1, game.candidates))
    paid = earned(game, redrawn(game, 0, seed, 1), 0, nobody, iter(lambda: stare, None))[0]
    most = ceiling(game, seed, 0, opposition(game, nobody, 0, seed, 1))
    assert paid == pytest.approx(0.45)
    assert paid <= most < paid + 0.005
