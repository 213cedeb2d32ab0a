"""What a tournament found: equilibrium, ranking, and how policies counter each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ssa_psro.findings.metagame import Mixtures
from ssa_psro.findings.table import (
    COUNT,
    SIDE,
    SIDES,
    Column,
    Facts,
    Table,
    Value,
    interval_columns,
    make_table,
    numbers_of,
)
from ssa_psro.findings.wording import Form
from ssa_psro.metagame.estimates import value_interval
from ssa_psro.metagame.intervals import CONFIDENCE, Interval
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.structure.evaluation import PopulationEvaluation
from ssa_psro.metagame.structure.ratings import support
from ssa_psro.metagame.structure.response_graph import ResponseGraph
from ssa_psro.metagame.structure.spinning_top import Layer
from ssa_psro.metagame.tournament import Tournament, surely
from ssa_psro.scenario import Scenario, content_hash

if TYPE_CHECKING:
    from ssa_psro.study.matches import PlayedTournament

LEAST_FREQUENCY = 0.05
"""Best responses that fewer resampled tables have are left out."""

ROUNDING = 1e-9
"""A value nearer to zero differs from it by arithmetic alone."""

PAYOFF, SHARE = Form(3, signed=True), Form(2)
TALLY = Column("count", COUNT.unit, COUNT.meaning)
"""The number of episodes, by the name that the JSON document has for it."""


def document_of(
    played: PlayedTournament, scenario: Scenario, seed: int, tolerance: float
) -> dict[str, Any]:
    """Everything about a finished tournament, for JSON; rows are Blue's policies.

    Args:
        played: the tournament.
        scenario: its game.
        seed: root of its randomness.
        tolerance: payoff below which a difference between the seats does not matter.
    """
    tournament = played.found
    table, intervals = tournament.table, tournament.intervals
    return {
        "scenario": {"name": scenario.name, "content_hash": content_hash(scenario)},
        "payoff_kind": scenario.rules.payoff_kind,
        "rivalry": scenario.rules.rivalry,
        "seed": seed,
        "episodes_per_cell": len(table.seeds),
        "confidence": CONFIDENCE,
        "seats_swapped": tournament.seats_swapped,
        "policies": list(table.rows),
        "payoffs": {name: _cells(tournament, side) for side, name in enumerate(SIDES)},
        "nash": _nash(tournament),
        "value": dict(zip(SIDES, intervals.value, strict=True)),
        "price_of_rivalry": played.price,
        "seats": {
            **vars(tournament.seats),
            "tolerance": tolerance,
            "differ": surely(tournament.seats.mixture, tolerance),
        },
        "cyclic_share": intervals.cyclic_share,
        "restricted_exploitability_of_resamples": intervals.restricted_exploitability,
        "custody": _custody(played),
        "ranking": dict(zip(SIDES, tournament.standings, strict=True)),
        "variance_reduction": {
            "common_seeds": dict(zip(SIDES, tournament.common_seed_reduction, strict=True)),
            "seat_swap": tournament.seat_swap_reduction,
        },
    }


def mixtures_of(tournament: Tournament) -> Mixtures:
    """How often each of Blue's and of Red's policies is played at equilibrium."""
    return tournament.intervals.row, tournament.intervals.column


def nash_table(tournament: Tournament) -> Table:
    """How often either side plays each policy at equilibrium."""
    columns = (
        SIDE,
        Column("policy", "", "its name"),
        *interval_columns("", "how often it is played at equilibrium"),
        TALLY,
    )
    rows = [
        (side, policy, *numbers_of(share), share.count)
        for side, shares in zip(SIDES, mixtures_of(tournament), strict=True)
        for policy, share in zip(tournament.table.rows, shares, strict=True)
    ]
    return make_table("nash", "Nash equilibrium", columns, rows)


def ranking_table(tournament: Tournament) -> Table:
    """What each policy earns against all and against the equilibrium, best first."""
    columns = (
        SIDE,
        Column("policy", "", "its name"),
        Column("against", "", "everyone: all policies alike; nash: the equilibrium"),
        *interval_columns("payoff", "its payoff"),
        TALLY,
    )
    rows = [
        (side, one.policy, against, *numbers_of(payoff), payoff.count)
        for side, standings in zip(SIDES, tournament.standings, strict=True)
        for one in standings
        for against, payoff in (("everyone", one.overall), ("nash", one.against_nash))
    ]
    return make_table("ranking", "Ranking", columns, rows)


def seat_table(tournament: Tournament, side: int, seat: str) -> Table:
    """The policies of one seat, best first, with their share of the equilibrium."""
    names = (tournament.table.rows, tournament.table.columns)[side]
    nash = dict(zip(names, mixtures_of(tournament)[side], strict=True))
    columns = (
        Column("policy"),
        Column("payoff against all", "payoff", write=PAYOFF.plus_minus),
        Column("against Nash", "payoff", write=PAYOFF.plus_minus),
        Column("Nash share", write=SHARE.interval),
    )
    rows = [
        (one.policy, one.overall, one.against_nash, nash[one.policy])
        for one in tournament.standings[side]
    ]
    title = f"Ranking and Nash equilibrium, {seat}"
    note = "Mean ± half-width, [low, high]: 95 %; of Nash shares by resampled episodes."
    return make_table("seat", title, columns, rows, note=note)


def custody_of(played: PlayedTournament, side: int) -> list[tuple[str, str, Interval, Interval]]:
    """Custody that each policy of one seat keeps, and leaves to whom it meets.

    For files and people alike: policy, whom it meets (``everyone`` alike, or the equilibrium,
    ``nash``), own custody and the opponent's, best ranked first. Custody is the share of time, mean
    over objects, each counting alike.
    """
    table, found = played.custody, played.found.equilibrium
    names, others = (table.rows, table.columns)[side], (table.columns, table.rows)[side]
    opponents = {
        "everyone": np.full(len(others), 1 / len(others)),
        "nash": found.column if side == 0 else found.row,
    }
    rows = []
    for one in played.found.standings[side]:
        own = np.eye(len(names))[names.index(one.policy)]
        for met, mixture in opponents.items():
            pair = (own, mixture) if side == 0 else (mixture, own)
            kept = value_interval(table, pair[0], pair[1], side)
            left = value_interval(table, pair[0], pair[1], 1 - side)
            rows.append((one.policy, met, kept, left))
    return rows


def custody_table(played: PlayedTournament) -> Table:
    """Custody of both sides beside what each policy earns, for files."""
    columns = (
        SIDE,
        Column("policy", "", "its name"),
        Column("against", "", "everyone: all policies alike; nash: the equilibrium"),
        Column("payoff", "payoff", "its payoff"),
        Column("custody", "share, 0 to 1", "of time and objects, each alike, in its custody"),
        Column("opponent_custody", "share, 0 to 1", "the same of whom it meets"),
    )
    rows: list[tuple[Value, ...]] = []
    for number, side in enumerate(SIDES):
        earned = {one.policy: one for one in played.found.standings[number]}
        for policy, met, *both in custody_of(played, number):
            one = earned[policy]
            payoff = one.overall if met == "everyone" else one.against_nash
            rows.append((side, policy, met, payoff, *both))
    return make_table("custody", "Custody of both sides", columns, rows)


def seat_custody_table(played: PlayedTournament, side: int, seat: str) -> Table:
    """The policies of one seat, best first, and who holds custody when they meet all others."""
    columns = (
        Column("policy"),
        Column("payoff", "payoff", "against all", write=PAYOFF.plus_minus),
        Column("custody", heading="own custody", write=Form(3).plus_minus),
        Column("opponent", heading="opponent's", write=Form(3).plus_minus),
    )
    earned = {one.policy: one.overall for one in played.found.standings[side]}
    rows: list[tuple[Value, ...]] = [
        (policy, earned[policy], *both)
        for policy, met, *both in custody_of(played, side)
        if met == "everyone"
    ]
    title = f"Who holds custody, {seat}: against all policies alike"
    note = "Custody: share of time, mean over objects, unweighted. ± is half of the 95 % interval."
    return make_table("seat-custody", title, columns, rows, note=note)


def tournament_facts(tournament: Tournament) -> Facts:
    """What the meta-game is worth, how it is shaped and how well it is known."""
    intervals, found = tournament.intervals, tournament.equilibrium
    supported = [str(support(mixture).size) for mixture in (found.row, found.column)]
    common = tournament.common_seed_reduction
    facts = [
        *_values(tournament),
        (
            "policies in the Nash support",
            " and ".join(supported[:1] if tournament.one_seat else supported),
        ),
        ("cyclic share", Form(3).interval(intervals.cyclic_share)),
        ("variance saved by common episodes", f"{sum(common) / len(common):.0%}"),
    ]
    if tournament.seat_swap_reduction is not None:
        facts.append(("variance saved by seat swap", f"{tournament.seat_swap_reduction:.0%}"))
    return [*facts, ("solved by", f"{found.method}, gap {found.gap:.0e}")]


def population_table(
    found: PopulationEvaluation, played: PayoffTable, side: int, seat: str
) -> Table:
    """The policies of one seat by Nash averaging, alpha-rank, rating and cyclic strength.

    Args:
        found: the evaluation.
        played: the payoffs that it is of.
        side: 0 for Blue, 1 for Red.
        seat: what the title calls it.
    """
    names = (played.rows, played.columns)[side]
    rating = dict(zip(names, (found.row_ratings, found.column_ratings)[side], strict=True))
    strength = (found.hodge.row_cyclic, found.hodge.column_cyclic)[side]
    cyclic = dict(zip(names, strength, strict=True))
    nash, alpha = (
        (one.rows, one.columns)[side] for one in (found.nash_averaging, found.alpha_rank)
    )
    mass = {one.policy: one.mass for one in alpha}
    columns = (
        Column("policy"),
        Column("Nash averaging", write=SHARE.plus_minus),
        Column("alpha-rank", write=SHARE.plus_minus),
        Column("rating", "payoff", write=PAYOFF.plus_minus),
        Column("cyclic strength", "payoff", write=Form(3).number),
    )
    rows = [
        (one.policy, one.mass, mass[one.policy], rating[one.policy], cyclic[one.policy])
        for one in nash
    ]
    note = (
        f"± is half the width of the 95 % interval; {len(played.seeds)} episodes a cell. Rating: "
        "transitive strength; cyclic strength: rms of the payoffs that no rating explains."
    )
    return make_table("population", f"Population{seat}", columns, rows, note=note)


def response_table(graph: ResponseGraph, *, one_seat: bool) -> Table:
    """Who beats whom best; with ``one_seat``, both seats are the same and one tells it all."""
    rows = []
    for one in graph.responses:
        if one.frequency >= LEAST_FREQUENCY and not (one_seat and one.seat == "column"):
            seat = "" if one_seat else f" ({'Blue' if one.seat == 'row' else 'Red'})"
            mark = "" if one.best else "or "
            rows.append((one.opponent, f"{mark}{one.response}{seat}", one.frequency))
    columns = (
        Column("against"),
        Column("best response"),
        Column("in resampled tables", write="{:.0%}".format),
    )
    sinks = [sorted({name for _, name in sink}) for sink in graph.sinks]
    ends = "; ".join(", ".join(sink) for sink in sinks)
    note = f"Following them ends among: {ends}."
    return make_table("responses", "Best responses", columns, rows, note=note)


def layer_table(layers: Sequence[Layer]) -> Table:
    """The layers of the spinning top, best first."""
    columns = (
        Column("layer"),
        Column("policies"),
        Column("rating", "payoff", write=PAYOFF.number),
        Column("effective size", "policies", write=Form(1).number),
        Column("cyclic share", write=Form(2).number),
    )
    rows = [
        (number, _names(layer.rows, layer.columns), layer.rating, layer.size, layer.cyclic_share)
        for number, layer in enumerate(layers, 1)
    ]
    note = "Nash equilibria peeled off one after the other, best first; a top is widest in between."
    return make_table("layers", "Spinning top", columns, rows, note=note)


def _cells(tournament: Tournament, side: int) -> dict[str, Any]:
    """One side's payoff in every cell: Blue's policy by row, Red's by column."""
    table = tournament.table
    low, high = table.bounds()
    return {
        "mean": table.mean[..., side],
        "low": low[..., side],
        "high": high[..., side],
        "count": table.count,
    }


