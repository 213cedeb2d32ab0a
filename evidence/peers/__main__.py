"""This package beside every peer, in turns, in one run on one core.

``python -m evidence.peers --python tatc=PATH --python brahe=PATH ... --output FOLDER`` writes
``peers.json`` and ``peers.csv``, a row a comparison: seconds of processor time a unit of both,
their ratio, and by how much the answers differ; ``--write PAGE`` puts them into a page. Each peer
runs in the interpreter that is given for it, or in this one. A peer that is not there has a row
that says so.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evidence.peers.race import NeverThereError, reached
from evidence.peers.rows import (
    ABSENT,
    FAILED,
    MARK,
    Row,
    left_out,
    line,
    measured_row,
    row,
    table_of,
    write,
)
from evidence.peers.turns import NotInstalledError, PeerError, Turn, own_turn, peer
from evidence.peers.works import COMPARISONS, NOT_COMPARED, Comparison
from ssa_psro.report.markdown import renew
from ssa_psro.study.folder import current_versions


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, print a line each, and write the table; the exit code."""
    options = _parser().parse_args(arguments)
    _stay_on_one_core()
    pythons = dict(options.python)
    load = [os.getloadavg()]
    rows: list[Row] = []
    for one in chosen(options.only):
        python = pythons.get(one.environment, Path(sys.executable))
        rows.append(compare(one, python, options.rounds))
        print(line(rows[-1]), flush=True)
        write(rows, _provenance(options.rounds, [*load, os.getloadavg()]), options.output)
    if not options.only:
        rows += [left_out(name, why) for name, why in NOT_COMPARED.items()]
        write(rows, _provenance(options.rounds, [*load, os.getloadavg()]), options.output)
    if options.write:
        renew(options.write, {MARK: table_of(rows)})
    return 0


def chosen(names: Sequence[str]) -> list[Comparison]:
    """The comparisons of these names: a work's, an environment's, or ``work/environment``."""
    return [
        one
        for one in COMPARISONS
        if not names or {one.key, one.work.key, one.environment} & set(names)
    ]


def compare(one: Comparison, python: Path, rounds: int) -> Row:
    """One work by both sides; the first turn of each, which compiles, is not counted."""
    task = one.work.task()
    with tempfile.TemporaryDirectory() as folder:
        try:
            with peer(python, one.script, Path(folder) / "log") as there:
                there.begin(task)
                run, told = one.work.own(task)
                _, answer = own_turn(run)
                there.turn()
                apart = one.work.disagreement(told(answer), there.answer())
                own: list[Turn] = []
                theirs: list[Turn] = []
                for _ in range(rounds):
                    turn, answer = own_turn(run, one.work.least_s)
                    pair = turn, there.turn()
                    if one.work.race:
                        pair = reached(told(answer), there.answer())
                    own.append(pair[0])
                    theirs.append(pair[1])
                version = ", ".join(f"{name} {text}" for name, text in there.versions.items())
        except NotInstalledError as error:
            return row(one, f"{ABSENT}: {error}")
        except (NeverThereError, PeerError) as error:
            return row(one, f"{FAILED}: {error}")
    return measured_row(one, version, own, theirs, apart)


def _stay_on_one_core() -> None:
    """This process and its children; where a system has no such call, processor time must do."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def _provenance(rounds: int, load: list[tuple[float, float, float]]) -> dict[str, Any]:
    return {
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": current_versions(),
        "machine": platform.machine(),
        "load_average": load,
        "rounds": rounds,
        "note": (
            "Ratios are of processor time, medians of the rounds, theirs over ours: over 1, this "
            "package is faster. Both sides take turns on one core."
        ),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evidence.peers", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="works or peers")
    parser.add_argument(
        "--python",
        action="append",
        default=[],
        type=_named,
        metavar="NAME=PATH",
        help="interpreter that has a peer; may be repeated",
    )
    parser.add_argument("--rounds", type=_count, default=5)
    parser.add_argument("--output", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="whose table to renew")
    return parser


def _named(text: str) -> tuple[str, Path]:
    name, _, path = text.partition("=")
    known = sorted({one.environment for one in COMPARISONS})
    if name not in known or not path:
        raise argparse.ArgumentTypeError(f"give NAME=PATH, NAME one of: {', '.join(known)}")
    return name, Path(path)


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError("give 1 or more")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
