"""The tree of sections that a section spans, read off its annotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from types import NoneType
from typing import get_args, get_origin

from pydantic.fields import FieldInfo

from ssa_psro.errors import LONGEST_WORD
from ssa_psro.inputs.sections import Section


def member_sections(field: FieldInfo) -> list[type[Section]]:
    """The sections that ``field`` may hold, one or many; empty for a plain value."""
    types = [field.annotation, *get_args(field.annotation)]
    return [kind for kind in types if isinstance(kind, type) and issubclass(kind, Section)]


def is_list(field: FieldInfo) -> bool:
    """Whether ``field`` holds several values."""
    return get_origin(field.annotation) is tuple


def is_optional(field: FieldInfo) -> bool:
    """Whether ``field`` may hold nothing; TOML cannot say that, JSON can."""
    return NoneType in get_args(field.annotation)


def default_kind(members: Iterable[type[Section]]) -> str | None:
    """The ``kind`` of the member that is meant where none is written."""
    defaults = (member.model_fields["kind"].get_default() for member in members)
    return next((kind for kind in defaults if isinstance(kind, str)), None)


def kinds(model: type[Section]) -> tuple[str, ...]:
    """The values of ``kind`` that stand for ``model``; none if it is no member of a choice."""
    field = model.model_fields.get("kind")
    return get_args(field.annotation) if field is not None else ()


def nearest(key: str, names: Iterable[str]) -> str | None:
    """The one of ``names`` that ``key`` seems to be a misspelling of."""
    close = get_close_matches(key[:LONGEST_WORD], list(names), n=1, cutoff=0.6)
    return next(iter(close), None)


def headers(model: type[Section], at: str = "") -> Iterator[tuple[str, type[Section]]]:
    """Every section below ``model`` with its header, ``model`` itself first."""
    yield f"[{at}]" if at else "the top of the file", model
    for name, field in model.model_fields.items():
        for member in member_sections(field):
            yield from headers(member, f"{at}.{name}" if at else name)


def sections_with(key: str, root: type[Section]) -> list[str]:
    """Headers of the sections below ``root`` that have a key of this name.

    With their kind if they are one of a choice.
    """
    found = (
        f'{header} with kind = "{kinds(model)[0]}"' if kinds(model) else header
        for header, model in headers(root)
        if key in model.model_fields
    )
    return list(dict.fromkeys(found))
