"""A joint step: every sensor of a constellation takes one decision, and the world goes on.

Here it is a step of the coverage game (300 s, two sides); in BSK-RL it lasts until the first
satellite is done with its task, 300 s at most. What the two worlds hold differs far more than how
fast they are, so the difference of the objects' paths is told beside the ratio.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from evidence.peers.turns import Answer, Task, Told
from ssa_psro.game import game_of
from ssa_psro.geometry.fitting import fit_mean_elements
from ssa_psro.geometry.propagation import as_elements, propagate
from ssa_psro.policies import make_policy, play
from ssa_psro.randomness import episode_seeds, generator
from ssa_psro.scenario import load_scenario

SCENARIO = Path("scenarios/contested-72h.toml")
STEP_S = 300.0
SENSORS, OBJECTS = 24, 60
"""Of that scenario, both sides together."""
EPISODES = 32
POLICY = "random"
ARC_S = 6 * 3600.0
"""Over which mean elements are fitted; the peer does not get further."""


def orbits(purpose: str, count: int) -> list[list[float]]:
    """Osculating elements of circular LEO orbits, km and rad, drawn evenly."""
    draw = generator(0, "joint step", purpose)
    axis_km = draw.uniform(7178.0, 7578.0, count)
    tilt = draw.uniform(0.6, 1.7, count)
    angles = draw.uniform(0.0, 2.0 * np.pi, (count, 3))
    rows = np.column_stack((axis_km, np.full(count, 0.001), tilt, angles))
    return [list(map(float, row)) for row in rows]


def task() -> Task:
    """As many imagers and objects as the game has sensors and objects."""
    return {
        "work": "joint-step",
        "imagers": orbits("imagers", SENSORS),
        "objects": orbits("objects", OBJECTS),
        "step_s": STEP_S,
        "steps_a_turn": 4,
    }


def joint_step(task: Task) -> tuple[Callable[[], tuple[Answer, int]], Told]:
    """Whole episodes of two random policies; the access tables are made before."""
    game = game_of(load_scenario(str(SCENARIO)))
    blue, red = make_policy(POLICY), make_policy(POLICY)
    seeds = episode_seeds(0, "joint-step", count=EPISODES)

    def run() -> tuple[Answer, int]:
        play(game, blue, red, seeds)
        return task["objects"], EPISODES * game.world.rules.steps

    return run, lambda objects: objects


def disagreement(objects: Any, theirs: Any) -> dict[str, float]:
    """How far this package's mean orbits are from the peer's integrated ones, in km."""
    osculating = as_elements(np.array(objects))
    time_s = theirs["time_s"]
    own_km = propagate(fit_mean_elements(osculating, ARC_S), np.array([time_s]))[0]
    apart_km = np.linalg.norm(own_km - np.array(theirs["positions_km"]), axis=1)
    return {
        "simulated_s": time_s,
        "median_km": float(np.median(apart_km)),
        "largest_km": float(apart_km.max()),
    }
