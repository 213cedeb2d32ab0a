"""Fusing where actions are many numbers: ``python -m evidence.priorities SCENARIO``.

PSRO whose policies give every candidate a priority: each response is Stable-Baselines3's PPO, a
population a side, which begins with a random policy. Responses start at a common initialisation or
at the members' weights summed by their shares of the equilibrium. The final mixtures are attacked
by a longer training of the same kind and by a search among doctrines. ``OUTPUT/priorities.csv`` has
a line an arm, seed and quantity; ``--write PAGE`` puts a table into a page.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import torch
from torch import Tensor

from evidence.modes import LOG_STD, Learned, learned
from ssa_psro.games.coverage import Coverage
from ssa_psro.learn import make_oracle
from ssa_psro.learn.protocol import Member, OracleRequest, OracleResult
from ssa_psro.metagame.exploitability import approx_exploitability, deviation_gains
from ssa_psro.metagame.intervals import Interval, student_interval
from ssa_psro.metagame.solvers import make_solver
from ssa_psro.policies import HEURISTICS, Policy, make_policy
from ssa_psro.psro import Population, PsroResult, StopRule, initial_state, run_psro
from ssa_psro.randomness import derive_seed, episode_seeds
from ssa_psro.report.csv_files import write_rows
from ssa_psro.report.markdown import markdown, renew
from ssa_psro.scenario import load_scenario
from ssa_psro.scenario.schema import SIDES

MODE = "priority"
ARMS = ("scratch", "fusion")
CELL, HELD_OUT = 30, 400
"""Episodes of each pair of policies, and those that gains are measured on."""
HELD = 0.01
"""Share from which on a policy counts as held by a mixture."""
LONGER = 4
"""By how much the attack by priorities is longer than a response."""
MARK = "priorities"


@dataclass(frozen=True)
class PriorityOracle:
    """Trains priorities; an ``Oracle``.

    Attributes:
        game: that is played.
        decisions: length of a training.
        seed: of the initialisation that all responses of a side share.
    """

    game: Coverage
    decisions: int
    seed: int

    def __call__(self, request: OracleRequest[Policy], /) -> OracleResult[Policy]:
        """A response that starts as the request says."""
        start, told = self.start(request)
        opponents = [one.policy for one in request.opponents]
        found = learned(
            MODE,
            self.game,
            self.game.mix(opponents, request.opponent_mixture),
            round(self.decisions * request.budget),
            request.seed,
            side=request.side,
            start=start,
        )
        member: Member[Policy] = Member(request.name, replace(found, name=request.name))
        return OracleResult(member, told, {"decisions": found.model.num_timesteps})

    def start(self, request: OracleRequest[Policy]) -> tuple[Mapping[str, Tensor], str]:
        """Start weights, and what they are."""
        known = [
            (one.policy.model.policy.state_dict(), float(share))
            for one, share in zip(request.learners, request.learner_mixture, strict=True)
            if isinstance(one.policy, Learned) and share > 0
        ]
        if request.start == "scratch" or not known:
            return self._fresh(request.side), "scratch"
        total = sum(share for _, share in known)
        fused = {
            name: sum((share / total) * weights[name] for weights, share in known)
            for name in known[0][0]
        }
        # exploration begins anew: members have learned to explore little
        fused["log_std"] = torch.full_like(fused["log_std"], LOG_STD)
        return fused, f"fusion of {len(known)}"

    def _fresh(self, side: int) -> Mapping[str, Tensor]:
        idle = make_policy("random")
        seed = derive_seed(self.seed, "initialisation", SIDES[side])
        return learned(MODE, self.game, idle, 0, seed, side=side).model.policy.state_dict()


def solved(
    game: Coverage, arm: str, seed: int, decisions: int, iterations: int
) -> PsroResult[Policy]:
    """A run of PSRO by priorities."""
    first: tuple[Member[Policy], ...] = (Member("random", make_policy("random")),)
    populations = (Population(SIDES[0], first), Population(SIDES[1], first))
    return run_psro(
        initial_state(populations, seed=seed, episodes_per_cell=CELL),
        judge=game.judge,
        mix=game.mix,
        solve=make_solver("nash"),
        oracle=PriorityOracle(game, decisions, seed),
        start=lambda iteration: arm,
        stop=StopRule(iterations),
        seed=seed,
        held_out_episodes=HELD_OUT,
    )


def attacks(
    game: Coverage, run: PsroResult[Policy], decisions: int, seed: int
) -> Iterator[tuple[str, Interval]]:
    """What each attack gains over the final mixtures, NashConv / 2."""
    weights = (run.equilibrium.row, run.equilibrium.column)
    populations = run.state.populations
    mixtures = [
        game.mix(side.policies, share) for side, share in zip(populations, weights, strict=True)
    ]
    by_priorities = [
        learned(
            MODE,
            game,
            mixtures[1 - side],
            LONGER * decisions,
            derive_seed(seed, "attack", side),
            side=side,
        )
        for side in (0, 1)
    ]
    by_doctrines = [_searched(game, run, side, LONGER * decisions, seed) for side in (0, 1)]
    seeds = episode_seeds(seed, "attacked", count=HELD_OUT)
    for name, (row, column) in (("priorities", by_priorities), ("doctrines", by_doctrines)):
        gains = deviation_gains(
            (mixtures[0], mixtures[1]), [row], [column], judge=game.judge, seeds=seeds
        )
        yield name, approx_exploitability(gains.row[0], gains.column[0]).interval


def _searched(
    game: Coverage, run: PsroResult[Policy], side: int, decisions: int, seed: int
) -> Policy:
    """The best constant doctrine that CMA-ES finds against the other side's final mixture."""
    heuristics: tuple[Member[Policy], ...] = tuple(
        Member(name, make_policy(name), constant_action=make_policy(name).weights)
        for name in HEURISTICS
    )
    request: OracleRequest[Policy] = OracleRequest(
        side=side,
        iteration=1,
        name="attack",
        opponents=run.state.populations[1 - side].members,
        opponent_mixture=(run.equilibrium.row, run.equilibrium.column)[1 - side],
        learners=heuristics,
        learner_mixture=np.full(len(heuristics), 1 / len(heuristics)),
        learner_scores=np.zeros(len(heuristics)),
        start="scratch",
        seed=derive_seed(seed, "attack", "doctrines", side),
    )
    return make_oracle("cma-es", game, {"steps": decisions}, 0)(request).member.policy


