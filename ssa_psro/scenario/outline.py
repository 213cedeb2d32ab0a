"""The tree of sections that the schema spans, read off its annotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import get_args, get_origin

from pydantic.fields import FieldInfo

from ssa_psro.scenario.schema import Scenario, Section


def member_sections(field: FieldInfo) -> list[type[Section]]:
    """The sections that ``field`` may hold, one or many; empty for a plain value."""
    types = [field.annotation, *get_args(field.annotation)]
    return [kind for kind in types if isinstance(kind, type) and issubclass(kind, Section)]


def is_list(field: FieldInfo) -> bool:
    """Whether ``field`` holds several values."""
    return get_origin(field.annotation) is tuple


def kinds(model: type[Section]) -> tuple[str, ...]:
    """The values of ``kind`` that stand for ``model``."""
    return get_args(model.model_fields["kind"].annotation)


def nearest(key: str, names: Iterable[str]) -> str | None:
    """The one of ``names`` that ``key`` seems to be a misspelling of."""
    return next(iter(get_close_matches(key, list(names), n=1, cutoff=0.6)), None)


def headers(model: type[Section], at: str = "") -> Iterator[tuple[str, type[Section]]]:
    """Every section below ``model`` with its header, ``model`` itself first."""
    yield f"[{at}]" if at else "the top of the file", model
    for name, field in model.model_fields.items():
        for member in member_sections(field):
            yield from headers(member, f"{at}.{name}" if at else name)


def sections_with(key: str) -> list[str]:
    """Headers of the sections that have a key of this name."""
    return [header for header, model in headers(Scenario) if key in model.model_fields]
