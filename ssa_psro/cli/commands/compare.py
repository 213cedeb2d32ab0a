"""``ssa-psro compare``: policies side by side on common seeds, with paired differences."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssa_psro.cli.hands import Hands
from ssa_psro.cli.names import policies_named
from ssa_psro.cli.opening import open_with_report
from ssa_psro.cli.options import (
    MOST_EPISODES,
    AsJson,
    Catalogs,
    Duration,
    Player,
    ReportFolder,
    Seed,
    Start,
    Strict,
    WorkerCount,
    changes_of,
    cores,
)
from ssa_psro.cli.output import output_folder, print_json, print_table, stdout

if TYPE_CHECKING:
    from ssa_psro.scenario import Scenario
    from ssa_psro.study.comparison import Contender

EXAMPLES = (
    "ssa-psro compare scenarios/quickstart.toml --policy reactive --policy shielded "
    "--against blinding",
    "ssa-psro compare scenarios/quickstart.toml --policy runs/quickstart-1:blue "
    "--policy information --against runs/quickstart-1:red --report comparison",
    "ssa-psro compare scenarios/contested-72h.toml scenarios/no-denial-72h.toml "
    "--policy shielded --against blinding --json",
)


def command(
    scenarios: Annotated[
        list[Path],
        typer.Argument(metavar="SCENARIO...", help="Scenario files (TOML).", show_default=False),
    ],
    policy: Annotated[
        list[str],
        typer.Option(
            metavar="NAME",
            help="A policy to compare; may be given several times. The first is what the others "
            "are compared with.",
            show_default=False,
        ),
    ],
    against: Annotated[
        str, typer.Option(metavar="NAME", help="Their opponent.", show_default=False)
    ],
    side: Annotated[Player, typer.Option(help="Which side the policies play.")] = Player.BLUE,
    episodes: Annotated[
        int, typer.Option(min=2, max=MOST_EPISODES, metavar="N", help="Episodes of each.")
    ] = 50,
    report: ReportFolder = None,
    catalog: Catalogs = None,
    start: Start = None,
    duration: Duration = None,
    strict: Strict = False,
    seed: Seed = None,
    workers: WorkerCount = None,
    as_json: AsJson = False,
) -> None:
    """Play several policies against one opponent on the same episodes, and show the differences.

    Equal seeds mean equal starts and equal luck, so that paired differences are known far better
    than the figures themselves. Policies are named by: ssa-psro list policies; or RUN:blue and
    RUN:red for the mixtures of a finished run, RUN:NAME for a member of it.
    """
    from ssa_psro.findings.comparison import comparison_document
    from ssa_psro.study.comparison import compare

    changes = changes_of(catalog, start, duration)
    opened = [open_with_report(path, changes, strict=strict, as_json=as_json) for path in scenarios]
    wanted = [("--policy", name) for name in policy]
    *players, opponent = policies_named([*wanted, ("--against", against)])
    games = [one.scenario for one in opened]
    root = opened[0].study.seed if seed is None else seed
    with Hands(workers or cores()).at_work() as hands:
        entries = compare(
            _by_name(scenarios, games),
            players,
            opponent,
            side=list(Player).index(side),
            seed=root,
            episodes=episodes,
            workers=hands,
        )
    page = None if report is None else _report(entries, against, games, root, report)
    if as_json:
        document = comparison_document(entries, against, side.value, root)
        print_json({**document, "files": [one.files for one in opened], "report": page})
    else:
        _print(entries, against, page)


def _print(entries: list[Contender], against: str, page: Path | None) -> None:
    """The figures of each, what they differ by, and what that says."""
    from ssa_psro.findings.comparison import (
        IN_BRIEF,
        comparison_table,
        difference_table,
        in_brief,
        verdict_of_comparison,
    )

    print_table(in_brief(comparison_table(entries, against, figures=IN_BRIEF)))
    if len(entries) > 1:
        print_table(in_brief(difference_table(entries, figures=IN_BRIEF)))
    for sentence in verdict_of_comparison(entries):
        stdout().print(f"{sentence.question} {sentence.answer}")
    if page is not None:
        stdout().print(f"report  {page}", soft_wrap=True)


def _by_name(paths: list[Path], scenarios: list[Scenario]) -> dict[str, Scenario]:
    """The scenarios by their names, or by their paths where two have one name."""
    names = [one.name for one in scenarios]
    if len(set(names)) < len(names):
        names = [str(path) for path in paths]
    return dict(zip(names, scenarios, strict=True))


def _report(
    entries: list[Contender], opponent: str, scenarios: list[Scenario], seed: int, folder: Path
) -> Path:
    from ssa_psro.report.comparison_page import ComparisonContent, write_comparison
    from ssa_psro.report.page import provenance_of

    provenance = provenance_of(["ssa-psro", *sys.argv[1:]], scenarios, seed)
    content = ComparisonContent(entries, opponent, provenance, scenarios[0].rules.rivalry)
    with output_folder(folder, "--report"):
        return write_comparison(content, folder)
