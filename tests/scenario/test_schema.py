"""The schema as a whole: examples suit their fields, and every rule that is written is applied."""

from __future__ import annotations

import tomllib
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter

from ssa_psro.inputs.fault_wording import example
from ssa_psro.inputs.outline import headers, member_sections
from ssa_psro.scenario.schema import Scenario, Section
from ssa_psro.study.study import Study, StudyInFile, registries

SECTIONS = {model: header for header, model in headers(StudyInFile)}


@pytest.mark.parametrize("model", SECTIONS, ids=lambda model: model.__name__)
def test_examples_in_messages_are_valid(model: type[Section]) -> None:
    """What a message tells the user to write is TOML and is accepted."""
    fields = model.model_fields.items()
    plain = {name: field for name, field in fields if not member_sections(field)}
    lines = [
        example(name, field)
        for name, field in plain.items()
        if field.is_required() or field.default is not None
    ]
    table = tomllib.loads("\n".join(lines))
    for name, value in table.items():
        field: Any = model.model_fields[name]
        validator = TypeAdapter(Annotated[field.annotation, field], config=Section.model_config)
        validator.validate_python(value)


def paths_of(model: type[Section], path: str) -> list[type[Section]]:
    """The sections that have the last key of a path that a rule reads."""
    name, _, rest = path.partition(".")
    field = model.model_fields.get(name.removesuffix("[]"))
    if field is None or not rest:
        return [model] if field else []
    return [end for member in member_sections(field) for end in paths_of(member, rest)]


@pytest.mark.parametrize("model", [*SECTIONS, Scenario], ids=lambda model: model.__name__)
def test_rules_read_keys_that_exist(model: type[Section]) -> None:
    for rule in model.own_rules():
        assert rule.check.__doc__
        for path in rule.reads:
            assert paths_of(model, path), path


def test_every_section_with_rules_is_asked() -> None:
    """A rule is a method of a section, so none can be written and not be applied."""
    rules = [rule for model in [*SECTIONS, Scenario] for rule in model.own_rules()]
    # windows of one object in two kinds of catalogue, unforecast manoeuvres in three of objects
    assert len(rules) == len(set(rules)) + 3
    assert len(rules) == 38


def test_checked_names_are_fields() -> None:
    for section, name, _, known in registries():
        default = getattr(getattr(Study(None), section), name)  # type: ignore[arg-type]
        assert default in known or default == ()


def test_fields_state_their_units() -> None:
    """Physical quantities of a scenario carry their unit as the last part of their name."""
    units = ("_km", "_km_h", "_m", "_m_s", "_s", "_h", "_days", "_deg", "_deg_s")
    physical = {"altitude", "duration", "interval", "inclination", "radius", "range", "dwell"}
    for model in SECTIONS:
        for name in model.model_fields:
            if physical & set(name.split("_")):
                assert name.endswith(units), f"{SECTIONS[model]} {name}"
