"""Playing a game tree against a fixed opponent, many episodes side by side, compiled.

Chance and the opponent move inside, so that a learner only ever stands where it is its turn. Every
slot draws from a stream of its own (SplitMix64; Steele, Lea & Flood 2014): what happens in one
depends on its seed and its actions alone. ``TreeVecEnv`` is the same for Stable-Baselines3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any, Final, NamedTuple

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from stable_baselines3.common.vec_env.base_vec_env import VecEnvStepReturn

from ssa_psro.arrays import Floats, Integers, Seeds, Singles
from ssa_psro.compiled import compiled, entry_point
from ssa_psro.envs.slots import SlotVecEnv
from ssa_psro.errors import Fault, UsageError
from ssa_psro.games.trees.behaviour import Behaviour
from ssa_psro.games.trees.tree import TERMINAL, GameTree
from ssa_psro.learn.protocol import Bonus
from ssa_psro.randomness import episode_seeds

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_TO_UNIT = 2.0**-53


class Deck(NamedTuple):
    """A game tree as one learner meets it.

    Attributes:
        player: ``[H]``, as in ``GameTree``.
        infoset: ``[H]``.
        first_child: ``[H]``.
        child_count: ``[H]``.
        action: ``[H]``.
        likelihood: ``[H]`` probability of the edge into a node where chance or the opponent has
            moved, 1 where the learner has.
        payoff: ``[H]`` to the learner at terminals, 0 elsewhere.
    """

    player: NDArray[np.int8]
    infoset: NDArray[np.int32]
    first_child: NDArray[np.int32]
    child_count: NDArray[np.int32]
    action: NDArray[np.int32]
    likelihood: Floats
    payoff: Floats


def deck_of(tree: GameTree, opponent: Behaviour) -> Deck:
    """The game as it is to the other side of ``opponent``."""
    likelihood = tree.chance.copy()
    mine, theirs = 1 - opponent.side, opponent.side
    movers = np.flatnonzero(tree.player == theirs)
    children = [tree.first_child[movers] + k for k in range(tree.actions)]
    for number, child in enumerate(children):
        there = tree.child_count[movers] > number
        table = opponent.probabilities[tree.infoset[movers[there]]]
        reached = child[there]
        likelihood[reached] = table[np.arange(reached.size), tree.action[reached]]
    payoff = tree.payoff if mine == 0 else -tree.payoff
    return Deck(
        tree.player,
        tree.infoset,
        tree.first_child,
        tree.child_count,
        tree.action,
        likelihood,
        payoff,
    )


@entry_point
def visits(deck: Deck) -> Floats:
    """Probability ``[H]`` that chance and the opponent let the learner reach each node."""
    reach = np.ones(deck.player.size)
    for node in range(deck.player.size):
        first = deck.first_child[node]
        for child in range(first, first + deck.child_count[node]):
            reach[child] = reach[node] * deck.likelihood[child]
    return reach


@entry_point
def deal(deck: Deck, side: int, streams: Seeds, nodes: Integers, dealt: Integers) -> None:
    """Begin an episode in every slot; ``nodes`` ``[E]`` are where ``side`` has its first turn.

    Episodes that end before ``side`` has had a turn are dealt again, and counted in ``dealt``.
    """
    for slot in range(nodes.size):
        nodes[slot] = _first_turn(deck, side, streams, slot, dealt)


@entry_point
def advance(
    deck: Deck,
    side: int,
    streams: Seeds,
    nodes: Integers,
    dealt: Integers,
    actions: Integers,
    payoffs: Floats,
    over: NDArray[np.bool_],
) -> int:
    """Take ``actions`` ``[E]`` and play on until it is the turn of ``side`` again in every slot.

    Args:
        deck: the game.
        side: the learner's.
        streams: random numbers of each slot, ``[E]``; changed.
        nodes: where each slot stands, ``[E]``; changed. A finished episode is followed by the next.
        dealt: how many episodes each slot has begun, ``[E]``; changed.
        actions: what the learner does in each slot.
        payoffs: of the episodes that end now, ``[E]``, 0 elsewhere; filled in.
        over: whose episode ends now, ``[E]``; filled in.

    Returns:
        The first slot whose action is illegal, where everything stops; -1 if none is.
    """
    for slot in range(nodes.size):
        node = _child_of(deck, nodes[slot], actions[slot])
        if node < 0:
            return slot
        node = _walk(deck, side, streams, slot, node)
        over[slot] = deck.player[node] == TERMINAL
        payoffs[slot] = deck.payoff[node]
        nodes[slot] = _first_turn(deck, side, streams, slot, dealt) if over[slot] else node
    return -1


@compiled
def _child_of(deck: Deck, node: int, action: int) -> int:
    first = deck.first_child[node]
    for child in range(first, first + deck.child_count[node]):
        if deck.action[child] == action:
            return int(child)
    return -1


@compiled
def _first_turn(deck: Deck, side: int, streams: Seeds, slot: int, dealt: Integers) -> int:
    node = -1
    while node < 0 or deck.player[node] == TERMINAL:
        dealt[slot] += 1
        node = _walk(deck, side, streams, slot, 0)
    return node


@compiled
def _walk(deck: Deck, side: int, streams: Seeds, slot: int, node: int) -> int:
    """Let chance and the opponent move until it is the turn of ``side``, or over."""
    while deck.player[node] != side and deck.player[node] != TERMINAL:
        left = _draw(streams, slot)
        child = deck.first_child[node]
        last = child + deck.child_count[node] - 1
        left -= deck.likelihood[child]
        while left >= 0.0 and child < last:
            child += 1
            left -= deck.likelihood[child]
        # probabilities that sum to a little less than 1 must not lead to where none leads
        while deck.likelihood[child] == 0.0:
            child -= 1
        node = child
    return node


@compiled
def _draw(streams: Seeds, slot: int) -> float:
    """The next number in [0, 1) of a slot's stream."""
    streams[slot] += _GOLDEN
    z = streams[slot]
    z = (z ^ (z >> np.uint64(30))) * _FIRST
    z = (z ^ (z >> np.uint64(27))) * _SECOND
    return float((z ^ (z >> np.uint64(31))) >> np.uint64(11)) * _TO_UNIT


