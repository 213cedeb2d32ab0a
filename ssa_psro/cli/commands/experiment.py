"""``ssa-psro experiment``: several arms, several seeds, equal budgets, from files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ssa_psro.cli.options import AsJson, WorkerCount, cores
from ssa_psro.cli.output import output_folder, print_json, print_table, stderr

if TYPE_CHECKING:
    from ssa_psro.experiments.plan import Plan
    from ssa_psro.experiments.summary import Summary

EXAMPLES = (
    "ssa-psro experiment scenarios/experiments/c-liars-dice.toml --smoke",
    "ssa-psro experiment scenarios/experiments/table-leduc.toml --seeds 10 --output leduc",
    "ssa-psro experiment scenarios/experiments/[a-i]*.toml --output figures/experiments "
    "--page docs/fusion-findings.md",
)

WIDTH = 160
"""Columns of the printed table, which is not squeezed into less."""


def command(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Experiment files (TOML).", show_default=False),
    ],
    output: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where a folder for each experiment is made.")
    ] = Path("experiments"),
    page: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Markdown page with places for the experiments' tables, which are renewed.",
            show_default=False,
        ),
    ] = None,
    smoke: Annotated[
        bool, typer.Option("--smoke", help="Small budgets, to see whether everything works.")
    ] = False,
    seeds: Annotated[
        int | None,
        typer.Option(min=2, metavar="N", help="Runs of each arm.", show_default="the experiment's"),
    ] = None,
    workers: WorkerCount = None,
    as_json: AsJson = False,
) -> None:
    """Compare ways of running PSRO on small games with exact best responses.

    Every file gives a folder with its runs, CSV files, figures and manifest; results.csv has the
    arms of all of them. All arms of a seed share their random numbers, so differences are paired.
    Give the same command again after an interruption: what is finished is not run again.
    """
    from ssa_psro.experiments.plan_reading import load_plan
    from ssa_psro.experiments.results import arm_table, results_in, tables_in
    from ssa_psro.report.csv_files import write_rows

    plans = [_chosen(load_plan(file), smoke=smoke, seeds=seeds) for file in files]
    with output_folder(output):
        pass  # it can be made: better to know before hours are spent on what goes there
    places = [] if page is None else _places(page, plans)
    documents = []
    for plan in plans:
        summary = _run(plan, output, workers or cores(), smoke=smoke)
        documents.append(_document(plan, summary, output))
        if not as_json:
            print_table(arm_table(plan, summary), width=WIDTH)
    with output_folder(output):
        write_rows(output / "results.csv", results_in(output))
    if page is not None:
        _renew(page, {name: table for name, table in tables_in(output).items() if name in places})
    if as_json:
        print_json({"experiments": documents, "results": str(output / "results.csv")})


def _chosen(plan: Plan, *, smoke: bool, seeds: int | None) -> Plan:
    plan = plan.smoked() if smoke else plan
    return plan if seeds is None else plan.with_seeds(seeds)


def _run(plan: Plan, output: Path, workers: int, *, smoke: bool) -> Summary:
    """The experiment run to its end; a line on stderr for every run."""
    from ssa_psro.experiments.running import Folder, run_plan

    return run_plan(
        plan,
        Folder(output / plan.name),
        workers=workers,
        smoke=smoke,
        tell=lambda line: stderr().print(line, soft_wrap=True),
    )


def _document(plan: Plan, summary: Summary, output: Path) -> dict[str, Any]:
    return {
        "name": plan.name,
        "question": plan.question,
        "game": plan.game,
        "learner": plan.learner,
        "seeds": plan.seeds,
        "iterations": plan.iterations,
        "folder": str(output / plan.name),
        "findings": summary.rows(),
    }


def _places(page: Path, plans: Sequence[Plan]) -> list[str]:
    """Experiments whose tables have a place there. Raises ``UsageError`` if a plan has none."""
    from ssa_psro.report.markdown import renewed, tables_of

    with _page_errors(page):
        text = page.read_text("utf-8")
        renewed(text, dict.fromkeys((plan.name for plan in plans), ""))
    return list(tables_of(text))


def _renew(page: Path, tables: Mapping[str, str]) -> None:
    from ssa_psro.report.markdown import renew

    with _page_errors(page):
        renew(page, tables)


@contextmanager
def _page_errors(page: Path) -> Iterator[None]:
    from ssa_psro.errors import Fault, UsageError

    try:
        yield
    except OSError as error:
        problem = f"cannot be renewed: {error.strerror or error}"
        fault = Fault("--page", str(page), problem, "Name a Markdown page that may be written to.")
        raise UsageError("command line", [fault]) from None
    except ValueError as error:
        cure = "Write <!-- figures: NAME --> and <!-- end -->, a line each, where it is to stand."
        raise UsageError("command line", [Fault("--page", str(page), str(error), cure)]) from None
