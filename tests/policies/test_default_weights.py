"""What the shipped policies are: results on file and in the docs were made with these."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
from arenas import make_arena
from game.driving import some_seeds
from reference.reference_state import GOLDEN, MASK, mix, uniform

from ssa_psro.game import Command, CoverageGame, View
from ssa_psro.policies import HEURISTICS, Mixture, make_policy, play

WEIGHTS = {
    "random": {"noise": 1.0},
    "distributed": {"observe": 0.3, "age": 0.5, "slew": -0.3},
    "aggressive": {"observe": 0.05, "contested": 0.4, "contested_age": 0.6, "uncertainty": 0.2},
    "reactive": {"age": 1.0, "lost": 0.2},
    "predictive": {"age": 0.5, "forecast": 0.4, "suspected": 0.8},
    "most-recently-active": {"active": 1.0, "age": 0.05},
    "information": {"information": 1.0, "quality": 0.1, "slew": -0.1},
    "low-orbit-first": {"low_orbit": 0.2, "contested_age": 0.5, "uncertainty": 0.4},
    "high-orbit-first": {"high_orbit": 0.2, "contested_age": 0.5, "uncertainty": 0.4},
    "blinding": {
        "deny": 0.3,
        "threat": 1.0,
        "contested_age": 0.5,
        "uncertainty": 0.3,
        "observe": 0.05,
    },
    "shielded": {
        "protect": 0.3,
        "exposure": 1.0,
        "harassed": 0.5,
        "information": 1.0,
        "quality": 0.1,
    },
}


def test_every_heuristic_is_listed() -> None:
    assert list(WEIGHTS) == list(HEURISTICS)


@pytest.mark.parametrize("name", WEIGHTS)
def test_the_weights_are_those_of_the_results(name: str) -> None:
    assert asdict(HEURISTICS[name]()) == WEIGHTS[name]


def branched(seed: int, stream: int, key: int) -> int:
    """A seed for another purpose, by the mixing function of the reference."""
    return mix(((mix(((seed ^ stream) + GOLDEN) & MASK) ^ key) + GOLDEN) & MASK)


def test_policies_draw_from_stream_seven_and_mixtures_from_eight() -> None:
    game, seeds = CoverageGame(make_arena(1)), some_seeds(40)
    state = game.start(seeds)
    for side in (0, 1):
        view = game.view(state, side)
        expected = [branched(int(seed), 7, side) for seed in seeds]
        assert [int(seed) for seed in view.seed] == expected
    mixture = Mixture("four", [make_policy("random")] * 4, np.full(4, 0.25))
    expected = [int(4 * uniform(int(seed), 8, 0, 0, 0)) for seed in seeds]
    assert mixture.draw(seeds).tolist() == expected
    asked = Seen()
    Mixture("one", [asked], np.ones(1)).act(view)
    assert asked.seeds == [branched(int(seed), 8, 0) for seed in view.seed]


class Seen:
    """A policy that notes what it was asked."""

    name = "seen"
    constant = False

    def __init__(self) -> None:
        self.seeds: list[int] = []
        self.batches: list[int] = []

    def act(self, view: View) -> Command:
        """Orders of another policy."""
        self.seeds = [int(seed) for seed in view.seed]
        self.batches.append(view.batch)
        return make_policy("random").act(view)


def test_a_match_is_played_thirty_two_episodes_at_a_time() -> None:
    """A policy's own rounding may depend on its batch, so the batch is part of a result."""
    game, seen = CoverageGame(make_arena(1)), Seen()
    play(game, seen, make_policy("random"), some_seeds(70))
    assert seen.batches == [32] * game.decisions + [32] * game.decisions + [6] * game.decisions
