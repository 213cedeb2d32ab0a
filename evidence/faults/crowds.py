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
SAID: Final = 400
"""Last characters of what those that failed said, of the first few."""
MOST_FAILED: Final = 5
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
    told = place / "crowd"
    shutil.rmtree(told, ignore_errors=True)
    told.mkdir()
    numbers, begun = count(), time.monotonic()

    def one_more() -> tuple[int, Path]:
        stderr = told / f"{next(numbers):04d}.txt"
        return forked([str(word) for word in words], stderr), stderr

    alive, killed, codes, failed = dict(one_more() for _ in range(processes)), 0, set(), []
    kill_at = begun + luck.expovariate(1 / EVERY_S)
    while alive and time.monotonic() < begun + PATIENCE_S:
        for process in list(alive):
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended:
                stderr, code = alive.pop(process), os.waitstatus_to_exitcode(status)
                codes.add(code)
                if code:
                    failed.append(stderr.read_text().strip()[-SAID:])
        # once somebody has seen the end, nobody is replaced: the others see it as well
        if 0 not in codes and time.monotonic() > kill_at and alive:
            victim = luck.choice(sorted(alive))
            with suppress(ProcessLookupError):
                os.killpg(victim, signal.SIGKILL)
            os.waitpid(victim, 0)
            del alive[victim]
            killed += 1
            alive |= [one_more()]
            kill_at = time.monotonic() + luck.expovariate(1 / EVERY_S)
        time.sleep(0.01)
    for process in alive:
        os.killpg(process, signal.SIGKILL)
        os.waitpid(process, 0)
    return {
        "processes": processes,
        "killed": killed,
        "codes": sorted(codes),
        "failed": failed[:MOST_FAILED],
        "hung": len(alive),
        "seconds": round(time.monotonic() - begun, 1),
    }
