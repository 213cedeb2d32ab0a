"""Parcels: what goes in comes out to the last bit, and nothing else can come out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from ssa_psro.work.parcels import CONTENT, TREE, known, pack, unpack


@dataclass(frozen=True)
class Point:
    """A class that travels."""

    name: str
    at: Any


@dataclass(frozen=True)
class Stranger:
    """A class that does not."""

    at: int


CLASSES = known(Point)
NUMBERS = arrays_of.arrays(
    st.sampled_from(["<f8", "<f4", "<i8", "|u1", "|b1", "<u8"]),
    arrays_of.array_shapes(min_dims=0, min_side=0, max_side=4),
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | NUMBERS
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text() | st.integers(), inner, max_size=3)
        | st.builds(Point, st.text(), inner)
    ),
    max_leaves=12,
)


def same(one: Any, other: Any) -> bool:
    """Whether two values are of one type and equal to the last bit."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        alike = (one.dtype, one.shape) == (other.dtype, other.shape)
        return alike and one.tobytes() == other.tobytes()
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, Point):
        return same(vars(one), vars(other))
    if isinstance(one, float):
        return np.float64(one).tobytes() == np.float64(other).tobytes() or one != one
    return bool(one == other)


@given(VALUES)
def test_what_goes_in_comes_out(value: Any) -> None:
    assert same(unpack(pack(value, CLASSES), CLASSES), value)


def test_numbers_of_numpy_stay_so() -> None:
    value = [np.float64(0.1), np.int32(3), np.bool_(True)]
    found = unpack(pack(value, CLASSES), CLASSES)
    assert [(type(one), one) for one in found] == [(type(one), one) for one in value]


def test_an_array_that_stands_twice_travels_once() -> None:
    array = np.arange(1000.0)
    once, twice = pack([array], CLASSES), pack([array, array, {"again": array}], CLASSES)
    assert once[CONTENT].size == twice[CONTENT].size == array.nbytes


@pytest.mark.parametrize("value", [Stranger(1), object(), {1, 2}, np.array(["text"]), b"bytes"])
def test_other_things_do_not_travel(value: Any) -> None:
    with pytest.raises(TypeError, match="does not travel"):
        pack(value, CLASSES)


def test_a_class_of_another_name_or_origin_does_not_come_out() -> None:
    packed = pack(Stranger(1), known(Stranger))
    with pytest.raises(ValueError, match="no parcel"):
        unpack(packed, CLASSES)


def array(**changed: Any) -> dict[str, Any]:
    """An array of two numbers as it is told, with changes."""
    return {"is": "array", "dtype": "<f8", "shape": [2], "at": 0, **changed}


@pytest.mark.parametrize(
    "told",
    [
        {"is": "object", "class": "Stranger", "of": {"is": "mapping", "of": [["at", 1]]}},
        {"is": "object", "class": "Point", "of": {"is": "mapping", "of": [["odd", 1]]}},
        {"is": "object", "class": "Point", "of": 3},
        {"is": "code", "of": "print(1)"},
        {"of": 1},
        array(dtype="|O"),
        array(dtype="odd"),
        array(shape=[3]),
        array(shape=[-1]),
        array(at=-8),
        array(shape="ab"),
    ],
)
def test_what_is_no_parcel_is_refused(told: Any) -> None:
    tree = np.frombuffer(json.dumps(told).encode(), np.uint8)
    with pytest.raises(ValueError, match="no parcel"):
        unpack({TREE: tree, CONTENT: np.zeros(16, np.uint8)}, CLASSES)


def test_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="no parcel"):
        unpack({"samples": np.zeros(3)}, CLASSES)
