"""Mutation testing: small changes of the code that some test has to notice, by cosmic-ray.

``python -m evidence.mutation sight`` mutates what decides whether a sensor sees an object, runs the
tests of it after each change, and prints what survived; ``docs/mutation.md`` has the results. It
takes from minutes to an hour a target, and goes on where it was stopped.

The tests run without numba: then what is mutated is what runs, and nothing is compiled. They run in
a copy of the tracked files, so that the working tree can be edited meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

FOLDER = Path("build/mutation")
METAGAME, SOLVERS = "ssa_psro/metagame", "ssa_psro/metagame/solvers"
SOLVER_TESTS = "tests/metagame/solvers"


class Target(NamedTuple):
    """What is mutated, and the tests that have to notice; the quickest of them first."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


TARGETS = {
    "scoring": Target(
        ("ssa_psro/game/scoring.py",),
        ("tests/game/test_contest.py", "tests/game/test_golden_episodes.py"),
    ),
    "sight": Target(
        ("ssa_psro/geometry/occultation.py",),
        ("tests/geometry/test_sight.py", "tests/geometry/test_shadow.py"),
    ),
    "access": Target(
        ("ssa_psro/geometry/access.py",),
        (
            "tests/geometry/test_access_limits.py",
            "tests/geometry/test_access_reasons.py",
            "tests/geometry/test_access_tables.py",
        ),
    ),
    "intervals": Target(
        tuple(f"{METAGAME}/{name}.py" for name in ("intervals", "estimates", "exploitability")),
        ("tests/metagame/test_gains.py", "tests/metagame/test_estimates.py"),
    ),
    "certificate": Target(
        tuple(f"{SOLVERS}/{name}.py" for name in ("__init__", "equilibrium", "nash", "nash_lp")),
        ("tests/metagame/test_solvers.py", f"{SOLVER_TESTS}/test_general_sum.py"),
    ),
    "maxent": Target((f"{SOLVERS}/nash_maxent.py",), (f"{SOLVER_TESTS}/test_nash_maxent.py",)),
    "general-sum": Target(
        tuple(
            f"{SOLVERS}/{name}.py"
            for name in ("nash_milp", "lemke_howson", "support_enumeration", "logit_path")
        ),
        (f"{SOLVER_TESTS}/test_general_sum.py", "tests/metagame/test_solvers.py"),
    ),
    "dynamics": Target(
        tuple(f"{SOLVERS}/{name}.py" for name in ("averaging", "replicator", "prd")),
        (f"{SOLVER_TESTS}/test_learning_dynamics.py",),
    ),
    "alpha-rank": Target((f"{SOLVERS}/alpha_rank.py",), (f"{SOLVER_TESTS}/test_alpha_rank.py",)),
    "selection": Target(("ssa_psro/learn/starts.py",), ("tests/learn",)),
}
"""What can be mutated, by name."""

OPERATORS = (
    "NumberReplacer",
    "AddNot",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBinaryOperator_(Add_Sub|Sub_Add|Mul_Div|Div_Mul|Pow_Mul)",
    "ReplaceComparisonOperator_(Lt_LtE|LtE_Lt|Gt_GtE|GtE_Gt|Eq_NotEq|NotEq_Eq)",
    "ReplaceUnaryOperator_Delete_.*",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
)
"""The kinds of change: a number by one up and down, a condition turned round, a limit moved on or
off itself, an operation exchanged. The others of cosmic-ray say little more, at ten times the
time."""


def run(name: str) -> Path:
    """Mutate one target; the session in which cosmic-ray keeps its results.

    Raises:
        subprocess.CalledProcessError: the tests fail without any mutation.
    """
    target, folder = TARGETS[name], FOLDER / name
    session, config = folder / "session.sqlite", folder / "config.toml"
    if not session.exists():
        shutil.rmtree(folder, ignore_errors=True)
        _copy_tree(folder / "tree")
        config.write_text(_config(target, _seconds(target, folder / "tree")), encoding="utf-8")
        _cosmic_ray(name, "init")
        _cosmic_ray(name, "filter")
    _cosmic_ray(name, "exec")
    return session


