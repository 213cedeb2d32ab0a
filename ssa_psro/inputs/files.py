"""Files that are whole or absent, and that cannot run anything when they are read.

A file is written under a temporary name, forced to the disk and renamed, and its name is forced
there too, so that a reader never sees half of it, whenever the writer was killed or the power went.
Documents and arrays end in a checksum. Only JSON, ``.npz`` without pickles and safetensors are
read.
"""

from __future__ import annotations

import errno
import io
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from ssa_psro.inputs.array_files import MOST_BYTES
from ssa_psro.inputs.opening import read_bytes
from ssa_psro.inputs.seals import sealed_archive

UNFINISHED = ".part"
"""Ending of temporary names."""


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the name ``path`` when the block ends, and vanishes if it fails.

    Where that is a link, what it leads to is replaced.

    Raises:
        OSError: the folder cannot be made or written to, or there is a device, pipe or folder.
    """
    path = Path(os.path.realpath(path)) if path.is_symlink() else path
    if path.exists() and not path.is_file():
        raise OSError(errno.EEXIST, "is there, and no plain file", str(path))
    _make_folder(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-", suffix=UNFINISHED)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o666 & ~_umask())  # mkstemp makes files that only their owner may read
        os.replace(name, path)
        sync_names(path.parent)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """A folder to be filled, which takes its name when the block ends, and vanishes if it fails.

    Raises:
        OSError: it cannot be made, or there is something of that name that is no empty folder.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        dir=folder.parent, prefix=f".{folder.name}-", suffix=UNFINISHED
    ) as name:
        made = Path(name) / "made"
        made.mkdir()
        yield made
        made.rename(folder)
        sync_names(folder.parent)


def sync_names(folder: Path) -> None:
    """Force to the disk which files a folder has; where a system has no such thing, nothing."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _make_folder(folder: Path) -> None:
    """Make a folder and those it lies in, as far as they are not there, for good."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_names(folder.parent)


def write_bytes(path: Path, content: bytes) -> None:
    """Write ``content`` at once or not at all."""
    with replacing(path) as file:
        file.write(content)


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a sealed ``.npz`` file of plain arrays at once or not at all."""
    content = io.BytesIO()
    np.savez_compressed(content, allow_pickle=False, **arrays)
    write_bytes(path, sealed_archive(content.getvalue()))


def write_weights(path: Path, weights: Mapping[str, NDArray[np.floating]]) -> None:
    """Write a safetensors file at once or not at all."""
    from safetensors.numpy import save

    write_bytes(path, save({name: np.ascontiguousarray(array) for name, array in weights.items()}))


def read_weights(path: Path, inside: Path | None = None) -> dict[str, NDArray[np.float32]]:
    """The arrays of a safetensors file.

    Raises:
        OSError: it cannot be read or is damaged.
    """
    return unpacked_weights(read_bytes(path, MOST_BYTES, inside))


def unpacked_weights(content: bytes) -> dict[str, NDArray[np.float32]]:
    """The arrays in the bytes of a safetensors file.

    Raises:
        OSError: they are damaged.
    """
    from safetensors.numpy import load

    try:
        weights = load(content)
    except Exception as error:  # of many kinds, one of them for types that numpy does not have
        raise OSError(f"is damaged: {error}") from None
    for name, array in weights.items():
        if array.dtype.kind not in "biuf" or not np.isfinite(array).all():
            raise OSError(f"is damaged: {name} holds something else than finite numbers")
    return weights


def remove_unfinished(folder: Path, spared: str = "") -> None:
    """Remove what a killed writer left behind, but in a folder within that others may write to."""
    for path in folder.rglob(f".*{UNFINISHED}"):
        if path.relative_to(folder).parts[0] != spared:
            path.unlink(missing_ok=True)


def _umask() -> int:
    """The permissions this process withholds from new files; it can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
