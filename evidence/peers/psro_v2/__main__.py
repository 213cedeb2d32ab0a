"""PSRO here and OpenSpiel's own ``psro_v2`` on Leduc poker, one after the other.

``python -m evidence.peers.psro_v2 --peer-python PATH --output FOLDER`` writes ``curve.csv``
(a line an iteration of each program), ``curve.png`` and ``summary.json``. PATH is an interpreter
with what ``psro_v2`` needs, which does not go together with this package's environment. With the
settings of OpenSpiel's example its seven iterations take hours.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evidence.peers.psro_v2.figure import draw
from evidence.peers.psro_v2.own import SETTINGS
from evidence.peers.psro_v2.programs import (
    OPTION,
    OWN,
    PEER,
    Row,
    measured,
    peer_command,
    peer_description,
)
from evidence.peers.psro_v2.summary import summary_of
from ssa_psro.errors import InputError
from ssa_psro.inputs.files import write_bytes
from ssa_psro.report.csv_files import write_rows
from ssa_psro.study.folder import current_versions

NOTE = (
    "Both programs ran one after the other, in one thread each, on a machine that may have had "
    "other work (see load_average): processor time then tells more than wall time. Imports are not "
    "counted. Compiling is, but numba keeps what it has compiled for later processes."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run both programs and compare them; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        peer = peer_description(options.peer_python)
        load = [os.getloadavg()]
        rows = _run(options)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    load.append(os.getloadavg())
    draw(rows, options.output / "curve.png")
    found = summary_of(rows)
    document = {"seeds": found, **_provenance(options, peer), "load_average": load, "note": NOTE}
    write_bytes(options.output / "summary.json", (json.dumps(document, indent=2) + "\n").encode())
    print(json.dumps(found, indent=2))
    return 0


def _run(options: argparse.Namespace) -> list[Row]:
    """All rows; they are written down after each program, lest the second one lose the first's."""
    rows: list[Row] = []
    for seed in range(1, options.seeds + 1):
        for name, command in _commands(options, seed):
            found = measured(command, _telling(name, seed))
            rows += [{"program": name, "seed": seed, **row} for row in found]
            write_rows(options.output / "curve.csv", rows)
    return rows


def _commands(options: argparse.Namespace, seed: int) -> Iterator[tuple[str, list[str]]]:
    yield (
        PEER,
        peer_command(
            options.peer_python,
            *("--iterations", options.iterations_peer),
            *("--episodes", options.episodes_peer),
            *("--table-episodes", options.table_episodes_peer),
            *("--meta-solver", options.meta_solver_peer),
            *("--seed", seed),
        ),
    )
    own = (sys.executable, "-m", "evidence.peers.psro_v2.own")
    budget = ("--iterations", options.iterations_own, "--steps", options.steps_own)
    yield OWN, [*own, *map(str, budget), "--seed", str(seed)]


def _telling(name: str, seed: int) -> Callable[[str], None]:
    return lambda line: print(f"{name}, seed {seed}: {line}", file=sys.stderr, flush=True)


def _provenance(options: argparse.Namespace, peer: Any) -> dict[str, Any]:
    """How it was made; where the other interpreter is matters to nobody else."""
    chosen = {
        f"--{key.replace('_', '-')}": str(value)
        for key, value in vars(options).items()
        if f"--{key.replace('_', '-')}" not in (OPTION, "--output")
    }
    return {
        "command": ["python", "-m", "evidence.peers.psro_v2", OPTION, "PATH"]
        + [word for pair in chosen.items() for word in pair],
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        OWN: {
            "versions": current_versions(),
            "settings": {**asdict(SETTINGS), "steps": options.steps_own},
        },
        PEER: peer,
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evidence.peers.psro_v2", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument(OPTION, type=Path, required=True, help="interpreter that has psro_v2")
    parser.add_argument("--iterations-peer", type=_count, default=7)
    parser.add_argument("--episodes-peer", type=_count, default=10_000, help="a response")
    parser.add_argument("--table-episodes-peer", type=_count, default=1000, help="a new payoff")
    parser.add_argument("--meta-solver-peer", default="alpharank")
    parser.add_argument("--iterations-own", type=_count, default=20)
    parser.add_argument("--steps-own", type=_count, default=SETTINGS.steps, help="a response")
    parser.add_argument("--seeds", type=_count, default=1, help="runs of each program")
    parser.add_argument("--output", type=Path, default=Path("psro-v2"))
    return parser


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError("give 1 or more")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
