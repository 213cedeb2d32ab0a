"""Learning oracles of game trees: PPO and DQN, and the weights they start from."""

from __future__ import annotations

from ssa_psro.games.trees.learners.dqn_learner import DqnLearner
from ssa_psro.games.trees.learners.ppo_learner import PpoLearner
from ssa_psro.games.trees.learners.settings import DqnSettings, PpoSettings
from ssa_psro.games.trees.learners.tree_starts import TREE_STARTS

__all__ = ["TREE_STARTS", "DqnLearner", "DqnSettings", "PpoLearner", "PpoSettings"]
