"""Files of text that people write, as documents: tables, lists and values, not yet checked."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ssa_psro.errors import Fault, InputError, did_you_mean, shortened
from ssa_psro.inputs.documents import once
from ssa_psro.inputs.opening import in_words, read_bytes, size

LARGEST_FILE_BYTES: Final = 10_000_000
"""Such a file is a page or two; anything beyond this is some other file."""
LARGEST_JSON: Final = 100_000_000
"""Characters of what the program writes for itself: a whole catalogue, object by object."""
MOST_LEVELS: Final = 32
"""Tables and lists in each other, and parts of a dotted key."""
MOST_ENTRIES: Final = 100_000
"""Of one table or list."""
LARGEST_INTEGER: Final = 2**63
"""What TOML calls an integer is less."""

PART: Final = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+"""
LONG_KEY: Final = re.compile(rf"(?<![\w-]){PART}(?:\.[ \t]*+{PART}){{{MOST_LEVELS}}}")
"""A dotted key with more parts than there may be levels: the parser's time grows with the square of
their number."""
LONG_NUMBER: Final = re.compile(r"(?:^|[=:,\[\s])[+-]?+\d[\w.+-]{1000}")
"""A number of so many digits, which takes the parser a hundredfold their memory."""


@dataclass(frozen=True)
class FileKind:
    """One kind of file, as its readers speak of it.

    Attributes:
        name: such as ``scenario file``.
        example: name of such a file.
        error: raised with every fault of one.
    """

    name: str
    example: str
    error: type[InputError]

    def read_toml(self, path: Path) -> Any:
        """The document in a TOML file in UTF-8. Raises ``error``."""
        return self.parse_toml(self._text(path), str(path))

    def parse_toml(self, text: str, source: str) -> Any:
        """The document in TOML ``text``, which errors call ``source``. Raises ``error``."""
        return self._parsed(text, source, "TOML", _toml)

    def parse_json(self, text: str, source: str) -> Any:
        """The document in JSON ``text``, which errors call ``source``. Raises ``error``."""
        return self._parsed(text, source, "JSON", _json)

    def _parsed(self, text: str, source: str, language: str, parse: Callable[[str], Any]) -> Any:
        try:
            document = parse(text)
        except RecursionError:
            fault = TOO_DEEP
        except _UnreasonableError as error:
            fault = error.fault
        except ValueError as error:
            fault = _syntax_fault(str(error), language)
        else:
            return document
        raise self.error(source, [fault]) from None

    def _text(self, path: Path) -> str:
        content = self._content(path)
        try:
            return content.decode("utf-8-sig")  # some editors start UTF-8 files with a mark
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            cure = "Save it as UTF-8 text."
            raise self._unusable(path, f"line {line} is not UTF-8 text", cure) from None

    def _content(self, path: Path) -> bytes:
        try:
            return read_bytes(path, LARGEST_FILE_BYTES)
        except FileNotFoundError:
            raise self.error(str(path), [_not_found(path)]) from None
        except IsADirectoryError as error:
            cure = f"Name a {self.name} inside it, such as {self.example}."
            raise self._unusable(path, in_words(error), cure) from None
        except OSError as error:
            cure = f"Name a readable {self.name} (TOML)."
            raise self._unusable(path, in_words(error), cure) from None

    def _unusable(self, path: Path, problem: str, cure: str) -> InputError:
        return self.error(str(path), [Fault("the file", None, problem, cure)])


class _UnreasonableError(Exception):
    """A document that no person writes; ``fault`` says why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


TOO_LONG: Final = Fault(
    "the file", None, "holds a number of too many digits", "Write a smaller one."
)
TOO_DEEP: Final = Fault("the file", None, "is nested too deeply", "Write at most a few levels.")


def _toml(text: str) -> Any:
    if LONG_KEY.search(text):
        raise _UnreasonableError(TOO_DEEP)
    if LONG_NUMBER.search(text):
        raise _UnreasonableError(TOO_LONG)
    return _reasonable(tomllib.loads(text))


def _json(text: str) -> Any:
    if len(text) > LARGEST_JSON:
        problem = f"is larger than {size(LARGEST_JSON)}"
        raise _UnreasonableError(Fault("the file", None, problem, "Name another file."))
    if LONG_NUMBER.search(text):
        raise _UnreasonableError(TOO_LONG)
    return _reasonable(json.loads(text, object_pairs_hook=once))


def _reasonable(document: Any) -> Any:
    """The document, if it is no deeper and longer than one can be that a reader would accept.

    Raises:
        _UnreasonableError: it is not.
    """
    level = [document]
    for _ in range(MOST_LEVELS):
        for one in level:
            if isinstance(one, (dict, list)) and len(one) > MOST_ENTRIES:
                problem = f"has a table or list of more than {MOST_ENTRIES} entries"
                raise _UnreasonableError(Fault("the file", None, problem, "Write fewer."))
            if isinstance(one, int) and abs(one) > LARGEST_INTEGER:
                raise _UnreasonableError(TOO_LONG)
        inner = (one.values() if isinstance(one, dict) else one for one in level if _is_many(one))
        level = [item for items in inner for item in items]
    if level:
        raise _UnreasonableError(TOO_DEEP)
    return document


def _is_many(value: object) -> bool:
    return isinstance(value, (dict, list))


def _syntax_fault(message: str, language: str) -> Fault:
    """The parser's complaint; tomllib's and json's both end in something like line 3 column 7."""
    place = re.search(r"line (\d+),? column (\d+)", message)
    key = f"line {place[1]}, column {place[2]}" if place else "the file"
    what = shortened(re.split(r" \(at |: line ", message)[0])
    cure = f"Mend the file at, or just before, this place so that it is {language}."
    return Fault(key, None, f"not {language}: {what}", cure)


def _not_found(path: Path) -> Fault:
    """A missing file, with the nearest TOML file in its folder."""
    if not path.parent.is_dir():
        return Fault("the file", None, f"no such folder: {path.parent}", "Check the path.")
    names = [file.name for file in path.parent.glob("*.toml")]
    cure = did_you_mean(path.name, names) if names else "Check the path."
    return Fault("the file", None, "no such file", cure)
