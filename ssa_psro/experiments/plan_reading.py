"""Experiment files in, checked plans out, or one error with every fault in the file.

Single keys are checked by :mod:`ssa_psro.experiments.plan`. What must agree between several is a
rule here. Rules read the document as it stands in the file, so that they apply to whatever in it
is sound, and one reading finds all faults.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ssa_psro.errors import Fault, InputError, UsageError, did_you_mean
from ssa_psro.experiments.plan import Document, Plan
from ssa_psro.experiments.setting_up import GAMES, LEARNERS, Family, settings_from
from ssa_psro.experiments.summary import (
    OF_ACTIONS,
    OF_POPULATIONS,
    OF_SPREAD,
    QUANTITIES,
)
from ssa_psro.experiments.variants import (
    BAD_SOLVERS,
    SOLVER_NAMES,
    VARIANTS,
    experiment_solver,
)
from ssa_psro.inputs import fault_wording
from ssa_psro.inputs.outline import member_sections
from ssa_psro.inputs.sections import Section, enough
from ssa_psro.inputs.text_files import FileKind

Faults = Iterator[Fault]


def faults_of(document: Document) -> Faults:
    """All faults that single keys do not show."""
    for rule in RULES:
        yield from rule(document)


def known_names(document: Document) -> Faults:
    """Games, learners, variants, meta-solvers and start rules exist."""
    yield from _unknown("game", document.get("game"), GAMES)
    yield from _unknown("learner", document.get("learner"), LEARNERS)
    learner = LEARNERS.get(_text(document.get("learner")))
    family = GAMES.get(_text(document.get("game")))
    for at, arm in _arms(document):
        yield from _unknown(f"{at}.variant", arm.get("variant"), VARIANTS)
        yield from _unknown(f"{at}.meta_solver", arm.get("meta_solver"), SOLVER_NAMES)
        if learner and family:
            yield from _unknown(f"{at}.start", arm.get("start"), learner.starts(family))


def arms_named_once(document: Document) -> Faults:
    """No two arms have one name."""
    seen = set[str]()
    for at, arm in _arms(document):
        name = _text(arm.get("name"))
        if name and name in seen:
            yield Fault(f"{at}.name", name, "used twice", "Give every arm a name of its own.")
        seen.add(name)


def comparisons_exist(document: Document) -> Faults:
    """Arms are compared with arms."""
    names = {_text(arm.get("name")): None for _, arm in _arms(document)}
    yield from _unknown("reference", document.get("reference"), names)
    for at, arm in _arms(document):
        if arm.get("versus"):
            yield from _unknown(f"{at}.versus", arm["versus"], names)


def learner_suits_game(document: Document) -> Faults:
    """The learner can play the game, and diversity is asked of learners that know it."""
    game, name = _text(document.get("game")), _text(document.get("learner"))
    if game not in GAMES or name not in LEARNERS:
        return
    if GAMES[game] not in LEARNERS[name].families:
        suited = [key for key, learner in LEARNERS.items() if GAMES[game] in learner.families]
        yield Fault("learner", name, f"cannot play {game}", f"Use one of {', '.join(suited)}.")
    for at, arm in _arms(document):
        variant = VARIANTS.get(_text(arm.get("variant")))
        if variant and variant.alone and (name != "ppo" or GAMES[game] != "tree"):
            cure = "Use ppo and a game of cards or dice, or another variant."
            yield Fault(f"{at}.variant", arm["variant"], "self-play is PPO's, in trees", cure)
        if variant and variant.alone and arm.get("start", "scratch") != "scratch":
            cure = "Leave start out."
            yield Fault(f"{at}.start", arm["start"], "self-play has no members to start from", cure)
        if variant and variant.candidates > 1 and GAMES[game] != "tree":
            cure = "Use a game of cards or dice, or another variant."
            yield Fault(f"{at}.variant", arm["variant"], f"{game} has no such programme", cure)
        if variant and variant.diverse and "diversity" not in _settings_known(name):
            cure = "Use ppo or dqn, or another variant."
            yield Fault(f"{at}.variant", arm["variant"], f"{name} knows no diversity", cure)


def settings_fit_learner(document: Document) -> Faults:
    """The learner knows its settings, in every arm and in the smoke run."""
    name = _text(document.get("learner"))
    if name not in LEARNERS:
        return
    base, smoke = _table(document.get("settings")), _table(document.get("smoke"))
    small = _table(smoke.get("settings"))
    places = {"settings": base, "smoke.settings": small} | {
        f"{at}.settings": _table(arm.get("settings")) for at, arm in _arms(document)
    }
    alone = {at: list(_setting_faults(name, values, at)) for at, values in places.items()}
    yield from (fault for faults in alone.values() for fault in faults)
    if any(alone.values()):
        return
    # each for itself may be sound, and not together
    family, told = GAMES.get(_text(document.get("game"))), set[str]()
    for at, arm in _arms(document):
        whole = {**base, **_table(arm.get("settings"))}
        for values in (whole, {**whole, **small}):
            for fault in _setting_faults(name, values, f"{at}.settings", family):
                if fault.key not in told:
                    yield fault
                told.add(fault.key)


def shared_population_fits(document: Document) -> Faults:
    """One population plays both seats of a tree, and its meta-solvers treat players alike."""
    if document.get("populations") != "shared":
        return
    game = _text(document.get("game"))
    if GAMES.get(game, "tree") != "tree":
        cure = "Leave populations out, or use a game of cards or dice."
        yield Fault("populations", "shared", f"{game} has no seats to draw", cure)
    for at, arm in _arms(document):
        if arm.get("meta_solver") in BAD_SOLVERS:
            problem, cure = "gives players who are alike different mixtures", "Use nash."
            yield Fault(f"{at}.meta_solver", arm["meta_solver"], problem, cure)


def solvers_take_their_settings(document: Document) -> Faults:
    """A meta-solver knows what is set of it, as a game of nothing shows."""
    for at, arm in _arms(document):
        given, name = _table(arm.get("solver_settings")), _text(arm.get("meta_solver")) or "nash"
        if not given or name not in SOLVER_NAMES:
            continue
        place = f"{at}.solver_settings"
        known = [*inspect.signature(experiment_solver(name)).parameters][1:]
        for key in given.keys() - set(known):
            cure = did_you_mean(key, known) if known else f"{name} has no settings."
            yield Fault(f"{place}.{key}", given[key], "unknown setting", cure)
        if given.keys() - set(known):
            continue
        try:
            experiment_solver(name, given)(np.zeros((2, 2, 2)))
        except TypeError:
            yield from (
                Fault(f"{place}.{key}", value, "of a wrong type", "Give a number.")
                for key, value in given.items()
                if not isinstance(value, int | float)
            )
        except UsageError as error:
            yield from (Fault(f"{place}.{f.key}", f.value, f.problem, f.cure) for f in error.faults)


def endpoint_exists(document: Document) -> Faults:
    """Arms are compared by what all their runs are measured by."""
    endpoint = _text(document.get("endpoint"))
    yield from _unknown("endpoint", document.get("endpoint"), QUANTITIES)
    kinds = [VARIANTS.get(_text(arm.get("variant"))) for _, arm in _arms(document)]
    cure = 'Use one that every run has, such as "exploitability".'
    if endpoint in OF_ACTIONS and GAMES.get(_text(document.get("game"))) != "matrix":
        yield Fault("endpoint", endpoint, "is told of matrix games only", cure)
    elif endpoint in OF_SPREAD:
        yield Fault("endpoint", endpoint, "is told only of runs with spread mixtures", cure)
    elif endpoint in OF_POPULATIONS and any(kind is not None and kind.alone for kind in kinds):
        yield Fault("endpoint", endpoint, "is told of populations, and an arm has none", cure)


RULES: tuple[Callable[[Document], Faults], ...] = (
    known_names,
    arms_named_once,
    comparisons_exist,
    learner_suits_game,
    settings_fit_learner,
    shared_population_fits,
    solvers_take_their_settings,
    endpoint_exists,
)
"""Every rule, in the order in which faults are told."""


def _setting_faults(
    learner: str, values: Mapping[str, Any], at: str, family: Family | None = None
) -> Faults:
    known = _settings_known(learner)
    for key in values.keys() - set(known):
        cure = did_you_mean(key, known) if known else f"{learner} has no settings."
        yield Fault(f"{at}.{key}", values[key], "unknown setting", cure)
    try:
        settings_from(learner, {key: values[key] for key in values.keys() & set(known)}, family)
    except ValidationError as error:
        for one in error.errors():
            place = ".".join(str(step) for step in one["loc"])
            yield Fault(f"{at}.{place}", one["input"], one["msg"], "See the learner's settings.")
    except UsageError as error:
        yield from (Fault(f"{at}.{f.key}", f.value, f.problem, f.cure) for f in error.faults)


def _settings_known(learner: str) -> tuple[str, ...]:
    return LEARNERS[learner].settings


def _arms(document: Document) -> list[tuple[str, Mapping[str, Any]]]:
    arms = document.get("arms")
    listed = arms if isinstance(arms, list) else []
    return [(f"arms[{place}]", arm) for place, arm in enumerate(listed) if isinstance(arm, dict)]


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _unknown(key: str, value: object, known: Any) -> Faults:
    """A name that stands for nothing; absent ones and what is no text are told elsewhere."""
    if isinstance(value, str) and value not in known:
        yield Fault(key, value, "unknown", did_you_mean(value, known))


class PlanError(InputError):
    """An experiment file that cannot be run."""


PLAN_FILE: Final = FileKind("experiment file", "leduc-starts.toml", PlanError)


def load_plan(path: Path) -> Plan:
    """The plan in a TOML file.

    Raises:
        PlanError: with every fault.
    """
    return _checked(PLAN_FILE.read_toml(path), str(path))


def parse_plan(text: str, source: str) -> Plan:
    """The plan in TOML ``text``; ``source`` names it in errors.

    Raises:
        PlanError: with every fault.
    """
    return _checked(PLAN_FILE.parse_toml(text, source), source)


def _checked(document: dict[str, Any], source: str) -> Plan:
    plan, faults = _validated(document)
    faults += enough(faults_of(document))
    if plan is None or faults:
        raise PlanError(source, faults)
    return plan


def _validated(document: dict[str, Any]) -> tuple[Plan | None, list[Fault]]:
    try:
        return Plan.model_validate(document), []
    except ValidationError as error:
        return None, enough(_fault(one) for one in error.errors())


def _fault(error: ErrorDetails) -> Fault:
    """One of pydantic's errors, in the words of scenario files."""
    model: type[Section] = Plan
    at, name, rest = "", "", list(error["loc"])
    while rest:
        step = rest.pop(0)
        if isinstance(step, int):  # a place in a list of sections
            at += f"[{step}]"
            continue
        at, name = fault_wording.join(at, step), step
        if name not in model.model_fields:
            cure = did_you_mean(name, model.model_fields)
            return Fault(at, fault_wording.shown(error["input"]), "unknown key", cure)
        inner = member_sections(model.model_fields[name])
        if not inner or not rest:
            break
        model = inner[0]
    field = model.model_fields[name]
    if error["type"] == "missing":
        return fault_wording.missing(name, field, at)
    return fault_wording.field_fault({**error, "loc": tuple(rest)}, at, name, field)
