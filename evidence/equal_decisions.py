"""One population, two, or none at equal decisions: ``python -m evidence.equal_decisions SCENARIO``.

Solves a scenario by PSRO with one population and with two, with responses that start by fusion and
from scratch, with all heuristics in the beginning or one random policy, and trains self-play with
as many decisions, without and with an entropy bonus; for each degree of rivalry. All are attacked
alike. No run stops early. ``OUTPUT/equal-decisions.csv`` has a line an arm, seed and budget of the
attack, ``OUTPUT/equal-decisions-play.csv`` what the mixtures of PSRO come to. Run folders stay in
``--work``, so that an interrupted benchmark goes on. ``--write PAGE`` puts both into a page.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ssa_psro
from evidence.variants import solve
from ssa_psro.findings.verdict import most_alike
from ssa_psro.findings.wording import percent
from ssa_psro.policies import HEURISTICS
from ssa_psro.report.csv_files import write_rows
from ssa_psro.report.markdown import markdown, renew
from ssa_psro.study import Run
from ssa_psro.study.audit import Findings
from ssa_psro.study.outcome import DENY
from ssa_psro.study.study import Override

ARMS: Mapping[str, Mapping[str, Override]] = {
    "fusion": {"solver.populations": "shared"},
    "scratch": {"solver.populations": "shared", "oracle.start": "scratch"},
    "poor": {
        "solver.populations": "shared",
        "populations.blue": ["random"],
        "populations.red": ["random"],
    },
    "separate": {"solver.populations": "separate"},
}
"""What differs from the scenario; the first is compared with self-play, too."""

BONUSES = (0.0, 0.05)
"""Weights of self-play's entropy bonus."""

IN_WORDS = {
    "fusion": "PSRO, one population, starts by fusion",
    "scratch": "PSRO, one population, starts from scratch",
    "poor": "PSRO, one population, begins with a random policy alone",
    "separate": "PSRO, two populations, starts by fusion",
    "self-play, 0": "self-play by PPO",
    "self-play, 0.05": "self-play by PPO, entropy bonus of 0.05",
}
MARK, PLAY = "equal-decisions", "equal-decisions-play"

BUDGETS, EPISODES = (50_000, 200_000), 400
"""Of the attack."""

ATTACK = 76
"""What is added to a run's seed to attack it; self-play has the attack's, another for each run."""


def decisions_of(run: Run) -> int:
    """Of all trainings; where one population is trained in both seats, each training once."""
    found = [
        response.facts["decisions"]
        for record in run.records
        for side in record.populations
        for response in side.responses
    ]
    return sum(one for one in found if isinstance(one, int))


def rows_of(decisions: int, found: Findings) -> Iterator[dict[str, Any]]:
    """The attack curve of an arm."""
    for point in found.points:
        yield {
            "decisions": decisions,
            "iterate": found.iteration,
            "budget": point.budget,
            "trainings": point.trainings,
            "gain": point.bound.mean,
            "gain_low": point.bound.low,
            "gain_high": point.bound.high,
            "episodes": point.bound.count,
        }


def play_of(run: Run) -> dict[str, Any]:
    """What the best iterate's mixtures come to; shares are means of both sides."""
    assert run.solution is not None, "it has just ended"
    price, standings = run.solution.best_price, run.solution.standings
    assert price is not None, "scores are kept"
    assert standings is not None, "it has just ended"
    attained = price.equilibrium
    mixture, *others = standings[0]
    alike, share = most_alike(mixture, [one for one in others if one.name in HEURISTICS])
    return {
        "scores": attained.total_score.mean,
        "scores_low": attained.total_score.low,
        "scores_high": attained.total_score.high,
        "episodes": attained.total_score.count,
        "custody": sum(one.mean for one in attained.custody) / 2,
        "denials": sum(side[0].tasks[DENY] for side in standings) / 2,
        "alike": alike,
        "alike_share": share,
    }


