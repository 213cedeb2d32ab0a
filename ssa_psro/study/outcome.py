"""The outcome of a run: the equilibrium of the last table, and the best iterate played out.

Both are plain numbers and arrays with intervals, as a run folder holds them; nothing here plays
the game. Coverage against time is measured in :mod:`ssa_psro.study.playout`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Floats
from ssa_psro.inputs.array_files import layouts_of
from ssa_psro.metagame.bootstrap import EquilibriumIntervals, bootstrap_equilibrium
from ssa_psro.metagame.estimates import value_interval
from ssa_psro.metagame.intervals import Interval
from ssa_psro.metagame.judge import P
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.sampling import Sampler, SamplingOptions, make_sampler
from ssa_psro.metagame.solvers import Solver, make_solver
from ssa_psro.metagame.solvers.symmetric import make_symmetric_solver
from ssa_psro.metagame.tournament import SeatDifference, swap_seats
from ssa_psro.psro.loop import PsroResult
from ssa_psro.psro.state import StopReason, StopRule
from ssa_psro.randomness import derive_seed, generator
from ssa_psro.study.study import Study

RESAMPLES = {"zero-sum": 200, "general-sum": 50}
"""Tables that the intervals of an outcome rest on; a general-sum one takes long to solve."""


@dataclass(frozen=True)
class SideSolution:
    """One side's part in the equilibrium of the last table.

    Attributes:
        side: name of the side.
        names: all members, ``[n]``.
        mixture: their probabilities, ``[n]``, with bootstrap intervals over episodes.
        value: expected payoff, likewise.
    """

    side: str
    names: tuple[str, ...]
    mixture: tuple[Interval, ...]
    value: Interval


@dataclass(frozen=True)
class Attained:
    """What both sides get when one pair is played, Blue's figure and Red's.

    Attributes:
        policies: who plays.
        payoff: what each is paid.
        score: coverage score.
        custody: share of time and objects in custody.
        contested_custody: the same of the contested objects.
        total_score: of both together.
    """

    policies: tuple[str, str]
    payoff: tuple[Interval, Interval]
    score: tuple[Interval, Interval]
    custody: tuple[Interval, Interval]
    contested_custody: tuple[Interval, Interval]
    total_score: Interval


@dataclass(frozen=True)
class PriceOfRivalry:
    """An equilibrium beside the best cooperative play known, on the same fresh episodes.

    Nobody was trained to cooperate, so that a better pair may exist: the price is likely more.

    Attributes:
        equilibrium: what it comes to.
        cooperative: what the pair comes to that had the greatest sum of scores in the table.
        price: share of that pair's sum of scores that the equilibrium does not reach.
        pairs_known: pairs it was chosen among.
        pairs: all pairs of the table; the scores of the others were not kept, or not played.
    """

    equilibrium: Attained
    cooperative: Attained
    price: Interval
    pairs_known: int
    pairs: int


@dataclass(frozen=True)
class Conduct:
    """What one policy does and gets against the other side's mixture of the best iterate.

    Attributes:
        name: of the policy; ``MIXTURE`` stands for the side's own mixture.
        share: probability with which that mixture plays it; 1 of the mixture itself.
        payoff: what it is paid.
        score: its coverage score.
        custody: share of time and objects in its custody.
        contested_custody: the same of the contested objects.
        opponent_custody: share of time and objects in the other side's custody meanwhile.
        tasks: share of each kind of task among all that its sensors carried out: looks at the
            objects of a regime, contested or not, denials and protections.
    """

    name: str
    share: float
    payoff: Interval
    score: Interval
    custody: Interval
    contested_custody: Interval
    opponent_custody: Interval
    tasks: Mapping[str, float]

    @property
    def observing(self) -> float:
        """Share of looks among its tasks; 0 where it carried out none at all."""
        return sum(share for kind, share in self.tasks.items() if kind not in (DENY, PROTECT))


MIXTURE = "mixture"
DENY, PROTECT = "deny", "protect"
"""Kinds of task beside looks; those are called ``GEO`` and ``GEO contested``."""


@dataclass(frozen=True)
class Solution:
    """What a run arrived at.

    The equilibrium is that of the extended table: what its mixtures are worth against freshly
    trained responses has not been measured. The best iterate's mixtures have been.

    Attributes:
        stopped: why the run ended.
        sides: Blue, then Red.
        method: the meta-solver.
        gap: its certificate.
        cyclic_share: of the last table, Blue's payoffs.
        restricted_exploitability: of equilibria of resampled tables, in the table as it is.
        best_iteration: the iterate to use; its mixtures stand in its record.
        best_price: what the best iterate's mixtures come to, and what rivalry costs there;
            ``None`` where no scores were kept, as in folders of before they were.
        final_price: the same of the equilibrium of the last table.
        seats: what Blue's seat is worth to the best iterate's mixtures and to the policies that
            they play; ``None`` where the sides are of different designs.
        seated: of a population that both sides share: restricted exploitability of the best
            iterate's mixture for members that know their seat.
        standings: of each side, against the best iterate's mixture of the other: its own mixture,
            the members that it plays, then every heuristic; all on the same episodes.
    """

    stopped: StopReason
    sides: tuple[SideSolution, SideSolution]
    method: str
    gap: float
    cyclic_share: Interval
    restricted_exploitability: Interval
    best_iteration: int
    best_price: PriceOfRivalry | None = None
    final_price: PriceOfRivalry | None = None
    seats: SeatDifference | None = None
    seated: Interval | None = None
    standings: tuple[tuple[Conduct, ...], tuple[Conduct, ...]] | None = None


def solution_of(
    result: PsroResult[P],
    found: EquilibriumIntervals,
) -> Solution:
    """The outcome of a finished run of at least one iteration.

    Args:
        result: of ``run_psro``.
        found: of its last table.
    """
    assert result.best is not None, "a run has at least one iteration"
    blue, red = (
        SideSolution(population.side, population.names, mixture, value)
        for population, mixture, value in zip(
            result.state.populations, (found.row, found.column), found.value, strict=True
        )
    )
    return Solution(
        stopped=result.stopped,
        sides=(blue, red),
        method=result.equilibrium.method,
        gap=result.equilibrium.gap,
        cyclic_share=found.cyclic_share,
        restricted_exploitability=found.restricted_exploitability,
        best_iteration=result.best.iteration,
    )


def equilibrium_intervals(study: Study, table: PayoffTable, purpose: str) -> EquilibriumIntervals:
    """The equilibrium of a run's table, with intervals.

    Of one population, chance seats the players; the values are those of the seats as they are.

    Args:
        study: of the run.
        table: as played.
        purpose: keys the randomness of the resamples.

    Raises:
        SolverError: the solver could not certify an answer for a resampled table.
    """
    completed = sampler_of(study).completed(table)
    found = bootstrap_equilibrium(
        solved_table(study, table),
        solver_of(study),
        rng=generator(study.seed, purpose, "bootstrap"),
        resamples=RESAMPLES[study.scenario.rules.payoff_kind],
    )
    if not study.shared:
        return found
    row, column = (np.array([one.mean for one in both]) for both in (found.row, found.column))
    blue, red = (value_interval(completed, row, column, side) for side in (0, 1))
    return replace(found, value=(blue, red))


def solved_table(study: Study, table: PayoffTable) -> PayoffTable:
    """A run's table as its solver sees it: completed, and of one population, over both seats."""
    completed = sampler_of(study).completed(table)
    return swap_seats(completed) if study.shared else completed


