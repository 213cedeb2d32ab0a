"""Files that anyone may have made: opened without a trap, read no further than they may be long.

Every reader opens here. A pipe would be waited for, a device may never end, a small file may unpack
to a large one, and a link inside a folder may lead out of it.
"""

from __future__ import annotations

import gzip
import io
import os
import stat
import zlib
from pathlib import Path
from typing import IO, Final

OTHER_KINDS: Final = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
"""What may stand in a file's place, by its kind in ``st_mode``; a folder is told on its own."""

NEVER_WAIT: Final = (
    getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
)
"""How files are opened: a pipe that nobody writes to is not waited for."""

PIECE_BYTES: Final = 1 << 20


def read_bytes(path: Path, most_bytes: int, inside: Path | None = None) -> bytes:
    """All of a regular file.

    Args:
        path: of the file; a link to one is followed, unless ``inside`` is given.
        most_bytes: as long as it may be.
        inside: a folder that may come from a stranger: nothing between it and the file may be a
            link or lead out of it.

    Raises:
        OSError: it is missing, unreadable, too long or no file; ``in_words`` says which.
    """
    if inside is not None:
        refuse_links(path, inside)
    if "\0" in str(path):
        raise OSError("cannot be read: there is a null byte in its name")
    with open(path, "rb", opener=_never_waiting) as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            what = OTHER_KINDS.get(stat.S_IFMT(found.st_mode), "something else")
            raise OSError(f"is {what}, not a file")
        # its length may be told wrongly, or grow meanwhile
        content = b"" if found.st_size > most_bytes else _all_of(file, most_bytes)
    if max(found.st_size, len(content)) > most_bytes:
        raise OSError(f"is larger than {size(most_bytes)}")
    return content


def _all_of(file: IO[bytes] | gzip.GzipFile, most_bytes: int) -> bytes:
    """What is left of a file, or a little more than ``most_bytes`` of it.

    In pieces, since asking for many bytes at once takes their room before they are there.
    """
    pieces, length = [], 0
    while length <= most_bytes and (piece := file.read(PIECE_BYTES)):
        pieces.append(piece)
        length += len(piece)
    return b"".join(pieces)


def _never_waiting(name: str, flags: int) -> int:
    return os.open(name, flags | NEVER_WAIT)


def refuse_links(path: Path, inside: Path) -> None:
    """Refuse a path that does not stand for itself below a folder.

    Raises:
        OSError: it leads out of the folder, or a part of it is a link.
    """
    parts = path.relative_to(inside).parts if path.is_relative_to(inside) else ("..",)
    if ".." in parts:
        raise OSError("leads out of its folder")
    for depth in range(1, len(parts) + 1):
        if inside.joinpath(*parts[:depth]).is_symlink():
            raise OSError("is reached by a symbolic link, which is not followed")


def unpacked(content: bytes, most_bytes: int) -> bytes:
    """What gzip made small.

    Raises:
        OSError: it is damaged, cut short, or would be longer than it may be.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            whole = _all_of(file, most_bytes)
    except (OSError, EOFError, zlib.error) as error:
        raise OSError(f"is damaged gzip: {error}") from None
    if len(whole) > most_bytes:
        raise OSError(f"is larger than {size(most_bytes)} once unpacked")
    return whole


def in_words(error: OSError) -> str:
    """Why a file cannot be read, as a sentence without its subject and its full stop."""
    if isinstance(error, IsADirectoryError):
        return "is a folder, not a file"
    if error.strerror is None:
        return str(error)
    return f"cannot be read: {error.strerror}"


def size(most_bytes: int) -> str:
    """A limit as people read it."""
    return f"{most_bytes / 1e6:g} MB"
