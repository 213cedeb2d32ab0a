"""CMA-ES (Hansen, arXiv 1604.00772, as implemented in pycma) from several starts.

Runs race, the winner goes on until it has converged, and what is left of the budget goes to runs
that begin again from the best.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.errors import Fault, UsageError
from ssa_psro.learn.protocol import Fact, SearchSpace, Weights
from ssa_psro.progress import Progress, untold
from ssa_psro.randomness import derive_seed

RACE = 0.15
"""Share of a budget that the race between starts may take."""

TRIAL = 3
"""Generations that every start of a race gets at least; fewer race where that is too much."""

FIRST_CHECK, CHECKS_APART = 2, 1.5
"""Generations for every number searched after which a run is first asked whether it still improves,
and the factor between that and the next such generation."""

PRECISION = 0.01
"""Spread of every number, as a share of what it was at first, at which a run has converged."""

RECENT = 1 / 8
"""Share of a run's generations, the last ones, whose means are averaged (Polyak & Juditsky 1992).
On the reference game payoffs of single means go up and down by 0.03, of averages by 0.01."""

AGAIN = 2 / 3
"""Step size of a run that starts again from the best, as a share of the first run's. Measured on
the reference game: from the best of nine runs, 0.2 found more than 0.1 and 0.3 did."""


LEAST = {"steps": 1, "starts": 1, "population": 2, "episodes": 1, "validation_episodes": 1}
"""Of settings that count."""


@dataclass(frozen=True, kw_only=True)
class SearchSettings:
    """What may be chosen about CMA-ES.

    Attributes:
        steps: budget of one response, in decisions, kept to within a generation.
        hidden: widths of the hidden layers of a member's networks, where it has some.
        starts: most starts that race each other.
        population: vectors tried in a generation of a first run; each restart doubles it.
        episodes: that each of them plays, the same ones for all of a generation.
        sigma: initial standard deviation of each number.
        select: see ``TrainingSettings``.
        validation_episodes: episodes that decide between the start and the end of a search, and
            half as many between two points on the way.
    """

    steps: int
    hidden: tuple[int, ...] = ()
    starts: int = 6
    population: int = 16
    episodes: int = 2
    sigma: float = 0.3
    select: str = "end"
    validation_episodes: int = 128

    def __post_init__(self) -> None:
        faults = [
            Fault(key, getattr(self, key), "too few", f"Give {least} or more.")
            for key, least in LEAST.items()
            if getattr(self, key) < least
        ]
        if not self.sigma > 0:
            faults.append(Fault("sigma", self.sigma, "no spread", "Give a positive number."))
        if faults:
            raise UsageError("search settings", faults)


@dataclass(frozen=True, eq=False)
class Search:
    """A finished search.

    Attributes:
        space: what it was found in, that of its start.
        vector: mean ``[D]`` of the best run at its end, averaged over its last generations. The
            best vector tried is the luckiest one too, and the mean of one generation wanders.
        returns: mean payoff of all vectors of each generation, in order.
        decisions: how many were played.
        start: name of the start that the vector comes from.
        starts: how many took part in the race.
        restarts: runs that began again after one had converged.
        sigma: step size where the vector was found.
        stopped: why the run stopped that found it: ``budget``, ``stagnation``, or a termination
            criterion of pycma such as ``tolx``.
    """

    space: SearchSpace
    vector: Floats
    returns: tuple[float, ...]
    decisions: int
    start: str
    starts: int
    restarts: int
    sigma: float
    stopped: str

    @property
    def weights(self) -> Weights:
        """What the vector stands for."""
        return self.space.weights(self.vector)

    @property
    def converged(self) -> bool:
        """Whether the run that found the vector stopped by itself."""
        return self.stopped != "budget"

    def told(self) -> dict[str, Fact]:
        """What the record says of it."""
        return {
            "converged": self.converged,
            "stopped": self.stopped,
            "starts": self.starts,
            "best_start": self.start,
            "restarts": self.restarts,
            "final_sigma": self.sigma,
        }


def search(
    starts: Mapping[str, SearchSpace],
    decisions: int,
    seed: int,
    *,
    settings: SearchSettings,
    progress: Progress = untold,
) -> Search:
    """Search the best vector. Equal arguments give equal vectors.

    1. A run begins at every start. They race: after equal generations on the same episodes the
       better half goes on, until one is left (successive halving, Jamieson & Talwalkar 2016).
    2. It goes on until it has converged: by pycma's criteria, or because on common episodes its
       mean is no better than it was in half as many generations.
    3. What is left of the budget goes to restarts from the best vector so far, each with twice the
       population of the one before (as in IPOP and BIPOP-CMA-ES, Hansen 2009). The end of each
       takes the place of the best where it does better on episodes of their own.

    Args:
        starts: what is searched, each from its centre, by name, the most important first; what
            lies out of its bounds is cut off.
        decisions: to be played, to within a generation.
        seed: root of all randomness.
        settings: of the search.
        progress: told the share of the budget that is spent.
    """
    from ssa_psro.learn.training import isolated

    with isolated(derive_seed(seed, "cma-es")):
        budget = _Budget(next(iter(starts.values())).decisions, decisions, seed, settings, progress)
        number = _racers(budget, len(starts))
        begun = list(starts.items())[:number]
        run = _raced(budget, [_Run(budget, name, one, one.centre) for name, one in begun])
        run.converge()
        best, restarts = run, 0
        while run.stopped and budget.allows(2 * run.cost + budget.check):
            restarts += 1
            run = _Run(budget, best.name, best.space, best.mean, again=restarts)
            run.converge(reserve=budget.check)
            if budget.better(run.space, best.mean, run.mean):
                best = run
        return Search(
            best.space,
            best.mean,
            tuple(budget.returns),
            budget.spent,
            best.name,
            number,
            restarts,
            float(best.strategy.sigma),
            best.stopped or "budget",
        )


class _Budget:
    """What a search may still play, and what it has."""

    def __init__(
        self,
        episode: float,
        decisions: int,
        seed: int,
        settings: SearchSettings,
        progress: Progress,
    ) -> None:
        self.episode, self.settings = episode, settings
        self.decisions, self.spent, self.returns = decisions, 0, list[float]()
        self._seed, self._progress, self._checks = seed, progress, 0
        self._compared = max(1, settings.validation_episodes // 2)

    @property
    def check(self) -> float:
        """Decisions of a comparison of two vectors."""
        return 2 * self._compared * self.episode

    def allows(self, decisions: float) -> bool:
        """Whether so many more may be played."""
        return self.spent + decisions <= self.decisions

    def tried(self, space: SearchSpace, vectors: Floats, *generation: int) -> Floats:
        """Payoffs ``[n]`` of a generation's vectors; equal numbers name equal episodes."""
        payoffs = self._played(space, vectors, self.settings.episodes, "episodes", *generation)
        self.returns.append(float(payoffs.mean()))
        return payoffs

    def better(self, space: SearchSpace, old: Floats, new: Floats) -> bool:
        """Whether a vector pays more than another on episodes that nothing else is played on."""
        self._checks += 1
        both = np.stack([old, new])
        first, second = self._played(space, both, self._compared, "check", self._checks)
        return bool(second > first)

    def _played(
        self, space: SearchSpace, vectors: Floats, episodes: int, *purpose: str | int
    ) -> Floats:
        seeds = space.episodes(derive_seed(self._seed, *purpose), episodes)
        payoffs, spent = space.payoffs(vectors, seeds)
        self.spent += spent
        self._progress(min(1.0, self.spent / self.decisions))
        return payoffs


