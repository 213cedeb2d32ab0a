"""What pydantic found wrong with a field, in the words of the document that it stands in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date, time
from typing import get_args

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from ssa_psro.errors import Fault, did_you_mean, shortened
from ssa_psro.inputs.outline import is_list, member_sections, sections_with
from ssa_psro.inputs.sections import Section

PROBLEMS = {
    "float_type": "must be a number without quotes",
    "finite_number": "must be a finite number",
    "int_type": "must be a whole number without quotes or decimal point",
    "bool_type": "must be true or false",
    "string_type": "must be a text in quotes",
    "tuple_type": "must be a list in square brackets",
    "too_short": "has too few entries",
    "too_long": "has too many entries",
    "missing": "has too few entries",
    "literal_error": "must be {expected}",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "string_pattern_mismatch": "may hold letters, digits, '.', '_' and '-' only",
    "string_too_long": "must have at most {max_length} characters",
    "datetime_type": "must be a date-time with a time zone",
    "timezone_aware": "lacks a time zone; end it with Z for UTC",
    "value_error": "{error}",
}
"""Pydantic's error types, filled in with the error's context; others keep pydantic's message."""


def toml_key(key: str) -> str:
    """``key`` as TOML spells it: quoted where it has to be; only the beginning of a long one."""
    key = shortened(key)
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _quoted(key)


def toml_value(value: object) -> str:
    """``value`` as TOML spells it."""
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    if isinstance(value, (date, time)):
        return value.isoformat().replace("+00:00", "Z")
    return _quoted(value) if isinstance(value, str) else json.dumps(value)


def _quoted(text: str) -> str:
    """A text in quotes, in letters that every terminal has: TOML knows no pairs of surrogates."""
    plain = json.dumps(text, ensure_ascii=False)
    return re.sub(
        r"[^ -~]",
        lambda one: f"\\u{ord(one[0]):04x}" if one[0] <= "\uffff" else f"\\U{ord(one[0]):08x}",
        plain,
    )


def join(at: str, key: str) -> str:
    """The dotted path of ``key`` in the table at ``at``."""
    return f"{at}.{toml_key(key)}" if at else toml_key(key)


def example_value(field: FieldInfo) -> object:
    """A value that suits ``field``: its stated example, its default, or its first choice."""
    if field.examples:
        return field.examples[0]
    return get_args(field.annotation)[0] if field.is_required() else field.default


def example(name: str, field: FieldInfo) -> str:
    """``name = value`` with a value that suits."""
    return f"{name} = {toml_value(example_value(field))}"


def section_example(model: type[Section], at: str, *, many: bool = False) -> str:
    """The shortest section that would do, with its header."""
    required = {name: field for name, field in model.model_fields.items() if field.is_required()}
    for name, field in required.items():
        members = member_sections(field)
        if members:
            return section_example(members[0], join(at, name), many=is_list(field))
    header = f"[[{at}]]" if many else f"[{at}]"
    return header + " with " + ", ".join(example(name, field) for name, field in required.items())


def shown(value: object) -> object:
    """``value`` as the user would know it again; ``None`` where it is too long to show."""
    if isinstance(value, (date, time)):
        return toml_value(value)
    return None if isinstance(value, (dict, list)) and len(str(value)) > 60 else value


def field_fault(error: ErrorDetails, at: str, name: str, field: FieldInfo) -> Fault:
    """One error that pydantic found in the value of ``field`` at path ``at``."""
    indices = [step for step in error["loc"] if isinstance(step, int)]
    if error["type"] == "missing":
        indices = indices[:-1]
    key = at + "".join(f"[{index}]" for index in indices)
    template = PROBLEMS.get(error["type"], error["msg"].replace("{", "{{").replace("}", "}}"))
    problem = template.format_map(error.get("ctx", {}))
    members = member_sections(field)
    suited = section_example(members[0], at, many=True) if members else example(name, field)
    return Fault(key, shown(error["input"]), problem, f"For example: {suited}.")


def not_a_table(model: type[Section], value: object, at: str) -> Fault:
    """A value where a section belongs."""
    names = ", ".join(model.model_fields)
    cure = f"Write a section with the keys {names}."
    return Fault(at or "the file", shown(value), "must be a section (a table)", cure)


def missing(name: str, field: FieldInfo, at: str) -> Fault:
    """A required key or section that is not there."""
    members = member_sections(field)
    if not members:
        return Fault(at, None, "key is missing", f"Add it, for example: {example(name, field)}.")
    cure = f"Add {section_example(members[0], at, many=is_list(field))}."
    return Fault(at, None, "section is missing", cure)


def unknown_key(
    key: str,
    value: object,
    model: type[Section],
    at: str,
    guess: str | None,
    root: type[Section],
) -> Fault:
    """A key that the section does not have, though another below ``root`` may."""
    homes = [] if guess else sections_with(key, root)
    found = None if isinstance(value, (dict, list)) else value
    names = [guess] if guess else list(model.model_fields)
    cure = f"It belongs in {' or '.join(homes)}." if homes else did_you_mean(key, names)
    return Fault(join(at, key), found, "unknown key", cure)


def unknown_kind(value: object, kinds: Iterable[str], at: str) -> Fault:
    """A ``kind`` that names no member of a choice of sections; ``None`` where there is none."""
    choices = list(kinds)
    listed = ", ".join(f'"{kind}"' for kind in choices)
    if value is None:
        return Fault(at, None, "key is missing", f"Add kind, one of: {listed}.")
    cure = f'Write kind = "{choices[0]}".'
    if isinstance(value, str):
        cure = did_you_mean(value, choices)
    return Fault(at, shown(value), f"must be one of {listed}", cure)