def rows_of(
    game: Coverage, arm: str, seed: int, decisions: int, iterations: int
) -> Iterator[dict[str, Any]]:
    """All that is known of a run."""
    begun = process_time()
    run = solved(game, arm, seed, decisions, iterations)
    cpu_s = round(process_time() - begun, 1)
    same = {"arm": arm, "seed": seed, "decisions": decisions, "cpu_s": cpu_s}
    for record in run.state.records:
        found = record.approx_exploitability
        yield same | _cells("own responses", record.iteration, found)
        held = sum(float(np.count_nonzero(np.array(one.mixture) > HELD)) for one in record.sides)
        yield same | {"quantity": "support", "iteration": record.iteration, "value": held / 2}
    for name, found in attacks(game, run, decisions, seed):
        yield same | _cells(f"attack by {name}", iterations, found)


def _cells(quantity: str, iteration: int, found: Interval) -> dict[str, Any]:
    return {
        "quantity": quantity,
        "iteration": iteration,
        "value": found.mean,
        "low": found.low,
        "high": found.high,
        "episodes": found.count,
    }


def table_of(rows: Sequence[Mapping[str, Any]]) -> str:
    """Means over seeds with Student t intervals, and paired differences, as Markdown."""
    last = max(int(row["iteration"]) for row in rows)
    shown = {
        ("own responses", iteration): f"own responses gain, iteration {iteration}"
        for iteration in range(1, last + 1)
    }
    shown["support", last] = f"policies of {100 * HELD:.0f} % or more, iteration {last}"
    shown["attack by priorities", last] = "a longer training by priorities gains, final mixtures"
    shown["attack by doctrines", last] = "a search among doctrines gains, final mixtures"
    found = {
        (row["arm"], row["quantity"], int(row["iteration"]), int(row["seed"])): float(row["value"])
        for row in rows
    }
    seeds = sorted({int(row["seed"]) for row in rows})
    lines = [["", *ARMS, "difference"]]
    for (quantity, iteration), words in shown.items():
        each = [np.array([found[arm, quantity, iteration, seed] for seed in seeds]) for arm in ARMS]
        told = [_told(student_interval(one)) for one in each]
        change = _told(student_interval(each[1] - each[0]), "+")
        lines.append([words, *told, change])
    return markdown(lines)


def _told(found: Interval, sign: str = "") -> str:
    mean, low, high = (f"{one:{sign}.3f}" for one in (found.mean, found.low, found.high))
    return f"{mean} [{low}, {high}]"


def main() -> None:
    """Compare, and write ``priorities.csv``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario")
    parser.add_argument("--decisions", type=int, default=60_000)
    parser.add_argument("--iterations", type=int, default=5)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--write", type=Path, metavar="PAGE")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    game = Coverage(load_scenario(asked.scenario))
    rows: list[dict[str, Any]] = []
    for seed in range(1, asked.seeds + 1):
        for arm in ARMS:
            rows += rows_of(game, arm, seed, asked.decisions, asked.iterations)
            write_rows(asked.output / f"{MARK}.csv", rows)
            print(f"{arm}, seed {seed}", flush=True)
    print(table_of(rows))
    if asked.write:
        renew(asked.write, {MARK: table_of(rows)})


if __name__ == "__main__":
    main()