@dataclass(frozen=True)
class Found:
    """Rows of both files, by what was compared."""

    attacks: list[dict[str, Any]] = field(default_factory=list)
    play: list[dict[str, Any]] = field(default_factory=list)

    def compare(self, scenario: Path, rivalry: float, seed: int, work: Path, workers: int) -> None:
        """Add all arms of one rivalry and seed."""
        same: dict[str, Override] = {"seed": seed, "rules.rivalry": rivalry}
        runs = {
            arm: solve(scenario, {**same, **values}, work / f"{arm}-{rivalry:g}-{seed}", workers)
            for arm, values in ARMS.items()
        }
        asked: dict[str, Any] = {"budgets": BUDGETS, "episodes": EPISODES, "seed": ATTACK + seed}
        for arm, run in runs.items():
            best = ssa_psro.audit(run, **asked, workers=workers).best
            assert best is not None, "it has just been attacked"
            key = {"rivalry": rivalry, "arm": arm, "seed": seed}
            self.attacks.extend(key | row for row in rows_of(decisions_of(run), best))
            self.play.append(key | play_of(run))
        first = next(iter(runs.values()))
        for bonus in BONUSES:
            played = ssa_psro.audit(first, **asked, self_play=True, entropy=bonus, workers=workers)
            assert played.self_play is not None, "it has just been attacked"
            key = {"rivalry": rivalry, "arm": f"self-play, {bonus:g}", "seed": seed}
            decisions = 2 * played.self_play.decisions
            attacked = rows_of(decisions, played.self_play.findings)
            self.attacks.extend(key | row for row in attacked)


def tables(
    attacks: Sequence[Mapping[str, Any]], play: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """What the longest attack gains over each arm, and what mixtures come to, as Markdown.

    Args:
        attacks: as in the file, by ascending budget.
        play: likewise.
    """
    last = {(float(row["rivalry"]), row["arm"], int(row["seed"])): row for row in attacks}
    come = {(float(row["rivalry"]), row["arm"], int(row["seed"])): row for row in play}
    seeds = sorted({seed for *_, seed in last})
    over_seeds = [f"seed {seed}" for seed in seeds]
    gains = [["Rivalry", "Arm", "Decisions", *over_seeds, "mean"]]
    found = [["Rivalry", "Arm", *(f"sum of scores, {one}" for one in over_seeds), "custody"]]
    found[0] += ["denials", "tasks divide most like"]
    for rivalry, arm in dict.fromkeys(key[:2] for key in last):
        own = [last[rivalry, arm, seed] for seed in seeds]
        mean = sum(float(one["gain"]) for one in own) / len(own)
        decisions = max(int(one["decisions"]) for one in own)
        told = [_interval(one, "gain", 4) for one in own]
        gains.append([f"{rivalry:g}", IN_WORDS[arm], f"{decisions:,}", *told, f"{mean:.3f}"])
        if (rivalry, arm, seeds[0]) not in come:
            continue
        own = [come[rivalry, arm, seed] for seed in seeds]
        scores = [_interval(one, "scores", 3) for one in own]
        shares = [
            ", ".join(percent(float(one[key])) for one in own) for key in ("custody", "denials")
        ]
        alike = ", ".join(f"{one['alike']} ({percent(float(one['alike_share']))})" for one in own)
        found.append([f"{rivalry:g}", IN_WORDS[arm], *scores, *shares, alike])
    return {MARK: markdown(gains), PLAY: markdown(found)}


def _interval(row: Mapping[str, Any], key: str, digits: int) -> str:
    mean, low, high = (float(row[name]) for name in (key, f"{key}_low", f"{key}_high"))
    return f"{mean:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"


def main() -> None:
    """Compare, and write both files."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="example: python -m evidence.equal_decisions scenarios/quickstart.toml "
        "--rivalry 1 0.5 0 --output figures",
    )
    parser.add_argument("scenario", type=Path)
    parser.add_argument("--rivalry", type=float, nargs="+", default=[1.0], metavar="SHARE")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--work", type=Path, default=Path("runs/equal-decisions"))
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--write", type=Path, metavar="PAGE")
    asked = parser.parse_args()
    found = Found()
    for rivalry in asked.rivalry:
        for seed in range(1, asked.seeds + 1):
            found.compare(asked.scenario, rivalry, seed, asked.work, asked.workers)
            write_rows(asked.output / f"{MARK}.csv", found.attacks)
            write_rows(asked.output / f"{PLAY}.csv", found.play)
            print(f"rivalry {rivalry:g}: seed {seed} of {asked.seeds}", flush=True)
    made = tables(found.attacks, found.play)
    print(*made.values(), sep="\n")
    if asked.write:
        renew(asked.write, made)


if __name__ == "__main__":
    main()
