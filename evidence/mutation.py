"""Mutation testing: small changes of the code that some test has to notice, by cosmic-ray.

``python -m evidence.mutation sight`` mutates what decides whether a sensor sees an object, runs the
tests of it after each change, and prints what survived; ``docs/mutation.md`` has the results. It
takes from minutes to an hour a target, and goes on where it was stopped.

The tests run without numba: then what is mutated is what runs, and nothing is compiled. They run in
a copy of the tracked files, so that the working tree can be edited meanwhile.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from collections import Counter
from contextlib import chdir
from difflib import unified_diff
from importlib import import_module
from math import ceil
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest
from cosmic_ray.commands import init
from cosmic_ray.mutating import use_mutation
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome, WorkerOutcome, WorkItem, WorkResult

FOLDER = Path("build/mutation")
METAGAME, SOLVERS = "ssa_psro/metagame", "ssa_psro/metagame/solvers"
SOLVER_TESTS = "tests/metagame/solvers"
LIMITS = "tests/metagame/test_metagame_limits.py"


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
        tuple(f"tests/geometry/test_{name}.py" for name in ("sight_limits", "sight", "shadow")),
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
        (LIMITS, "tests/metagame/test_gains.py", "tests/metagame/test_estimates.py"),
    ),
    "certificate": Target(
        tuple(f"{SOLVERS}/{name}.py" for name in ("__init__", "equilibrium", "nash", "nash_lp")),
        (
            LIMITS,
            "tests/metagame/test_solvers.py",
            *(f"{SOLVER_TESTS}/test_{name}.py" for name in ("nash_maxent", "general_sum")),
        ),
    ),
    "maxent": Target(
        (f"{SOLVERS}/nash_maxent.py",), (LIMITS, f"{SOLVER_TESTS}/test_nash_maxent.py")
    ),
    "general-sum": Target(
        tuple(
            f"{SOLVERS}/{name}.py"
            for name in ("nash_milp", "lemke_howson", "support_enumeration", "logit_path")
        ),
        (
            *(f"{SOLVER_TESTS}/test_general_sum{name}.py" for name in ("_limits", "")),
            LIMITS,
        ),
    ),
    "dynamics": Target(
        tuple(f"{SOLVERS}/{name}.py" for name in ("averaging", "replicator", "prd")),
        (LIMITS, f"{SOLVER_TESTS}/test_learning_dynamics.py"),
    ),
    "alpha-rank": Target(
        (f"{SOLVERS}/alpha_rank.py",), (LIMITS, f"{SOLVER_TESTS}/test_alpha_rank.py")
    ),
    "selection": Target(
        tuple(f"ssa_psro/learn/{name}.py" for name in ("starts", "embedding", "answers")),
        tuple(f"tests/learn/test_{name}.py" for name in ("answers", "starts")),
    ),
}
"""What can be mutated, by name."""

OPERATORS = re.compile(
    "core/(NumberReplacer|AddNot|ReplaceAndWithOr|ReplaceOrWithAnd"
    "|ReplaceBinaryOperator_(Add_Sub|Sub_Add|Mul_Div|Div_Mul|Pow_Mul)"
    "|ReplaceComparisonOperator_(Lt_LtE|LtE_Lt|Gt_GtE|GtE_Gt|Eq_NotEq|NotEq_Eq)"
    "|ReplaceUnaryOperator_Delete_.*|ReplaceBreakWithContinue|ReplaceContinueWithBreak)"
)
"""The kinds of change: a number by one up and down, a condition turned round, a limit moved on or
off itself, an operation exchanged. The others of cosmic-ray say little more, at ten times the
time."""
PRELOADED = ("astropy.coordinates", "erfa", "hypothesis.extra.numpy", "numba", "scipy.optimize")
"""What takes long to import, done once: every mutant is a fork of this process."""


def mutate(target: Target, folder: Path, *, again: bool = False) -> None:
    """Try all mutants of a target that have not been tried.

    Args:
        target: what is mutated.
        folder: for the copy of the tree, and the session in which cosmic-ray keeps its results.
        again: try what has survived too, with the tests as they are now.

    Raises:
        RuntimeError: the tests fail without any mutation.
    """
    session, tree = (folder / "session.sqlite").resolve(), folder / "tree"
    if not session.exists():
        shutil.rmtree(folder, ignore_errors=True)
        _copy_tree(tree)
    if again:
        for test in target.tests:
            shutil.copy2(test, tree / test)
    with chdir(tree):
        limit_s = 3.0 * _baseline_s(target) + 10.0
        with use_db(session) as database:
            if not database.num_work_items:
                init(map(Path, target.modules), database, {})
                _skip_other_operators(database)
            sys.dont_write_bytecode = True  # two changes in a second would look like one
            for item in [*database.pending_work_items, *(_survivors(database) if again else ())]:
                database.set_result(item.job_id, _tried(item, target, limit_s))


def _copy_tree(to: Path) -> None:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True)
    for path in map(Path, listed.stdout.splitlines()):
        if path.is_file():
            (to / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, to / path)


def _baseline_s(target: Target) -> float:
    """Processor time of the tests, once their bytecode is there."""
    for _ in range(2):
        before = os.times()
        if not _pass(target.tests, 3600.0):
            raise RuntimeError(f"fails without any mutation: pytest {' '.join(target.tests)}")
    after = os.times()
    return after.children_user + after.children_system - sum(before[2:4])


def _skip_other_operators(database: WorkDB) -> None:
    others = [
        item.job_id
        for item in database.work_items
        if not OPERATORS.fullmatch(item.mutations[0].operator_name)
    ]
    database.set_multiple_results(others, WorkResult(WorkerOutcome.SKIPPED, output="other kind"))


def _survivors(database: WorkDB) -> list[WorkItem]:
    tried = database.completed_work_items
    return [item for item, result in tried if result.test_outcome == TestOutcome.SURVIVED]


def _tried(item: WorkItem, target: Target, limit_s: float) -> WorkResult:
    mutation = item.mutations[0]
    operator = get_operator(mutation.operator_name)(**mutation.operator_args)
    with use_mutation(mutation.module_path, operator, mutation.occurrence) as (before, after):
        survived = _pass(target.tests, limit_s)
    changed = "\n".join(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0))
    outcome = TestOutcome.SURVIVED if survived else TestOutcome.KILLED
    return WorkResult(WorkerOutcome.NORMAL, test_outcome=outcome, diff=changed)


def _pass(tests: tuple[str, ...], limit_s: float) -> bool:
    """Whether the tests pass in a fork of this process; one that runs on for ever does not.

    The limit is of processor time: on a busy machine nothing fails for being late.
    """
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (ceil(limit_s), ceil(limit_s)))
        _be_pytest(tests)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0


def _be_pytest(tests: tuple[str, ...]) -> NoReturn:
    code = 1
    try:
        sys.path.insert(0, os.getcwd())  # the copy, before the tree that this module is from
        for stream in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
        options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
        # hypothesis has been imported before pytest could look into its assertions
        quiet = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
        code = int(pytest.main([*options, *quiet, *tests]))
    finally:
        os._exit(code)


def report(folder: Path) -> str:
    """Counts by module, and every survivor."""
    counts: Counter[tuple[str, str]] = Counter()
    survivors = []
    if not (folder / "session.sqlite").exists():
        return f"{folder.name}: not begun"
    with use_db(folder / "session.sqlite", WorkDB.Mode.open) as database:
        results = dict(database.results)
        for item in database.work_items:
            mutation, result = item.mutations[0], results.get(item.job_id)
            if result and result.worker_outcome == WorkerOutcome.SKIPPED:
                continue
            outcome = str(result.test_outcome.value) if result else "pending"
            counts[str(mutation.module_path), outcome] += 1
            if outcome == "survived":
                survivors.append(
                    f"{mutation.module_path}:{mutation.start_pos[0]}\n{_lines(result)}"
                )
    lines = []
    for module in sorted({module for module, _ in counts}):
        numbers = [f"{counts[module, one]} {one}" for one in ("killed", "survived", "pending")]
        lines.append(f"{module}: {', '.join(numbers)}")
    return "\n".join([*lines, *survivors])


def _lines(result: WorkResult) -> str:
    """The lines of a change as they were and as they are."""
    lines = [line for line in (result.diff or "").splitlines() if line[:1] in "+-"]
    return "\n".join(f"    {line}" for line in lines[2:])  # after the names of the two versions


def main() -> None:
    """Mutate the targets that are named, all by default, and print what survived."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--again", action="store_true", help="try what survived once more")
    parser.add_argument("--report", action="store_true", help="only print what has been found")
    options = parser.parse_args()
    if unknown := set(options.targets) - set(TARGETS):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    os.environ |= {"NUMBA_DISABLE_JIT": "1", "OMP_NUM_THREADS": "1"}
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what is mutated is put back first
    for module in PRELOADED:
        import_module(module)
    for name in options.targets or TARGETS:
        if not options.report:
            mutate(TARGETS[name], FOLDER / name, again=options.again)
        print(report(FOLDER / name), flush=True)


if __name__ == "__main__":
    main()
