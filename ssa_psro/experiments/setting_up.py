"""From names in an experiment file to what ``run_psro`` needs: game, members, oracle.

Games are of three families: trees (poker and its like), the plane of the non-transitive mixture
game, and matrix games played by softmax policies. Learners are the package's oracles; a learner
suits the families that offer what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal

import numpy as np
from pydantic import TypeAdapter

from ssa_psro.arrays import Floats
from ssa_psro.experiments.choosing import ChoosingOracle
from ssa_psro.experiments.plan import Arm, Plan, Settings
from ssa_psro.experiments.variants import VARIANTS
from ssa_psro.games.matrix import PAYOFFS, MatrixGame
from ssa_psro.games.plane.game import NonTransitiveMixture, point
from ssa_psro.games.protocol import ExactGame
from ssa_psro.games.trees.game import TreeGame
from ssa_psro.games.trees.open_spiel import GAMES as TREES
from ssa_psro.games.trees.open_spiel import make_game
from ssa_psro.games.trees.tree import seated
from ssa_psro.learn import ORACLES, make_oracle, oracles_for
from ssa_psro.learn.protocol import Member, Oracle
from ssa_psro.randomness import derive_seed

DIVERSITY = 0.02
"""Weight of diversity in the variants that have it, unless the settings give one: payoff for a nat
of difference, in units of the game's typical payoff."""

Family = Literal["tree", "plane", "matrix"]

FAMILIES: Mapping[Family, type[Any]] = {
    "tree": TreeGame,
    "plane": NonTransitiveMixture,
    "matrix": MatrixGame,
}
"""The class of every family's games."""

GAMES: Mapping[str, Family] = {
    **dict.fromkeys(TREES, "tree"),
    "non-transitive-mixture": "plane",
    **dict.fromkeys(PAYOFFS, "matrix"),
}
"""Family of every game by name."""


@dataclass(frozen=True)
class LearnerKind:
    """A kind of oracle.

    Attributes:
        oracle: its name among ``ORACLES``.
        families: of the games it suits.
    """

    oracle: str
    families: tuple[Family, ...]

    @property
    def settings(self) -> tuple[str, ...]:
        """Names of what may be chosen about it."""
        return tuple(one.name for one in fields(ORACLES[self.oracle].settings_type))

    def starts(self, family: Family) -> Sequence[str]:
        """Names of the start rules it knows; of ``exact``, which starts from nothing, one."""
        known: Sequence[str] = FAMILIES[family].starts
        return ("scratch",) if self.oracle == "exact" else known


def _learner(oracle: str) -> LearnerKind:
    suited = [family for family, kind in FAMILIES.items() if oracle in oracles_for(kind.offers)]
    return LearnerKind(oracle, tuple(suited))


LEARNERS: Mapping[str, LearnerKind] = {
    **{name: _learner(name) for name in ORACLES if _learner(name).families},
    "softmax": LearnerKind("gradient", ("matrix",)),
}
"""Every learner by name: the oracles, and what files call gradient ascent on logits."""


@dataclass(frozen=True, eq=False)
class SetUp:
    """What one run of one arm is played with.

    Attributes:
        game: judge, mix and exact deviations.
        initial: first member of the row player and of the column player.
        oracle: trains responses.
        marks: what else is worth noting of a pair of policies, by name.
    """

    game: ExactGame[Any]
    initial: tuple[Member[Any], Member[Any]]
    oracle: Oracle[Any]
    marks: Callable[[Any, Any], dict[str, float]] | None = None


def settings_from(learner: str, values: Settings, family: Family | None = None) -> Any:
    """The settings of a learner in a family of games, the first that it suits if none is given.

    Raises:
        ValidationError: an unknown key or a value of the wrong type.
        UsageError: a value that the learner refuses.
    """
    kind = LEARNERS[learner]
    defaults = FAMILIES[family or kind.families[0]].defaults.get(kind.oracle, {})
    return _adapter(kind.oracle).validate_python({**defaults, **values})


@cache
def _adapter(oracle: str) -> TypeAdapter[Any]:
    """Checks an oracle's settings; making one takes longer than its work."""
    return TypeAdapter(ORACLES[oracle].settings_type)


def set_up(plan: Plan, arm: Arm, seed: int) -> SetUp:
    """What a run is played with; a pure function, ``seed`` being the run's."""
    values = plan.settings_of(arm)
    if VARIANTS[arm.variant].diverse:
        values = {"diversity": DIVERSITY, **values}
    learner, family = LEARNERS[plan.learner], GAMES[plan.game]
    settings = settings_from(plan.learner, values, family)
    game, initial, marks = (
        _shared_tree(plan.game, settings)
        if plan.shared
        else _SEATED[family](plan.game, settings, seed)
    )
    chosen = {one.name: getattr(settings, one.name) for one in fields(settings)}
    oracle = make_oracle(learner.oracle, game, chosen, seed)
    count = VARIANTS[arm.variant].candidates
    if count > 1 and isinstance(game, TreeGame):
        oracle = ChoosingOracle(oracle, game, count)
    return SetUp(game, initial, oracle, marks)


Seated = tuple[ExactGame[Any], tuple[Member[Any], Member[Any]], Any]
"""A game, the first members of both sides, and its marks."""


def _tree(name: str, settings: Any, seed: int) -> Seated:
    game = _tree_game(name, settings, shared=False)
    return game, (game.uniform(0), game.uniform(1)), None


def _shared_tree(name: str, settings: Any) -> Seated:
    game = _tree_game(name, settings, shared=True)
    return game, (game.uniform(0),) * 2, None


def _tree_game(name: str, settings: Any, *, shared: bool) -> TreeGame:
    if hasattr(settings, "hidden"):
        import torch  # noqa: F401  so that no run pays for it
    return _grown(name, shared)


@cache
def _grown(name: str, shared: bool) -> TreeGame:
    tree = make_game(name)
    return TreeGame(seated(tree) if shared else tree, shared=shared)


def _plane(name: str, settings: Any, seed: int) -> Seated:
    origin = point("origin", np.zeros(2))
    return NonTransitiveMixture(), (origin, origin), None


def _matrix(name: str, settings: Any, seed: int) -> Seated:
    game, spread = MatrixGame.of(np.array(PAYOFFS[name])), getattr(settings, "spread", 1.0)
    row, column = (game.fresh(s, "random", derive_seed(seed, "initial", s), spread) for s in (0, 1))
    return game, (row, column), _action_shares


def _action_shares(row: Floats, column: Floats) -> dict[str, float]:
    """How often each side of a matrix game takes each action."""
    played = {"row": row, "column": column}
    return {
        f"{side}_action_{number}": float(share)
        for side, policy in played.items()
        for number, share in enumerate(policy, 1)
    }


_SEATED = {"tree": _tree, "plane": _plane, "matrix": _matrix}
