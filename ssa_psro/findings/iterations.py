"""What each PSRO iteration found. Records in, rows out."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ssa_psro.findings.table import (
    BEST,
    COUNT,
    ITERATION,
    SIDE,
    SIDES,
    Column,
    Table,
    Value,
    interval_columns,
    make_table,
    numbers_of,
)
from ssa_psro.findings.wording import Form
from ssa_psro.psro.records import IterationRecord, recomputed

Records = Sequence[IterationRecord]


def exploitability_table(
    records: Records,
    best: IterationRecord | None,
    tolerance: float,
    members: Sequence[float],
) -> Table:
    """Both exploitabilities of the mixtures that each iteration began with.

    Args:
        records: one an iteration.
        best: the one to use.
        tolerance: the bound below which the run may stop.
        members: what all members there are now gain over each by the payoff table.
    """
    unit, strongest = "payoff", "what the strongest member gains, held out"
    columns = (
        ITERATION,
        *interval_columns(unit, f"{strongest}, as last measured", "approx_"),
        Column("approx_episodes", "episodes", "held-out episodes behind it"),
        *interval_columns(unit, "the same before gains below zero count as zero", "raw_"),
        *interval_columns(unit, f"{strongest}, once its own responses had joined", "in_loop_"),
        Column("members", unit, "what members there are now gain in the payoff table, which chose"),
        Column("restricted", unit, "gain within the population; about 0 by construction"),
        Column("credible_bound", unit, "upper bound that stopping and the best iterate go by"),
        Column("tolerance", unit, "bound below which the run may stop"),
        BEST,
    )
    rows = [
        (
            record.iteration,
            *numbers_of(now.approx_exploitability),
            now.approx_exploitability.count,
            *numbers_of(now.raw_exploitability),
            *numbers_of(record.approx_exploitability),
            gain,
            record.restricted_exploitability,
            now.credible_bound,
            tolerance,
            is_best(record, best),
        )
        for record, now, gain in zip(records, recomputed(records), members, strict=True)
    ]
    return make_table("exploitability", "Exploitability by iteration", columns, rows)


def is_best(record: IterationRecord, best: IterationRecord | None) -> bool:
    """Whether a record is that of the iterate to use, whose figures may have been renewed."""
    return best is not None and record.iteration == best.iteration


def gains_table(records: Records) -> Table:
    """What the strongest new response and the best existing policy gain, by side and iteration."""
    columns = (
        ITERATION,
        SIDE,
        Column("deviation", "", "oracle: newly trained; incumbent: best existing policy"),
        Column("policy", "", "its name"),
        *interval_columns("payoff", "gain over the side's own mixture, held out"),
        COUNT,
    )
    rows = [
        (record.iteration, side.side, kind, policy, *numbers_of(gain), gain.count)
        for record in records
        for side in record.populations
        for kind, policy, gain in (
            ("oracle", side.responses[side.strongest].name, side.gain),
            ("incumbent", side.incumbent, side.incumbent_gain),
        )
    ]
    title = "Gain of new responses and of existing policies over the mixture"
    return make_table("gains", title, columns, rows)


def values_table(records: Records) -> Table:
    """What the mixtures of each iteration are worth, on both kinds of episodes."""
    columns = (
        ITERATION,
        SIDE,
        Column("measured_on", "", "table: the episodes that chose the mixture; held-out: others"),
        *interval_columns("payoff", "payoff of mixture against mixture"),
        COUNT,
    )
    rows = [
        (record.iteration, name, kind, *numbers_of(value), value.count)
        for record in records
        for name, side in zip(SIDES, record.sides, strict=True)
        for kind, value in (("table", side.value), ("held-out", side.held_out_value))
    ]
    return make_table("values", "Value by iteration", columns, rows)


def training_table(records: Records) -> Table:
    """How each response was trained."""
    columns = (
        ITERATION,
        SIDE,
        Column("response", "", "name of the trained policy"),
        Column("target", "", "whom it was trained against"),
        Column("start_rule", "", "start weights that were asked for"),
        Column("start", "", "what training really started from"),
        Column("training", "s", "duration"),
        Column("nearest", "", "the member of before whose payoffs are most like its own"),
        Column("distance", "payoff", "largest difference of both, over all opponents"),
        Column("distance_bound", "payoff", "upper 95 % bound of that difference"),
        Column("facts", "", "what the oracle noted, as JSON"),
    )
    rows = [
        (
            record.iteration,
            side.side,
            one.name,
            one.target,
            one.start_rule,
            one.start,
            one.oracle_s,
            *((near.name, near.distance, near.bound) if (near := one.nearest) else 3 * (None,)),
            json.dumps(dict(one.facts), sort_keys=True),
        )
        for record in records
        for side in record.populations
        for one in side.responses
    ]
    return make_table("training", "How the responses were trained", columns, rows)


def iterations_in_brief(scenario: str, records: Records, best: IterationRecord | None) -> Table:
    """A line an iteration that fits a terminal; the best one is marked."""
    level, gain = Form(4), Form(4, signed=True)
    columns = (
        Column("#"),
        Column("approx. exploitability", write=level.interval),
        Column("in the loop", write=level.number),
        *(Column(f"gain {side}", write=gain.plus_minus) for side in _sides(records)),
    )
    rows: list[tuple[Value, ...]] = [
        (
            record.iteration,
            now.approx_exploitability,
            record.approx_exploitability.mean,
            *(side.gain for side in record.populations),
        )
        for record, now in zip(records, recomputed(records), strict=True)
    ]
    title = f"{scenario}: what the strongest members gain on held-out episodes"
    note = (
        "Mean [95 % interval over episodes, not over what trainings find] as last measured; in "
        "the loop: before later members joined. The iterate to use is bold."
    )
    return make_table("brief", title, columns, rows, note=note, marked=_places(records, best))


def iterations_in_full(records: Records, best: IterationRecord | None) -> Table:
    """A line an iteration with all that a page has room for; the best one is marked."""
    level, gain = Form(typeset=True), Form(signed=True, typeset=True)
    columns = (
        Column("Iteration"),
        Column("Approx. exploitability [95 %]", write=level.interval),
        Column("In the loop", write=level.number),
        Column("Credible bound", write=level.number),
        Column("Restricted", write=level.number),
        *(
            Column(f"{side}: gain of {what}", write=gain.plus_minus)
            for side in _sides(records)
            for what in ("new response", "best existing")
        ),
        Column("Value for Blue, held out", write=gain.plus_minus),
        Column("Start weights"),
    )
    title = "All iterations; gains and values with half the width of their 95 % intervals"
    rows: list[tuple[Value, ...]] = [
        (
            f"{record.iteration}{' (best)' if is_best(record, best) else ''}",
            now.approx_exploitability,
            record.approx_exploitability.mean,
            now.credible_bound,
            record.restricted_exploitability,
            *(gain for side in record.populations for gain in (side.gain, side.incumbent_gain)),
            record.sides[0].held_out_value,
            record.sides[0].responses[record.sides[0].strongest].start_rule,
        )
        for record, now in zip(records, recomputed(records), strict=True)
    ]
    return make_table("iterations", title, columns, rows, marked=_places(records, best))


def _sides(records: Records) -> list[str]:
    """Those with a population of their own, or both."""
    return [side.side.capitalize() for side in records[0].populations]


def _places(records: Records, best: IterationRecord | None) -> list[int]:
    return [place for place, record in enumerate(records) if is_best(record, best)]
