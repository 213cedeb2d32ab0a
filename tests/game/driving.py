"""Ways to drive small games: random orders of every mode, and a step at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ssa_psro.game import (
    FEATURES,
    Command,
    CoverageGame,
    State,
    assignment_command,
    doctrine_command,
    priority_command,
)
from ssa_psro.game.columns import FEATURE
from ssa_psro.game.command import stack
from ssa_psro.randomness import episode_seeds

MODES = 3


def some_seeds(count: int, root: int = 0) -> NDArray[np.uint64]:
    """``[count]`` episode seeds."""
    return episode_seeds(root, "tests", count=count)


def snapshot(state: State) -> State:
    """A copy that later steps leave alone."""
    return State(*(array.copy() for array in state))


def column(state: State, name: str) -> NDArray[np.float64]:
    """A column of tracks ``[B, 2, N]``, sensors ``[B, 2, S]`` or counters ``[B, 2]``, by name."""
    (found,) = (
        getattr(family, name)
        for family in (state.track, state.sensor, state.counter)
        if hasattr(family, name)
    )
    return np.asarray(found)


def random_doctrines(rng: np.random.Generator, batch: int) -> NDArray[np.float64]:
    """``[B, D]`` weights under which all three kinds of task are frequent."""
    weights = rng.normal(size=(batch, len(FEATURES)))
    weights[:, len(FEATURE) :] *= 0.3  # many, and several of them of every candidate
    weights[:, FEATURES.index("observe")] += 1.0
    return weights


def random_command(game: CoverageGame, rng: np.random.Generator, batch: int) -> Command:
    """Random orders; each episode has a mode of its own."""
    mode = rng.integers(MODES, size=batch)
    orders = (
        doctrine_command(random_doctrines(rng, batch)),
        priority_command(rng.normal(0.5, 1.0, size=(batch, game.candidates))),
        assignment_command(rng.integers(-1, game.candidates, size=(batch, game.sensors))),
    )
    parts = []
    for index, command in enumerate(orders):
        mask = mode == index
        if mask.any():
            parts.append((mask, select(command, mask)))
    return stack(parts)


def select(command: Command, episodes: NDArray[np.generic]) -> Command:
    """The orders of some episodes, by mask or index."""
    return Command(*(array[episodes] for array in command))


def idle(batch: int, sensors: int) -> Command:
    """Orders to do nothing."""
    return assignment_command(np.full((batch, sensors), -1))


def random_steps(
    game: CoverageGame, state: State, rng: np.random.Generator
) -> Iterator[tuple[State, State]]:
    """Play an episode under random orders, new ones every step.

    Yields:
        the states before and after each step; the second one is ``state`` itself.
    """
    batch = state.t.size
    while not game.done(state):
        before = snapshot(state)
        orders = [random_command(game, rng, batch) for _ in range(2)]
        game.advance(state, orders[0], orders[1], steps=1)
        yield before, state


def play_constant(
    game: CoverageGame,
    seeds: NDArray[np.uint64],
    blue: NDArray[np.float64],
    red: NDArray[np.float64],
) -> State:
    """Whole episodes under one doctrine ``[D]`` a side."""
    state = game.start(seeds)
    orders = [doctrine_command(np.tile(weights, (seeds.size, 1))) for weights in (blue, red)]
    game.advance(state, orders[0], orders[1], steps=game.world.rules.steps)
    return state


def doctrine(**weights: float) -> NDArray[np.float64]:
    """``[D]`` a doctrine by feature names."""
    vector = np.zeros(len(FEATURES))
    for name, weight in weights.items():
        vector[FEATURES.index(name)] = weight
    return vector
