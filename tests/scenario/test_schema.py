"""The schema as a whole: examples suit their fields, and every rule that is written is applied."""

from __future__ import annotations

import inspect
import tomllib
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter

from ssa_psro.scenario import game_rules, rules, sensor_rules
from ssa_psro.scenario.checks import RULES
from ssa_psro.scenario.outline import headers, member_sections
from ssa_psro.scenario.schema import Section
from ssa_psro.scenario.wording import example
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


def test_every_rule_is_applied() -> None:
    written = {
        function
        for module in (rules, game_rules, sensor_rules)
        for _, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and list(inspect.signature(function).parameters)[1:] == ["at"]
    }
    applied = [rule for several in RULES.values() for rule in several]
    assert written == set(applied)
    assert all(len(set(several)) == len(several) for several in RULES.values())


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
