"""How often intervals cover the truth: ``python -m ssa_psro.benchmarks.interval_coverage``.

Draws noisy payoff tables of games whose answers are known and counts how often each 95 % interval
contains its quantity. Half of the noise is common to a row, a column or the whole table, as on
common episodes. Prints one JSON object; shares have a standard error of about
``sqrt(0.05 * 0.95 / replicates)``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import cast

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.metagame.bootstrap import resampled_means
from ssa_psro.metagame.exploitability import approx_exploitability, restricted_exploitability
from ssa_psro.metagame.gains import Gains, gains_of, regret_interval
from ssa_psro.metagame.intervals import Interval, percentile_interval
from ssa_psro.metagame.many_games import solve_many
from ssa_psro.metagame.mixtures import value_interval
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.sampling.adaptive import AdaptiveSampler
from ssa_psro.metagame.solvers import Solver, make_solver

RPS = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
COMMON = 0.5
"""Share of the variance of an episode that other cells see as well."""
Hits = dict[str, list[float]]


@dataclass(frozen=True)
class Setting:
    """What is simulated.

    Attributes:
        policies: a side; three play rock, paper, scissors, more a game of normal payoffs.
        episodes: a cell; with ``half_width``, at most.
        skewed: exponential noise instead of normal.
        half_width: asked of the adaptive sampler; ``None`` plays every episode.
    """

    policies: int
    episodes: int
    skewed: bool
    half_width: float | None = None

    def __str__(self) -> str:
        game = "3x3 rps" if self.policies == 3 else f"{self.policies}x{self.policies} random"
        adaptive = "" if self.half_width is None else f", adaptive to {self.half_width}"
        noise = "skewed" if self.skewed else "normal"
        return f"{game}, {noise}, {self.episodes} episodes{adaptive}"


def settings() -> list[Setting]:
    """All that the benchmark simulates."""
    fixed = [
        Setting(policies, episodes, skewed)
        for policies in (3, 5, 10)
        for episodes in (20, 50, 200)
        for skewed in (False, True)
    ]
    return [*fixed, Setting(5, 300, False, 0.12), Setting(10, 300, True, 0.12)]


def coverage(
    setting: Setting, *, replicates: int, resamples: int, rng: np.random.Generator
) -> dict[str, float]:
    """Share of intervals that contain the truth, by statement."""
    nash = make_solver("nash")
    hits: Hits = {}
    for _ in range(replicates):
        game = RPS if setting.policies == 3 else rng.normal(size=(setting.policies,) * 2)
        table = _played(game, setting, rng, nash)
        for name, hit in _statements(game, table, nash, resamples, rng):
            hits.setdefault(name, []).append(hit)
    return {name: float(np.mean(found)) for name, found in hits.items()}


def _played(game: Floats, setting: Setting, rng: np.random.Generator, solve: Solver) -> PayoffTable:
    payoffs = game[:, :, None] + _noise(setting, rng)
    samples = np.stack([payoffs, -payoffs], axis=-1)
    names = tuple(f"p{i}" for i in range(setting.policies))
    seeds = np.arange(setting.episodes, dtype=np.uint64)
    if setting.half_width is None:
        return PayoffTable(names, names, seeds, samples)

    def judge(row: int, column: int, seeds: Seeds, /) -> Floats:
        return cast(Floats, samples[row, column, seeds.astype(np.intp)])

    policies = range(setting.policies)
    sampler = AdaptiveSampler(solve, setting.half_width, first=5)
    return sampler.play(PayoffTable.unplayed(names, names, seeds), policies, policies, judge=judge)


def _noise(setting: Setting, rng: np.random.Generator) -> Floats:
    def draw(*shape: int) -> Floats:
        return rng.exponential(size=shape) - 1 if setting.skewed else rng.normal(size=shape)

    k, episodes = setting.policies, setting.episodes
    common = draw(1, 1, episodes) + draw(k, 1, episodes) + draw(1, k, episodes)
    noise = np.sqrt(1 - COMMON) * draw(k, k, episodes) + np.sqrt(COMMON / 3) * common
    return np.asarray(noise)


def _statements(
    game: Floats, table: PayoffTable, solve: Solver, resamples: int, rng: np.random.Generator
) -> Iterator[tuple[str, float]]:
    """Each statement, and whether it, or which share of several like it, is true."""
    found = solve(table.mean)
    even = np.full(len(table.rows), 1 / len(table.rows))
    low, high = (bound[..., 0] for bound in table.bounds())
    yield "cell mean", float(((low <= game) & (game <= high)).mean())
    value = value_interval(table, found.row, found.column, 0)
    truth = float(solve_many(game[None])[2][0])
    yield "value", _covers(value, truth)
    games = resampled_means(table, rng, resamples)[..., 0]
    rows, columns, values = solve_many(games)
    percentile = percentile_interval(found.value[0], values, len(table.seeds))
    yield "value, by resampling", _covers(percentile, truth)
    for name, row, column in (("a fixed", even, even), ("an estimated", found.row, found.column)):
        gains = gains_of(table, row, column, 0)
        yield f"gain of a deviation from {name} mixture", _gains_cover(gains, game, row, column)
        regret = regret_interval(table, row, column)
        truth = restricted_exploitability(game, row, column)
        yield f"exploitability of {name} mixture", _covers(regret, truth)
        yield f"exploitability of {name} mixture, lower bound", float(regret.low <= truth)
        yield f"exploitability of {name} mixture, upper bound", float(truth <= regret.high)
    mean = table.mean[..., 0]
    losses = ((columns @ mean.T).max(axis=1) - (rows @ mean).min(axis=1)) / 2
    resampled = percentile_interval(0.0, losses, len(table.seeds))
    yield "exploitability of an estimated mixture, by resampling", _covers(resampled, truth)
    if table.complete:
        yield "exploitability by given responses", _given_responses(game, table, even)


def _given_responses(game: Floats, table: PayoffTable, even: Floats) -> float:
    """Of the first policy's gains over even mixtures."""
    payoffs = table.samples[..., 0]
    value = np.einsum("i,ije,j->e", even, payoffs, even)
    found = approx_exploitability(
        np.einsum("je,j->e", payoffs[0], even) - value,
        value - np.einsum("ie,i->e", payoffs[:, 0], even),
    )
    gains = (game[0] @ even - game.mean(), game.mean() - game[:, 0] @ even)
    return _covers(found.interval, float(np.maximum(gains, 0).mean()))


