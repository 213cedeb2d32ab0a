"""How much the oracles find: ``python -m evidence.oracles SCENARIO --output FOLDER``.

Every oracle answers one opponent, the equilibrium of the heuristics, in both seats, from several
seeds: first with equally many decisions, then with as much processor time as ``cma-es`` took. What
it gains is measured on episodes that trained and chose nothing. ``cma-es, sums`` searches among
doctrines without products of features, which is what doctrines were before.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.game import FEATURES
from ssa_psro.game.columns import FEATURE
from ssa_psro.games.coverage import Coverage
from ssa_psro.games.coverage.doctrines import DoctrineSpace
from ssa_psro.learn import make_oracle
from ssa_psro.learn.algorithms.ppo import PpoAgent
from ssa_psro.learn.algorithms.search import SearchOracle
from ssa_psro.learn.protocol import Member, Oracle, OracleRequest, Weights
from ssa_psro.metagame.estimates import scores_against
from ssa_psro.metagame.exploitability import deviation_gains
from ssa_psro.metagame.intervals import student_interval
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.sampling.protocol import FULL
from ssa_psro.metagame.solvers.symmetric import make_symmetric_solver
from ssa_psro.metagame.tournament import swap_seats
from ssa_psro.policies import HEURISTICS, Policy, make_policy
from ssa_psro.randomness import derive_seed, episode_seeds
from ssa_psro.report.csv_files import write_rows
from ssa_psro.scenario import load_scenario

ARMS = ("ppo", "sac", "cma-es, sums", "cma-es", "cma-es+ppo")
CELL, HELD_OUT = 100, 1000
"""Episodes of each pair of heuristics, and those that gains are measured on."""


class Sums(DoctrineSpace):
    """Doctrines ``[F]`` whose products have weight 0."""

    @property
    def centre(self) -> Floats:
        """The start's, without products."""
        return np.asarray(super().centre[: len(FEATURE)])

    def payoffs(self, tried: Floats, seeds: Any, /) -> tuple[Floats, int]:
        """As of the doctrines with products."""
        return super().payoffs(_with_products(tried), seeds)

    def weights(self, vector: Floats, /) -> Weights:
        """As of the doctrine with products."""
        return super().weights(_with_products(vector))


def _with_products(doctrines: Floats) -> Floats:
    width = [(0, 0)] * (doctrines.ndim - 1) + [(0, len(FEATURES) - len(FEATURE))]
    return np.pad(doctrines, width)


@dataclass(frozen=True)
class SumsOracle(SearchOracle[Policy]):
    """CMA-ES among doctrines without products."""

    def space(self, request: OracleRequest[Policy], agent: PpoAgent[Policy]) -> Sums:
        """The same, in fewer dimensions."""
        found = super().space(request, agent)
        assert isinstance(found, DoctrineSpace)
        return Sums(found.task, found.start)


def question(game: Coverage, seed: int) -> OracleRequest[Policy]:
    """The request for a response to the equilibrium of the heuristics."""
    policies: list[Policy] = [make_policy(name) for name in HEURISTICS]
    seeds = episode_seeds(seed, "heuristics", count=CELL)
    table = PayoffTable.unplayed(tuple(HEURISTICS), tuple(HEURISTICS), seeds)
    played = FULL.play(table, policies, policies, judge=game.judge)
    seated = swap_seats(played)
    mixture = make_symmetric_solver("nash")(seated.mean).row
    members = tuple(
        Member(name, policy, constant_action=make_policy(name).weights)
        for name, policy in zip(HEURISTICS, policies, strict=True)
    )
    return OracleRequest(
        side=0,
        iteration=1,
        name="response",
        opponents=members,
        opponent_mixture=mixture,
        learners=members,
        learner_mixture=mixture,
        learner_scores=scores_against(seated, mixture, 0),
        start="heuristic",
        seed=seed,
        both=True,
    )


def oracle_of(arm: str, game: Coverage, decisions: int) -> Oracle[Policy]:
    """The oracle of an arm, with so many decisions."""
    made = make_oracle(arm.removesuffix(", sums"), game, {"steps": decisions}, 0)
    if arm.endswith("sums"):
        assert isinstance(made, SearchOracle)
        return SumsOracle(made.game, made.settings, made.seed)
    return made


def answered(
    arm: str, game: Coverage, request: OracleRequest[Policy], decisions: int, budget: str
) -> dict[str, Any]:
    """What an arm finds, as a row."""
    begun = process_time()
    result = oracle_of(arm, game, decisions)(request)
    cpu_s = process_time() - begun
    mixture = game.mix([one.policy for one in request.opponents], request.opponent_mixture)
    own, seeds = [result.member.policy], episode_seeds(0, "held-out", count=HELD_OUT)
    gains = deviation_gains((mixture, mixture), own, own, judge=game.judge, seeds=seeds)
    found = student_interval((gains.row[0] + gains.column[0]) / 2)
    return {
        "oracle": arm,
        "equal": budget,
        "seed": request.seed,
        "decisions": result.facts["decisions"],
        "cpu_s": round(cpu_s, 1),
        "gain": found.mean,
        "gain_low": found.low,
        "gain_high": found.high,
        "gain_blue": float(gains.row[0].mean()),
        "gain_red": float(gains.column[0].mean()),
        "converged": result.facts.get("converged"),
    }


def compared(
    game: Coverage, decisions: int, seeds: int, arms: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    """Rows of all arms and seeds, at equal decisions and then at equal processor time."""
    asked = question(game, 0)
    for arm in arms:  # compiles and imports what each needs, which is not its processor time
        oracle_of(arm, game, 1)(asked)
    for seed in range(seeds):
        request = replace(asked, seed=derive_seed(seed, "evidence", "oracles"))
        first = {arm: answered(arm, game, request, decisions, "decisions") for arm in arms}
        yield from first.values()
        for arm in arms:
            share = first["cma-es"]["cpu_s"] / first[arm]["cpu_s"]
            if arm != "cma-es":
                yield answered(arm, game, request, round(decisions * share), "processor time")


def main() -> None:
    """Compare, and write ``oracles.csv``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario")
    parser.add_argument("--decisions", type=int, default=400_000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--arms", nargs="+", choices=ARMS, default=ARMS)
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    game = Coverage(load_scenario(arguments.scenario))
    rows: list[dict[str, Any]] = []
    for row in compared(game, arguments.decisions, arguments.seeds, tuple(arguments.arms)):
        rows.append(row)
        print(row, flush=True)
        write_rows(arguments.output / "oracles.csv", rows)


if __name__ == "__main__":
    main()
