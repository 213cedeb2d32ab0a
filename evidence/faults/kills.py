"""Kills of the command line at any moment: what is resumed equals what nothing disturbed.

A chain is one run folder: a run, an audit, an extension, in some chains reports between them. Each
is killed several times, then finished and compared with the same that was left alone. Reports take
longer than all the rest, so in other chains a step ends where its report would begin.
"""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path
from typing import Any, Final, NamedTuple

from evidence.faults.commands import Bench, Ended, Fault
from evidence.faults.comparing import differences

STEPS: Final = {"run": 12, "audit": 6, "report": 3, "extend": 10}
"""What is done to a folder in turn, and how often it is killed at that, at most."""
CALLS: Final = 0.8
"""Share of kills that come half-way through a call that changes a file; others at any moment."""


class Setting(NamedTuple):
    """How the commands of a chain run."""

    oracle: str
    workers: int
    fresh: bool
    report: bool


_USUAL: Final = (
    *[Setting("cma-es", 1, fresh=False, report=False)] * 6,
    Setting("ppo", 1, fresh=False, report=False),
)
SETTINGS: Final = (
    *_USUAL,
    *(Setting("cma-es", 2, fresh=True, report=False), *_USUAL),
    *(Setting("cma-es", 1, fresh=True, report=True), *_USUAL),
    *(Setting("ppo", 2, fresh=True, report=False), *_USUAL),
)
"""In turn. Interpreters that start from nothing, and reports, take most of the time."""


@dataclass
class Chain:
    """One run folder on its way.

    Attributes:
        bench: where it is worked on.
        folder: of the run.
        scenario: its file.
        setting: how.
    """

    bench: Bench
    folder: Path
    scenario: Path
    setting: Setting

    def begin_or_go_on(self, step: str, **fault: Any) -> Ended:
        """The command of a step."""
        return self.bench.call(*self._words(step), fresh=self.setting.fresh, **fault)

    def finish(self, step: str) -> str:
        """Bring a step to its end; what went wrong."""
        if self.setting.report or step == "report":
            ended = self.begin_or_go_on(step)
            return ended.stderr if ended.code else ""
        ended = self.begin_or_go_on(step, fault=Fault.KILL, at=0)
        done = ended.code == 0 or (ended.killed and "report" in ended.call)
        return "" if done else f"{ended.code} {ended.stderr}"

    def _words(self, step: str) -> tuple[object, ...]:
        manifest, workers = self.folder / "manifest.json", ("--workers", self.setting.workers)
        if step == "report":
            return ("report", self.folder)
        if step == "audit":
            budgets = ("--budgets", "200,264", "--against", "final")
            return ("audit", self.folder, *budgets, *workers)
        if not manifest.exists():
            return ("run", self.scenario, "--output", self.folder, *workers)
        three = (self.folder / "iterations" / "003.json").exists()
        more = step == "extend" and not three and b'"finished"' in manifest.read_bytes()
        return ("resume", self.folder, *(("--iterations", 3) if more else ()), *workers)


class Model(NamedTuple):
    """A folder after a step that nothing disturbed, and what the step takes."""

    folder: Path
    calls: int
    seconds: float


def models_of(bench: Bench, place: Path, scenario: Path, oracle: str) -> dict[str, Model]:
    """The folder after every step."""
    reports = any(one.report for one in SETTINGS if one.oracle == oracle)
    setting = Setting(oracle, 1, fresh=False, report=reports)
    warm = bench.runs / f"{oracle}-warm"
    bench.warm_up("run", scenario, "--output", warm, "--workers", 1)
    chain, models = Chain(bench, bench.runs / f"{oracle}-model" / "run", scenario, setting), {}
    for step in STEPS:
        if step == "report" and not reports:
            continue
        begun, ended = time.monotonic(), None
        if step in ("run", "extend"):
            ended = chain.begin_or_go_on(step, fault=Fault.KILL, at=0)
            assert "report" in ended.call, ended
        if ended is None or reports:
            whole = chain.begin_or_go_on(step)
            assert whole.code == 0, whole
            ended = ended or whole
        seconds = time.monotonic() - begun
        shutil.copytree(chain.folder, place / step)
        models[step] = Model(place / step, ended.calls, seconds)
    return models


def kills(place: Path, tiny: str, seed: int, end: float) -> Iterator[dict[str, Any]]:
    """What came of every step of every chain, until the time is up.

    Args:
        place: for everything.
        tiny: text of a small scenario whose oracle is ``cma-es``.
        seed: of the moments.
        end: of the time, ``time.monotonic()``.
    """
    bench, models = Bench(place), {}
    for oracle in ("cma-es", "ppo"):
        scenario = place / f"{oracle}.toml"
        scenario.write_text(tiny.replace('"cma-es"', f'"{oracle}"'))
        models[oracle] = models_of(bench, place / oracle, scenario, oracle)
    for number, setting in zip(count(), cycle(SETTINGS)):
        folder, scenario = bench.runs / f"chain-{number}" / "run", place / f"{setting.oracle}.toml"
        chain, luck = Chain(bench, folder, scenario, setting), random.Random(f"{seed} {number}")
        for step in STEPS:
            if time.monotonic() > end:
                return
            if step != "report" or setting.report:
                found = _step(chain, step, models[setting.oracle][step], luck)
                yield {"kind": "kills", "chain": number, **setting._asdict(), **found}
        shutil.rmtree(folder.parent)


def _call(luck: random.Random, model: Model, number: int) -> int:
    """Any call at first, then an early one, for less and less is left to do."""
    return luck.randint(1, model.calls if number == 0 else max(2, model.calls // 6))


def _step(chain: Chain, step: str, model: Model, luck: random.Random) -> dict[str, Any]:
    """Kill and finish one step; how often it was killed, in which calls, and what differs."""
    calls, killed = [], 0
    for number in range(STEPS[step]):
        if luck.random() < CALLS:
            fault: dict[str, Any] = {"fault": Fault.KILL, "at": _call(luck, model, number)}
        else:
            fault = {"after_s": luck.uniform(0.0, 1.2 * model.seconds)}
        ended = chain.begin_or_go_on(step, **fault)
        if not ended.killed:
            break
        killed += 1
        calls += [ended.call] if ended.call else []
        if not chain.setting.report and (chain.folder / "report").exists():
            break  # what is wanted of this step is done
    wrong = chain.finish(step)
    other = (
        [wrong] if wrong else differences(model.folder, chain.folder, report=chain.setting.report)
    )
    left = [
        path.name
        for path in chain.folder.rglob(".*.part")
        if chain.setting.report or "report" not in path.parts
    ]
    return {"step": step, "kills": killed, "calls": calls, "differences": other + left}
