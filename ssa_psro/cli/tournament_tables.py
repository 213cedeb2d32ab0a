"""A tournament for people: payoff matrix, equilibrium, ranking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from ssa_psro.cli.output import print_table, shown, stdout, table
from ssa_psro.metagame.intervals import Interval
from ssa_psro.metagame.structure.ratings import support
from ssa_psro.metagame.tournament import Tournament

if TYPE_CHECKING:
    from ssa_psro.scenario import Scenario


def print_tournament(
    tournament: Tournament, scenario: Scenario, timing: Mapping[str, float]
) -> None:
    """Print everything that fits a terminal of 80 columns."""
    paid = 1 if scenario.rules.payoff == "zero-sum" or tournament.seats_swapped else 2
    for side in range(paid):
        _print_matrix(tournament, scenario, side)
    for side, seat in enumerate(("both seats",) if tournament.seats_swapped else ("Blue", "Red")):
        _print_seat(tournament, side, seat)
    console = stdout()
    console.print(_figures(tournament))
    console.print(
        f"{timing['seconds']:.1f} s of play, {timing['episodes_per_s']:.0f} episodes/s, "
        f"{timing['workers']} threads",
        style="dim",
    )


def _print_matrix(tournament: Tournament, scenario: Scenario, side: int) -> None:
    """Mean payoffs over half-widths; ten policies fill 80 columns."""
    played = tournament.table
    low, high = played.bounds()
    lines = table("", *(str(number) for number in range(1, len(played.columns) + 1)))
    lines.padding = (0, 0, 0, 0)
    for i, name in enumerate(played.rows):
        cells = [
            _cell(played.mean[i, j, side], low[i, j, side], high[i, j, side])
            for j in range(len(played.columns))
        ]
        lines.add_row(f"{i + 1:2d} {name}", *cells)
    owner = "row policy" if tournament.seats_swapped else ("Blue (rows)", "Red (columns)")[side]
    title = f"{scenario.name}: payoff of {owner}, {len(played.seeds)} episodes a cell"
    note = "Mean above half the width of its 95 % interval; bold where that excludes 0."
    print_table(title, lines, note)


def _cell(mean: float, low: float, high: float) -> Text:
    sure = "bold " if low > 0 or high < 0 else ""
    colour = "blue" if mean > 0 else "red" if mean < 0 else ""
    return Text.assemble(
        (f"{mean:+.2f}", f"{sure}{colour}".strip()), "\n", (f"±{(high - low) / 2:.2f}", "dim")
    )


def _print_seat(tournament: Tournament, side: int, seat: str) -> None:
    """The policies of one seat, best first, with their share of the equilibrium."""
    names = (tournament.table.rows, tournament.table.columns)[side]
    shares = (tournament.intervals.row, tournament.intervals.column)[side]
    nash = dict(zip(names, shares, strict=True))
    lines = table("policy", "payoff against all", "against Nash", "Nash share")
    for one in tournament.standings[side]:
        share = nash[one.policy]
        lines.add_row(
            one.policy,
            _brief(one.overall),
            _brief(one.against_nash),
            Text(shown(share, 2), style="bold" if share.mean > 0 else "dim"),
        )
    note = "Mean ± half-width, [low, high]: 95 %; of Nash shares by resampled episodes."
    print_table(f"Ranking and Nash equilibrium, {seat}", lines, note)


def _figures(tournament: Tournament) -> Table:
    intervals, found = tournament.intervals, tournament.equilibrium
    lines = Table.grid(padding=(0, 2))
    for label, value in _value_lines(tournament).items():
        lines.add_row(label, value)
    supported = [len(support(mixture)) for mixture in (found.row, found.column)]
    sizes = supported[:1] if tournament.seats_swapped else supported
    lines.add_row("policies in the Nash support", " and ".join(str(size) for size in sizes))
    lines.add_row("cyclic share", shown(intervals.cyclic_share, 3))
    common = tournament.common_seed_reduction
    lines.add_row("variance saved by common episodes", f"{sum(common) / len(common):.0%}")
    if tournament.seat_swap_reduction is not None:
        lines.add_row("variance saved by seat swap", f"{tournament.seat_swap_reduction:.0%}")
    lines.add_row("solved by", f"{found.method}, gap {found.gap:.0e}")
    return lines


def _brief(interval: Interval) -> str:
    """A symmetric interval in less space."""
    return f"{interval.mean:+.3f} ±{(interval.high - interval.low) / 2:.3f}"


def _value_lines(tournament: Tournament) -> dict[str, str]:
    blue, red = tournament.intervals.value
    if tournament.seats_swapped and blue.low == blue.high == 0:
        return {"value of the game": "0, since both seats are the same game"}
    return {
        f"value of the game for {seat}": shown(value, 4, signed=True)
        for seat, value in (("Blue", blue), ("Red", red))
    }
