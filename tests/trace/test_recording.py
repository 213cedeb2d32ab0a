"""A trace is the episode of a match, and counts what the rules count."""

from __future__ import annotations

from typing import Any

import numpy as np
from arenas import make_arena
from game.driving import random_doctrines, some_seeds
from game.strategies import arena_options
from hypothesis import given, settings
from hypothesis import strategies as st

from ssa_psro.game import CoverageGame, State
from ssa_psro.policies import ConstantDoctrine
from ssa_psro.policies.match import play_out
from ssa_psro.trace import NEVER, Result, Trace, record

EPISODES = 3


def some_policies(luck: int) -> tuple[ConstantDoctrine, ConstantDoctrine]:
    blue, red = random_doctrines(np.random.default_rng(luck), 2)
    return ConstantDoctrine("blue", tuple(blue)), ConstantDoctrine("red", tuple(red))


def played(game: CoverageGame, luck: int) -> tuple[State, list[Trace]]:
    """The final state of a match, and the traces of the same episodes."""
    sides, seeds = some_policies(luck), some_seeds(EPISODES, luck)
    return play_out(game, *sides, game.start(seeds)), record(game, *sides, seeds)


@settings(max_examples=40)
@given(options=arena_options(), luck=st.integers(0, 2**32))
def test_it_counts_what_the_rules_count(options: dict[str, Any], luck: int) -> None:
    game = CoverageGame(make_arena(**options))
    state, traces = played(game, luck)
    for b, trace in enumerate(traces):
        assert trace.start_step == state.start[b]
        assert trace.seed == state.seed[b]
        custody = trace.custody.sum(axis=1)
        np.testing.assert_array_equal(custody, state.track.custody_steps[b])
        np.testing.assert_array_equal(trace.seen_h[:, -1], state.track.seen_h[b].astype(np.float32))
        looks, counts = trace.looks, np.zeros((2, 2, game.objects))
        hit = looks.result == Result.HIT
        ended = hit | (looks.result <= Result.OUT_OF_FIELD)
        np.add.at(counts[0], (looks.side[hit], looks.object[hit]), 1)
        np.add.at(counts[1], (looks.side[ended], looks.object[ended]), 1)
        np.testing.assert_array_equal(counts[0], state.track.hits[b])
        np.testing.assert_array_equal(counts[1], state.track.attempts[b])
        assert (looks.known_step[ended] < trace.steps).all()
        assert not np.isnan(looks.found[ended]).any()
        for side in (0, 1):
            mine = trace.denials.side == side
            assert mine.sum() == state.counter.denials[b, side]
            assert trace.denials.blocked[mine].sum() == state.counter.denials_blocked[b, side]
            assert (trace.protections.side == side).sum() == state.counter.protections[b, side]
        assert (trace.denials.target != NEVER).all()
