"""Confidence intervals: no mean in this package travels without one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from ssa_psro.errors import Fault, UsageError

CONFIDENCE = 0.95
"""Two-sided level of every interval that is not told another one."""


@dataclass(frozen=True)
class Interval:
    """An estimate and what the data still allow.

    Attributes:
        mean: the estimate.
        low: lower confidence bound.
        high: upper confidence bound.
        count: how many episodes stand behind it.
    """

    mean: float
    low: float
    high: float
    count: int

    def __str__(self) -> str:
        return f"{self.mean:+.4f} [{self.low:+.4f}, {self.high:+.4f}]"


def student_quantile(count: ArrayLike, confidence: float = CONFIDENCE) -> NDArray[np.float64]:
    """Half-width of a two-sided Student t interval in standard errors; nan below two samples."""
    # the spread of few episodes is itself uncertain, which the normal quantile would ignore
    freedom = np.asarray(count, dtype=np.float64) - 1.0
    quantile = stdtrit(np.where(freedom > 0, freedom, np.nan), 0.5 + confidence / 2)
    return np.asarray(quantile, dtype=np.float64)


def student_interval(samples: NDArray[np.float64], confidence: float = CONFIDENCE) -> Interval:
    """Student t interval of the mean of independent samples.

    Args:
        samples: one number an episode, ``[E]``, E >= 2.
        confidence: two-sided level in (0, 1).

    Raises:
        UsageError: fewer than two samples, from which no width can be told.
    """
    count = len(samples)
    if count < 2:
        fault = Fault("episodes", count, "an interval needs two or more", "Play more episodes.")
        raise UsageError("interval", [fault])
    mean = float(np.mean(samples))
    error = float(np.std(samples, ddof=1)) / count**0.5
    half = float(student_quantile(count, confidence)) * error
    return Interval(mean, mean - half, mean + half, count)


def percentile_interval(
    estimate: float,
    replicates: NDArray[np.float64],
    count: int,
    confidence: float = CONFIDENCE,
) -> Interval:
    """Percentile bootstrap interval around an estimate.

    Args:
        estimate: the figure computed from all episodes.
        replicates: the same figure from each resample, ``[R]``.
        count: how many episodes were resampled.
        confidence: two-sided level in (0, 1).
    """
    low, high = np.quantile(replicates, [0.5 - confidence / 2, 0.5 + confidence / 2])
    return Interval(float(estimate), float(low), float(high), count)
