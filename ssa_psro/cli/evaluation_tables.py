"""How strong policies are and how they counter each other, for people."""

from __future__ import annotations

from rich.table import Table

from ssa_psro.cli.output import print_table, table
from ssa_psro.metagame.intervals import Interval
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.structure.evaluation import PopulationEvaluation, Ranked

LEAST_FREQUENCY = 0.05
"""Best responses that fewer resampled tables have are left out."""


def print_evaluation(found: PopulationEvaluation, played: PayoffTable, *, one_seat: bool) -> None:
    """Print rankings, best responses and layers.

    Args:
        found: the evaluation.
        played: the table it is of.
        one_seat: both seats are the same, so that one of them tells everything.
    """
    seats = ("",) if one_seat else (", Blue", ", Red")
    for side, seat in enumerate(seats):
        _print_rankings(found, played, side, seat)
    _print_responses(found, one_seat=one_seat)
    _print_layers(found)


def _print_rankings(found: PopulationEvaluation, played: PayoffTable, side: int, seat: str) -> None:
    names = (played.rows, played.columns)[side]
    rating = dict(zip(names, (found.row_ratings, found.column_ratings)[side], strict=True))
    strength = (found.hodge.row_cyclic, found.hodge.column_cyclic)[side]
    cyclic = dict(zip(names, strength, strict=True))
    rankings = (found.nash_averaging, found.alpha_rank)
    nash, alpha = ((one.rows, one.columns)[side] for one in rankings)
    places = {one.policy: one for one in alpha}
    lines = table("policy", "Nash averaging", "alpha-rank", "rating", "cyclic strength")
    for one in nash:
        lines.add_row(
            one.policy,
            _mass(one),
            _mass(places[one.policy]),
            f"{rating[one.policy].mean:+.3f} {_half(rating[one.policy], 3)}",
            f"{cyclic[one.policy]:.3f}",
        )
    note = (
        f"± is half the width of the 95 % interval; {len(played.seeds)} episodes a cell. Rating: "
        "transitive strength; cyclic strength: rms of the payoffs that no rating explains."
    )
    print_table(f"Population{seat}", lines, note)


def _mass(one: Ranked) -> str:
    return f"{one.mass.mean:.2f} {_half(one.mass, 2)}"


def _half(interval: Interval, digits: int) -> str:
    return f"±{(interval.high - interval.low) / 2:.{digits}f}"


def _print_responses(found: PopulationEvaluation, *, one_seat: bool) -> None:
    lines = table("against", "best response", "in resampled tables")
    for one in found.responses.responses:
        if one.frequency >= LEAST_FREQUENCY and not (one_seat and one.seat == "column"):
            seat = "" if one_seat else f" ({'Blue' if one.seat == 'row' else 'Red'})"
            mark = "" if one.best else "or "
            lines.add_row(one.opponent, f"{mark}{one.response}{seat}", f"{one.frequency:.0%}")
    sinks = [sorted({name for _, name in sink}) for sink in found.responses.sinks]
    ends = "; ".join(", ".join(sink) for sink in sinks)
    print_table("Best responses", lines, f"Following them ends among: {ends}.")


def _print_layers(found: PopulationEvaluation) -> None:
    lines: Table = table("layer", "policies", "rating", "effective size", "cyclic share")
    for number, layer in enumerate(found.layers, 1):
        names = ", ".join(dict.fromkeys((*layer.rows, *layer.columns)))
        numbers = (f"{layer.rating:+.3f}", f"{layer.size:.1f}", f"{layer.cyclic_share:.2f}")
        lines.add_row(str(number), names, *numbers)
    note = "Nash equilibria peeled off one after the other, best first; a top is widest in between."
    print_table("Spinning top", lines, note)
