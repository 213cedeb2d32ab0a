"""Files of text that people write, as documents: tables, lists and values, not yet checked."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ssa_psro.errors import Fault, InputError, did_you_mean

LARGEST_FILE_BYTES = 10_000_000
"""Such a file is a page or two; anything beyond this is some other file."""


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
        return self._parsed(text, source, "TOML", tomllib.loads)

    def parse_json(self, text: str, source: str) -> Any:
        """The document in JSON ``text``, which errors call ``source``. Raises ``error``."""
        return self._parsed(text, source, "JSON", json.loads)

    def _parsed(self, text: str, source: str, language: str, parse: Callable[[str], Any]) -> Any:
        try:
            return parse(text)
        except RecursionError:
            fault = Fault("the file", None, "is nested too deeply", "Write at most a few levels.")
        except ValueError as error:
            fault = _syntax_fault(str(error), language)
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
            with path.open("rb") as file:
                content = file.read(LARGEST_FILE_BYTES + 1)
        except FileNotFoundError:
            raise self.error(str(path), [_not_found(path)]) from None
        except IsADirectoryError:
            cure = f"Name a {self.name} inside it, such as {self.example}."
            raise self._unusable(path, "is a folder, not a file", cure) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            cure = "Name a readable file."
            raise self._unusable(path, f"cannot be read: {reason}", cure) from None
        if len(content) > LARGEST_FILE_BYTES:
            problem = f"is larger than {LARGEST_FILE_BYTES // 10**6} MB"
            raise self._unusable(path, problem, f"Name a {self.name} (TOML).")
        return content

    def _unusable(self, path: Path, problem: str, cure: str) -> InputError:
        return self.error(str(path), [Fault("the file", None, problem, cure)])


def _syntax_fault(message: str, language: str) -> Fault:
    """The parser's complaint; tomllib's and json's both end in something like line 3 column 7."""
    place = re.search(r"line (\d+),? column (\d+)", message)
    key = f"line {place[1]}, column {place[2]}" if place else "the file"
    what = re.split(r" \(at |: line ", message)[0]
    cure = f"Mend the file at, or just before, this place so that it is {language}."
    return Fault(key, None, f"not {language}: {what}", cure)


def _not_found(path: Path) -> Fault:
    """A missing file, with the nearest TOML file in its folder."""
    if not path.parent.is_dir():
        return Fault("the file", None, f"no such folder: {path.parent}", "Check the path.")
    names = [file.name for file in path.parent.glob("*.toml")]
    cure = did_you_mean(path.name, names) if names else "Check the path."
    return Fault("the file", None, "no such file", cure)
