"""What the environments accept as game, side and opponent, and what they make of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import numpy as np

from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.game import CoverageGame
from ssa_psro.geometry import build_arena
from ssa_psro.policies import Mixture, Policy, make_policy
from ssa_psro.scenario import Scenario, load_scenario
from ssa_psro.scenario.schema import SIDES

GameSource: TypeAlias = CoverageGame | Scenario | str | Path
"""A game, a scenario, or the path of a scenario file."""

Opponent: TypeAlias = Policy | str | Mapping[str, float]
"""A policy, the name of a heuristic, or names of heuristics with their probabilities."""


def as_game(source: GameSource) -> CoverageGame:
    """The game to play.

    Raises:
        ScenarioError: the scenario file cannot be played.
    """
    if isinstance(source, CoverageGame):
        return source
    return game_of(source if isinstance(source, Scenario) else load_scenario(Path(source)))


@lru_cache(maxsize=2)
def game_of(scenario: Scenario) -> CoverageGame:
    """The game of a scenario. A game has no state, so all environments of one share its tables."""
    return CoverageGame(build_arena(scenario))


def as_side(name: str) -> int:
    """0 for ``blue``, 1 for ``red``.

    Raises:
        UsageError: there is no such side.
    """
    for index, side in enumerate(SIDES):
        if side == name:
            return index
    raise _unusable("side", name, "is not a side", did_you_mean(name, SIDES))


def as_policy(opponent: Opponent) -> Policy:
    """The opponent as a policy; a mapping becomes a mixture, its numbers scaled to sum to 1.

    Raises:
        UsageError: an unknown name, or numbers that are no probabilities.
    """
    if isinstance(opponent, str):
        return make_policy(opponent)
    if not isinstance(opponent, Mapping):
        return opponent
    shares = np.array(list(opponent.values()), dtype=np.float64)
    if not (np.isfinite(shares).all() and (shares >= 0).all() and shares.sum() > 0):
        cure = "Give every policy a number of at least 0, and one of them more than 0."
        raise _unusable("opponent", dict(opponent), "is no mixture", cure)
    name = " + ".join(f"{share:g} {policy}" for policy, share in opponent.items())
    return Mixture(name, [make_policy(policy) for policy in opponent], shares / shares.sum())


def _unusable(key: str, value: object, problem: str, cure: str) -> UsageError:
    return UsageError("environment", [Fault(key, value, problem, cure)])
