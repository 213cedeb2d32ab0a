"""A game tree for Stable-Baselines3, as a native ``VecEnv``."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Any, Final

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from stable_baselines3.common.vec_env import VecEnv
from stable_baselines3.common.vec_env.base_vec_env import VecEnvStepReturn

from ssa_psro.arrays import Floats, Singles
from ssa_psro.benchmarks.games.behaviour import Behaviour
from ssa_psro.benchmarks.games.tree import GameTree
from ssa_psro.benchmarks.learners.dealing import advance, deal, deck_of, visits
from ssa_psro.errors import Fault, UsageError
from ssa_psro.randomness import episode_seeds

CONTINUES: Final[dict[str, Any]] = {}
"""The info of a step within an episode: one and the same, since nobody writes to it."""


def observations_of(tree: GameTree, side: int) -> Singles:
    """What a network sees at each information set: features, then the mask of legal actions.

    ``[I, F + A]``.
    """
    return np.hstack([tree.features[side], tree.legal[side].astype(np.float32)])


def spaces_of(tree: GameTree, side: int) -> tuple[spaces.Box, spaces.Discrete]:
    """Of observations and of actions."""
    seen = observations_of(tree, side)
    low, high = np.float32(min(0.0, seen.min())), np.float32(max(1.0, seen.max()))
    return spaces.Box(low, high, seen.shape[1:], dtype=np.float32), spaces.Discrete(tree.actions)


class TreeVecEnv(VecEnv):
    """Episodes of one player against a fixed opponent, side by side; each begins anew as it ends.

    A mixture of opponents is one opponent (Kuhn 1953), see ``games.sequence_form.mixed``. The
    reward comes at the end of an episode. The last ``A`` entries of an observation are 1 where an
    action is legal and 0 where it is not. ``seed(s)`` before ``reset()`` makes slot ``i`` play the
    same as under any other number of slots. The info of an episode's last step holds
    ``terminal_observation``, in which there is nothing to see, and ``payoff``, unscaled.

    Args:
        tree: the game.
        opponent: who plays the other side.
        num_envs: number of episodes side by side.
        seed: root of all randomness.
        reward_scale: payoffs are multiplied by it.

    Attributes:
        payoffs: of the episodes that ended in the last step, ``[E]``, 0 elsewhere.
        over: whose episode ended in the last step, ``[E]``.
        seconds: wall time spent in here.
        bonus: what actions pay beside payoffs, ``[I, A]`` in units of the rewards, if anything.

    Raises:
        UsageError: chance and the opponent never let the player have a turn.
    """

    def __init__(
        self,
        tree: GameTree,
        opponent: Behaviour,
        num_envs: int = 64,
        *,
        seed: int = 0,
        reward_scale: float = 1.0,
    ) -> None:
        self.side = 1 - opponent.side
        self.render_mode = None
        self.seconds = 0.0
        self.payoffs, self.over = np.zeros(num_envs), np.zeros(num_envs, dtype=np.bool_)
        self.bonus: Floats | None = None
        self._deck = deck_of(tree, opponent)
        self._seen = observations_of(tree, self.side)
        self._reward_scale = reward_scale
        self._end = np.zeros(self._seen.shape[1], dtype=np.float32)
        self._end[-tree.actions :] = 1.0
        self._streams = np.zeros(num_envs, dtype=np.uint64)
        self._nodes, self._dealt, self._actions = np.zeros((3, num_envs), dtype=np.int64)
        super().__init__(num_envs, *spaces_of(tree, self.side))
        self.seed(seed)
        if not visits(self._deck)[self._deck.player == self.side].any():
            problem, cure = "never lets the player have a turn", "Any policy is a best response."
            raise UsageError("tree environment", [Fault("opponent", None, problem, cure)])

    @property
    def episodes(self) -> int:
        """How many have ended since the last reset."""
        return int(self._dealt.sum()) - self.num_envs

    def seed(self, seed: int | None = None) -> Sequence[int | None]:
        """Set the root of the randomness from the next reset on; ``None`` leaves it as it is."""
        if seed is not None:
            self._streams_at_reset = episode_seeds(seed, "slot", count=self.num_envs)
        return [None] * self.num_envs

    def reset(self) -> Singles:
        """Begin again, with the same luck unless ``seed`` has been called."""
        self._streams[:] = self._streams_at_reset
        self._dealt[:] = 0
        deal(self._deck, self.side, self._streams, self._nodes, self._dealt)
        return self._observations()

    def step_async(self, actions: NDArray[Any]) -> None:
        """Take the actions ``[E]`` that ``step_wait`` plays."""
        self._actions[:] = actions

    def step_wait(self) -> VecEnvStepReturn:
        """Play until it is the player's turn again.

        Raises:
            UsageError: an action is illegal.
        """
        begun = perf_counter()
        extra = self._bonus_of_actions()
        wrong = advance(
            self._deck,
            self.side,
            self._streams,
            self._nodes,
            self._dealt,
            self._actions,
            self.payoffs,
            self.over,
        )
        if wrong >= 0:
            problem, cure = f"illegal in slot {wrong}", "Mask: see the end of the observation."
            fault = Fault("action", int(self._actions[wrong]), problem, cure)
            raise UsageError("tree environment", [fault])
        infos = [CONTINUES] * self.num_envs
        for slot in np.flatnonzero(self.over).tolist():
            infos[slot] = {"terminal_observation": self._end, "payoff": self.payoffs[slot]}
        rewards = (self.payoffs * self._reward_scale + extra).astype(np.float32)
        observation = self._observations()
        self.seconds += perf_counter() - begun
        return observation, rewards, self.over.copy(), infos

    def _bonus_of_actions(self) -> Floats | float:
        if self.bonus is None:
            return 0.0
        bonus: Floats = self.bonus[self._deck.infoset[self._nodes], self._actions]
        return bonus

    def _observations(self) -> Singles:
        seen: Singles = self._seen[self._deck.infoset[self._nodes]]
        return seen

    def close(self) -> None:
        """Nothing to clean up."""

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """The batch's attribute, once for every slot asked about."""
        return [getattr(self, attr_name)] * len(self._slots(indices))

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        """Set an attribute of the batch: slots have none of their own."""
        setattr(self, attr_name, value)

    def env_method(
        self, method_name: str, *method_args: Any, indices: Any = None, **method_kwargs: Any
    ) -> list[Any]:
        """Call a method of the batch once; its result for every slot asked about."""
        result = getattr(self, method_name)(*method_args, **method_kwargs)
        return [result] * len(self._slots(indices))

    def env_is_wrapped(self, wrapper_class: type[Any], indices: Any = None) -> list[bool]:
        """Slots are no environments of their own, so nothing wraps them."""
        return [False] * len(self._slots(indices))

    def _slots(self, indices: Any) -> Sequence[int]:
        return list(self._get_indices(indices))
