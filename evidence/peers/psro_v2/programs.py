"""The two programs as processes of one thread each, and the lines of CSV that they print."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from ssa_psro.errors import Fault, UsageError

Row = dict[str, Any]
Tell = Callable[[str], None]

PEER, OWN = "psro_v2", "ssa_psro"
"""Names of the two programs, as in tables and figures."""

COLUMNS = (
    "iteration",
    "wall_s",
    "cpu_s",
    "episodes_per_player",
    "steps_per_player",
    "table_episodes",
    "nash_conv",
)
"""What both programs print after each iteration, as running totals: wall and processor time
without the measuring, episodes and decisions of training (means over players), episodes played
to fill the payoff table, and NashConv of the meta-mixtures, in the game's payoffs."""

ONE_THREAD = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "JAX_PLATFORMS": "cpu",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}
"""Environment under which numpy, torch and JAX compute in one thread."""

PEER_SCRIPT = Path(__file__).with_name("peer.py")
OPTION = "--peer-python"
NEEDED = (
    "open_spiel numpy scipy matplotlib networkx chex cvxpy ecos "
    "jax flax optax distrax dm-haiku rlax"
)
"""What the other interpreter must have; OpenSpiel itself declares only some of it."""


def peer_command(python: Path, *options: object) -> list[str]:
    """The other program; isolated, so that neither this package nor its folder is in its way."""
    return [str(python), "-I", str(PEER_SCRIPT), *map(str, options)]


def peer_description(python: Path) -> Any:
    """Versions and settings of the other program, which must be able to start.

    Raises:
        UsageError: it cannot; what is missing is named.
    """
    return json.loads("".join(_lines(peer_command(python, "--describe"))))


def measured(command: Sequence[str], tell: Tell = lambda line: None) -> list[Row]:
    """The rows that a program prints; ``tell`` hears of each line as it comes.

    Raises:
        UsageError: the program fails, or prints something else.
    """

    def heard() -> Iterator[str]:
        for line in _lines(command):
            tell(line.rstrip())
            yield line

    return parsed(heard())


def parsed(lines: Iterable[str]) -> list[Row]:
    """Rows of numbers from lines of CSV.

    Raises:
        UsageError: other columns, or something that is not a number.
    """
    reader = csv.DictReader(lines)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        _refuse(reader.fieldnames, "printed other columns", f"Expected: {', '.join(COLUMNS)}.")
    try:
        return [
            {key: int(text) if key == "iteration" else float(text) for key, text in row.items()}
            for row in reader
        ]
    except (TypeError, ValueError) as error:
        _refuse(str(error), "printed a line without all numbers", "Run it alone to see why.")


def _lines(command: Sequence[str]) -> Iterator[str]:
    """What a process prints, line by line."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
        try:
            process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**os.environ, **ONE_THREAD},
                text=True,
            )
        except OSError as error:
            _refuse(command[0], str(error.strerror), "Give the path of a Python interpreter.")
        with process:
            assert process.stdout is not None
            yield from process.stdout
        if process.returncode:
            errors.seek(0)
            said = [line.strip() for line in errors if line.strip()]
            _refuse_failure(command[0], said[-1] if said else f"exit {process.returncode}")


def _refuse_failure(python: str, said: str) -> NoReturn:
    missing = said.startswith(("ModuleNotFoundError", "ImportError"))
    cure = f"Install what psro_v2 needs there: pip install {NEEDED}" if missing else "Run it alone."
    _refuse(python, said, cure)


def _refuse(value: object, problem: str, cure: str) -> NoReturn:
    raise UsageError("side by side with psro_v2", [Fault(OPTION, value, problem, cure)])
