"""Episodes whose outcome is kept in a file, so that no rule changes unnoticed.

The doctrines are written out here rather than taken from the heuristics, whose weights may be
tuned without any change of rule.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from arenas import make_arena
from game.driving import doctrine, play_constant, some_seeds

from ssa_psro.game import CoverageGame

PATH = Path(__file__).with_name("golden_episodes.json")
EPISODES = 6
DOCTRINES = {
    "greedy": {
        "observe": 0.1,
        "contested_age": 0.7,
        "uncertainty": 0.3,
        "quality": 0.1,
        "closing": 0.2,
    },
    "scout": {"noise": 0.6, "age": 0.5, "suspected": 0.8, "slew": -0.4, "across": 0.3},
    "hunter": {"deny": 0.3, "threat": 1.0, "information": 0.5, "missed": -0.2, "active": 0.4},
    "turtle": {"protect": 0.3, "exposure": 0.9, "harassed": 0.5, "value": 0.2, "lost": 0.6},
}
ARENAS: dict[str, dict[str, Any]] = {
    "usual": {"seed": 1},
    "lopsided": {"seed": 2, "sensors": (2, 5), "objects": 9, "windows": 4},
    "one-start": {"seed": 3, "horizon_steps": 48, "contested": 6},
    "each-its-own": {"seed": 4, "rules": {"rivalry": 0.0, "contest_sharpness": 1.0}},
    "no-denial": {"seed": 5, "rules": {"denial": False}},
    "late-and-narrow": {
        "seed": 6,
        "scatter_mag": 0.5,
        "unforecast_per_day": 0.8,
        "sensor": {"latency_s": 700.0, "duty_cycle": 0.6, "field_of_view_deg": 0.2},
    },
}
PAIRS = [("greedy", "scout"), ("hunter", "turtle"), ("turtle", "greedy"), ("scout", "hunter")]


def outcomes() -> dict[str, dict[str, list[float]]]:
    """Payoffs ``[E * 2]`` and totals of every pair of doctrines in every arena."""
    found: dict[str, dict[str, list[float]]] = {}
    for arena, options in ARENAS.items():
        game = CoverageGame(make_arena(**options))
        for blue, red in PAIRS:
            weights = [doctrine(**DOCTRINES[name]) for name in (blue, red)]
            state = play_constant(game, some_seeds(EPISODES), *weights)
            found[f"{arena}: {blue} against {red}"] = {
                "payoffs": game.payoffs(state).ravel().tolist(),
                "hits": state.track.hits.sum(axis=(0, 2)).tolist(),
                "attempts": state.track.attempts.sum(axis=(0, 2)).tolist(),
                "denials": state.counter.denials.sum(axis=0).tolist(),
                "denials_blocked": state.counter.denials_blocked.sum(axis=0).tolist(),
                "protections": state.counter.protections.sum(axis=0).tolist(),
            }
    return found


def load() -> dict[str, dict[str, list[float]]]:
    """The outcomes on file."""
    kept: dict[str, dict[str, list[float]]] = json.loads(PATH.read_text(encoding="utf-8"))
    return kept


def save(found: dict[str, dict[str, list[float]]]) -> None:
    """Put the outcomes on file."""
    PATH.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
