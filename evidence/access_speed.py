"""Access intervals by TAT-C and by this package: the same pairs, constraints and process.

``python -m evidence.access_speed`` needs TAT-C installed beside the package. Each
program runs once unmeasured, for imports, compilation and caches; then they take turns. Seconds
are processor time, since both may use several threads. TAT-C also reports the closest approach of
every interval, which this package does not.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from evidence.validation import access
from evidence.validation.intervals import find_intervals, in_sight
from evidence.validation.setting import LARGEST_RANGE_KM, SENSORS
from evidence.validation.stored import DEFAULT_FOLDER, ELEMENTS_FILE, write_rows


def seconds(work: Callable[[], Any]) -> float:
    """Processor seconds that ``work`` takes."""
    started = process_time()
    work()
    return process_time() - started


def main() -> None:
    """Measure, print the figures, and write TAT-C's intervals if asked to."""
    from evidence.validation import with_tatc

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="renew the reference files")
    arguments = parser.parse_args()
    folder = arguments.folder
    fields = json.loads((folder / ELEMENTS_FILE).read_text())
    satellites, own = [with_tatc.satellite(one) for one in fields], access.element_sets(folder)
    pairs = SENSORS * (len(own) - SENSORS)
    holds = in_sight(LARGEST_RANGE_KM)

    def this() -> None:
        find_intervals(access.tracks(own), SENSORS, holds)

    this()
    found = with_tatc.observations(satellites)
    turns = [
        (seconds(lambda: with_tatc.observations(satellites)), seconds(this))
        for _ in range(arguments.rounds)
    ]
    theirs, ours = (1000.0 * median(column) / pairs for column in zip(*turns, strict=True))
    print(f"TAT-C {theirs:.2f} ms a pair, ssa_psro {ours:.3f} ms a pair: {theirs / ours:.1f} times")
    if arguments.write:
        header = ("sensor", "target", "start_s", "end_s")
        packages = ("tatc", "skyfield", "sgp4", "numpy", "numba")
        write_rows(folder / "access_tatc.csv", header, with_tatc.rows(found), packages[:-1])
        speeds = [("tatc", pairs, f"{theirs:.4f}"), ("ssa_psro", pairs, f"{ours:.4f}")]
        write_rows(
            folder / "access_speed.csv", ("program", "pairs", "cpu_ms_a_pair"), speeds, packages
        )


if __name__ == "__main__":
    main()
