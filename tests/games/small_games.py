"""A small game with everything in it: uneven chance, hidden cards, illegal actions, two moves.

1. Chance deals one of three cards, which only the row player sees.
2. He plays one of three actions, but not the number of his card.
3. The column player, who has seen that action, plays 0 or 1.
4. The row player, who has seen that, plays 0 or 2.

Payoffs are arbitrary whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from ssa_psro.games.trees.behaviour import Behaviour, uniform
from ssa_psro.games.trees.game import TreeGame
from ssa_psro.games.trees.tree import GameTree
from ssa_psro.learn.protocol import Member, OracleRequest

DEALS = (0.5, 0.3, 0.2)
ACTIONS = 3
LEGAL_LAST = (0, 2)
PAYOFFS = np.random.default_rng(3).integers(-4, 5, size=(3, 3, 2, 3)).astype(float)


@dataclass
class _Node:
    """Player, information set, payoff, children and their probabilities."""

    player: int
    infoset: str = ""
    payoff: float = 0.0
    children: dict[int, _Node] = field(default_factory=dict)
    dealt: tuple[float, ...] = ()


def _root() -> _Node:
    return _Node(2, children={card: _first(card) for card in range(3)}, dealt=DEALS)


def _first(card: int) -> _Node:
    played = [action for action in range(ACTIONS) if action != card]
    return _Node(0, f"card {card}", children={action: _reply(card, action) for action in played})


def _reply(card: int, action: int) -> _Node:
    replies = {reply: _last(card, action, reply) for reply in (0, 1)}
    return _Node(1, f"saw {action}", children=replies)


def _last(card: int, action: int, reply: int) -> _Node:
    ends = {last: _Node(3, payoff=PAYOFFS[card, action, reply, last]) for last in LEGAL_LAST}
    return _Node(0, f"card {card}, {action} and {reply}", children=ends)


def _by_level(root: _Node) -> Iterator[tuple[int, float, _Node]]:
    """The action and the chance that lead into each node, and the node."""
    level = [(-1, 1.0, root)]
    while level:
        yield from level
        level = [
            (-1 if node.player == 2 else action, node.dealt[action] if node.dealt else 1.0, child)
            for _, _, node in level
            for action, child in node.children.items()
        ]


def small_tree(root: _Node | None = None) -> GameTree:
    """The game, or another one, as arrays."""
    nodes = list(_by_level(root or _root()))
    sets: tuple[dict[str, list[int]], ...] = ({}, {})
    for _, _, node in nodes:
        if node.player < 2:
            sets[node.player].setdefault(node.infoset, list(node.children))
    counts = np.array([len(node.children) for _, _, node in nodes], dtype=np.int32)
    places = [list(one) for one in sets]
    numbers = [
        places[node.player].index(node.infoset) if node.player < 2 else -1 for _, _, node in nodes
    ]
    legal = tuple(
        np.array([[action in known for action in range(ACTIONS)] for known in one.values()])
        for one in sets
    )
    return GameTree(
        name="small",
        player=np.array([node.player for _, _, node in nodes], dtype=np.int8),
        infoset=np.array(numbers, dtype=np.int32),
        first_child=np.where(counts > 0, 1 + np.cumsum(counts) - counts, -1).astype(np.int32),
        child_count=counts,
        action=np.array([action for action, _, _ in nodes], dtype=np.int32),
        chance=np.array([chance for _, chance, _ in nodes]),
        payoff=np.array([node.payoff for _, _, node in nodes]),
        actions=ACTIONS,
        features=(np.eye(len(sets[0]), dtype=np.float32), np.eye(len(sets[1]), dtype=np.float32)),
        legal=(legal[0], legal[1]),
        labels=(tuple(sets[0]), tuple(sets[1])),
    )


def one_sided_tree() -> GameTree:
    """The column player may end the game at once, or give the row player a turn."""
    turn = _Node(0, "mine", children={0: _Node(3, payoff=1.0), 1: _Node(3)})
    return small_tree(_Node(1, "theirs", children={0: _Node(3), 1: turn}))


TREE = small_tree()
GAME = TreeGame(TREE)


def random_behaviour(side: int, seed: int) -> Behaviour:
    """Legal actions with arbitrary probabilities."""
    weights = np.random.default_rng(seed).exponential(size=TREE.legal[side].shape)
    weights *= TREE.legal[side]
    return Behaviour(side, weights / weights.sum(axis=1, keepdims=True))


def pure(side: int, seed: int) -> Behaviour:
    """One arbitrary legal action at each information set."""
    chosen = random_behaviour(side, seed).probabilities.argmax(axis=1)
    return Behaviour(side, np.eye(ACTIONS)[chosen])


def request(side: int, start: str = "scratch", *, seed: int = 5, budget: float = 1.0, learners=()):
    """A best response to two arbitrary opponents.

    Args:
        side: the learner's.
        start: start rule.
        seed: of the training.
        budget: share of it.
        learners: own members after the uniform one, alike in mass with it.
    """
    own = (Member("uniform", uniform(TREE, side)), *learners)
    mixture = np.full(len(own), 1 / len(own))
    others = tuple(Member(f"other-{k}", random_behaviour(1 - side, k)) for k in (1, 2))
    return OracleRequest(
        side=side,
        iteration=1,
        name="response",
        opponents=others,
        opponent_mixture=np.array([0.25, 0.75]),
        learners=own,
        learner_mixture=mixture,
        learner_scores=np.zeros(len(own)),
        start=start,
        seed=seed,
        budget=budget,
    )
