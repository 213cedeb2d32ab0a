"""From names in an experiment file to what ``run_psro`` needs: game, members, oracle.

Games are of three families: trees (poker and its like), the plane of the non-transitive mixture
game, and matrix games played by softmax policies. A learner suits some of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Literal, Protocol

import numpy as np
from pydantic import TypeAdapter

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.benchmarks.experiments.matrix_games import PAYOFFS, SoftmaxGame, SoftmaxSettings
from ssa_psro.benchmarks.experiments.plan import Arm, Plan, Settings
from ssa_psro.benchmarks.experiments.variants import VARIANTS
from ssa_psro.benchmarks.games.exact_curve import ExactGame
from ssa_psro.benchmarks.games.gradient_oracle import GradientOracle
from ssa_psro.benchmarks.games.non_transitive_mixture import NonTransitiveMixture, point
from ssa_psro.benchmarks.games.open_spiel_games import GAMES as TREES
from ssa_psro.benchmarks.games.open_spiel_games import make_game
from ssa_psro.benchmarks.games.tree_game import TreeGame
from ssa_psro.benchmarks.learners import (
    TREE_STARTS,
    DqnLearner,
    DqnSettings,
    PpoLearner,
    PpoSettings,
)
from ssa_psro.metagame.judge import P
from ssa_psro.oracles.protocol import Member, Oracle
from ssa_psro.oracles.start_weights import START_WEIGHTS
from ssa_psro.randomness import derive_seed

DIVERSITY = 0.02
"""Weight of diversity in the variants that have it, unless the settings give one: payoff for a nat
of difference, in units of the game's typical payoff."""

Family = Literal["tree", "plane", "matrix"]

GAMES: Mapping[str, Family] = {
    **dict.fromkeys(TREES, "tree"),
    "non-transitive-mixture": "plane",
    **dict.fromkeys(PAYOFFS, "matrix"),
}
"""Family of every game by name."""


@dataclass(frozen=True)
class Learner:
    """A kind of oracle.

    Attributes:
        settings: dataclass of what may be chosen about it; ``None`` if there is no choice.
        families: of the games it suits.
        starts: names of the start rules it knows; of ``exact``, which starts from nothing,
            ``scratch`` alone.
    """

    settings: type[Any] | None
    families: tuple[Family, ...]
    starts: tuple[str, ...]


LEARNERS: Mapping[str, Learner] = {
    "exact": Learner(None, ("tree", "plane", "matrix"), ("scratch",)),
    "gradient": Learner(GradientOracle, ("plane",), tuple(START_WEIGHTS)),
    "softmax": Learner(SoftmaxSettings, ("matrix",), tuple(START_WEIGHTS)),
    "ppo": Learner(PpoSettings, ("tree",), tuple(TREE_STARTS)),
    "dqn": Learner(DqnSettings, ("tree",), tuple(TREE_STARTS)),
}
"""Every learner by name."""


class JudgedGame(ExactGame[P], Protocol[P]):
    """An exact game that can also be judged."""

    def judge(self, row: P, column: P, seeds: Seeds, /) -> Floats:
        """See :class:`~ssa_psro.metagame.judge.Judge`."""


@dataclass(frozen=True, eq=False)
class SetUp:
    """What one run of one arm is played with.

    Attributes:
        game: judge, mix and exact deviations.
        initial: first member of the row player and of the column player.
        oracle: trains responses.
        marks: what else is worth noting of a pair of policies, by name.
    """

    game: JudgedGame[Any]
    initial: tuple[Member[Any], Member[Any]]
    oracle: Oracle[Any]
    marks: Callable[[Any, Any], dict[str, float]] | None = None


def settings_from(learner: str, values: Settings) -> Any:
    """The settings of a learner, ``None`` of one that has none.

    Raises:
        ValidationError: an unknown key or a value of the wrong type.
        UsageError: a value that the learner refuses.
    """
    kind = LEARNERS[learner].settings
    return None if kind is None else TypeAdapter(kind).validate_python(values)


def set_up(plan: Plan, arm: Arm, seed: int) -> SetUp:
    """What a run is played with; a pure function, ``seed`` being the run's."""
    values = plan.settings_of(arm)
    if VARIANTS[arm.variant].diverse:
        values = {"diversity": DIVERSITY, **values}
    settings = settings_from(plan.learner, values)
    return _FAMILIES[GAMES[plan.game]](plan, settings, seed)


def _tree(plan: Plan, settings: Any, seed: int) -> SetUp:
    game = _tree_game(plan.game)
    initial = (game.uniform(0), game.uniform(1))
    if plan.learner == "exact":
        return SetUp(game, initial, game.best_response)
    import_module(f"ssa_psro.benchmarks.learners.{plan.learner}_agent")  # torch: no run pays for it
    kind = {"ppo": PpoLearner, "dqn": DqnLearner}[plan.learner]
    return SetUp(game, initial, kind(game.tree, settings, seed))


@cache
def _tree_game(name: str) -> TreeGame:
    return TreeGame(make_game(name))


def _plane(plan: Plan, settings: Any, seed: int) -> SetUp:
    game = NonTransitiveMixture()
    origin = point("origin", np.zeros(2))
    return SetUp(game, (origin, origin), settings or game.best_response)


def _matrix(plan: Plan, settings: Any, seed: int) -> SetUp:
    game = SoftmaxGame(
        np.array(PAYOFFS[plan.game], dtype=np.float64), settings or SoftmaxSettings()
    )
    row, column = (game.fresh(s, "random", derive_seed(seed, "initial", s)) for s in (0, 1))
    oracle = game.best_response if plan.learner == "exact" else game.climb
    return SetUp(game, (row, column), oracle, _action_shares)


def _action_shares(row: Floats, column: Floats) -> dict[str, float]:
    """How often each side of a matrix game takes each action."""
    played = {"row": row, "column": column}
    return {
        f"{side}_action_{number}": float(share)
        for side, policy in played.items()
        for number, share in enumerate(policy, 1)
    }


_FAMILIES = {"tree": _tree, "plane": _plane, "matrix": _matrix}
