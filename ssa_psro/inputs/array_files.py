"""Arrays in files, known by their types and shapes before any of them is unpacked.

An ``.npz`` file is a zip archive with an ``.npy`` file an array. Zeros pack a thousandfold, so that
a small file may hold more than there is memory: what each array will take stands in its header,
and whoever reads the file looks at that first.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from math import prod
from pathlib import Path
from typing import Any, Final, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from ssa_psro.inputs.opening import read_bytes, size

MOST_ARRAYS: Final = 100
"""In a file; those that are written have about 30."""
MOST_BYTES: Final = 2_000_000_000
"""Of all arrays in a file together, where the reader names no limit of its own."""
PLAIN: Final = "biufU"
"""Kinds of arrays that are read: truth values, numbers and texts, never objects or records."""
ENDING: Final = ".npy"


class ArrayLayout(NamedTuple):
    """What an array will be.

    Attributes:
        dtype: of its elements.
        shape: how many of them there are.
    """

    dtype: np.dtype[Any]
    shape: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.dtype}{list(self.shape)}"


class StoredArrays(Mapping[str, NDArray[Any]]):
    """The arrays of an ``.npz`` file by name; one is unpacked when it is asked for.

    Attributes:
        layouts: what each will be.
    """

    def __init__(self, content: bytes, most_bytes: int = MOST_BYTES) -> None:
        """Look at all headers.

        Raises:
            OSError: it is no such file, damaged, or would unpack to more than ``most_bytes``.
        """
        with _one_kind_of_error():
            self._archive = ZipFile(io.BytesIO(content))
        infos = self._archive.infolist()
        self._infos = {info.filename.removesuffix(ENDING): info for info in infos}
        if len(infos) > MOST_ARRAYS or len(self._infos) < len(infos):
            raise OSError(f"is damaged: {len(infos)} arrays, {len(self._infos)} names")
        if sum(info.file_size for info in infos) > most_bytes:
            raise OSError(f"unpacks to more than {size(most_bytes)}")
        with _one_kind_of_error():
            self.layouts = {name: self._layout(info) for name, info in self._infos.items()}

    def __getitem__(self, name: str) -> NDArray[Any]:
        """An array. Raises ``KeyError`` if there is none, ``OSError`` if it is damaged."""
        info = self._infos[name]
        with _one_kind_of_error(), self._archive.open(info) as file:
            return np.asarray(npy.read_array(file, allow_pickle=False))

    def __contains__(self, name: object) -> bool:
        return name in self._infos

    def __iter__(self) -> Iterator[str]:
        return iter(self._infos)

    def __len__(self) -> int:
        return len(self._infos)

    def _layout(self, info: ZipInfo) -> ArrayLayout:
        """What is in one member, which has just the size that it says."""
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED) or info.flag_bits & 1:
            raise ValueError(f"{info.filename} is packed in another way")
        with self._archive.open(info) as file:
            version = npy.read_magic(file)
            if version not in HEADERS:
                raise ValueError(f"{info.filename} has the newer format {version}")
            shape, _, dtype = HEADERS[version](file)
            begin = file.tell()
        if dtype.kind not in PLAIN or not dtype.itemsize or min(shape, default=0) < 0:
            raise ValueError(f"{info.filename} is no array of numbers or texts")
        if begin + prod(shape) * dtype.itemsize != info.file_size:
            raise ValueError(f"{info.filename} is not as long as its header says")
        return ArrayLayout(dtype, shape)


HEADERS: Final = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
"""Readers of the headers of ``.npy`` files, by version."""


def layouts_of(arrays: Mapping[str, NDArray[Any]]) -> Mapping[str, ArrayLayout]:
    """What each array is, or will be: nothing is unpacked."""
    if isinstance(arrays, StoredArrays):
        return arrays.layouts
    return {name: ArrayLayout(array.dtype, array.shape) for name, array in arrays.items()}


def open_arrays(
    path: Path, most_bytes: int = MOST_BYTES, inside: Path | None = None
) -> StoredArrays:
    """The arrays of an ``.npz`` file, none of them unpacked.

    Args:
        path: of the file.
        most_bytes: of the file, and of all arrays together.
        inside: see ``opening.read_bytes``.

    Raises:
        OSError: it cannot be read, is damaged, or holds anything but plain arrays.
    """
    return StoredArrays(read_bytes(path, most_bytes, inside), most_bytes)


def machine_bytes() -> float:
    """Memory that this process may use at most: that of the machine, or of its container."""
    most = float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    with suppress(OSError, ValueError):  # no container, or one without a limit
        most = min(most, float(Path("/sys/fs/cgroup/memory.max").read_text("ascii")))
    return most


@contextmanager
def _one_kind_of_error() -> Iterator[None]:
    """Numpy, zipfile and zlib raise many kinds on a damaged file."""
    try:
        yield
    except Exception as error:
        raise OSError(f"is damaged: {error}") from None