class _Run:
    """CMA-ES from one vector."""

    def __init__(
        self, budget: _Budget, name: str, space: SearchSpace, begin: Floats, again: int = 0
    ) -> None:
        import cma

        settings = budget.settings
        sigma = settings.sigma * (AGAIN if again else 1.0)
        population = settings.population * 2**again
        centre = np.clip(begin, *space.bounds) if space.bounds else begin
        options = _options(space, population, PRECISION * settings.sigma)
        self.name, self.space, self.stopped = name, space, ""
        self.strategy = cma.CMAEvolutionStrategy(centre, sigma, options)
        self.cost = population * settings.episodes * budget.episode
        self._budget, self._again, self._means = budget, again, [np.asarray(centre)]
        self._check = FIRST_CHECK * len(begin)

    @property
    def mean(self) -> Floats:
        """Of the vectors to come, averaged over the last generations."""
        return self._averaged(len(self._means))

    def _averaged(self, made: int) -> Floats:
        return np.asarray(np.mean(self._means[made - max(1, int(RECENT * made)) : made], axis=0))

    def generation(self) -> float:
        """Try another one; its mean payoff."""
        tried = np.array(self.strategy.ask())
        payoffs = self._budget.tried(self.space, tried, self._again, len(self._means))
        self.strategy.tell(list(tried), list(-payoffs))
        self._means.append(np.array(self.strategy.result.xfavorite))
        return float(payoffs.mean())

    def converge(self, reserve: float = 0.0) -> None:
        """Go on until it has converged, or nothing is left but a reserve."""
        while self._budget.allows(self.cost + reserve) or len(self._means) == 1:
            self.generation()
            self.stopped = next(iter(self.strategy.stop()), "") or self._stagnation(reserve)
            if self.stopped:
                return

    def _stagnation(self, reserve: float) -> str:
        """That it is no better than it was in half as many generations, if so."""
        made = len(self._means) - 1
        if made < self._check or not self._budget.allows(self._budget.check + reserve):
            return ""
        self._check = int(made * CHECKS_APART)
        better = self._budget.better(self.space, self._averaged(made // 2), self.mean)
        return "" if better else "stagnation"


def _racers(budget: _Budget, starts: int) -> int:
    """How many of the starts can race."""
    settings = budget.settings
    generation = settings.population * settings.episodes * budget.episode
    number = min(starts, settings.starts)
    while number > 1 and RACE * budget.decisions < _rungs(number) * number * TRIAL * generation:
        number -= 1
    return number


def _rungs(runs: int) -> int:
    """Halvings until one is left."""
    return (runs - 1).bit_length()


def _raced(budget: _Budget, runs: list[_Run]) -> _Run:
    """The run that wins: every halving takes as much as any other."""
    rungs = _rungs(len(runs))
    while len(runs) > 1:
        generations = int(RACE * budget.decisions / (rungs * len(runs) * runs[0].cost))
        returns = [[run.generation() for run in runs] for _ in range(generations)]
        recent = np.mean(returns[generations // 2 :], axis=0)
        runs = [runs[i] for i in np.argsort(-recent, kind="stable")[: (len(runs) + 1) // 2]]
    return runs[0]


def _options(space: SearchSpace, population: int, least: float) -> dict[str, Any]:
    """Within the box, without files or output, and drawing as the isolation has seeded."""
    return {
        **({"bounds": list(space.bounds)} if space.bounds else {}),
        **({"CMA_diagonal": True} if space.diagonal else {}),
        "popsize": population,
        "tolx": least,
        "seed": np.nan,  # any number would be set, or, being 0, taken from the clock
        "verbose": -10,
        "verb_log": 0,
        "verb_disp": 0,
    }
