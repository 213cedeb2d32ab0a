"""The payoff table: every episode of every pair of policies that has been played.

The table keeps the episodes themselves, not running moments. All cells are played on the
same seeds (common random numbers), and what that buys, paired differences and a joint
bootstrap, needs the episodes; means, variances and counts follow from them exactly, and a
20 x 20 table of 50 episodes takes 320 kB.

Cells may hold different numbers of episodes, always the first of the seeds, so that any two
cells share those that both have played.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.errors import Fault, UsageError
from ssa_psro.metagame.intervals import CONFIDENCE, student_quantile
from ssa_psro.metagame.judge import Fixture, Judge, P, play_with_scores
from ssa_psro.work import Mapper, map_in_turn


@dataclass(frozen=True, eq=False)
class PayoffTable:
    """Episode payoffs of n row policies against m column policies; arrays are read-only.

    Attributes:
        rows: names of the row policies, ``[n]``.
        columns: names of the column policies, ``[m]``.
        seeds: the episodes every cell is played on, ``[E]``.
        samples: payoffs of row and column player, ``[n, m, E, 2]``; nan where not yet played.
            A cell's played episodes are always the first ones of ``seeds``.
        scores: likewise, of the scores that the payoffs are made of; ``None`` in games without
            any, and nan where an episode's were not kept.

    Raises:
        UsageError: arrays of another shape or type, infinity, a name twice, or a cell whose
            episodes are not the first ones.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    seeds: Seeds
    samples: Floats
    scores: Floats | None = None

    def __post_init__(self) -> None:
        shape = (len(self.rows), len(self.columns), len(self.seeds), 2)
        for name, array in (("samples", self.samples), ("scores", self.scores)):
            if array is not None and array.shape != shape:
                fault = Fault(name, array.shape, "wrong shape", f"Give {shape}.")
                raise UsageError("payoff table", [fault])
            if array is not None:
                array.flags.writeable = False
        self.seeds.flags.writeable = False
        for key, names in (("rows", self.rows), ("columns", self.columns)):
            if len(set(names)) < len(names):
                fault = Fault(key, names, "a name is there twice", "Give each policy its own.")
                raise UsageError("payoff table", [fault])
        if self.samples.dtype != np.float64 or np.isinf(self.samples).any():
            cure = "Give finite numbers in double precision, nan where nothing is played."
            problem = f"holds infinity, or is of type {self.samples.dtype}"
            raise UsageError("payoff table", [Fault("samples", None, problem, cure)])
        _check_prefixes(self)

    @classmethod
    def unplayed(cls, rows: Sequence[str], columns: Sequence[str], seeds: Seeds) -> PayoffTable:
        """A table in which nothing has been played yet."""
        samples = np.full((len(rows), len(columns), len(seeds), 2), np.nan)
        return cls(tuple(rows), tuple(columns), np.array(seeds, dtype=np.uint64), samples)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> PayoffTable:
        """The table that :meth:`to_arrays` took apart."""
        rows = tuple(str(name) for name in arrays["rows"])
        columns = tuple(str(name) for name in arrays["columns"])
        scores = np.array(arrays["scores"]) if "scores" in arrays else None
        return cls(rows, columns, np.array(arrays["seeds"]), np.array(arrays["samples"]), scores)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Plain arrays for an ``.npz`` file; names become unicode arrays, never objects."""
        return {
            "rows": np.array(self.rows, dtype=np.str_),
            "columns": np.array(self.columns, dtype=np.str_),
            "seeds": self.seeds,
            "samples": self.samples,
            **({} if self.scores is None else {"scores": self.scores}),
        }

    @cached_property
    def count(self) -> NDArray[np.int64]:
        """Episodes played in each cell, ``[n, m]``."""
        return np.asarray(np.isfinite(self.samples[..., 0]).sum(axis=2), dtype=np.int64)

    @property
    def complete(self) -> bool:
        """Whether every cell has been played on every seed."""
        return bool((self.count == len(self.seeds)).all())

    @property
    def solvable(self) -> bool:
        """Whether every cell has a mean with an error: two episodes or more."""
        return bool((self.count >= 2).all())

    @cached_property
    def mean(self) -> Floats:
        """Mean payoffs, ``[n, m, 2]``; nan in an unplayed cell."""
        total = np.nansum(self.samples, axis=2)
        return np.asarray(total / _or_nan(self.count))

    @cached_property
    def total_score(self) -> Floats:
        """Mean of both sides' scores together, ``[n, m]``; nan where no score was kept."""
        if self.scores is None:
            return np.full(self.count.shape, np.nan)
        both = self.scores.sum(axis=3)
        known = np.isfinite(both).sum(axis=2)
        return np.asarray(np.nansum(both, axis=2) / np.where(known > 0, known, np.nan))

    @cached_property
    def m2(self) -> Floats:
        """Sums of squared deviations from the mean, ``[n, m, 2]``."""
        deviations = self.samples - self.mean[:, :, None, :]
        return np.asarray(np.nansum(deviations**2, axis=2))

    @property
    def variance(self) -> Floats:
        """Unbiased variance of one episode's payoff, ``[n, m, 2]``; nan below two episodes."""
        return np.asarray(self.m2 / _or_nan(self.count - 1))

    @property
    def standard_error(self) -> Floats:
        """Standard error of each mean, ``[n, m, 2]``."""
        return np.asarray(np.sqrt(self.variance / _or_nan(self.count)))

    @cached_property
    def influence(self) -> Floats:
        """Deviations from the cell's mean over sqrt(count (count - 1)), ``[n, m, E, 2]``.

        Summed over the episodes, the product of two cells' influences is the estimated
        covariance of their means, whatever share of their episodes is common; of one cell, the
        square of its standard error. 0 where a cell has not played an episode, nan throughout a
        cell of fewer than two.
        """
        root = np.sqrt(_or_nan(self.count) * _or_nan(self.count - 1))[:, :, None]
        scaled = (self.samples - self.mean[:, :, None, :]) / root
        unplayed = np.isnan(self.samples) & (self.count >= 2)[:, :, None, None]
        return np.where(unplayed, 0.0, scaled)

    def bounds(self, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
        """Student t bounds of each mean: low and high, ``[n, m, 2]`` each."""
        half = student_quantile(self.count, confidence)[..., None] * self.standard_error
        return self.mean - half, self.mean + half

    def enlarged(
        self, rows: Sequence[str], columns: Sequence[str], seeds: Seeds | None = None
    ) -> PayoffTable:
        """The same table with room for more rows, columns or episodes, what is new unplayed.

        Args:
            rows: all row names; must begin with the present ones.
            columns: all column names; must begin with the present ones.
            seeds: all episodes; must begin with the present ones, and default to them.

        Raises:
            UsageError: a present row, column or episode was dropped or moved.
        """
        seeds = self.seeds if seeds is None else np.asarray(seeds, dtype=np.uint64)
        _check_begins("rows", rows, self.rows)
        _check_begins("columns", columns, self.columns)
        _check_begins("seeds", seeds.tolist(), self.seeds.tolist())
        n, m, episodes, _ = self.samples.shape

        def grown(array: Floats) -> Floats:
            larger = np.full((len(rows), len(columns), len(seeds), 2), np.nan)
            larger[:n, :m, :episodes] = array
            return larger

        scores = None if self.scores is None else grown(self.scores)
        samples = grown(self.samples)
        return PayoffTable(tuple(rows), tuple(columns), seeds.copy(), samples, scores)


def play_missing(
    table: PayoffTable,
    rows: Sequence[P],
    columns: Sequence[P],
    *,
    judge: Judge[P],
    map_cells: Mapper = map_in_turn,
) -> PayoffTable:
    """Play exactly the episodes the table lacks, each once, and return the completed table.

    Args:
        table: names the policies and the seeds; a new row and a new column of a k x k table
            lack 2k + 1 cells, and those alone are played.
        rows: the row policies, ``[n]``, in the order of ``table.rows``.
        columns: the column policies, ``[m]``, in the order of ``table.columns``.
        judge: plays one cell.
        map_cells: where the cells are played; the result does not depend on it.
    """
    wanted = np.full(table.count.shape, len(table.seeds))
    return play_up_to(table, wanted, rows, columns, judge=judge, map_cells=map_cells)


def play_up_to(
    table: PayoffTable,
    wanted: NDArray[np.int64],
    rows: Sequence[P],
    columns: Sequence[P],
    *,
    judge: Judge[P],
    map_cells: Mapper = map_in_turn,
) -> PayoffTable:
    """Play what each cell lacks of its first ``wanted`` episodes, each episode once.

    Args:
        table: names the policies and the seeds.
        wanted: episodes of each cell, ``[n, m]``, at most ``len(table.seeds)``; a cell that has
            more keeps them.
        rows: the row policies, ``[n]``, in the order of ``table.rows``.
        columns: the column policies, ``[m]``, in the order of ``table.columns``.
        judge: plays one cell.
        map_cells: where the cells are played; the result does not depend on it.
    """
    cells = [(int(i), int(j)) for i, j in np.argwhere(table.count < wanted)]
    parts = [slice(int(table.count[cell]), int(wanted[cell])) for cell in cells]
    fixtures = [
        Fixture(rows[i], columns[j], table.seeds[part])
        for (i, j), part in zip(cells, parts, strict=True)
    ]
    played = play_with_scores(judge, fixtures, map_cells)
    samples = table.samples.copy()
    scores = None if table.scores is None else table.scores.copy()
    for cell, part, found in zip(cells, parts, played, strict=True):
        samples[cell][part] = found[:, :2]
        if found.shape[1] > 2:
            scores = np.full(samples.shape, np.nan) if scores is None else scores
            scores[cell][part] = found[:, 2:]
    return PayoffTable(table.rows, table.columns, table.seeds, samples, scores)


def _or_nan(divisor: NDArray[np.int64]) -> Floats:
    return np.where(divisor > 0, divisor, np.nan)[..., None]


def _check_prefixes(table: PayoffTable) -> None:
    played = np.isfinite(table.samples).all(axis=3)
    first = np.arange(len(table.seeds)) < played.sum(axis=2)[..., None]
    if not np.array_equal(played, first) or not np.isnan(table.samples[~first]).all():
        problem = "a cell's episodes are not the first ones of the seeds"
        cure = "Play the first ones, both players' payoffs of each."
        raise UsageError("payoff table", [Fault("samples", None, problem, cure)])


def _check_begins(key: str, longer: Sequence[object], shorter: Sequence[object]) -> None:
    if list(longer[: len(shorter)]) != list(shorter):
        problem = "the present ones must come first, in their order"
        raise UsageError("payoff table", [Fault(key, None, problem, "Append new ones at the end.")])
