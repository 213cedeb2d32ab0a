"""Run folders made by the real writer and loop, of a game simple enough to play at once.

Policies have a strength and a place on a circle; what beats whom follows from both, and every
episode adds noise of its own. Responses get stronger by less each time, so the exploitability
falls as in a healthy run.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Floats
from ssa_psro.findings import Content
from ssa_psro.game import FEATURES, SUMMARY
from ssa_psro.learn.protocol import Member, OracleRequest, OracleResult
from ssa_psro.metagame.intervals import Interval, student_interval, student_quantile
from ssa_psro.metagame.tournament import SeatDifference
from ssa_psro.policies import DoctrineNetwork, Mixture
from ssa_psro.psro import PsroState, StopRule, run_psro
from ssa_psro.randomness import derive_seed, generator
from ssa_psro.scenario import Scenario
from ssa_psro.study import Band, CoverageSeries, Run, Study, open_run, parse_study
from ssa_psro.study.outcome import (
    DENY,
    MIXTURE,
    PROTECT,
    Attained,
    Conduct,
    PriceOfRivalry,
    equilibrium_intervals,
    solution_of,
    solver_of,
)
from ssa_psro.study.policies import restore
from ssa_psro.study.rivalry import share_lost
from ssa_psro.study.study import overridden
from ssa_psro.study.writing import commit, create, finish

SCENARIOS = Path(__file__).parents[2] / "scenarios"

FEW = '["aggressive", "reactive", "blinding", "high-orbit-first"]'


class KilledError(Exception):
    """What stops a run half-way."""


def scenario_text(name: str = "quickstart", **changes: str) -> str:
    """A shipped scenario file with some lines changed: ``iterations="5"``."""
    lines = (SCENARIOS / f"{name}.toml").read_text("utf-8").splitlines()
    for key, value in changes.items():
        lines = [f"{key} = {value}" if line.startswith(f"{key} =") else line for line in lines]
    return "\n".join(lines)


@dataclass(frozen=True)
class Duel:
    """Judge of the simple game.

    Attributes:
        general_sum: pay each side a score of its own instead of the difference.
        edge: what Blue is better by.
    """

    general_sum: bool = False
    edge: float = 0.0

    def __call__(self, row: Any, column: Any, seeds: NDArray[np.uint64], /) -> Floats:
        """Payoffs ``[E, 2]``."""
        gain = self.edge + _expected(row, column) + _luck(row, seeds) - _luck(column, seeds)
        if self.general_sum:
            return np.stack([0.4 + gain / 2, 0.4 - gain / 2], axis=1)
        return np.stack([gain, -gain], axis=1)


def _expected(row: Any, column: Any) -> float:
    return sum(
        p * q * _duel(one.name, other.name)
        for one, p in _members(row)
        for other, q in _members(column)
    )


def _luck(policy: Any, seeds: NDArray[np.uint64]) -> Floats:
    """How well an episode suits a policy, ``[E]``."""
    phases = np.array([_traits(one.name)[1] for one, _ in _members(policy)])
    shares = np.array([share for _, share in _members(policy)])
    return np.asarray(0.05 * np.sin(seeds.astype(np.float64)[:, None] % 1000 + phases) @ shares)


def _members(policy: Any) -> list[tuple[Any, float]]:
    if isinstance(policy, Mixture):
        return list(zip(policy.members, policy.probabilities, strict=True))
    return [(policy, 1.0)]


def _duel(row: str, column: str) -> float:
    (strong, angle), (other_strong, other_angle) = _traits(row), _traits(column)
    return strong - other_strong + 0.03 * float(np.sin(other_angle - angle))


def _traits(name: str) -> tuple[float, float]:
    """Strength and angle; of a trained policy, stronger with every iteration, by less."""
    side, _, number = name.rpartition("-")
    rng = generator(7, name)
    angle = float(rng.uniform(0, 2 * np.pi))
    if side in ("blue", "red", "response") and number.isdigit():
        return 0.18 * (1 - 0.55 ** int(number)), angle
    return float(rng.uniform(-0.1, -0.07)), angle


def train(request: OracleRequest[Any], /) -> OracleResult[Any]:
    """An oracle that trains nothing: the name alone makes the policy strong."""
    rng = generator(request.seed, "weights")
    policy = network(request.name, rng)
    facts = {"decisions": 40000, "device": "cpu"}
    return OracleResult(Member(request.name, policy, policy.parameters), request.start, facts)


def network(name: str, rng: np.random.Generator) -> DoctrineNetwork:
    """A small network of the right shape."""
    shapes = {
        "actor.0.weight": (4, len(SUMMARY)),
        "actor.0.bias": (4,),
        "actor.head.weight": (len(FEATURES), 4),
        "actor.head.bias": (len(FEATURES),),
    }
    weights = {key: rng.normal(size=shape).astype(np.float32) for key, shape in shapes.items()}
    return DoctrineNetwork(name, weights)


def mix(policies: Sequence[Any], probabilities: Floats) -> Mixture:
    """Several policies as one."""
    return Mixture("mixture", tuple(policies), probabilities)


def make_run(
    folder: Path,
    text: str | None = None,
    *,
    judge: Duel | None = None,
    killed_after: int | None = None,
    populations: str = "separate",
) -> Run:
    """A run folder of a finished run, or of one killed after so many iterations."""
    text = scenario_text() if text is None else text
    study = overridden(parse_study(text, "test"), {"solver.populations": populations})
    create(folder, study, source=text, command=("ssa-psro", "run", "test.toml"))

    def on_state(state: PsroState[Any]) -> None:
        commit(folder, state)
        if killed_after is not None and len(state.records) >= killed_after:
            raise KilledError

    with suppress(KilledError):
        _grow(folder, study, judge or Duel(), on_state)
    return open_run(folder)


def _grow(folder: Path, study: Study, judge: Duel, on_state: Any) -> None:
    solve = solver_of(study)
    stop = StopRule(study.solver.iterations, study.solver.tolerance)
    run = open_run(folder)
    result = run_psro(
        restore(run),
        judge=judge,
        mix=mix,
        solve=solve,
        shared=study.shared,
        oracle=train,
        start=lambda iteration: "fusion" if iteration > 1 else "scratch",
        stop=stop,
        seed=study.seed,
        held_out_episodes=study.solver.held_out_episodes,
        on_state=on_state,
    )
    solution = solution_of(result, equilibrium_intervals(study, result.state.table, "test"))
    series = made_up_series(study.scenario)
    finish(open_run(folder), replace(solution, **made_up_rivalry(series)), series)


def made_up_rivalry(series: CoverageSeries) -> dict[str, Any]:
    """Of the series: a pair that has a half more together, and a seat that is worth 0.04."""
    more, wide = 1.5 * series.scores, np.full(series.seeds.size, 0.03)
    wide[::2] += 0.02
    best = PriceOfRivalry(
        equilibrium=_attained(("equilibrium", "equilibrium"), series.scores),
        cooperative=_attained(("reactive", "high-orbit-first"), more),
        price=share_lost(series.scores.sum(axis=1), more.sum(axis=1)),
        pairs_known=40,
        pairs=49,
    )
    seats = SeatDifference({"reactive": student_interval(wide)}, student_interval(wide))
    return {
        "best_price": best,
        "final_price": best,
        "seats": seats,
        "standings": (made_up_standings(0.02), made_up_standings(-0.02)),
    }


def made_up_standings(paid: float) -> tuple[Conduct, ...]:
    """A mixture that is paid so much, and a heuristic that holds more and earns less."""

    def standing(name: str, share: float, paid: float, custody: float, denials: float) -> Conduct:
        sure = Interval(custody, custody - 0.02, custody + 0.02, 24)
        return Conduct(
            name=name,
            share=share,
            payoff=Interval(paid, paid - 0.01, paid + 0.01, 24),
            score=sure,
            custody=sure,
            contested_custody=sure,
            opponent_custody=sure,
            tasks={"LEO": 1.0 - denials, DENY: denials, PROTECT: 0.0},
        )

    return (
        standing(MIXTURE, 1.0, paid, 0.4, 0.3),
        standing("blinding", 0.6, paid - 0.01, 0.3, 0.5),
        standing("reactive", 0.4, paid - 0.05, 0.8, 0.0),
    )


def _attained(policies: tuple[str, str], scores: Floats) -> Attained:
    blue, red = (student_interval(scores[:, side]) for side in (0, 1))
    apart = scores - scores[:, ::-1]
    payoff = (student_interval(apart[:, 0]), student_interval(apart[:, 1]))
    both = student_interval(scores.sum(axis=1))
    return Attained(policies, payoff, (blue, red), (blue, red), (blue, red), both)


def made_up_series(scenario: Scenario, episodes: int = 24) -> CoverageSeries:
    """Coverage that rises from what the sides began with, Blue a little above Red."""
    rng = generator(3, "series")
    regimes = tuple(dict.fromkeys(regime.regime for regime in scenario.catalog.regimes))
    hours = np.arange(scenario.window.steps) * scenario.window.step_s / 3600
    level = np.array([0.78, 0.7])[:, None] + 0.05 * np.sin(hours / 4 + np.array([[0], [1.5]]))
    rise = 0.25 + (level - 0.25) * (1 - np.exp(-hours / 3))
    noise = rng.normal(0, 0.04, (episodes, 2, 1)) + rng.normal(0, 0.02, (episodes, 2, hours.size))
    custody = rise + noise
    by_regime = np.stack(
        [custody - 0.1 * place + 0.05 for place in range(len(regimes))], axis=2
    ).clip(0, 1)
    scores = custody.mean(axis=2)
    weights = np.array([0.5, 0.2, 0.3])[: len(regimes)]
    return CoverageSeries(
        hour=hours,
        regimes=regimes,
        regime_weights=weights / weights.sum(),
        contest_weights=np.array([0.45, 0.55]),
        custody=band(custody),
        regime_custody=band(by_regime),
        contested_held=band(custody * np.array([0.52, 0.5])[:, None]),
        scores=scores,
        payoffs=scores - scores[:, ::-1],
        regime_scores=by_regime.mean(axis=3),
        contest_scores=np.stack([scores + 0.1, scores - 0.3], axis=2),
        seeds=np.array(
            [derive_seed(1, "report", episode) for episode in range(episodes)], np.uint64
        ),
    )


def band(samples: Floats) -> Band:
    """Mean and 95 % bounds over the first axis."""
    half = student_quantile(len(samples)) * samples.std(axis=0, ddof=1) / len(samples) ** 0.5
    mean = samples.mean(axis=0)
    return Band(mean, (mean - half).clip(0, 1), (mean + half).clip(0, 1))


@dataclass(frozen=True)
class Report:
    """A written report: the run, what it says, and its page."""

    run: Run
    content: Content
    page: Path

    @property
    def folder(self) -> Path:
        """Of the report."""
        return self.page.parent


def few_policies(name: str = "quickstart", **changes: str) -> str:
    """A scenario of three iterations that begins with few policies: its figures are soon drawn."""
    text = scenario_text(name, **{"iterations": "3", "tolerance": "0.0", **changes})
    if "\n[populations]" in text:
        return text.replace("\nblue = []\n", f"\nblue = {FEW}\n").replace(
            "red = []", f"red = {FEW}"
        )
    return text + f"\n[populations]\nblue = {FEW}\nred = {FEW}\n"
