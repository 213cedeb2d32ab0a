"""What games take of memory beside what is counted of them.

``python -m evidence.memory SCENARIO --sizes 400x48 1000x96 --output FOLDER`` plays a tournament of
four policies in the scenario as it is and in each size, objects by sensors a side. Every number is
that of a process of its own in which the rules were compiled before: the peak of one that makes
the tables, and of one that plays on them; of this the part that no other process can share and no
system can take back. ``FOLDER/memory.csv`` has a row a size.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evidence.growth import sized
from ssa_psro.geometry import build_arena
from ssa_psro.policies import make_policy
from ssa_psro.report.csv_files import write_rows
from ssa_psro.scenario import Scenario
from ssa_psro.study import load_study
from ssa_psro.study.matches import play_all_pairs
from ssa_psro.study.study import Study
from ssa_psro.work import Workers
from ssa_psro.work.processes import process_pool

POLICIES = ("reactive", "information", "blinding", "shielded")
EPISODES = 10
RESAMPLES = 200

Row = dict[str, Any]
Asked = tuple[str, str]
"""A scenario as JSON, and the folder of its tables."""


def build(asked: Asked) -> dict[str, float]:
    """Make the tables; what this process has taken, in MB."""
    build_arena(Scenario.model_validate_json(asked[0]), cache_dir=Path(asked[1]))
    return status_mb()


def play(asked: Asked) -> dict[str, float]:
    """Play a tournament on finished tables; what this process has taken, in MB."""
    os.environ["SSA_PSRO_CACHE"] = asked[1]
    players = [make_policy(name) for name in POLICIES]
    with Workers() as alone:
        play_all_pairs(
            Scenario.model_validate_json(asked[0]),
            players,
            seed=1,
            episodes=EPISODES,
            resamples=RESAMPLES,
            workers=alone,
        )
    return status_mb()


def status_mb() -> dict[str, float]:
    """What Linux says of the memory of this process."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    words = (line.split() for line in lines if line.endswith(" kB"))
    return {name.removesuffix(":"): int(value) * 1024 / 1e6 for name, value, _ in words}


def apart(work: Callable[[Asked], dict[str, float]], asked: Asked) -> dict[str, float]:
    """What a process finds that does nothing else."""
    with process_pool(1) as pool:
        (found,) = pool(work, [asked])
    return found


def measured(scenario: Scenario) -> Row:
    """The row of one size."""
    with TemporaryDirectory() as cache:
        asked = scenario.model_dump_json(), cache
        made, met = apart(build, asked), apart(play, asked)
    return {
        "objects": scenario.catalog.count,
        "sensors a side": scenario.blue.constellation.count,
        "counted, MB": scenario.memory_bytes / 1e6,
        "making tables, MB": made["VmHWM"],
        "playing, MB": met["VmHWM"],
        "of it own, MB": met["RssAnon"],
    }


def sizes_of(study: Study, sizes: list[str]) -> list[Scenario]:
    """The game as it is, and in each size, over the same horizon."""
    days = study.scenario.window.horizon_days
    pairs = ([int(number) for number in size.split("x")] for size in sizes)
    others = [sized(study, objects, sensors, days) for objects, sensors in pairs]
    return [study.scenario, *others]


def main() -> None:
    """Measure one size after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario")
    parser.add_argument("--sizes", nargs="*", default=["400x48", "1000x96"])
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    scenarios = sizes_of(load_study(arguments.scenario).study, arguments.sizes)
    measured(scenarios[0])  # compiles what is not yet
    rows: list[Row] = []
    for one in scenarios:
        rows.append(measured(one))
        print(rows[-1], flush=True)
        write_rows(arguments.output / "memory.csv", rows)


if __name__ == "__main__":
    main()
