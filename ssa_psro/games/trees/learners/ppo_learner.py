"""The PPO oracle of game trees."""

from __future__ import annotations

from dataclasses import dataclass, field

from ssa_psro.games.trees.behaviour import Behaviour
from ssa_psro.games.trees.learners.responding import respond, task_of
from ssa_psro.games.trees.learners.settings import PpoSettings
from ssa_psro.games.trees.tree import GameTree
from ssa_psro.learn.protocol import OracleRequest, OracleResult


@dataclass(frozen=True, eq=False)
class PpoLearner:
    """Trains best responses by proximal policy optimisation; an ``Oracle[Behaviour]``.

    The answer plays the actor's action probabilities. Only where it trains is torch imported.

    Attributes:
        tree: the game.
        settings: of network and training.
        seed: of the initialisation that all trainings of a side share.
    """

    tree: GameTree
    settings: PpoSettings = field(default_factory=PpoSettings)
    seed: int = 0

    def __call__(self, request: OracleRequest[Behaviour], /) -> OracleResult[Behaviour]:
        """The response, with ``parameters`` of actor and critic.

        Raises:
            UsageError: there is no start rule of the name asked for, or the training diverged.
        """
        from ssa_psro.games.trees.learners.ppo_agent import PpoAgent

        agent = PpoAgent(task_of(self.tree, request), self.settings)
        return respond(agent, request, self.settings, self.seed)
