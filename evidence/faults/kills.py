"""Kills of the command line at any moment: what is resumed equals what nothing disturbed.

One chain of commands after the other: a run, an audit, a report, an extension, each killed several
times, then finished and compared with the same that was left alone.
"""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from evidence.faults.commands import Bench, Ended, somewhere
from evidence.faults.comparing import differences

ORACLES: Final = ("cma-es", "ppo")
WORKERS: Final = (1, 2)
STEPS: Final = (("run", 7), ("audit", 3), ("report", 3), ("extend", 6))
"""What is done to a folder in turn, and how often it is killed at that."""


@dataclass(frozen=True)
class Step:
    """A piece of work that was killed and finished.

    Attributes:
        oracle: of the run.
        workers: of every command.
        step: what was done.
        kills: times that a process was killed.
        calls: in which those came that came in one; by kind.
        differences: files that differ from the undisturbed folder's, or how it failed.
    """

    oracle: str
    workers: int
    step: str
    kills: int
    calls: list[str]
    differences: list[str]


class Chain:
    """One run folder on its way, or its undisturbed model."""

    def __init__(self, bench: Bench, scenario: Path, workers: int) -> None:
        self.bench, self.scenario = bench, scenario
        self.folder, self.workers = bench.folder / "run", ("--workers", workers)

    def command(self, step: str) -> tuple[object, ...]:
        """What begins or goes on with a step."""
        if step == "report":
            return ("report", self.folder)
        if step == "audit":
            budgets = ("--budgets", "200,264", "--against", "final")
            return ("audit", self.folder, *budgets, *self.workers)
        if not (self.folder / "manifest.json").exists():
            return ("run", self.scenario, "--output", self.folder, *self.workers)
        more = ("--iterations", 3) if step == "extend" and self._ended else ()
        return ("resume", self.folder, *more, *self.workers)

    @property
    def _ended(self) -> bool:
        return not (self.folder / "iterations" / "003.json").exists() and (
            b'"finished"' in (self.folder / "manifest.json").read_bytes()
        )

    def finish(self, step: str) -> Ended:
        """Do a step to its end."""
        return self.bench.call(*self.command(step))


def models(base: Path, scenario: Path) -> dict[str, tuple[int, float]]:
    """The folder after every step, undisturbed; calls and seconds that each takes."""
    chain, costs = Chain(Bench(base / "bench"), scenario, 1), {}
    for step, _ in STEPS:
        begun = time.monotonic()
        ended = chain.finish(step)
        assert ended.code == 0, ended.stderr
        costs[step] = ended.calls, time.monotonic() - begun
        shutil.copytree(chain.folder, base / step)
    return costs


def killed_chain(
    base: Path,
    chain: Chain,
    costs: dict[str, tuple[int, float]],
    luck: random.Random,
    oracle: str,
) -> Iterator[Step]:
    """Every step of one folder, killed and finished."""
    shutil.rmtree(chain.folder, ignore_errors=True)
    for step, most in STEPS:
        kills, calls = 0, []
        for _ in range(most):
            moment: dict[str, Any] = somewhere(luck, *costs[step])
            ended = chain.bench.call(*chain.command(step), **moment)
            kills += ended.killed
            calls += [ended.call.split()[0]] if ended.killed and ended.call else []
            if not ended.killed:
                break
        ended = chain.finish(step)
        found = [ended.stderr] if ended.code else differences(base / step, chain.folder)
        left = [str(path) for path in chain.folder.rglob(".*.part")]
        yield Step(oracle, int(str(chain.workers[1])), step, kills, calls, found + left)


def kill(base: Path, tiny: str, seed: int, chains: int, end: float) -> Iterator[dict[str, Any]]:
    """What came of so many chains a setting, or of fewer where the time is up.

    Args:
        base: folder for everything.
        tiny: text of a small scenario of ``kind = "cma-es"``.
        seed: of the moments.
        chains: a setting.
        end: of the time, ``time.monotonic()``.
    """
    settings = [(oracle, workers) for oracle in ORACLES for workers in WORKERS]
    for number in range(chains):
        for oracle, workers in settings:
            if time.monotonic() > end:
                return
            place = base / oracle
            scenario = place / "tiny.toml"
            if not scenario.exists():
                place.mkdir(parents=True)
                scenario.write_text(tiny.replace('"cma-es"', f'"{oracle}"'))
                known = models(place, scenario)
                _COSTS[oracle] = known
            bench = Bench(base / f"{oracle}-{workers}")
            luck = random.Random(f"{seed} {number} {oracle} {workers}")
            chain = Chain(bench, scenario, workers)
            yield from map(asdict, killed_chain(place, chain, _COSTS[oracle], luck, oracle))


_COSTS: dict[str, dict[str, tuple[int, float]]] = {}
