"""Tables, as TOML or JSON give them, read into sections with every fault noted on the way.

A section in which something is wrong is still built, without the fields that are at fault: reading
such a field raises ``AttributeError``. So the rules that span several fields can be applied to
whatever is sound, and one reading of a file finds all its faults.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from ssa_psro.errors import Fault
from ssa_psro.scenario import wording
from ssa_psro.scenario.fields import Section
from ssa_psro.scenario.outline import (
    default_kind,
    is_list,
    is_optional,
    kinds,
    member_sections,
    nearest,
)
from ssa_psro.scenario.presets import with_preset
from ssa_psro.scenario.schema import Sensor

S = TypeVar("S", bound=Section)

UNSOUND = object()
"""Stands for a value that is at fault."""


@dataclass
class _Notes:
    """What is read, and what was found to be at fault."""

    root: type[Section]
    faults: list[Fault]


def read_document(document: object, model: type[S]) -> tuple[S, list[Fault]]:
    """The ``model`` in ``document``, as far as it is sound, and all faults of single fields."""
    notes = _Notes(model, [])
    return _read_section(model, document, "", notes), notes.faults


def _read_section(model: type[S], table: object, at: str, notes: _Notes) -> S:
    if not isinstance(table, dict):
        notes.faults.append(wording.not_a_table(model, table, at))
        return partial_section(model, {}, model.model_fields)
    if issubclass(model, Sensor):
        table = with_preset(table)
    misspelt = _note_unknown_keys(model, table, at, notes)
    values = {}
    for name, field in model.model_fields.items():
        key = name if name in table else misspelt.get(name)
        if key is None:
            if field.is_required():
                notes.faults.append(wording.missing(name, field, wording.join(at, name)))
        elif key == name or member_sections(field):
            values[name] = _read_field(model, name, table[key], wording.join(at, key), notes)
    unsound = (misspelt.keys() - values) | {name for name in values if values[name] is UNSOUND}
    return partial_section(model, values, unsound)


def _note_unknown_keys(
    model: type[Section], table: dict[str, Any], at: str, notes: _Notes
) -> dict[str, str]:
    """Report keys that ``model`` lacks; the absent fields they seem to misspell, with the keys."""
    absent = [name for name in model.model_fields if name not in table]
    misspelt: dict[str, str] = {}
    for key in table:
        if key not in model.model_fields:
            guess = nearest(key, absent)
            notes.faults.append(wording.unknown_key(key, table[key], model, at, guess, notes.root))
            misspelt |= {guess: key} if guess else {}
    return misspelt


def partial_section(model: type[S], values: dict[str, Any], unsound: Iterable[str]) -> S:
    """A section without validation and without its unsound fields, defaults included."""
    section = cast("S", model.model_construct(**values))  # mypy's plugin forgets which model
    for name in unsound:
        section.__dict__.pop(name, None)
    return section


def _read_field(model: type[Section], name: str, value: object, at: str, notes: _Notes) -> object:
    field = model.model_fields[name]
    members = member_sections(field)
    if not members or (value is None and is_optional(field)):
        return _read_value(model, name, value, at, notes)
    if not is_list(field):
        return _read_member(members, value, at, notes)
    if not isinstance(value, list) or not value:
        return _read_value(model, name, value, at, notes)
    return tuple(
        _read_member(members, item, f"{at}[{index}]", notes) for index, item in enumerate(value)
    )


def _read_member(members: list[type[Section]], table: object, at: str, notes: _Notes) -> Section:
    """The member of a choice of sections that ``table`` is meant for."""
    if len(members) == 1 or not isinstance(table, dict):
        return _read_section(members[0], table, at, notes)
    known = {kind: member for member in members for kind in kinds(member)}
    kind = table.get("kind", default_kind(members))
    if isinstance(kind, str) and kind in known:
        return _read_section(known[kind], table, at, notes)
    notes.faults.append(wording.unknown_kind(kind, known, wording.join(at, "kind")))
    # read on as the member it looks like, so that the other faults in it are found too
    likely = max(members, key=lambda member: len(table.keys() & member.model_fields.keys()))
    return _read_section(likely, table | {"kind": kinds(likely)[0]}, at, notes)


def _read_value(model: type[Section], name: str, value: object, at: str, notes: _Notes) -> object:
    try:
        return _adapter(model, name).validate_python(value)
    except ValidationError as error:
        field = model.model_fields[name]
        notes.faults += [wording.field_fault(e, at, name, field) for e in error.errors()]
        return UNSOUND


@cache
def _adapter(model: type[Section], name: str) -> TypeAdapter[Any]:
    """Pydantic's validator of one field on its own, as strict as the whole section."""
    field: Any = model.model_fields[name]
    return TypeAdapter(Annotated[field.annotation, field], config=Section.model_config)
