"""What can go wrong, as one tree.

SsaPsroError
├── InputError            the user gave something unusable: exit code 2, every fault at once
│   ├── ScenarioError     a scenario file
│   ├── RunFolderError    a run folder
│   └── UsageError        a command line or an argument of a public function
│       └── CatalogError  a catalogue file that cannot be used at all
└── SolverError           a solver could not certify its answer
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from operator import index
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One thing wrong with an input: where it stands, what is wrong, and how to mend it.

    Attributes:
        key: dotted path inside the input, such as ``blue.constellation.planes``.
        value: what was found there, as the user wrote it; ``None`` where nothing was.
        problem: what is wrong, in a few words.
        cure: what to write instead.
    """

    key: str
    value: object
    problem: str
    cure: str

    def __str__(self) -> str:
        found = "" if self.value is None else f" (found {shortened(repr(self.value))})"
        return f"{self.key}: {self.problem}{found}. {self.cure}"


class SsaPsroError(Exception):
    """Base class of every error this package raises on purpose."""


class InputError(SsaPsroError):
    """Unusable input, with every fault found in it.

    Attributes:
        source: the file, folder or command the faults are in.
        faults: all of them, in the order they were found.
    """

    def __init__(self, source: str, faults: Sequence[Fault]) -> None:
        self.source = source
        self.faults = tuple(faults)
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"{source}: {len(self.faults)} fault(s)\n{lines}")

    def __reduce__(self) -> tuple[type[InputError], tuple[str, tuple[Fault, ...]]]:
        """How it travels from a process that found it: as its parts, not as its text."""
        return type(self), (self.source, self.faults)


class ScenarioError(InputError):
    """A scenario file that cannot be played."""


class RunFolderError(InputError):
    """A run folder that is missing, damaged or of another scenario."""


class UsageError(InputError):
    """An argument that names or asks for something that does not exist."""


class CatalogError(UsageError):
    """A file of element sets, attributes or windows that cannot be used at all."""


class SolverError(SsaPsroError):
    """A solver that could not certify its answer; nothing falls back silently."""


LONGEST_WORD = 200
"""Characters of an input that are shown, or compared with known words."""
MOST_WORDS = 1000
"""Known words that one is compared with."""


def shortened(text: str) -> str:
    """The beginning of a text that is too long to be shown."""
    return text if len(text) <= LONGEST_WORD else f"{text[:LONGEST_WORD]}..."


def is_less(value: Any, least: int) -> bool:
    """Whether a value from Python is no integer, or below ``least``; a truth value is none."""
    try:
        return isinstance(value, bool) or index(value) < least
    except TypeError:
        return True


def as_integer(source: str, key: str, value: Any, least: int) -> int:
    """An argument from Python as an integer; numpy's are as good, truth values are none.

    Raises:
        UsageError: it is none, or below ``least``.
    """
    if is_less(value, least):
        cure = f"Give an integer of at least {least}."
        raise UsageError(source, [Fault(key, value, "is no such number", cure)])
    return index(value)


def plain_words(words: Sequence[str]) -> tuple[str, ...]:
    """The words of a command as any file can hold them: bytes that are no UTF-8 are spelt out."""
    return tuple(
        word.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        for word in words
    )


def to_paste(command: str, *words: object) -> str:
    """A command of the program as it can be pasted into a shell, whatever is in a path."""
    return shlex.join(["ssa-psro", command, *map(str, words)])


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """One sentence that names the nearest known word, or all of them."""
    names = list(islice(known, MOST_WORDS))
    close = get_close_matches(word[:LONGEST_WORD], names, n=1, cutoff=0.6)
    close += [name for name in names if name.casefold() == word.casefold()]
    return f"Did you mean {close[0]!r}?" if close else f"Known: {', '.join(sorted(names))}."