def stop_rule_of(study: Study) -> StopRule:
    """What ends a run of a study, as its keys say."""
    asked = study.solver
    return StopRule(asked.iterations, asked.tolerance, asked.patience, asked.confirmation)


def solver_of(study: Study) -> Solver:
    """The meta-solver: of one population, it gives both sides one mixture.

    Raises:
        UsageError: the study names an unknown solver.
    """
    make = make_symmetric_solver if study.shared else make_solver
    return make(study.solver.meta_solver)


def sampler_of(study: Study) -> Sampler:
    """What plays the payoff table, and completes it for those who solve it.

    Raises:
        UsageError: the study names an unknown sampler or solver.
    """
    settings = study.solver
    options = SamplingOptions(
        solver_of(study),
        seed=derive_seed(study.seed, "sampler"),
        share=settings.sampled_share,
        half_width=settings.sampled_half_width,
        first=settings.sampled_first,
        shared=study.shared,
    )
    return make_sampler(settings.sampler, options)


CONTESTS = ("uncontested", "contested")


@dataclass(frozen=True, eq=False)
class Band:
    """A mean over episodes with its 95 % Student t bounds, all of one shape."""

    mean: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class CoverageSeries:
    """The best iterate's mixtures played out; E episodes, T steps, R regimes, Blue before Red.

    Shares are weighted by the objects' weights. A group of objects without weight has nan.

    Attributes:
        hour: ``[T]`` hours since the window opened, at the beginning of each step.
        regimes: ``R`` names of the regimes that have objects.
        regime_weights: ``[R]`` share of the total weight.
        contest_weights: ``[2]`` share of the total weight that is uncontested, contested.
        custody: ``[2, T]`` share of the catalogue in custody of each side.
        regime_custody: ``[2, R, T]`` the same within each regime.
        contested_held: ``[2, T]`` share of the contested objects of which a side's custody is
            the fresher; ties count half.
        scores: ``[E, 2]`` coverage scores, the sum over groups of weight share times group score.
        payoffs: ``[E, 2]``.
        regime_scores: ``[E, 2, R]`` coverage score within each regime, in [0, 1].
        contest_scores: ``[E, 2, 2]`` of uncontested and of contested objects (last axis).
        seeds: ``[E]`` uint64.
    """

    hour: Floats
    regimes: tuple[str, ...]
    regime_weights: Floats
    contest_weights: Floats
    custody: Band
    regime_custody: Band
    contested_held: Band
    scores: Floats
    payoffs: Floats
    regime_scores: Floats
    contest_scores: Floats
    seeds: NDArray[np.uint64]


