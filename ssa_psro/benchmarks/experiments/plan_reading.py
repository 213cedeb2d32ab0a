"""Experiment files in, checked plans out, or one error with every fault in the file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ssa_psro.benchmarks.experiments.plan import Plan
from ssa_psro.benchmarks.experiments.plan_rules import faults_of
from ssa_psro.errors import Fault, InputError, did_you_mean
from ssa_psro.scenario import wording
from ssa_psro.scenario.outline import member_sections
from ssa_psro.scenario.schema import Section


class PlanError(InputError):
    """An experiment file that cannot be run."""


def load_plan(path: Path) -> Plan:
    """The plan in a TOML file.

    Raises:
        PlanError: with every fault.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        fault = Fault("the file", None, f"cannot be read: {reason}", "Name an experiment file.")
        raise PlanError(str(path), [fault]) from None
    return parse_plan(text, str(path))


def parse_plan(text: str, source: str) -> Plan:
    """The plan in TOML ``text``; ``source`` names it in errors.

    Raises:
        PlanError: with every fault.
    """
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        fault = Fault("the file", None, f"not TOML: {error}", "Mend it there, or just before.")
        raise PlanError(source, [fault]) from None
    plan, faults = _validated(document)
    faults += faults_of(document)
    if plan is None or faults:
        raise PlanError(source, faults)
    return plan


def _validated(document: dict[str, Any]) -> tuple[Plan | None, list[Fault]]:
    try:
        return Plan.model_validate(document), []
    except ValidationError as error:
        return None, [_fault(one) for one in error.errors()]


def _fault(error: ErrorDetails) -> Fault:
    """One of pydantic's errors, in the words of scenario files."""
    model: type[Section] = Plan
    at, name, rest = "", "", list(error["loc"])
    while rest:
        step = rest.pop(0)
        if isinstance(step, int):  # a place in a list of sections
            at += f"[{step}]"
            continue
        at, name = wording.join(at, step), step
        if name not in model.model_fields:
            cure = did_you_mean(name, model.model_fields)
            return Fault(at, wording.shown(error["input"]), "unknown key", cure)
        inner = member_sections(model.model_fields[name])
        if not inner or not rest:
            break
        model = inner[0]
    field = model.model_fields[name]
    if error["type"] == "missing":
        return wording.missing(name, field, at)
    return wording.field_fault({**error, "loc": tuple(rest)}, at, name, field)
