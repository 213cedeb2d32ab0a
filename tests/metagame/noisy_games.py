"""Games whose payoffs are known, played with luck that depends on the episode and the pair."""

from __future__ import annotations

import numpy as np

from ssa_psro.metagame.payoffs import PayoffTable

RPS = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])


class NoisyGame:
    """Zero-sum; half of the variance of an episode is common to all pairs. Counts episodes."""

    def __init__(self, payoffs, noise=1.0, episodes=400, seed=0):
        rng = np.random.default_rng(seed)
        luck = rng.normal(size=(*payoffs.shape, episodes)) + rng.normal(size=episodes)
        payoff = payoffs[:, :, None] + noise * luck / np.sqrt(2)
        self.samples = np.stack([payoff, -payoff], axis=-1)
        self.played = 0

    def __call__(self, row, column, seeds, /):
        self.played += len(seeds)
        return self.samples[row, column, seeds.astype(int)]

    def unplayed(self):
        rows, columns, episodes, _ = self.samples.shape
        names = ([f"r{i}" for i in range(rows)], [f"c{j}" for j in range(columns)])
        return PayoffTable.unplayed(*names, np.arange(episodes, dtype=np.uint64))

    def table(self, counts):
        """The table with the first ``counts`` episodes of each cell, a number or ``[n, m]``."""
        samples = self.samples.copy()
        for cell in np.ndindex(samples.shape[:2]):
            samples[cell][np.broadcast_to(counts, samples.shape[:2])[cell] :] = np.nan
        empty = self.unplayed()
        return PayoffTable(empty.rows, empty.columns, empty.seeds, samples)
