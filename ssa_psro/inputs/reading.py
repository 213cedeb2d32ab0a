"""Documents, as TOML or JSON give them, read into sections with every fault noted on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from ssa_psro.errors import Fault, InputError
from ssa_psro.inputs import fault_wording
from ssa_psro.inputs.outline import (
    default_kind,
    is_list,
    is_optional,
    kinds,
    member_sections,
    nearest,
)
from ssa_psro.inputs.sections import (
    MOST_FAULTS,
    Rule,
    Section,
    broken_rules,
    enough,
    partial_section,
)

S = TypeVar("S", bound=Section)

UNSOUND = object()
"""Stands for a value that is at fault."""


@dataclass(frozen=True)
class Reading(Generic[S]):
    """What a document holds.

    Attributes:
        section: as far as it is sound; it lacks the fields that are at fault.
        faults: all of them.
    """

    section: S
    faults: list[Fault]

    def checked(self, source: str, error: type[InputError]) -> S:
        """The section, in which nothing is at fault.

        Args:
            source: names the document in errors.
            error: raised with every fault, if there is one.
        """
        if self.faults:
            raise error(source, self.faults)
        return self.section


def read(model: type[S], document: object, rules: Iterable[Rule] = ()) -> Reading[S]:
    """The ``model`` in a document, and all faults: of single keys, then those that span several.

    Args:
        model: of the whole document.
        document: tables, lists and values.
        rules: of the whole beyond those of its sections, such as those that ask a registry.
    """
    reading = read_fields(model, document)
    reading.faults.extend(broken_rules(reading.section))
    for one in rules:
        reading.faults.extend(one.faults(reading.section, ""))
    return reading


def read_fields(model: type[S], document: object) -> Reading[S]:
    """The ``model`` in a document, and the faults of single keys only."""
    reader = _Reader(model)
    section = reader.section(model, document, "")
    return Reading(section, enough(reader.faults))


@dataclass
class _Reader:
    """Reads one document.

    Attributes:
        root: of the document; a key that stands in the wrong section of it is told where it
            belongs.
        faults: noted so far.
    """

    root: type[Section]
    faults: list[Fault] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """Whether there are more faults than will be told: no others are looked for."""
        return len(self.faults) > MOST_FAULTS

    def section(self, model: type[S], table: object, at: str) -> S:
        if self.full:
            return partial_section(model, {}, model.model_fields)
        if not isinstance(table, dict):
            self.faults.append(fault_wording.not_a_table(model, table, at))
            return partial_section(model, {}, model.model_fields)
        table = model.spelt_out(table)
        misspelt = self._unknown_keys(model, table, at)
        values = {}
        for name, info in model.model_fields.items():
            key = name if name in table else misspelt.get(name)
            if key is None:
                if info.is_required():
                    self.faults.append(
                        fault_wording.missing(name, info, fault_wording.join(at, name))
                    )
            elif key == name or member_sections(info):
                values[name] = self._field(model, name, table[key], fault_wording.join(at, key))
        unsound = (misspelt.keys() - values) | {name for name in values if values[name] is UNSOUND}
        return partial_section(model, values, unsound)

    def _unknown_keys(
        self, model: type[Section], table: Mapping[str, Any], at: str
    ) -> dict[str, str]:
        """Report keys that ``model`` lacks; the absent fields they seem to misspell, with keys."""
        absent = [name for name in model.model_fields if name not in table]
        misspelt: dict[str, str] = {}
        for key in table:
            if key not in model.model_fields and not self.full:
                guess = nearest(key, absent)
                fault = fault_wording.unknown_key(key, table[key], model, at, guess, self.root)
                self.faults.append(fault)
                misspelt |= {guess: key} if guess else {}
        return misspelt

    def _field(self, model: type[Section], name: str, value: object, at: str) -> object:
        info = model.model_fields[name]
        members = member_sections(info)
        if not members or (value is None and is_optional(info)):
            return self._value(model, name, value, at)
        if not is_list(info):
            return self._member(members, value, at)
        if not isinstance(value, list) or not value:
            return self._value(model, name, value, at)
        return tuple(
            self._member(members, item, f"{at}[{index}]") for index, item in enumerate(value)
        )

    def _member(self, members: list[type[Section]], table: object, at: str) -> Section:
        """The member of a choice of sections that ``table`` is meant for."""
        if len(members) == 1 or not isinstance(table, dict):
            return self.section(members[0], table, at)
        known = {kind: member for member in members for kind in kinds(member)}
        kind = table.get("kind", default_kind(members))
        if isinstance(kind, str) and kind in known:
            return self.section(known[kind], table, at)
        self.faults.append(fault_wording.unknown_kind(kind, known, fault_wording.join(at, "kind")))
        # read on as the member it looks like, so that the other faults in it are found too
        likely = max(members, key=lambda member: len(table.keys() & member.model_fields.keys()))
        return self.section(likely, table | {"kind": kinds(likely)[0]}, at)

    def _value(self, model: type[Section], name: str, value: object, at: str) -> object:
        try:
            return _adapter(model, name).validate_python(value)
        except ValidationError as error:
            info = model.model_fields[name]
            self.faults += [
                fault_wording.field_fault(one, at, name, info) for one in error.errors()
            ]
            return UNSOUND


@cache
def _adapter(model: type[Section], name: str) -> TypeAdapter[Any]:
    """Pydantic's validator of one field on its own, as strict as the whole section."""
    info: Any = model.model_fields[name]
    return TypeAdapter(Annotated[info.annotation, info], config=Section.model_config)