def _copy_tree(to: Path) -> None:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True)
    for path in map(Path, listed.stdout.splitlines()):
        if path.is_file():
            (to / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, to / path)


def _test_command(target: Target) -> list[str]:
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    return [sys.executable, "-m", "pytest", *options, *target.tests]


def _environment() -> dict[str, str]:
    return {**os.environ, "NUMBA_DISABLE_JIT": "1"}


def _seconds(target: Target, tree: Path) -> float:
    """How long the tests take; raises if they fail. The first run leaves their bytecode behind."""
    for _ in range(2):
        started = perf_counter()
        subprocess.run(_test_command(target), cwd=tree, env=_environment(), check=True)
    return perf_counter() - started


def _config(target: Target, seconds: float) -> str:
    """cosmic-ray's configuration; a mutant that runs on for ever counts as killed."""
    others = f"core/(?!({'|'.join(OPERATORS)})$)"
    return f"""[cosmic-ray]
module-path = {json.dumps(target.modules)}
timeout = {3.0 * seconds + 10.0:.1f}
excluded-modules = []
test-command = {json.dumps(" ".join(_test_command(target)))}

[cosmic-ray.distributor]
name = "local"

[cosmic-ray.filters.operators-filter]
exclude-operators = [{json.dumps(others)}]
"""


def _cosmic_ray(name: str, command: str) -> None:
    programs = Path(sys.executable).parent
    arguments = {
        "init": ["cosmic-ray", "init", "../config.toml", "../session.sqlite"],
        "filter": ["cr-filter-operators", "../session.sqlite", "../config.toml"],
        "exec": ["cosmic-ray", "exec", "../config.toml", "../session.sqlite"],
    }[command]
    call = [str(programs / arguments[0]), *arguments[1:]]
    subprocess.run(call, cwd=FOLDER / name / "tree", env=_environment(), check=True)


def results(session: Path) -> Iterator[tuple[str, str, str]]:
    """Module, outcome (``killed``, ``survived`` or ``pending``) and change of each mutant."""
    program = str(Path(sys.executable).parent / "cosmic-ray")
    dumped = subprocess.run(
        [program, "dump", str(session)], check=True, capture_output=True, text=True
    )
    for line in dumped.stdout.splitlines():
        item, result = json.loads(line)
        if result and result["worker_outcome"] == "skipped":
            continue
        mutation = item["mutations"][0]
        changed = [
            text
            for text in ((result or {}).get("diff") or "").splitlines()
            if text[:1] in "+-" and text[:3] not in ("+++", "---")
        ]
        where = (
            f"line {mutation['start_pos'][0]}, {mutation['operator_name'].removeprefix('core/')}"
        )
        outcome = result["test_outcome"] if result else "pending"
        yield str(mutation["module_path"]), str(outcome), "\n    ".join([where, *changed])


def report(session: Path) -> str:
    """Counts by module, and every survivor."""
    found = list(results(session))
    counts = Counter((module, outcome) for module, outcome, _ in found)
    lines = [
        f"{module}: {counts[module, 'killed']} killed, {counts[module, 'survived']} survived"
        for module in sorted({module for module, _, _ in found})
    ]
    lines += [f"{module}, {change}" for module, outcome, change in found if outcome == "survived"]
    return "\n".join(lines)


def main() -> None:
    """Mutate the targets that are named, all by default, and print what survived."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--report", action="store_true", help="only print what has been found")
    options = parser.parse_args()
    if unknown := set(options.targets) - set(TARGETS):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    for name in options.targets or TARGETS:
        session = FOLDER / name / "session.sqlite" if options.report else run(name)
        print(report(session))


if __name__ == "__main__":
    main()