CONTINUES: Final[dict[str, Any]] = {}
"""The info of a step within an episode: one and the same, since nobody writes to it."""


def observations_of(tree: GameTree, side: int) -> Singles:
    """What a network sees at each information set: features, then the mask of legal actions.

    ``[I, F + A]``.
    """
    return np.hstack([tree.features[side], tree.legal[side].astype(np.float32)])


def spaces_of(tree: GameTree, side: int, *, open_: bool) -> tuple[spaces.Box, spaces.Discrete]:
    """Of observations and of actions; ``open_`` with what the opponent has seen before them."""
    seen, rival = observations_of(tree, side), tree.features[1 - side]
    both = (seen, rival) if open_ else (seen,)
    low = np.float32(min(0.0, *(one.min() for one in both)))
    high = np.float32(max(1.0, *(one.max() for one in both)))
    width = sum(one.shape[1] for one in both)
    return spaces.Box(low, high, (width,), dtype=np.float32), spaces.Discrete(tree.actions)


def last_seen(tree: GameTree, side: int) -> Integers:
    """The last information set of ``side`` before each node, ``[H]``; -1 if there is none."""
    seen = np.full(tree.player.size, -1, dtype=np.int64)
    for node in np.flatnonzero(tree.child_count):
        first = tree.first_child[node]
        here = tree.infoset[node] if tree.player[node] == side else seen[node]
        seen[first : first + tree.child_count[node]] = here
    return seen


class TreeVecEnv(SlotVecEnv):
    """Episodes of one player against a fixed opponent, side by side; each begins anew as it ends.

    A mixture of opponents is one opponent (Kuhn 1953), see ``behaviour.mixed``. The
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
        open_: observations begin with the features of the opponent's last information set, zeros
            before its first: for critics that may know more than whoever plays.

    Attributes:
        payoffs: of the episodes that ended in the last step, ``[E]``, 0 elsewhere.
        over: whose episode ended in the last step, ``[E]``.
        seconds: wall time spent in here.
        bonus: what actions ``[E]`` at information sets ``[E]`` pay beside payoffs, if anything.

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
        open_: bool = False,
    ) -> None:
        self.side = 1 - opponent.side
        self.render_mode = None
        self.seconds = 0.0
        self.payoffs, self.over = np.zeros(num_envs), np.zeros(num_envs, dtype=np.bool_)
        self.bonus: Bonus | None = None
        self._tree, self._deck = tree, deck_of(tree, opponent)
        self._seen = observations_of(tree, self.side)
        self._reward_scale = reward_scale
        self._rival = _open_features(tree, 1 - self.side) if open_ else None
        own_spaces = spaces_of(tree, self.side, open_=open_)
        self._end = np.zeros(own_spaces[0].shape, dtype=np.float32)
        self._end[-tree.actions :] = 1.0
        self._streams = np.zeros(num_envs, dtype=np.uint64)
        self._nodes, self._dealt, self._actions = np.zeros((3, num_envs), dtype=np.int64)
        super().__init__(num_envs, *own_spaces)
        self.seed(seed)
        if not visits(self._deck)[self._deck.player == self.side].any():
            problem, cure = "never lets the player have a turn", "Any policy is a best response."
            raise UsageError("tree environment", [Fault("opponent", None, problem, cure)])

    @property
    def episodes(self) -> int:
        """How many have ended since the last reset; none before the first."""
        return max(0, int(self._dealt.sum()) - self.num_envs)

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
        infosets = self._deck.infoset[self._nodes]
        extra = self.bonus(infosets, self._actions) if self.bonus else 0.0
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

    def meet(self, opponent: Behaviour) -> None:
        """Play against another opponent from now on, running episodes included."""
        seated = replace(opponent, side=1 - self.side)  # whatever plays a seat may play either
        self._deck = deck_of(self._tree, seated)

    def _observations(self) -> Singles:
        seen: Singles = self._seen[self._deck.infoset[self._nodes]]
        if self._rival is None:
            return seen
        features, last = self._rival
        return np.hstack([features[last[self._nodes]], seen])


def _open_features(tree: GameTree, side: int) -> tuple[Singles, Integers]:
    """Features of each information set of ``side``, zeros as the last row, and who is where."""
    features = tree.features[side]
    return np.vstack([features, np.zeros_like(features[:1])]), last_seen(tree, side)
