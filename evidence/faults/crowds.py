"""Many processes work on one run together and are killed at random: the run of one, to the bit.

A crowd is as many processes of ``ssa-psro work`` as asked for, all on one folder. One of them is
killed every now and then, and another takes its place, until the run has ended; what is there then
is compared with what one process alone has made.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, Final

from evidence.faults.commands import PATIENCE_S, Bench, forked
from evidence.faults.comparing import differences

LEASE_S: Final = 1.0
EVERY_S: Final = 0.15
"""Between two kills, on average."""
LONGER: Final = (
    ("iterations = 2", "iterations = 4"),
    ("episodes_per_cell = 4", "episodes_per_cell = 40"),
)


def crowds(
    place: Path, tiny: str, seed: int, end: float, *, processes: int
) -> Iterator[dict[str, Any]]:
    """A line a crowd: how many were killed, and in what the run differs."""
    bench, luck = Bench(place), random.Random(seed)
    scenario, alone = place / "crowd.toml", bench.runs / "alone" / "run"
    text = tiny
    for before, after in LONGER:
        assert before in text
        text = text.replace(before, after)
    scenario.write_text(text)
    shutil.rmtree(alone.parent, ignore_errors=True)
    bench.warm_up("run", scenario, "--output", alone, "--workers", 1)
    for number in count(1):
        if time.monotonic() > end:
            return
        folder = bench.runs / f"crowd-{number}" / "run"
        shutil.rmtree(folder.parent, ignore_errors=True)
        made = _crowd(folder, scenario, luck, processes, place)
        yield {"kind": "crowds", "crowd": number, **made, "differences": differences(alone, folder)}


def _crowd(
    folder: Path, scenario: Path, luck: random.Random, processes: int, place: Path
) -> dict[str, Any]:
    """Let a crowd make a run, killing some of it."""
    words = ["run", scenario, "--executor", "folder", "--output", folder, "--lease", LEASE_S]
    stderr, killed, codes, begun = place / "crowd.txt", 0, [], time.monotonic()
    alive = [forked([str(word) for word in words], stderr) for _ in range(processes)]
    kill_at = begun + luck.expovariate(1 / EVERY_S)
    while alive and time.monotonic() < begun + PATIENCE_S:
        for process in list(alive):
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended:
                alive.remove(process)
                codes.append(os.waitstatus_to_exitcode(status))
        # once somebody has seen the end, nobody is replaced: the others see it as well
        if not codes.count(0) and time.monotonic() > kill_at and alive:
            victim = luck.choice(alive)
            with suppress(ProcessLookupError):
                os.killpg(victim, signal.SIGKILL)
            os.waitpid(victim, 0)
            alive.remove(victim)
            killed += 1
            alive.append(forked([str(word) for word in words], stderr))
            kill_at = time.monotonic() + luck.expovariate(1 / EVERY_S)
        time.sleep(0.01)
    for process in alive:
        os.killpg(process, signal.SIGKILL)
        os.waitpid(process, 0)
    return {
        "processes": processes,
        "killed": killed,
        "codes": sorted(set(codes)),
        "hung": len(alive),
        "seconds": round(time.monotonic() - begun, 1),
    }
