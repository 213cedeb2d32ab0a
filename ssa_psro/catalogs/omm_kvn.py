"""OMM in KVN, ``KEY = value [unit]`` a line (CCSDS 502.0-B-3, 7.3), one message after another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ssa_psro.catalogs.omm_fields import REQUIRED, omm_record, rejected
from ssa_psro.catalogs.records import Record

FIRST_KEY = "CCSDS_OMM_VERS"
IGNORED = ("COMMENT", "USER_DEFINED_", "#")
"""How lines begin that say nothing about the orbit."""
ONCE = frozenset(("OBJECT_NAME", "NORAD_CAT_ID", *REQUIRED))
"""Keys that come once a message."""

COPY_AGAIN = "Copy the message again from the source."

KEY_END = re.compile(r"[\s=]")


def read_omm_kvn(text: str) -> Iterator[Record]:
    """The records of a file in the order they stand in it.

    A message starts with its version. A key that comes once starts one too when it comes again, so
    that two messages do not run together where the version of the second is damaged.
    """
    message = Message(1)
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if not line or line.startswith(IGNORED):
            continue
        key, equals, value = line.partition("=")
        key = key.rstrip() if equals else KEY_END.split(line, maxsplit=1)[0]
        if key == FIRST_KEY or (key in ONCE and key in message.fields):
            yield from message.records()
            message = Message(number)
        message.fields[key] = value.strip()
        if not equals and not message.problem:
            message.problem = f"line {number} is not KEY = value"
    yield from message.records()


@dataclass
class Message:
    """What has been read of one message.

    Attributes:
        line: its first line, counted from 1.
        fields: texts by key.
        problem: the first line that is none of KVN; empty so far.
    """

    line: int
    fields: dict[str, object] = field(default_factory=dict)
    problem: str = ""

    def records(self) -> Iterator[Record]:
        """The record that the lines make; none where there were no lines."""
        place = f"line {self.line}"
        if self.problem:
            yield rejected(place, self.fields, self.problem, COPY_AGAIN)
        elif self.fields:
            yield omm_record(place, self.fields)
