"""Best responses: one learner for every game.

An oracle is ``Oracle(game, settings, seed)``; asked a request, it answers with one member. One file
in ``algorithms`` is one algorithm, and a file there is all that a new oracle takes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, fields
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, cast

from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.learn import algorithms
from ssa_psro.learn.protocol import (
    ABILITIES,
    Ability,
    Game,
    Member,
    Oracle,
    OracleRequest,
    OracleResult,
)
from ssa_psro.learn.starts import START_RULES, Start, StartContext, StartSchedule, make_start
from ssa_psro.metagame.judge import P

__all__ = [
    "ORACLES",
    "START_RULES",
    "Member",
    "Oracle",
    "OracleRequest",
    "OracleResult",
    "Start",
    "StartContext",
    "StartSchedule",
    "make_oracle",
    "make_start",
    "oracles_for",
    "settings_for",
]


def _found() -> dict[str, Any]:
    """What the modules of ``algorithms`` have, by name; none of them loads torch."""
    modules = [
        import_module(f"{algorithms.__name__}.{module.name}")
        for module in iter_modules(algorithms.__path__)
    ]
    return dict(sorted(pair for module in modules for pair in module.ORACLES.items()))


ORACLES: Mapping[str, Any] = _found()
"""The class of every oracle by name: ``cma-es``, ``cma-es+ppo``, ``dqn``, ``exact``, ``gradient``,
``ppo``, ``sac``."""


def oracles_for(offers: Collection[Ability]) -> list[str]:
    """Names of the oracles that a game with these abilities has all for."""
    return [name for name, kind in ORACLES.items() if kind.needs <= set(offers)]


def make_oracle(
    name: str, game: Game[P], values: Mapping[str, Any] | None = None, seed: int = 0
) -> Oracle[P]:
    """The oracle of that name for a game.

    Args:
        name: a key of ``ORACLES``.
        game: what is played.
        values: settings that differ from those that the game has for the oracle. Those that only
            other oracles know are left out, so that one section of settings serves them all.
        seed: of the initialisation that all trainings of a side share.

    Raises:
        UsageError: no such oracle, and the nearest name is suggested; it cannot play the game; or a
            setting is unknown or refused.
    """
    if name not in ORACLES:
        fault = Fault("oracle.kind", name, "no such oracle", did_you_mean(name, ORACLES))
        raise UsageError("oracles", [fault])
    kind = ORACLES[name]
    lacking = sorted(kind.needs - set(game.offers))
    if lacking:
        problem = f"needs {' and '.join(ABILITIES[one] for one in lacking)}; {game.name} has none"
        cure = f"Use one of {', '.join(oracles_for(game.offers))}."
        raise UsageError("oracles", [Fault("oracle.kind", name, problem, cure)])
    settings = settings_for(name, game.defaults.get(name, {}), values or {})
    return cast("Callable[..., Oracle[P]]", kind)(game, settings, seed)


def settings_for(name: str, defaults: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    """The settings of an oracle.

    Args:
        name: a key of ``ORACLES``.
        defaults: what a family of games has for it.
        values: what differs; see ``make_oracle``.

    Raises:
        UsageError: a setting is unknown, missing or refused.
    """
    kind = ORACLES[name].settings_type
    own = {field.name for field in fields(kind)}
    known = {field.name for each in ORACLES.values() for field in fields(each.settings_type)}
    faults = [
        Fault(key, values[key], "unknown setting", did_you_mean(key, sorted(own)))
        for key in values
        if key not in known
    ]
    chosen = {**defaults, **{key: value for key, value in values.items() if key in own}}
    faults += [
        Fault(key, None, f"{name} has none for this game", "Give it.")
        for key in _required(kind) - chosen.keys()
    ]
    if faults:
        raise UsageError("oracle settings", faults)
    return kind(**chosen)


def _required(kind: Any) -> set[str]:
    return {
        field.name
        for field in fields(kind)
        if field.default is MISSING and field.default_factory is MISSING
    }
