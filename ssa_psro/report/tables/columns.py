"""Columns that several tables share, so that one word means one thing in all of them."""

from __future__ import annotations

from ssa_psro.metagame.intervals import Interval
from ssa_psro.report.table import Column, Value

SIDES = ("blue", "red")

SIDE = Column("side", "", "blue or red")
ITERATION = Column("iteration", "", "PSRO iteration, from 1")
BEST = Column("best", "", "whether this is the iterate to use: the lowest credible bound")
COUNT = Column("episodes", "episodes", "how many episodes the estimate rests on")


def interval_columns(unit: str, what: str, prefix: str = "") -> tuple[Column, ...]:
    """``mean``, ``low`` and ``high`` of one quantity."""
    return (
        Column(f"{prefix}mean", unit, what),
        Column(f"{prefix}low", unit, "lower bound of its 95 % interval"),
        Column(f"{prefix}high", unit, "upper bound of its 95 % interval"),
    )


def numbers_of(interval: Interval) -> tuple[Value, Value, Value]:
    """What goes into :func:`interval_columns`."""
    return interval.mean, interval.low, interval.high
