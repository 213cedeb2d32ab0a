"""Where records stand, for formats in which a record is not a line."""

from __future__ import annotations


class Places:
    """Numbers the records of a text that is read from its start to its end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._records, self._line, self._counted = 0, 1, 0

    def next(self, position: int) -> str:
        """Place of the next record, which starts at ``position``; positions must not fall."""
        self._records += 1
        self._line += self._text.count("\n", self._counted, position)
        self._counted = position
        return f"record {self._records} (line {self._line})"

    @property
    def line(self) -> int:
        """Line of the latest record, counted from 1."""
        return self._line
