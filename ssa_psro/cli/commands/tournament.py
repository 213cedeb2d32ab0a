"""``ssa-psro tournament``: the heuristics against each other, solved, with intervals."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ssa_psro.cli.hands import Hands
from ssa_psro.cli.names import policies_named
from ssa_psro.cli.opening import open_with_report
from ssa_psro.cli.options import (
    MOST_EPISODES,
    AsJson,
    Catalogs,
    Duration,
    ReportFolder,
    ScenarioFile,
    Seed,
    Start,
    Strict,
    WorkerCount,
    changes_of,
    cores,
)
from ssa_psro.cli.output import (
    output_folder,
    print_json,
    print_table,
    stdout,
    to_json,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Group
    from rich.text import Text

    from ssa_psro.metagame.intervals import Interval
    from ssa_psro.metagame.structure.evaluation import PopulationEvaluation
    from ssa_psro.metagame.tournament import Tournament
    from ssa_psro.policies import Policy
    from ssa_psro.scenario import Scenario
    from ssa_psro.study.matches import PlayedTournament
    from ssa_psro.study.study import LoadedStudy

EXAMPLES = (
    "ssa-psro tournament scenarios/contested-72h.toml --episodes 50",
    "ssa-psro tournament scenarios/quickstart.toml --policies aggressive,reactive",
    "ssa-psro tournament scenarios/quickstart.toml --evaluate --output tournament",
    "ssa-psro tournament scenarios/quickstart.toml --json > tournament.json",
)


def command(
    scenario: ScenarioFile,
    episodes: Annotated[
        int,
        typer.Option(
            min=2, max=MOST_EPISODES, metavar="N", help="Episodes of every pair of policies."
        ),
    ] = 50,
    policies: Annotated[
        str | None,
        typer.Option(metavar="NAME,NAME,…", help="Who takes part.", show_default="all heuristics"),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Also write tournament.json and CSV tables.", show_default=False
        ),
    ] = None,
    report: ReportFolder = None,
    resamples: Annotated[
        int,
        typer.Option(
            min=20,
            max=100_000,
            metavar="N",
            help="Bootstrap tables behind the intervals of the equilibrium.",
        ),
    ] = 200,
    evaluate: Annotated[
        bool,
        typer.Option(
            "--evaluate",
            help="Also rank by Nash averaging and alpha-rank, and show best responses and layers.",
        ),
    ] = False,
    catalog: Catalogs = None,
    start: Start = None,
    duration: Duration = None,
    strict: Strict = False,
    seed: Seed = None,
    workers: WorkerCount = None,
    as_json: AsJson = False,
) -> None:
    """Play all heuristics against each other and solve the meta-game.

    All pairs play the same episodes; where both sides are of one design, payoffs are the mean of
    both seats, and what a seat is worth is shown. Shows the payoffs, the Nash equilibrium, the
    value, the cyclic share, a ranking with the custody that each policy keeps and leaves to others
    (share of time, every object alike), and what both sides score and hold at equilibrium beside
    the best cooperative play known: all with 95 % intervals.
    """
    from ssa_psro.findings.tournament import document_of
    from ssa_psro.study.matches import evaluated, play_all_pairs

    changes = changes_of(catalog, start, duration)
    opened = open_with_report(scenario, changes, strict=strict, as_json=as_json)
    loaded = opened.scenario
    players = _players(policies)
    root = opened.study.seed if seed is None else seed
    with Hands(workers or cores()).at_work() as hands:
        played = play_all_pairs(
            loaded, players, seed=root, episodes=episodes, resamples=resamples, workers=hands
        )
        if evaluate:
            hands.stage("evaluation")
        evaluation = evaluated(played.found, root) if evaluate else None
    tolerance = opened.study.solver.tolerance
    document = {**document_of(played, loaded, root, tolerance), "files": opened.files}
    if evaluation is not None:
        document["evaluation"] = evaluation
    rate = played.episodes / played.seconds
    timing = {"seconds": played.seconds, "episodes_per_s": rate, "workers": hands.count}
    page = _report(report, played, opened, root) if report is not None else None
    document["report"] = page
    if output is not None:
        _write(output, played, document)
    if as_json:
        print_json({**document, "timing": timing})
    else:
        _print(played, loaded, tolerance, timing)
        if evaluation is not None:
            _print_evaluation(evaluation, played.found)
        if page is not None:
            stdout().print(f"report  {page}", soft_wrap=True)


def _report(folder: Path, played: PlayedTournament, opened: LoadedStudy, seed: int) -> Path:
    """Write the page of a tournament, and return it."""
    from ssa_psro.report.page import provenance_of
    from ssa_psro.report.tournament_page import TournamentContent, write_tournament

    provenance = provenance_of(["ssa-psro", *sys.argv[1:]], [opened.scenario], seed)
    content = TournamentContent(
        opened.scenario, played, opened.study.solver.tolerance, provenance, opened.files
    )
    with output_folder(folder, "--report"):
        return write_tournament(content, folder)


def _players(policies: str | None) -> list[Policy]:
    """The policies of a comma-separated list, or all heuristics."""
    from ssa_psro.policies import HEURISTICS

    names = HEURISTICS if policies is None else policies.split(",")
    return policies_named([("--policies", name.strip()) for name in names])


def _write(folder: Path, played: PlayedTournament, document: dict[str, Any]) -> None:
    """Write ``tournament.json``, the tables as CSV and the heat map.

    Raises:
        UsageError: the folder cannot be made or written to.
    """
    from ssa_psro.findings.rivalry import price_table, seat_difference_table
    from ssa_psro.findings.tournament import custody_table, mixtures_of, nash_table, ranking_table
    from ssa_psro.inputs.files import write_bytes
    from ssa_psro.report import save_heat_map
    from ssa_psro.report.csv_files import write_csv

    tournament, tolerance = played.found, document["seats"]["tolerance"]
    tables = (
        nash_table(tournament),
        ranking_table(tournament),
        custody_table(played),
        price_table(played.price),
        seat_difference_table(tournament.seats, tolerance),
    )
    with output_folder(folder):
        write_bytes(folder / "tournament.json", to_json(document).encode())
        rivalry = document["rivalry"]
        save_heat_map(tournament.table, mixtures_of(tournament), folder, rivalry=rivalry)
        for table in tables:
            write_csv(table, folder)


def _print(
    played: PlayedTournament, scenario: Scenario, tolerance: float, timing: Mapping[str, float]
) -> None:
    """Print everything that fits a terminal of 80 columns."""
    from ssa_psro.findings.rivalry import (
        price_facts,
        price_in_brief,
        seat_difference_table,
        seats_in_words,
    )
    from ssa_psro.findings.tournament import seat_custody_table, seat_table, tournament_facts
    from ssa_psro.metagame.tournament import surely
    from ssa_psro.report.text import grid_of

    tournament, rivalry = played.found, scenario.rules.rivalry
    paid = 1 if rivalry == 1 or tournament.seats_swapped else 2
    console = stdout()
    for side in range(paid):
        console.print(_matrix(tournament, scenario, side))
    for side, seat in enumerate(("both seats",) if tournament.one_seat else ("Blue", "Red")):
        print_table(seat_table(tournament, side, seat), {"Nash share": _played})
        print_table(seat_custody_table(played, side, seat))
    console.print(grid_of([*tournament_facts(tournament), *price_facts(played.price)]))
    print_table(price_in_brief(played.price, rivalry))
    print_table(seat_difference_table(tournament.seats, tolerance))
    warned = tournament.seats_swapped and surely(tournament.seats.mixture, tolerance)
    words = seats_in_words(tournament.seats, tolerance)
    console.print(words, style="bold yellow" if warned else "")
    console.print(
        f"{timing['seconds']:.1f} s of play, {timing['episodes_per_s']:.0f} episodes/s, "
        f"{timing['workers']} threads",
        style="dim",
    )


def _print_evaluation(found: PopulationEvaluation, tournament: Tournament) -> None:
    """Print rankings, best responses and layers; where both seats are the same, of one."""
    from ssa_psro.findings.tournament import layer_table, population_table, response_table

    one_seat = tournament.seats_swapped
    for side, seat in enumerate(("",) if one_seat else (", Blue", ", Red")):
        print_table(population_table(found, tournament.table, side, seat))
    print_table(response_table(found.responses, one_seat=one_seat))
    print_table(layer_table(found.layers))


def _matrix(tournament: Tournament, scenario: Scenario, side: int) -> Group:
    """Mean payoffs over half-widths; ten policies fill 80 columns."""
    from ssa_psro.report.text import lines_of, titled

    played, zero_sum = tournament.table, scenario.rules.rivalry == 1
    low, high = played.bounds()
    lines = lines_of("", *(str(number) for number in range(1, len(played.columns) + 1)))
    lines.padding = (0, 0, 0, 0)
    for i, name in enumerate(played.rows):
        cells = [
            _cell(played.mean[i, j, side], low[i, j, side], high[i, j, side], zero_sum=zero_sum)
            for j in range(len(played.columns))
        ]
        lines.add_row(f"{i + 1:2d} {name}", *cells)
    owner = "row policy" if tournament.seats_swapped else ("Blue (rows)", "Red (columns)")[side]
    title = f"{scenario.name}: payoff of {owner}, {len(played.seeds)} episodes a cell"
    note = "Mean above half the width of its 95 % interval"
    note += "; bold where that excludes 0." if zero_sum else "."
    if tournament.seats_swapped:
        note += " Each\npayoff is the mean of both seats: what a pair earns as Blue and as Red."
    return titled(title, lines, note)


def _cell(mean: float, low: float, high: float, *, zero_sum: bool) -> Text:
    """A payoff; only where one's gain is the other's loss does zero tell who wins."""
    from rich.text import Text

    from ssa_psro.findings.wording import Form
    from ssa_psro.metagame.intervals import Interval

    form = Form(2, signed=True)
    sure = "bold " if zero_sum and (low > 0 or high < 0) else ""
    colour = "" if mean == 0 or not zero_sum else "blue" if mean > 0 else "red"
    half = form.half(Interval(mean, low, high, 0))
    return Text.assemble((form.number(mean), f"{sure}{colour}".strip()), "\n", (half, "dim"))


def _played(share: Interval) -> str:
    return "bold" if share.mean > 0 else "dim"