def _gains_cover(gains: Gains, game: Floats, row: Floats, column: Floats) -> float:
    truth = game @ column - row @ game @ column
    return float(((gains.low() <= truth) & (truth <= gains.high())).mean())


def _covers(interval: Interval, truth: float) -> float:
    return float(interval.low - 1e-12 <= truth <= interval.high + 1e-12)


def tabulate(
    chosen: Iterable[Setting],
    *,
    replicates: int,
    resamples: int,
    seed: int,
    tell: Callable[[str], None] = lambda line: None,
) -> dict[str, dict[str, float]]:
    """Coverage of each setting, by its name; ``tell`` hears of each as it is done."""
    found = {}
    for number, setting in enumerate(chosen):
        rng = np.random.default_rng((seed, number))
        found[str(setting)] = coverage(setting, replicates=replicates, resamples=resamples, rng=rng)
        tell(f"{setting}: {found[str(setting)]}")
    return found


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--replicates", type=int, default=400)
    parser.add_argument("--resamples", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    found = tabulate(
        settings(),
        replicates=arguments.replicates,
        resamples=arguments.resamples,
        seed=arguments.seed,
        tell=partial(print, file=sys.stderr, flush=True),
    )
    print(json.dumps({"replicates": arguments.replicates, "coverage": found}, indent=2))


if __name__ == "__main__":
    main()
