"""Put faults into the program while it works: one line of JSON a trial, into a file."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from evidence.faults.commands import preloaded
from evidence.faults.crowds import crowds
from evidence.faults.flips import flips
from evidence.faults.kills import kills
from evidence.faults.writes import writes

TINY = Path("tests/e2e/tiny.toml")


def main() -> None:
    """Run one kind of faults until it is through, or the time is up."""
    parser = argparse.ArgumentParser(prog="python -m evidence.faults", description=__doc__)
    parser.add_argument("kind", choices=("kills", "writes", "flips", "crowds"))
    parser.add_argument("folder", type=Path, help="for run folders; made, and left")
    parser.add_argument("results", type=Path, help="file that lines are added to")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=64, help="of a crowd")
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    preloaded(folder)
    end, tiny = time.monotonic() + 60 * asked.minutes, TINY.read_text()
    trials = {
        "kills": lambda: kills(folder, tiny, asked.seed, end),
        "writes": lambda: writes(folder, tiny, end),
        "flips": lambda: flips(folder, tiny, asked.seed, end),
        "crowds": lambda: crowds(folder, tiny, asked.seed, end, processes=asked.processes),
    }[asked.kind]()
    with asked.results.open("a") as file:
        for trial in trials:
            file.write(json.dumps(trial) + "\n")
            file.flush()


if __name__ == "__main__":
    main()
