"""Coverage against time, as a run folder holds it. Plain arrays; nothing here plays the game."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Floats

CONTESTS = ("uncontested", "contested")


@dataclass(frozen=True, eq=False)
class Band:
    """A mean over episodes with its 95 % Student t bounds, all of one shape."""

    mean: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class CoverageSeries:
    """The best iterate's mixtures played out; E episodes, T steps, R regimes, Blue before Red.

    Shares are weighted by the objects' weights. A group of objects without weight has nan.

    Attributes:
        hour: ``[T]`` hours since the window opened, at the beginning of each step.
        regimes: ``R`` names of the regimes that have objects.
        regime_weights: ``[R]`` share of the total weight.
        contest_weights: ``[2]`` share of the total weight that is uncontested, contested.
        custody: ``[2, T]`` share of the catalogue in custody of each side.
        regime_custody: ``[2, R, T]`` the same within each regime.
        contested_held: ``[2, T]`` share of the contested objects of which a side's custody is
            the fresher; ties count half.
        scores: ``[E, 2]`` coverage scores, the sum over groups of weight share times group score.
        payoffs: ``[E, 2]``.
        regime_scores: ``[E, 2, R]`` coverage score within each regime, in [0, 1].
        contest_scores: ``[E, 2, 2]`` of uncontested and of contested objects (last axis).
        seeds: ``[E]`` uint64.
    """

    hour: Floats
    regimes: tuple[str, ...]
    regime_weights: Floats
    contest_weights: Floats
    custody: Band
    regime_custody: Band
    contested_held: Band
    scores: Floats
    payoffs: Floats
    regime_scores: Floats
    contest_scores: Floats
    seeds: NDArray[np.uint64]


FIELDS = tuple(field.name for field in fields(CoverageSeries))
BANDS = ("custody", "regime_custody", "contested_held")


def series_to_arrays(series: CoverageSeries) -> dict[str, NDArray[Any]]:
    """Plain arrays for an ``.npz`` file; a band becomes three."""
    arrays: dict[str, NDArray[Any]] = {}
    for name, value in vars(series).items():
        if isinstance(value, Band):
            arrays |= {f"{name}_{part}": array for part, array in vars(value).items()}
        else:
            arrays[name] = np.asarray(value)
    return arrays


def series_from_arrays(arrays: Mapping[str, NDArray[Any]]) -> CoverageSeries:
    """The series that ``series_to_arrays`` took apart.

    Raises:
        KeyError: an array is missing.
        ValueError: an array has another shape or type than the others call for.
    """
    shapes = _shapes(
        steps=arrays["hour"].size, episodes=arrays["seeds"].size, regimes=arrays["regimes"].size
    )
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            raise ValueError(f"{name} has the shape {arrays[name].shape}, not {shape}")
        if name not in ("seeds", "regimes") and arrays[name].dtype != np.float64:
            raise ValueError(f"{name} holds {arrays[name].dtype}, not float64")
    parts: dict[str, Any] = {name: _field(arrays, name) for name in FIELDS}
    return CoverageSeries(**parts)


def _field(arrays: Mapping[str, NDArray[Any]], name: str) -> Band | NDArray[Any] | tuple[str, ...]:
    if name in BANDS:
        return Band(*(arrays[f"{name}_{part}"] for part in ("mean", "low", "high")))
    return tuple(str(one) for one in arrays[name]) if name == "regimes" else arrays[name]


def _shapes(steps: int, episodes: int, regimes: int) -> dict[str, tuple[int, ...]]:
    bands = {
        "custody": (2, steps),
        "regime_custody": (2, regimes, steps),
        "contested_held": (2, steps),
    }
    return {
        "hour": (steps,),
        "regimes": (regimes,),
        "regime_weights": (regimes,),
        "contest_weights": (2,),
        "scores": (episodes, 2),
        "payoffs": (episodes, 2),
        "regime_scores": (episodes, 2, regimes),
        "contest_scores": (episodes, 2, 2),
        "seeds": (episodes,),
        **{f"{name}_{part}": bands[name] for name in bands for part in ("mean", "low", "high")},
    }
