"""The core beneath all environments: a batch of episodes that start, advance and end together."""

from __future__ import annotations

from collections.abc import Sequence
from secrets import randbits
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssa_psro.envs.arguments import Opponent, as_policy, as_side
from ssa_psro.envs.modes import Observation, make_mode
from ssa_psro.game import Command, CoverageGame, State, View
from ssa_psro.randomness import SEED_BITS, derive_seed


class Episodes:
    """B episodes of one game side by side, and the rewards of both sides.

    A decision's reward is the change of the running payoff, so that the rewards of an episode
    sum to its payoff. Slot ``b`` plays episode after episode; the seed of each is a pure function
    of the slot's root seed and the episode's number.

    Attributes:
        game: the game.
        batch: number of slots B.
        payoffs: ``[B, 2]`` what Blue and Red are paid so far.
    """

    def __init__(self, game: CoverageGame, batch: int) -> None:
        self.game = game
        self.batch = batch
        self.payoffs = np.zeros((batch, 2))
        self._roots: Sequence[int] = [randbits(SEED_BITS) for _ in range(batch)]
        self._number = -1
        self._state: State | None = None

    def restart(self, roots: Sequence[int] | None = None) -> None:
        """Begin the next episode in every slot, or the first one of new root seeds ``[B]``."""
        if roots is not None:
            self._roots, self._number = roots, -1
        self._number += 1
        seeds = [derive_seed(root, "episode", self._number) for root in self._roots]
        self._state = self.game.start(np.array(seeds, dtype=np.uint64))
        self.payoffs = np.zeros((self.batch, 2))

    def advance(self, blue: Command, red: Command) -> NDArray[np.float64]:
        """Play one decision interval; the rewards ``[B, 2]`` of Blue and Red."""
        self.game.advance(self.state, blue, red)
        before, self.payoffs = self.payoffs, self.game.payoffs(self.state)
        return self.payoffs - before

    @property
    def state(self) -> State:
        """State of the running episodes."""
        assert self._state is not None, "restart() comes first"
        return self._state

    @property
    def done(self) -> bool:
        """Whether the episodes are over."""
        return self.game.done(self.state)

    def view(self, side: int) -> View:
        """What a side sees."""
        return self.game.view(self.state, side)

    def outcome(self) -> dict[str, NDArray[np.float64]]:
        """Facts for the info of finished episodes: ``scores [B, 2]`` and ``payoffs [B, 2]``."""
        return {"scores": self.game.scores(self.state), "payoffs": self.payoffs.copy()}


class Duel:
    """Episodes seen from one side, the learner's, with its opponent inside.

    Attributes:
        episodes: what is played.
        side: 0 if the learner is Blue, 1 if Red.
        mode: what the learner sees and does.
        opponent: who plays the other side.
    """

    def __init__(
        self, game: CoverageGame, batch: int, *, side: str, opponent: Opponent, action_mode: str
    ) -> None:
        self.episodes = Episodes(game, batch)
        self.side = as_side(side)
        self.mode = make_mode(action_mode, game, self.side)
        self.opponent = as_policy(opponent)
        self._standing_orders: Command | None = None

    def restart(self, roots: Sequence[int] | None = None) -> Observation:
        """Begin new episodes, see ``Episodes.restart``; what the learner sees, ``[B, ...]``."""
        self.episodes.restart(roots)
        self._standing_orders = None
        return self.observe()

    def observe(self) -> Observation:
        """What the learner sees, ``[B, ...]``."""
        return self.mode.observe(self.episodes.view(self.side))

    def step(self, actions: NDArray[Any]) -> tuple[NDArray[np.float64], bool]:
        """The learner's rewards ``[B]`` for its actions, and whether the episodes are over."""
        own, other = self.mode.command(actions), self._opponents_orders()
        blue, red = (own, other) if self.side == 0 else (other, own)
        rewards = self.episodes.advance(blue, red)
        return rewards[:, self.side], self.episodes.done

    def _opponents_orders(self) -> Command:
        """The opponent's orders; those of a constant opponent are asked for once an episode."""
        if self._standing_orders is not None:
            return self._standing_orders
        orders = self.opponent.act(self.episodes.view(1 - self.side))
        if self.opponent.constant:
            self._standing_orders = orders
        return orders
