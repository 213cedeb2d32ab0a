"""What the environments accept as game, side and opponent, and what they make of it.

The core beneath all environments: a batch of episodes that start, advance and end together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from secrets import randbits
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ssa_psro.envs.modes import Observation, make_mode
from ssa_psro.errors import Fault, UsageError, as_integer, did_you_mean
from ssa_psro.game import Command, CoverageGame, State, View, game_of
from ssa_psro.policies import Mixture, Policy, make_policy
from ssa_psro.randomness import SEED_BITS, derive_seed
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
        UsageError: it is no game, scenario or path.
    """
    found: object = source
    if isinstance(found, CoverageGame):
        return found
    if isinstance(found, str | Path):
        found = load_scenario(Path(found))
    if not isinstance(found, Scenario):
        cure = "Give a game, a scenario or the path of a scenario file."
        raise _unusable("scenario", type(source).__name__, "is no game", cure)
    return game_of(found)


def as_side(name: str) -> int:
    """0 for ``blue``, 1 for ``red``.

    Raises:
        UsageError: there is no such side.
    """
    for index, side in enumerate(SIDES):
        if side == name:
            return index
    raise _unusable("side", name, "is not a side", did_you_mean(str(name), SIDES))


def as_policy(opponent: Opponent) -> Policy:
    """The opponent as a policy; a mapping becomes a mixture, its numbers scaled to sum to 1.

    Raises:
        UsageError: an unknown name, numbers that are no probabilities, or no policy at all.
    """
    found: object = opponent
    if isinstance(found, str):
        return make_policy(found)
    if isinstance(found, Policy):
        return found
    if not isinstance(found, Mapping):
        cure = "Give a policy, the name of a heuristic, or names with their probabilities."
        raise _unusable("opponent", type(opponent).__name__, "is no policy", cure)
    shares = np.array(list(found.values()))
    numbers = shares.dtype.kind in "biuf" and shares.ndim == 1
    if not (numbers and np.isfinite(shares).all() and (shares >= 0).all() and shares.sum() > 0):
        cure = "Give every policy a number of at least 0, and one of them more than 0."
        raise _unusable("opponent", dict(found), "is no mixture", cure)
    name = " + ".join(f"{share:g} {policy}" for policy, share in found.items())
    return Mixture(name, [make_policy(policy) for policy in found], shares / shares.sum())


def _unusable(key: str, value: object, problem: str, cure: str) -> UsageError:
    return UsageError("environment", [Fault(key, value, problem, cure)])


def root_seeds(seed: object, batch: int) -> list[int]:
    """The root seed of every slot ``[B]``.

    Args:
        seed: of the first slot, the others count on from it; or one a slot, of which ``None`` is
            drawn afresh.
        batch: number of slots B.

    Raises:
        UsageError: a seed is no integer from 0 on, or there are not B of them.
    """
    if isinstance(seed, Sequence | np.ndarray) and not isinstance(seed, str) and np.ndim(seed):
        if len(seed) != batch:
            cure = f"Give {batch}, one a slot, or a single integer."
            raise _unusable("seed", len(seed), "are not as many seeds as slots", cure)
        return [randbits(SEED_BITS) if one is None else _seed(one) for one in seed]
    first = _seed(seed)
    return [first + slot for slot in range(batch)]


def _seed(value: object) -> int:
    return as_integer("environment", "seed", value, 0)


MOST_BYTES = 16e9
"""What the states of all slots may take; the tables of the game come on top."""


class Episodes:
    """B episodes of one game side by side, and the rewards of both sides.

    A decision's reward is the change of the running payoff, so that the rewards of an episode
    sum to its payoff. Slot ``b`` plays episode after episode; the seed of each is a pure function
    of the slot's root seed and the episode's number.

    Attributes:
        game: the game.
        batch: number of slots B.
        roots: root seed of every slot ``[B]``.
        payoffs: ``[B, 2]`` what Blue and Red are paid so far.
    """

    def __init__(self, game: CoverageGame, batch: int) -> None:
        self.game = game
        self.batch = as_integer("environment", "num_envs", batch, 1)
        most = int(MOST_BYTES / game.episode_bytes)
        if self.batch > most:
            problem = f"take more than {MOST_BYTES / 1e9:g} GB"
            raise _unusable("num_envs", batch, problem, f"Use at most {most}.")
        self.payoffs = np.zeros((self.batch, 2))
        self.roots = [randbits(SEED_BITS) for _ in range(self.batch)]
        self._number = -1
        self._state: State | None = None

    def restart(self, seed: object = None) -> None:
        """Begin the next episode in every slot, or the first one of new ``root_seeds``."""
        if seed is not None:
            self.roots, self._number = root_seeds(seed, self.batch), -1
        self._number += 1
        seeds = [derive_seed(root, "episode", self._number) for root in self.roots]
        self._state = self.game.start(np.array(seeds, dtype=np.uint64))
        self.payoffs = np.zeros((self.batch, 2))

    def advance(self, blue: Command, red: Command) -> NDArray[np.float64]:
        """Play one decision interval; the rewards ``[B, 2]`` of Blue and Red."""
        self.game.advance(self.state, blue, red)
        before, self.payoffs = self.payoffs, self.game.payoffs(self.state)
        return self.payoffs - before

    @property
    def state(self) -> State:
        """State of the running episodes. Raises ``UsageError`` before the first ``restart``."""
        if self._state is None:
            raise _unusable("step", None, "comes before the first reset", "Call reset().")
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
        self.meet(opponent)

    def meet(self, opponent: Opponent) -> None:
        """Play against this opponent from the next decision on."""
        self.opponent = as_policy(opponent)
        self._standing_orders: Command | None = None

    def restart(self, seed: object = None) -> Observation:
        """Begin new episodes, see ``Episodes.restart``; what the learner sees, ``[B, ...]``."""
        self.episodes.restart(seed)
        self._standing_orders = None
        return self.observe()

    def observe(self) -> Observation:
        """What the learner sees, ``[B, ...]``."""
        return self.mode.observe(self.episodes.view(self.side))

    def step(self, actions: ArrayLike) -> tuple[NDArray[np.float64], bool]:
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
