"""Unplayed cells predicted from played ones, and how wrong such predictions are.

The model of a payoff: level + row strength - column strength + a product of a few hidden traits
of both policies. The first part is what ratings explain, the second one how policies counter each
other; of traits there are 0, 2 or 4, because what counters what comes in pairs (a rotation has two
dimensions; Balduzzi et al. 2018). Played cells that were left out of the fit choose the number of
traits and tell the error of a prediction.

A solver prefers what looks good, so among imputed cells it meets the overestimated ones: the
equilibrium of an imputed table is biased. The error is therefore not only reported but put into the
completed table, where every interval sees it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Flags, Floats
from ssa_psro.errors import Fault, UsageError
from ssa_psro.metagame.payoffs import PayoffTable
from ssa_psro.metagame.solvers.equilibrium import ZERO_SUM_TOLERANCE
from ssa_psro.randomness import generator

TRAITS = (0, 2, 4)
"""Hidden traits a policy may have; rotations have two dimensions."""
FOLDS = 5
"""Parts of the played cells, each left out once to choose the number of traits."""
SWEEPS = 15
"""Times that the traits of rows and of columns are fitted in turn."""
RIDGE = 0.3
"""Pull of strengths and traits towards zero, in cells of typical size that say 'zero'."""


@dataclass(frozen=True, eq=False)
class Imputation:
    """A completed table, and what it rests on.

    Attributes:
        table: played cells as they were. An imputed cell's mean is its prediction, its standard
            error the ``error`` of predictions: its episodes are made up, to have just these.
        imputed: which cells were not played, ``[n, m]``.
        traits: how many each policy was given, for the row and the column player's payoff.
        error: root mean square error of predicting a played cell that the fit did not see, noise
            of that cell included, payoff units, for both players.
        spread: root mean square error of predicting the mean of all cells: what no model gets.
    """

    table: PayoffTable
    imputed: Flags
    traits: tuple[int, int]
    error: tuple[float, float]
    spread: tuple[float, float]


def impute(table: PayoffTable) -> Imputation:
    """Complete a table; a pure function of it.

    Args:
        table: of two episodes or more in every cell that has been played, and in ``FOLDS`` cells
            or more.

    Raises:
        UsageError: fewer cells played.
    """
    played = table.count >= 2
    if played.sum() < FOLDS:
        cure = f"Play {FOLDS} cells or more, each of two episodes or more."
        fault = Fault("payoff table", int(played.sum()), "too few cells to learn from", cure)
        raise UsageError("imputation", [fault])
    row = _fitted(table.mean[..., 0], played)
    column = row.mirrored() if _zero_sum(table, played) else _fitted(table.mean[..., 1], played)
    return Imputation(
        table=_completed(table, played, (row, column)),
        imputed=~played,
        traits=(row.traits, column.traits),
        error=(row.error, column.error),
        spread=(row.spread, column.spread),
    )


@dataclass(frozen=True, eq=False)
class _Fit:
    """The model of one player's payoffs that predicts best."""

    prediction: Floats
    traits: int
    error: float
    spread: float
    sign: int = 1

    def mirrored(self) -> _Fit:
        """The other player's, where one's gain is the other's loss."""
        return _Fit(-self.prediction, self.traits, self.error, self.spread, -1)


def _fitted(payoffs: Floats, played: Flags) -> _Fit:
    folds = _folds(played)
    errors = {traits: _left_out_error(payoffs, played, folds, traits) for traits in TRAITS}
    traits = min(TRAITS, key=lambda number: errors[number])
    spread = float(payoffs[played].std())
    return _Fit(predict(payoffs, played, traits), traits, errors[traits], spread)


def _folds(played: Flags) -> NDArray[np.int64]:
    """Which fold each played cell belongs to, ``[n, m]``: always the same of the same cells."""
    cells = np.flatnonzero(played)
    order = generator(cells.size, "folds").permutation(cells)
    folds = np.full(played.size, -1)
    folds[order] = np.arange(cells.size) % FOLDS
    return folds.reshape(played.shape)


