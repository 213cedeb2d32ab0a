"""Every call that changes a file fails in turn: what is told, and what is lost.

A command whose call fails must say so in one message and leave a folder that is sound and goes on
to just what an undisturbed one comes to. Figures are drawn once: drawing them writes nothing.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from evidence.faults.commands import Bench, Ended, Fault
from evidence.faults.comparing import differences
from evidence.faults.kills import Chain, Model, Setting, models_of
from ssa_psro.report import drawing
from ssa_psro.study.verifying import verify

USUAL: Final = Setting("cma-es", 1, fresh=False, report=False)
SPREAD: Final = 7
"""Calls are tried in so many rounds, each over the whole command."""


@dataclass(frozen=True)
class Drawn:
    """A figure that was drawn before."""

    folder: Path
    name: str

    def savefig(self, target: Any, format: str, **_: Any) -> None:
        """Write what was drawn."""
        content = (self.folder / f"{self.name}.{format}").read_bytes()
        target.write(content if format == "png" else content.decode())


def draw_once(figures: Path) -> None:
    """Let reports take their figures from a folder."""
    drawing.render = lambda picture: Drawn(figures, picture.name)  # type: ignore[assignment, return-value]


@dataclass(frozen=True)
class Command:
    """A command that is made to fail.

    Attributes:
        name: of it.
        step: of a chain, which is what it does.
        begin: the folder that it begins with; none for a run.
        model: what it comes to.
        calls: that it makes.
    """

    name: str
    step: str
    begin: Path | None
    model: Path
    calls: int


def writes(place: Path, tiny: str, end: float) -> Iterator[dict[str, Any]]:
    """What came of every call of every command that was refused.

    Args:
        place: for everything.
        tiny: text of a small scenario whose oracle is ``cma-es``.
        end: of the time, ``time.monotonic()``.
    """
    bench, scenario = Bench(place), place / "cma-es.toml"
    scenario.write_text(tiny)
    models = models_of(bench, place / "cma-es", scenario, "cma-es")
    draw_once(models["report"].folder / "report" / "figures")
    commands = list(_commands(place, bench, scenario, models))
    for fault in (Fault.FAIL, Fault.FAIL_ON):
        for first in range(1, SPREAD + 1):
            for command in commands:
                for at in range(first, command.calls + 1, SPREAD):
                    if time.monotonic() > end:
                        return
                    chain = Chain(bench, bench.runs / "refused" / "run", scenario, USUAL)
                    found = _refused(chain, command, fault, at)
                    yield {"kind": "writes", "command": command.name, "at": at, **found}


def _commands(
    place: Path, bench: Bench, scenario: Path, models: dict[str, Model]
) -> Iterator[Command]:
    run, audit, extended = (models[name].folder for name in ("run", "audit", "extend"))
    half = Chain(bench, bench.runs / "half" / "run", scenario, USUAL)
    half.begin_or_go_on("run", fault=Fault.KILL, at=models["run"].calls // 2)
    shutil.copytree(half.folder, place / "half")
    yield Command("run", "run", None, run, models["run"].calls)
    resumed = half.begin_or_go_on("run", fault=Fault.KILL, at=0)
    yield Command("resume", "run", place / "half", run, resumed.calls)
    yield Command("resume --iterations", "extend", audit, extended, models["extend"].calls)
    yield Command("audit", "audit", run, audit, models["audit"].calls)
    yield Command("report", "report", audit, models["report"].folder, models["report"].calls)


def _refused(chain: Chain, command: Command, fault: Fault, at: int) -> dict[str, Any]:
    """One call fails; what was told, and what became of the folder."""
    shutil.rmtree(chain.folder, ignore_errors=True)
    if command.begin is not None:
        shutil.copytree(command.begin, chain.folder)
    ended = chain.begin_or_go_on(command.step, fault=fault, at=at)
    damaged = []
    if (chain.folder / "manifest.json").exists():
        damaged = [str(one) for one in verify(chain.folder).faults]
    wrong = chain.finish(command.step)
    report = command.step == "report"
    other = [wrong] if wrong else differences(command.model, chain.folder, report=report)
    return {
        "fault": fault.name,
        "call": ended.call,
        "code": ended.code,
        "told": _told(ended, chain.folder),
        "stderr": ended.stderr[-600:],
        "damaged": damaged,
        "differences": other,
    }


def _told(ended: Ended, folder: Path) -> bool:
    """Whether the command said in which folder it failed, or did not need the call."""
    if ended.code == 0:
        return True
    return ended.code == 2 and str(folder) in ended.stderr and "Traceback" not in ended.stderr
