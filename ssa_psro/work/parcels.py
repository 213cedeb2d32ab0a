"""Results as bytes that another process can open, whoever has written them.

Plain values, containers and arrays are told as they are, to the last bit; of classes only those
that the reader names are made again, from the fields they are made with. Nothing else can come out
of a parcel, and nothing is executed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from math import isfinite, prod
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ssa_psro.inputs.documents import parse_json

TREE: Final = "tree"
CONTENT: Final = "content"
KIND: Final = "is"
PLAIN: Final = "biuf"
"""Kinds of arrays that travel: truth values and numbers."""

Known = Mapping[str, type[Any]]
"""The classes that may come out of a parcel, by name."""


def known(*classes: type[Any]) -> Known:
    """These dataclasses by their names."""
    return {one.__name__: one for one in classes}


def pack(value: Any, classes: Known) -> dict[str, NDArray[np.uint8]]:
    """A value as two arrays of bytes: what it is made of, and the elements of its arrays.

    Raises:
        TypeError: it holds something that does not travel.
    """
    packer = _Packer(classes)
    tree = json.dumps(packer.told(value)).encode()
    return {
        TREE: np.frombuffer(tree, np.uint8),
        CONTENT: np.frombuffer(b"".join(packer.pieces), np.uint8),
    }


def unpack(arrays: Mapping[str, NDArray[Any]], classes: Known) -> Any:
    """The value that was packed.

    Raises:
        ValueError: this is no parcel, or it holds something that ``classes`` do not name.
    """
    try:
        tree, content = (np.asarray(arrays[name], np.uint8).tobytes() for name in (TREE, CONTENT))
        return _Unpacker(classes, content).made(parse_json(tree))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"no parcel: {error}") from None


class _Packer:
    def __init__(self, classes: Known) -> None:
        self._classes = classes
        self._length = 0
        self._places: dict[int, tuple[object, int]] = {}  # kept, so that no id is used twice
        self.pieces: list[bytes] = []

    def told(self, value: Any) -> Any:
        if value is None or type(value) in (bool, int, str):
            return value
        if type(value) is float:  # JSON has no infinity
            return value if isfinite(value) else {KIND: "float", "of": str(value)}
        if type(value) is list:
            return [self.told(one) for one in value]
        if type(value) is tuple:
            return {KIND: "tuple", "of": [self.told(one) for one in value]}
        if isinstance(value, Mapping):
            pairs = [[self.told(key), self.told(one)] for key, one in value.items()]
            return {KIND: "mapping", "of": pairs}
        if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in PLAIN:
            return self._array(value)
        name = type(value).__name__
        if self._classes.get(name) is type(value) and is_dataclass(value):
            given = {one.name: getattr(value, one.name) for one in fields(value) if one.init}
            return {KIND: "object", "class": name, "of": self.told(given)}
        raise TypeError(f"{type(value).__qualname__} does not travel")

    def _array(self, value: NDArray[Any] | np.generic) -> Any:
        array = np.asarray(value)
        if id(value) not in self._places:
            self._places[id(value)] = value, self._length
            self.pieces.append(array.tobytes())
            self._length += array.nbytes
        _, at = self._places[id(value)]
        form = {"dtype": array.dtype.str, "shape": list(array.shape), "at": at}
        return {KIND: "number" if isinstance(value, np.generic) else "array", **form}


class _Unpacker:
    def __init__(self, classes: Known, content: bytes) -> None:
        self._classes, self._content = classes, content

    def made(self, told: Any) -> Any:
        if isinstance(told, list):
            return [self.made(one) for one in told]
        if not isinstance(told, dict):
            return told
        match told[KIND]:
            case "tuple":
                return tuple(self.made(one) for one in told["of"])
            case "mapping":
                return {self.made(key): self.made(one) for key, one in told["of"]}
            case "float":
                return float(told["of"])
            case "array":
                return self._array(told)
            case "number":
                return self._array(told)[()]
            case "object" if told["class"] in self._classes:
                return self._classes[told["class"]](**self.made(told["of"]))
        raise ValueError(f"no parcel: holds {told[KIND]!r}")

    def _array(self, told: Mapping[str, Any]) -> NDArray[Any]:
        dtype, shape, at = np.dtype(told["dtype"]), tuple(told["shape"]), told["at"]
        count = prod(shape)
        if dtype.kind not in PLAIN or min((*shape, at, count), default=0) < 0:
            raise ValueError("no parcel: an array of something else than numbers")
        if at + count * dtype.itemsize > len(self._content):
            raise ValueError("no parcel: an array is cut short")
        return np.frombuffer(self._content, dtype, count, at).reshape(shape).copy()