FIELDS = tuple(field.name for field in fields(CoverageSeries))
BANDS = ("custody", "regime_custody", "contested_held")


def series_to_arrays(series: CoverageSeries) -> dict[str, NDArray[Any]]:
    """Plain arrays for an ``.npz`` file; a band becomes three."""
    arrays: dict[str, NDArray[Any]] = {}
    for name, value in vars(series).items():
        if isinstance(value, Band):
            arrays |= {f"{name}_{part}": array for part, array in vars(value).items()}
        else:
            arrays[name] = np.asarray(value)
    return arrays


def series_from_arrays(arrays: Mapping[str, NDArray[Any]]) -> CoverageSeries:
    """The series that ``series_to_arrays`` took apart; all shapes are looked at first.

    Raises:
        KeyError: an array is missing.
        ValueError: an array has another shape or type than the others call for.
    """
    layouts = layouts_of(arrays)
    steps, episodes, regimes = (prod(layouts[name].shape) for name in ("hour", "seeds", "regimes"))
    for name, shape in _shapes(steps, episodes, regimes).items():
        if layouts[name].shape != shape:
            raise ValueError(f"{name} has the shape {layouts[name].shape}, not {shape}")
        if name not in ("seeds", "regimes") and layouts[name].dtype != np.float64:
            raise ValueError(f"{name} holds {layouts[name].dtype}, not float64")
    parts: dict[str, Any] = {name: _field(arrays, name) for name in FIELDS}
    return CoverageSeries(**parts)


def _field(arrays: Mapping[str, NDArray[Any]], name: str) -> Band | NDArray[Any] | tuple[str, ...]:
    if name in BANDS:
        return Band(*(arrays[f"{name}_{part}"] for part in ("mean", "low", "high")))
    return tuple(str(one) for one in arrays[name]) if name == "regimes" else arrays[name]


def _shapes(steps: int, episodes: int, regimes: int) -> dict[str, tuple[int, ...]]:
    bands = {
        "custody": (2, steps),
        "regime_custody": (2, regimes, steps),
        "contested_held": (2, steps),
    }
    return {
        "hour": (steps,),
        "regimes": (regimes,),
        "regime_weights": (regimes,),
        "contest_weights": (2,),
        "scores": (episodes, 2),
        "payoffs": (episodes, 2),
        "regime_scores": (episodes, 2, regimes),
        "contest_scores": (episodes, 2, 2),
        "seeds": (episodes,),
        **{f"{name}_{part}": bands[name] for name in bands for part in ("mean", "low", "high")},
    }
