"""What the coverage game offers oracles, and the settings that suit it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ssa_psro.learn.protocol import Ability
from ssa_psro.learn.starts import CONTINUE, START_RULES

OFFERS: frozenset[Ability] = frozenset({"episodes", "continuous", "discrete", "search"})
"""Doctrines are numbers, or chosen from the named heuristics'. Nothing can be computed."""

STARTS = tuple(name for name in START_RULES if name != CONTINUE)
"""Start rules with a meaning here: optimisers and memories are not stored, so that a run that is
resumed could not go on as one that was never interrupted."""

NETWORKS: Mapping[str, Any] = {
    "steps": 200_000,
    "hidden": (64, 64),
    "environments": 32,
    "learning_rate": 1e-3,
    "whole_episodes": True,
    "select": "episodes",
}
"""Of whatever trains networks. All episodes are equally long, so each rollout is one of every
environment; payoffs are only known from episodes, so some of them choose the answer."""

DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "ppo": {**NETWORKS, "final_learning_rate": 0.1},
    "sac": NETWORKS,
    "dqn": {**NETWORKS, "updates_per_step": 1 / 16, "batch": 256},
    "cma-es": {"steps": 200_000, "hidden": (64, 64), "select": "episodes"},
    "cma-es+ppo": {**NETWORKS, "final_learning_rate": 0.1},
}
"""Settings that suit the shipped scenarios, by oracle."""
