"""Traces in files: compressed ``.npz`` of plain arrays, whole or absent, that runs nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Bytes, Singles
from ssa_psro.errors import Fault, UsageError
from ssa_psro.inputs.array_files import ArrayLayout, StoredArrays, open_arrays
from ssa_psro.inputs.files import write_arrays
from ssa_psro.inputs.opening import in_words
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
LONGEST_FACT: Final = 400
"""Bytes that a number or an instant takes, at most."""

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
    """Read a trace; nothing is unpacked before the types and shapes of all of it fit together.

    Raises:
        UsageError: there is none in the file that this package can read.
    """
    try:
        stored = open_arrays(path)
        _refuse_other_formats(path, stored)
        _check_layouts(stored)
        return _checked(_trace_of(stored))
    except KeyError as error:
        problem = f"has no {error.args[0]}"
    except OSError as error:
        problem = in_words(error)
    except (ValueError, OverflowError) as error:
        problem = f"cannot be used: {error}"
    raise _unusable(path, problem, "Record the episode again.")


def _refuse_other_formats(path: Path, stored: StoredArrays) -> None:
    found = int(_single(stored, "format"))
    if found != FORMAT:
        cure = "Use the version of ssa-psro that recorded it, or record the episode again."
        raise _unusable(path, f"is of format {found}, and this version reads {FORMAT}", cure)


def _unusable(path: Path, problem: str, cure: str) -> UsageError:
    return UsageError(str(path), [Fault("trace", None, problem, cure)])


def _single(stored: StoredArrays, name: str) -> Any:
    """A fact. Raises ``ValueError`` where a whole array of them stands in its place."""
    layout = stored.layouts[name]
    if layout.shape or layout.dtype.kind not in "iuU" or layout.dtype.itemsize > LONGEST_FACT:
        raise ValueError(f"{name} is {layout}")
    return stored[name].item()


def _apart(numbers: Singles) -> Bytes:
    """``[4, 2, N, T]`` the bytes of ``[2, T, N]``. The first two of neighbouring steps are alike,
    so that they take little room once compressed, apart from the others."""
    in_time = np.ascontiguousarray(np.moveaxis(numbers, 1, 2), "<f4")
    return np.ascontiguousarray(np.moveaxis(in_time[..., None].view(np.uint8), 3, 0))


def _together(planes: Bytes) -> Singles:
    """The inverse."""
    in_time = np.ascontiguousarray(np.moveaxis(planes, 0, 3)).view("<f4")[..., 0]
    return np.ascontiguousarray(np.moveaxis(in_time, 2, 1), np.float32)


def _check_layouts(stored: StoredArrays) -> None:
    """See that every array will have the type and shape that the others call for.

    Raises:
        ValueError: one has not.
        KeyError: one is missing.
    """
    layouts, steps = stored.layouts, int(_single(stored, "steps"))
    objects, sensors = (_last_of_three(layouts[name]) for name in ("custody", "activity"))
    per_object, per_sensor, planes = (
        (2, steps, objects),
        (2, steps, sensors),
        (4, 2, objects, steps),
    )
    series: dict[str, tuple[type, tuple[int, ...]]] = {
        **dict.fromkeys(_NUMBERS, (np.uint8, planes)),
        "custody": (np.bool_, per_object),
        "custody_without": (np.bool_, per_object),
        "holder": (np.int8, per_object[1:]),
        "activity": (np.uint8, per_sensor),
        "denied": (np.bool_, per_sensor),
        "protected": (np.bool_, per_sensor),
    }
    for name, kind in _EVENTS.items():
        count = layouts[f"{name}.{kind._fields[0]}"].shape[:1]
        for column in kind._fields:
            shape = (*count, 2) if column == "noticed_step" else count
            series[f"{name}.{column}"] = (EVENT_TYPES.get(column, np.int32), shape)
    for name, (dtype, shape) in series.items():
        wanted = ArrayLayout(np.dtype(dtype), shape)
        if layouts[name] != wanted:
            raise ValueError(f"{name} is {layouts[name]}, not {wanted}")


def _last_of_three(layout: ArrayLayout) -> int:
    if len(layout.shape) != 3:
        raise ValueError(f"custody or activity is {layout}")
    return layout.shape[2]


def _trace_of(stored: StoredArrays) -> Trace:
    facts: dict[str, Any] = {name: int(_single(stored, name)) for name in _FACTS}
    facts["epoch"] = datetime.fromisoformat(str(_single(stored, "epoch")))
    for name, kind in _EVENTS.items():
        facts[name] = kind(*(stored[f"{name}.{column}"] for column in kind._fields))
    facts |= {name: stored[name] for name in _STATES}
    facts |= {name: _together(stored[name]) for name in _NUMBERS}
    return Trace(**facts)


def _checked(trace: Trace) -> Trace:
    """The trace, if what its events name exists.

    Raises:
        ValueError: it does not.
    """
    if trace.epoch.utcoffset() is None:
        raise ValueError("its epoch has no time zone")
    sensors, objects = trace.activity.shape[2], trace.custody.shape[2]
    limits = {"side": 2, "sensor": sensors, "target": sensors, "object": objects}
    limits["result"] = len(Result)
    for name in _EVENTS:
        for column, values in getattr(trace, name)._asdict().items():
            limit = limits.get(column)
            if limit is not None and values.size and not 0 <= values.min() <= values.max() < limit:
                raise ValueError(f"{name}.{column} is not within 0 to {limit - 1}")
    return trace
