"""The DQN oracle of game trees."""

from __future__ import annotations

from dataclasses import dataclass, field

from ssa_psro.games.trees.behaviour import Behaviour
from ssa_psro.games.trees.learners.responding import respond, task_of
from ssa_psro.games.trees.learners.settings import DqnSettings
from ssa_psro.games.trees.tree import GameTree
from ssa_psro.learn.protocol import OracleRequest, OracleResult


@dataclass(frozen=True, eq=False)
class DqnLearner:
    """Trains best responses by deep Q-learning; an ``Oracle[Behaviour]``.

    The answer plays the action of highest Q-value. Only where it trains is torch imported.

    Attributes:
        tree: the game.
        settings: of network and training.
        seed: of the initialisation that all trainings of a side share.
    """

    tree: GameTree
    settings: DqnSettings = field(default_factory=DqnSettings)
    seed: int = 0

    def __call__(self, request: OracleRequest[Behaviour], /) -> OracleResult[Behaviour]:
        """The response, with ``parameters`` of the Q-network.

        Raises:
            UsageError: there is no start rule of the name asked for, or the training diverged.
        """
        from ssa_psro.games.trees.learners.dqn_agent import DqnAgent

        agent = DqnAgent(task_of(self.tree, request), self.settings)
        return respond(agent, request, self.settings, self.seed)
