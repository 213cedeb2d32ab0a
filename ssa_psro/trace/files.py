"""Traces in files: compressed ``.npz`` of plain arrays, whole or absent, that runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Bytes, Singles
from ssa_psro.errors import Fault, UsageError
from ssa_psro.inputs.files import read_arrays, write_arrays
from ssa_psro.trace.episode import (
    EVENT_TYPES,
    Denials,
    Looks,
    ManoeuvreEvents,
    Protections,
    Result,
    Trace,
)

FORMAT: Final = 1
"""Of the files that are written, and the only one that is read."""

_EVENTS: Final[dict[str, type[Looks | Denials | Protections | ManoeuvreEvents]]] = {
    "looks": Looks,
    "denials": Denials,
    "protections": Protections,
    "manoeuvres": ManoeuvreEvents,
}
_NUMBERS: Final = ("sigma_km", "expected_km", "seen_h")
_STATES: Final = ("custody", "custody_without", "holder", "activity", "denied", "protected")
_FACTS: Final = ("step_s", "steps", "start_step", "seed")


def save_trace(path: Path, trace: Trace) -> None:
    """Write a trace at once or not at all; what is read again is the same to the last bit.

    Raises:
        OSError: the folder cannot be made or written to.
    """
    arrays: dict[str, NDArray[Any]] = {"format": np.array(FORMAT)}
    arrays["epoch"] = np.array(trace.epoch.isoformat())
    arrays |= {name: np.array(getattr(trace, name)) for name in _FACTS}
    for name in _EVENTS:
        events = getattr(trace, name)._asdict()
        arrays |= {f"{name}.{column}": values for column, values in events.items()}
    arrays |= {name: getattr(trace, name) for name in _STATES}
    arrays |= {name: _apart(getattr(trace, name)) for name in _NUMBERS}
    write_arrays(path, arrays)


def load_trace(path: Path) -> Trace:
    """Read a trace.

    Raises:
        UsageError: there is none in the file that this package can read.
    """
    try:
        arrays = read_arrays(path)
        if arrays["format"].tolist() != FORMAT:
            raise ValueError(f"its format is {arrays['format']}, not {FORMAT}")
        return _checked(_trace_of(arrays))
    except KeyError as error:
        problem = f"has no {error.args[0]}"
    except Exception as error:  # numpy, zipfile and zlib raise many kinds on a damaged file
        problem = f"cannot be used: {error}"
    raise UsageError(str(path), [Fault("trace", None, problem, "Record the episode again.")])


def _apart(numbers: Singles) -> Bytes:
    """``[4, 2, N, T]`` the bytes of ``[2, T, N]``. The first two of neighbouring steps are alike,
    so that they take little room once compressed, apart from the others."""
    in_time = np.ascontiguousarray(np.moveaxis(numbers, 1, 2), "<f4")
    return np.ascontiguousarray(np.moveaxis(in_time[..., None].view(np.uint8), 3, 0))


def _together(planes: Bytes) -> Singles:
    """The inverse."""
    in_time = np.ascontiguousarray(np.moveaxis(planes, 0, 3)).view("<f4")[..., 0]
    return np.ascontiguousarray(np.moveaxis(in_time, 2, 1), np.float32)


def _trace_of(arrays: Mapping[str, NDArray[Any]]) -> Trace:
    facts: dict[str, Any] = {name: int(arrays[name]) for name in _FACTS}
    facts["epoch"] = datetime.fromisoformat(str(arrays["epoch"]))
    for name, kind in _EVENTS.items():
        facts[name] = kind(*(arrays[f"{name}.{column}"] for column in kind._fields))
    facts |= {name: arrays[name] for name in _STATES}
    facts |= {name: _together(arrays[name]) for name in _NUMBERS}
    return Trace(**facts)


def _checked(trace: Trace) -> Trace:
    """The trace, if what is in it fits together.

    Raises:
        ValueError: it does not.
    """
    (_, _, objects), (_, _, sensors) = trace.custody.shape, trace.activity.shape
    if trace.epoch.utcoffset() is None:
        raise ValueError("its epoch has no time zone")
    per_object, per_sensor = (2, trace.steps, objects), (2, trace.steps, sensors)
    series: dict[str, tuple[type, tuple[int, ...]]] = {
        **dict.fromkeys(_NUMBERS, (np.float32, per_object)),
        "custody": (np.bool_, per_object),
        "custody_without": (np.bool_, per_object),
        "holder": (np.int8, per_object[1:]),
        "activity": (np.uint8, per_sensor),
        "denied": (np.bool_, per_sensor),
        "protected": (np.bool_, per_sensor),
    }
    for name, (dtype, shape) in series.items():
        _fits(name, getattr(trace, name), dtype, shape)
    limits = {"side": 2, "sensor": sensors, "target": sensors, "object": objects}
    for name in _EVENTS:
        events = getattr(trace, name)
        for column, values in events._asdict().items():
            shape = (len(events[0]), 2) if column == "noticed_step" else (len(events[0]),)
            _fits(f"{name}.{column}", values, EVENT_TYPES.get(column, np.int32), shape)
            limit = (limits | {"result": len(Result)}).get(column)
            if limit is not None and values.size and not 0 <= values.min() <= values.max() < limit:
                raise ValueError(f"{name}.{column} is not within 0 to {limit - 1}")
    return trace


def _fits(name: str, array: NDArray[Any], dtype: type, shape: tuple[int, ...]) -> None:
    if array.dtype != dtype or array.shape != shape:
        found = f"{array.dtype}{list(array.shape)}"
        raise ValueError(f"{name} is {found}, not {np.dtype(dtype)}{list(shape)}")
