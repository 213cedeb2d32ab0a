"""Names and ids as texts that can be printed, compared and written again."""

from __future__ import annotations

LONGEST = 80
"""Characters of a name that are kept; published names have at most 25."""


def plain_name(text: str) -> str:
    """``text`` in printable characters, with single spaces, and not longer than ``LONGEST``."""
    name = " ".join(text.split())
    if not name.isprintable():
        name = "".join(character for character in name if character.isprintable())
    return name[:LONGEST]
