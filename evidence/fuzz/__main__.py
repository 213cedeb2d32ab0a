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
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

READING = (
    "inputs", "errors", "scenario", "catalogs", "study.reading", "study.integrity", "study.study",
    "study.policies", "study.outcome", "study.audit", "trace.files", "metagame.payoffs",
    "experiments.plan_reading", "experiments.running", "policies.doctrine", "geometry.cache",
)  # fmt: skip
"""Modules of the package whose branches guide the search: what reads, and no rule of the game."""

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
    include = ["ssa_psro", "tomllib", "zipfile"]
    with atheris.instrument_imports(include=include, exclude=list(_others())):
        targets = import_module("evidence.fuzz.targets")
    target, path = targets.TARGETS[options.reader], targets.workplace()
    campaign = Campaign(options.output / options.reader)
    corpus = campaign.folder / "corpus"
    for folder in (corpus, campaign.folder / "crashes"):
        folder.mkdir(parents=True, exist_ok=True)
    seeds = targets.seeds(options.reader)
    for seed in seeds:
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

    longest = max(4096, *map(len, seeds))  # whatever is cut off is sound no more
    limits = [f"-max_len={longest}", "-timeout=60", "-rss_limit_mb=3000", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *limits, str(corpus)], one)
    atheris.Fuzz()


def _others() -> Iterator[str]:
    """The modules of the package that read nothing: found by name, so that none is imported yet."""
    package = Path(__file__).parents[2] / "ssa_psro"
    for path in package.rglob("*.py"):
        parts = path.relative_to(package).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        if not name.startswith(READING):
            yield f"ssa_psro.{name}".removesuffix(".")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evidence.fuzz", description=__doc__)
    parser.add_argument("reader")
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--output", type=Path, default=Path("build/fuzz"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
