"""Searching the best constant doctrine by CMA-ES.

CMA-ES: Hansen, arXiv 1604.00772, as implemented in pycma.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cma
import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Floats
from ssa_psro.game import Command, CoverageGame, View, doctrine_command
from ssa_psro.learn.cma_es import CmaTuning
from ssa_psro.learn.isolation import isolated
from ssa_psro.policies import Policy
from ssa_psro.policies.match import play_out
from ssa_psro.progress import Progress
from ssa_psro.randomness import derive_seed, episode_seeds


@dataclass(frozen=True, eq=False)
class Search:
    """A finished search.

    Attributes:
        doctrine: its final mean ``[D]``. The best doctrine tried is the luckiest one too; the
            mean has averaged the luck of all generations.
        returns: mean payoff of all doctrines of each generation, in order.
        decisions: how many were played.
        sigma: final step size.
    """

    doctrine: Floats
    returns: tuple[float, ...]
    decisions: int
    sigma: float


@dataclass(frozen=True, eq=False)
class _Trial:
    """Plays another constant doctrine in every episode of a batch."""

    doctrines: Floats
    name: str = "trial"
    constant: bool = True

    def act(self, view: View) -> Command:
        return doctrine_command(self.doctrines)


def search(
    game: CoverageGame,
    side: int,
    opponent: Policy,
    start: NDArray[Any],
    decisions: int,
    seed: int,
    *,
    tuning: CmaTuning,
    progress: Progress,
) -> Search:
    """Search the best doctrine for one side. Equal arguments give equal doctrines.

    All doctrines of a generation play the same episodes; each generation has its own.

    Args:
        game: what is played.
        side: 0 searches for Blue, 1 for Red.
        opponent: plays the other side; a mixture draws a member for every episode.
        start: doctrine ``[D]`` to begin with; what lies outside [-1, 1] is cut off.
        decisions: to be played, rounded to whole generations.
        seed: root of all randomness.
        tuning: of the search.
        progress: told the share of the search done.
    """
    each = tuning.population * tuning.episodes * game.decisions
    generations = max(1, round(decisions / each))
    returns = []
    with isolated(derive_seed(seed, "cma-es")):
        strategy = cma.CMAEvolutionStrategy(
            np.clip(start, -1.0, 1.0), tuning.sigma, _options(tuning)
        )
        for generation in range(generations):
            tried = np.array(strategy.ask())
            seeds = episode_seeds(seed, "episodes", generation, count=tuning.episodes)
            payoffs = mean_payoffs(game, side, opponent, tried, seeds)
            strategy.tell(list(tried), list(-payoffs))
            returns.append(float(payoffs.mean()))
            progress((generation + 1) / generations)
        final = np.array(strategy.result.xfavorite)
        return Search(final, tuple(returns), generations * each, float(strategy.sigma))


def mean_payoffs(
    game: CoverageGame,
    side: int,
    opponent: Policy,
    doctrines: Floats,
    seeds: NDArray[np.uint64],
) -> NDArray[np.float64]:
    """Mean payoff ``[n]`` of doctrines ``[n, D]`` on the same episodes ``[E]``, all at once."""
    own = _Trial(np.repeat(doctrines, len(seeds), axis=0))
    blue, red = (own, opponent) if side == 0 else (opponent, own)
    state = play_out(game, blue, red, game.start(np.tile(seeds, len(doctrines))))
    return np.asarray(game.payoffs(state)[:, side].reshape(len(doctrines), -1).mean(axis=1))


def _options(tuning: CmaTuning) -> dict[str, Any]:
    """Within the box, without files or output, and drawing as the isolation has seeded."""
    return {
        "bounds": [-1.0, 1.0],
        "popsize": tuning.population,
        "seed": np.nan,  # any number would be set, or, being 0, taken from the clock
        "verbose": -10,
        "verb_log": 0,
        "verb_disp": 0,
    }
