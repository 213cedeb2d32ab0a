"""What every iteration found, as a table for people."""

from __future__ import annotations

from ssa_psro.metagame.intervals import Interval
from ssa_psro.psro.records import IterationRecord
from ssa_psro.report.content import Content
from ssa_psro.report.markup import table
from ssa_psro.report.wording import signed, unsigned

HEADER = (
    "Iteration",
    "Approx. exploitability [95 %]",
    "Credible bound",
    "Restricted",
    "Blue: gain of new response",
    "Blue: gain of best existing",
    "Red: gain of new response",
    "Red: gain of best existing",
    "Value for Blue, held out",
    "Start weights",
)


def iteration_table(content: Content) -> str:
    """One row an iteration, the best one marked."""
    rows = [_row(record, record is content.best) for record in content.run.records]
    marked = content.run.records.index(content.best) if content.best else None
    caption = "All iterations; gains and values with half the width of their 95 % intervals"
    return table(HEADER, rows, caption, marked)


def _row(record: IterationRecord, best: bool) -> list[str]:
    blue, red = record.sides
    found = record.approx_exploitability
    gains = [_brief(gain) for side in (blue, red) for gain in (side.gain, side.incumbent_gain)]
    return [
        f"{record.iteration}{' (best)' if best else ''}",
        f"{unsigned(found.mean)} [{unsigned(found.low)}, {unsigned(found.high)}]",
        unsigned(record.credible_bound),
        unsigned(record.restricted_exploitability),
        *gains,
        _brief(blue.held_out_value),
        blue.responses[blue.strongest].start_rule,
    ]


def _brief(interval: Interval) -> str:
    return f"{signed(interval.mean)} ± {unsigned((interval.high - interval.low) / 2)}"