def _custody(played: PlayedTournament) -> dict[str, Any]:
    return {
        side: [
            {"policy": policy, "against": met, "custody": kept, "opponent_custody": left}
            for policy, met, kept, left in custody_of(played, number)
        ]
        for number, side in enumerate(SIDES)
    }


def _nash(tournament: Tournament) -> dict[str, Any]:
    found, names = tournament.equilibrium, tournament.table.rows
    mixtures = (found.row, found.column)
    return {
        "method": found.method,
        "gap": found.gap,
        "probability": {
            side: dict(zip(names, shares, strict=True))
            for side, shares in zip(SIDES, mixtures_of(tournament), strict=True)
        },
        "support": {
            side: [names[index] for index in support(mixture)]
            for side, mixture in zip(SIDES, mixtures, strict=True)
        },
    }


def _values(tournament: Tournament) -> Facts:
    blue, red = tournament.intervals.value
    if tournament.seats_swapped and max(abs(blue.low), abs(blue.high)) < ROUNDING:
        return [("value of the game", "0: payoffs are the mean of both seats")]
    form = Form(4, signed=True)
    return [
        (f"value of the game for {seat}", form.interval(value))
        for seat, value in (("Blue", blue), ("Red", red))
    ]


def _names(rows: Sequence[str], columns: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys((*rows, *columns)))
