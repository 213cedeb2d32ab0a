"""Scenario files in, checked scenarios out, or one error with every fault in the file."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ssa_psro.errors import Fault, ScenarioError, did_you_mean
from ssa_psro.scenario.checks import check
from ssa_psro.scenario.reading import read_document
from ssa_psro.scenario.resolving import resolve
from ssa_psro.scenario.schema import Scenario, ScenarioInFile

LARGEST_FILE_BYTES = 10_000_000
"""A scenario file is a page or two; anything beyond this is some other file."""


STUDY_KEYS = frozenset({"seed", "populations", "oracle", "solver"})
"""Keys at the top of the same file that say how the game is studied, see ``ssa_psro.study``."""


def load_scenario(path: str | Path) -> Scenario:
    """The game in the TOML file at ``path``, with the element sets of the files it names.

    What the file says of how the game is studied is passed over.

    Args:
        path: a file in UTF-8.

    Raises:
        ScenarioError: with every fault, whether of a file, of a key or of several keys together.
    """
    path = Path(path)
    return _game(read_toml(path), str(path), path.parent)


def parse_scenario(text: str, source: str) -> Scenario:
    """The game in TOML ``text``; ``source`` names it in errors.

    Raises:
        ScenarioError: with every fault; naming a file is one.
    """
    return _game(parse_toml(text, source), source, None)


def parse_scenario_json(text: str, source: str) -> Scenario:
    """The game in JSON ``text``, such as that of ``dump_scenario``.

    Raises:
        ScenarioError: with every fault; naming a file is one.
    """
    return _game(parse_json(text, source), source, None)


def dump_scenario(scenario: Scenario) -> str:
    """``scenario`` as JSON text with every key, defaults included."""
    return scenario.model_dump_json(indent=2) + "\n"


def read_toml(path: Path) -> Any:
    """The document in a TOML file. Raises ``ScenarioError``."""
    return parse_toml(_read_text(path), str(path))


def parse_toml(text: str, source: str) -> Any:
    """The document in TOML ``text``. Raises ``ScenarioError``."""
    return _parse(text, source, "TOML", tomllib.loads)


def parse_json(text: str, source: str) -> Any:
    """The document in JSON ``text``. Raises ``ScenarioError``."""
    return _parse(text, source, "JSON", json.loads)


def _game(document: object, source: str, folder: Path | None) -> Scenario:
    if isinstance(document, dict):
        document = {key: document[key] for key in document if key not in STUDY_KEYS}
    draft, faults = read_document(document, ScenarioInFile)
    found = resolve(draft, folder)
    faults += found.faults
    faults += check([(found.scenario, ""), *found.replaced])
    if faults:
        raise ScenarioError(source, faults)
    return Scenario.model_validate(found.scenario.model_dump())


def with_catalogs(document: object, source: str, paths: Sequence[Path]) -> object:
    """``document`` with other files in its ``[catalog]``. Raises ``ScenarioError``."""
    catalog = document.get("catalog") if isinstance(document, dict) else None
    if not (isinstance(catalog, dict) and catalog.get("kind") == "file"):
        problem, value = "the scenario takes no catalogue", ", ".join(map(str, paths))
        cure = 'Name one whose [catalog] has kind = "file", such as scenarios/own-catalog.toml.'
        raise ScenarioError(source, [Fault("--catalog", value, problem, cure)])
    assert isinstance(document, dict)
    given = [str(path.absolute()) for path in paths]
    return document | {"catalog": catalog | {"path": given}}


def _parse(text: str, source: str, language: str, parse: Callable[[str], Any]) -> Any:
    try:
        return parse(text)
    except RecursionError:
        fault = Fault("the file", None, "is nested too deeply", "Write at most a few levels.")
    except ValueError as error:
        fault = _syntax_fault(str(error), language)
    raise ScenarioError(source, [fault]) from None


def _syntax_fault(message: str, language: str) -> Fault:
    """The parser's complaint; tomllib's and json's both end in something like line 3 column 7."""
    place = re.search(r"line (\d+),? column (\d+)", message)
    key = f"line {place[1]}, column {place[2]}" if place else "the file"
    what = re.split(r" \(at |: line ", message)[0]
    cure = f"Mend the file at, or just before, this place so that it is {language}."
    return Fault(key, None, f"not {language}: {what}", cure)


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE_BYTES + 1)
    except FileNotFoundError:
        raise ScenarioError(str(path), [_not_found(path)]) from None
    except IsADirectoryError:
        cure = "Name a scenario file inside it, such as quickstart.toml."
        raise _unreadable(path, "is a folder, not a file", cure) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _unreadable(path, f"cannot be read: {reason}", "Name a readable file.") from None
    if len(content) > LARGEST_FILE_BYTES:
        cure = "Name a scenario file (TOML)."
        raise _unreadable(path, f"is larger than {LARGEST_FILE_BYTES // 10**6} MB", cure)
    return _decode(path, content)


def _decode(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")  # some editors start UTF-8 files with a mark
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        cure = "Save it as UTF-8 text."
        raise _unreadable(path, f"line {line} is not UTF-8 text", cure) from None


def _unreadable(path: Path, problem: str, cure: str) -> ScenarioError:
    return ScenarioError(str(path), [Fault("the file", None, problem, cure)])


def _not_found(path: Path) -> Fault:
    """A missing file, with the nearest scenario in its folder."""
    if not path.parent.is_dir():
        return Fault("the file", None, f"no such folder: {path.parent}", "Check the path.")
    names = [file.name for file in path.parent.glob("*.toml")]
    cure = did_you_mean(path.name, names) if names else "Check the path."
    return Fault("the file", None, "no such file", cure)
