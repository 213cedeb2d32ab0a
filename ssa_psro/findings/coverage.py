"""What the best iterate's mixtures achieve: custody against time, and scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.findings.table import (
    COUNT,
    SIDE,
    SIDES,
    Column,
    Table,
    Value,
    interval_columns,
    make_table,
    numbers_of,
)
from ssa_psro.metagame.intervals import student_interval
from ssa_psro.study.outcome import CONTESTS, Band, CoverageSeries

HOUR = Column("hour", "h", "hours since the window opened")
SHARE = "share of the weight, 0 to 1"
WHOLE = "catalogue"
"""Stands for all objects where others are a regime."""


def custody_table(series: CoverageSeries) -> Table:
    """Share of the catalogue, and of each regime, in custody of each side at each step."""
    columns = (
        HOUR,
        Column("objects", "", "the whole catalogue, or one regime"),
        SIDE,
        *interval_columns(SHARE, "objects in custody, by weight; mean over episodes"),
    )
    rows = [(hour, WHOLE, *rest) for hour, *rest in _rows(series.hour, series.custody)]
    for index, regime in enumerate(series.regimes):
        parts = (series.regime_custody.mean, series.regime_custody.low, series.regime_custody.high)
        band = Band(*(part[:, index] for part in parts))
        rows += [(hour, regime, *rest) for hour, *rest in _rows(series.hour, band)]
    return make_table("custody", "Custody against time", columns, rows)


def contested_table(series: CoverageSeries) -> Table:
    """Share of the contested objects whose fresher custody each side holds at each step."""
    columns = (
        HOUR,
        SIDE,
        *interval_columns(SHARE, "contested objects it holds, by weight; mean over episodes"),
    )
    rows = _rows(series.hour, series.contested_held)
    return make_table("contested", "Contested objects held against time", columns, rows)


def score_table(series: CoverageSeries) -> Table:
    """Coverage score of each side: in all, by regime, and by whether objects are contested."""
    columns = (
        Column("objects", "", "the whole catalogue, one regime, or the (un)contested objects"),
        Column("weight", SHARE, "their share of the catalogue"),
        SIDE,
        *interval_columns("score, 0 to 1", "coverage score among these objects"),
        COUNT,
    )
    return make_table("scores", "Coverage score by regime", columns, _scores(series))


def _rows(hours: Floats, band: Band) -> Iterator[tuple[Value, ...]]:
    """Hour, side, mean, low, high; steps at which nothing has weight are left out."""
    for side, name in enumerate(SIDES):
        numbers = (hours, band.mean[side], band.low[side], band.high[side])
        for hour, *rest in zip(*(array.tolist() for array in numbers), strict=True):
            if np.isfinite(rest).all():
                yield (hour, name, *rest)


def _scores(series: CoverageSeries) -> Iterator[tuple[Value, ...]]:
    for objects, weight, samples in _groups(series):
        for side, name in enumerate(SIDES):
            score = student_interval(samples[:, side])
            yield (objects, weight, name, *numbers_of(score), score.count)


def _groups(series: CoverageSeries) -> Iterator[tuple[str, float, Floats]]:
    """Name, share of the weight and scores ``[E, 2]`` of each group of objects with weight."""
    yield WHOLE, 1.0, series.scores
    for names, weights, scores in (
        (series.regimes, series.regime_weights, series.regime_scores),
        (CONTESTS, series.contest_weights, series.contest_scores),
    ):
        yield from _weighty(names, weights.tolist(), scores)


def _weighty(
    names: Sequence[str], weights: Sequence[float], scores: Floats
) -> Iterator[tuple[str, float, Floats]]:
    for index, (name, weight) in enumerate(zip(names, weights, strict=True)):
        if weight > 0:
            yield name, weight, scores[:, :, index]
