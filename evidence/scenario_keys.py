"""Write every key of scenario files, as the schema has it, into ``docs/scenario-keys.md``.

With ``--sweeps`` those of sweep files, into ``docs/sweeps.md``.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Mapping
from inspect import getdoc
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from ssa_psro.inputs.fault_wording import toml_value
from ssa_psro.inputs.outline import is_list, kinds, member_sections
from ssa_psro.inputs.sections import Section
from ssa_psro.report.markdown import markdown, renew
from ssa_psro.study.study import StudyInFile, registries
from ssa_psro.sweeps.plan import SweepInFile

UNITS = {
    "km_h": "km/h",
    "m_s": "m/s",
    "deg_s": "°/s",
    "rev_day": "rev/day",
    "per_day": "1/day",
    "arcsec": "arcsec",
    "days": "days",
    "magnitude": "mag",
    "mag": "mag",
    "deg": "°",
    "km": "km",
    "m": "m",
    "s": "s",
    "h": "h",
}
"""Unit by the end of a key; longer ends come first."""

TYPES = {
    "number": "number",
    "integer": "whole number",
    "string": "text",
    "boolean": "true or false",
    "object": "keys and values",
    "any": "any value",
    "date-time": "date-time",
}
"""What a JSON schema calls a type or a format, and how it is written."""

LIMITS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}


def keys(root: type[Section] = StudyInFile) -> str:
    """All sections of a file, each with a table of its keys, as Markdown."""
    titles: dict[type[Section], list[str]] = {}
    for title, model in _sections(root):
        titles.setdefault(model, []).append(title)
    return "\n".join(_section(model, found) for model, found in titles.items())


def _sections(
    model: type[Section], header: str = "", choice: str = ""
) -> Iterator[tuple[str, type[Section]]]:
    """Every section with its title; what both sides have is told once, as that of ``SIDE``."""
    if own := kinds(model):
        named = " or ".join(f"`{kind}`" for kind in own)
        choice = f" of kind {named}" if len(own) < 3 else " of another kind"
    yield f"`{header}`{choice}" if header else "Top of the file", model
    for name, field in model.model_fields.items():
        step = {"blue": "SIDE", "red": "SIDE"}.get(name, name)
        path = f"{header.strip('[]')}.{step}" if header else step
        for member in member_sections(field) if name != "red" else ():
            below = choice.replace(" of ", " under ")
            yield from _sections(member, f"[[{path}]]" if is_list(field) else f"[{path}]", below)


def _section(model: type[Section], titles: list[str]) -> str:
    schema = model.model_json_schema()["properties"]
    rows = [["Key", "Value", "Default", "Unit", "Meaning"]]
    for name, field in model.model_fields.items():
        unit = next((unit for end, unit in UNITS.items() if name.endswith(f"_{end}")), "")
        if member_sections(field):
            value = "sections" if is_list(field) else "section"
        else:
            value = _value(schema[name], _names(model, name))
        rows.append([f"`{name}`", value, _default(field), unit, _linked(field.description or "")])
    title, *others = dict.fromkeys(titles)
    also = f"Also {', '.join(others)}.\n\n" if others else ""
    return f"## {title}\n\n{_linked(getdoc(model) or '')}\n\n{also}{markdown(rows)}"


def _names(model: type[Section], key: str) -> str:
    """The names that may be written there, if it is for such."""
    for section, named, _, known in registries():
        if StudyInFile.model_fields[section].annotation is model and named == key:
            return ", ".join(f'`"{name}"`' for name in known)
    return ""


def _value(schema: Mapping[str, Any], names: str = "") -> str:
    """What a value may be, in words."""
    if "anyOf" in schema:
        return _value(schema["anyOf"][0])
    if "prefixItems" in schema:
        return f"[low, high]: {_value(schema['prefixItems'][0])}"
    if "items" in schema:
        return f"list: {names or _value(schema['items'])}"
    if choices := schema.get("enum", [schema["const"]] if "const" in schema else []):
        return ", ".join(f"`{toml_value(choice)}`" for choice in choices)
    limits = [f"{sign} {_number(schema[key])}" for key, sign in LIMITS.items() if key in schema]
    text = ", ".join([TYPES[schema.get("format", schema.get("type", "any"))], *limits])
    return names or re.sub("≥ (.*), ≤ ", r"\1 to ", text)


def _number(limit: float) -> str:
    return "2⁶³" if limit == 2**63 else f"{limit:,.15g}"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default is None or member_sections(field):
        return "none" if not field.default else "its defaults"
    return f"`{toml_value(field.default)}`"


def _linked(text: str) -> str:
    """With links to the pages that it names."""
    return re.sub(r"``docs/([\w-]+\.md)``", r"[\1](\1)", " ".join(text.split()))


def main() -> None:
    """Print the sections, or write them into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="page that is renewed")
    parser.add_argument("--sweeps", action="store_true", help="the keys of sweep files")
    options = parser.parse_args()
    page, told = options.write, keys(SweepInFile if options.sweeps else StudyInFile)
    if page:
        renew(page, {"keys": told})
    else:
        print(told)


if __name__ == "__main__":
    main()
