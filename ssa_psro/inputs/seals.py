"""Checksums inside files: what was changed since it was written does not pass for itself.

A file ends in the SHA-256 of everything before it: the last key of a JSON document, the comment of
an ``.npz`` archive. That tells damage and changes by hand. It is no signature: whoever means to
deceive can compute it too.
"""

from __future__ import annotations

import re
from enum import StrEnum
from hashlib import sha256
from typing import Final

_END: Final = b"\n}\n"
_LENGTH: Final = b"\x40\0"
"""The last field of a zip archive: how long its comment is, 64 letters."""
_ARCHIVE: Final = re.compile(rb"(PK.*\x40\0)(.{64})", re.DOTALL)
_DOCUMENT: Final = re.compile(rb'(.*),\n  "checksum": "(.{64})"\n}\n', re.DOTALL)


class Seal(StrEnum):
    """What a file says about itself."""

    WHOLE = "whole"
    BROKEN = "broken"
    NONE = "none"


def sealed_document(text: bytes) -> bytes:
    """JSON text, indented by two, with its checksum as the last key."""
    body = text.removesuffix(_END)
    return b'%b,\n  "checksum": "%b"%b' % (body, _digest(body), _END)


def sealed_archive(content: bytes) -> bytes:
    """A zip archive without a comment, with its checksum as one."""
    body = content.removesuffix(b"\0\0") + _LENGTH
    return body + _digest(body)


def seal_of(content: bytes) -> Seal:
    """Whether the content of a file is what was sealed."""
    found = _ARCHIVE.fullmatch(content) or _DOCUMENT.fullmatch(content)
    if found is None:
        return Seal.NONE
    return Seal.WHOLE if found[2] == _digest(found[1]) else Seal.BROKEN


def _digest(body: bytes) -> bytes:
    return sha256(body).hexdigest().encode()