def _left_out_error(payoffs: Floats, played: Flags, folds: NDArray[np.int64], traits: int) -> float:
    squares = []
    for fold in range(FOLDS):
        left_out = folds == fold
        prediction = predict(payoffs, played & ~left_out, traits)
        squares.append((prediction - payoffs)[left_out] ** 2)
    return float(np.sqrt(np.concatenate(squares).mean()))


def predict(payoffs: Floats, played: Flags, traits: int) -> Floats:
    """All cells from the played ones, ``[n, m]``, by ridge regression.

    1. Strengths by least squares.
    2. Traits of the rows given those of the columns and the other way round, ``SWEEPS`` times,
       to what the strengths leave unexplained.

    Args:
        payoffs: one player's mean payoffs, ``[n, m]``; read where ``played`` only.
        played: ``[n, m]``.
        traits: of each policy; 0 leaves step 2 out.
    """
    known = np.where(played, payoffs, 0.0)
    ratings = _strengths(known, played)
    if traits == 0:
        return ratings
    rest = np.where(played, known - ratings, 0.0)
    return ratings + _countering(rest, played, traits)


def _strengths(known: Floats, played: Flags) -> Floats:
    n, m = played.shape
    level = known[played].mean()
    rows, columns = np.nonzero(played)
    design = np.zeros((rows.size + n + m, n + m))
    design[np.arange(rows.size), rows] = 1.0
    design[np.arange(rows.size), n + columns] = 1.0
    # a ridge is a measured zero of every unknown, of weight RIDGE; it also decides between rows and
    # columns, whose common shift no payoff tells
    design[rows.size :] = np.sqrt(RIDGE) * np.eye(n + m)
    target = np.concatenate([known[rows, columns] - level, np.zeros(n + m)])
    effects = np.linalg.lstsq(design, target, rcond=None)[0]
    return np.asarray(level + effects[:n, None] + effects[None, n:])


def _countering(rest: Floats, played: Flags, traits: int) -> Floats:
    size = float(np.sqrt((rest[played] ** 2).mean()))
    if size <= np.finfo(np.float64).tiny:
        return np.zeros(rest.shape)
    # in units of its own size, so that the ridge pulls at every game alike
    scaled = rest / size
    columns = generator(traits, "traits").normal(size=(rest.shape[1], traits))
    # the product of two unknowns is no linear problem; with either one held it is
    for _ in range(SWEEPS):
        rows = _traits_given(scaled, played, columns)
        columns = _traits_given(scaled.T, played.T, rows)
    return np.asarray(size * rows @ columns.T)


def _traits_given(rest: Floats, played: Flags, others: Floats) -> Floats:
    """Traits ``[n, t]`` that fit ``rest`` best, given those of the opponents ``[m, t]``."""
    gram = np.einsum("ij,ja,jb->iab", played.astype(np.float64), others, others)
    gram += RIDGE * np.eye(others.shape[1])
    return np.asarray(np.linalg.solve(gram, (rest @ others)[..., None])[..., 0])


def _completed(table: PayoffTable, played: Flags, fits: tuple[_Fit, _Fit]) -> PayoffTable:
    samples = table.samples.copy()
    episodes = len(table.seeds)
    for i, j in np.argwhere(~played):
        for side, fit in enumerate(fits):
            luck = _standard_luck(table.rows[i], table.columns[j], episodes, side * (fit.sign > 0))
            samples[i, j, :, side] = fit.prediction[i, j] + fit.sign * fit.error * luck
    return PayoffTable(table.rows, table.columns, table.seeds.copy(), samples)


def _standard_luck(row: str, column: str, episodes: int, side: int) -> Floats:
    """Numbers ``[E]`` of mean 0 whose mean has the standard error 1, the same for each cell."""
    luck = generator(side, "imputed", row, column).normal(size=episodes)
    # exactly mean 0 and the wanted error, so that the cell's mean is its prediction to the last bit
    luck -= luck.mean()
    return np.asarray(luck * np.sqrt(episodes) / luck.std(ddof=1))


def _zero_sum(table: PayoffTable, played: Flags) -> bool:
    payoffs = table.mean[played]
    scale = float(np.abs(payoffs).max())
    return bool(np.abs(payoffs.sum(axis=-1)).max() <= ZERO_SUM_TOLERANCE * scale)
