"""Search for bytes that a reader trips over, guided by coverage; needs atheris.

    python -m evidence.fuzz scenario --seconds 600 --output build/fuzz

What it finds goes to OUTPUT/READER: ``corpus`` (inputs that reach new code), ``crashes`` (one a
place in the code, with its traceback) and ``summary.json`` (executions, slowest input).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import traceback
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

INSTRUMENTED = (
    "ssa_psro.inputs", "ssa_psro.scenario", "ssa_psro.catalogs", "ssa_psro.errors",
    "ssa_psro.study", "ssa_psro.trace.files", "ssa_psro.experiments.plan_reading",
    "ssa_psro.experiments.running", "ssa_psro.metagame.payoffs", "ssa_psro.policies.doctrine",
    "tomllib", "zipfile",
)  # fmt: skip
"""Whose branches guide the search: what reads, and no compiled rule of the game."""

TOLD_EVERY = 1000


@dataclass
class Campaign:
    """What one search has found so far.

    Attributes:
        folder: where it is written.
        executions: so far.
        refused: how many of them were refused as users are told.
        slowest_s: of one execution.
        slowest_bytes: length of that input.
        crashes: exceptions that no reader may raise, by the place that raised them.
    """

    folder: Path
    executions: int = 0
    refused: int = 0
    slowest_s: float = 0.0
    slowest_bytes: int = 0
    crashes: dict[str, int] = field(default_factory=dict)

    def note_time(self, seconds: float, content: bytes) -> None:
        """Keep the slowest input."""
        if seconds > self.slowest_s:
            self.slowest_s, self.slowest_bytes = seconds, len(content)
            (self.folder / "slowest").write_bytes(content)

    def note_crash(self, error: Exception, content: bytes) -> None:
        """Keep one input of every place that raises."""
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__} {Path(last.filename).name}:{last.lineno}"
        if place not in self.crashes:
            stem = self.folder / "crashes" / sha256(content).hexdigest()[:16]
            stem.write_bytes(content)
            stem.with_suffix(".txt").write_text(traceback.format_exc(), "utf-8", "replace")
        self.crashes[place] = self.crashes.get(place, 0) + 1

    def tell(self) -> None:
        """Write down how far it got; the search ends without a chance to."""
        told = asdict(self) | {"folder": self.folder.name}
        (self.folder / "summary.json").write_text(json.dumps(told, indent=2) + "\n")


def main() -> None:
    """Search until time is up."""
    options = _options()
    atheris: Any = import_module("atheris")
    with atheris.instrument_imports(include=list(INSTRUMENTED)):
        targets = import_module("evidence.fuzz.targets")
    target, path = targets.TARGETS[options.reader], targets.workplace()
    campaign = Campaign(options.output / options.reader)
    corpus = campaign.folder / "corpus"
    for folder in (corpus, campaign.folder / "crashes"):
        folder.mkdir(parents=True, exist_ok=True)
    for seed in targets.seeds(options.reader):
        (corpus / sha256(seed).hexdigest()[:16]).write_bytes(seed)
    end = time.monotonic() + options.seconds

    def one(content: bytes) -> None:
        begun = time.perf_counter()
        try:
            campaign.refused += targets.refused(target, content, path) is not None
        except Exception as error:  # whatever it is, it is what is looked for
            campaign.note_crash(error, content)
        campaign.executions += 1
        campaign.note_time(time.perf_counter() - begun, content)
        if campaign.executions % TOLD_EVERY == 0 or time.monotonic() > end:
            campaign.tell()
        if time.monotonic() > end:
            os._exit(0)

    limits = ["-max_len=4096", "-timeout=60", "-rss_limit_mb=3000", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *limits, str(corpus)], one)
    atheris.Fuzz()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evidence.fuzz", description=__doc__)
    parser.add_argument("reader")
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--output", type=Path, default=Path("build/fuzz"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
