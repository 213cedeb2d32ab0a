"""Keys of a document by path: ``blue.sensor.slew_rate_deg_s``, ``catalog.regimes[0].count``.

A number in brackets is the place of an entry in a list, from 0; ``catalog.regimes[].count`` is that
key of every entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from ssa_psro.errors import did_you_mean
from ssa_psro.inputs.outline import is_list, member_sections
from ssa_psro.inputs.sections import Section

EVERY: Final = "[]"
_STEP: Final = re.compile(r"([^.\[\]]+)((?:\[\d{0,6}\])*)(?:\.|\Z)")

Step = str | int
"""Name of a key, place in a list, or ``EVERY``."""


def steps_of(path: str) -> list[Step] | None:
    """The steps of a path, or ``None`` if it is no path."""
    steps: list[Step] = []
    at = 0
    while at < len(path):
        found = _STEP.match(path, at)
        if found is None:
            return None
        places = re.findall(r"\[(\d*)\]", found[2])
        steps += [found[1], *(int(place) if place else EVERY for place in places)]
        at = found.end()
    return None if not steps or path.endswith(".") else steps


def put(document: dict[str, Any], path: str, value: object) -> None:
    """Set the key at ``path``; sections on the way are made.

    Where the document has something else on the way, it gets a key of that very name, which no
    reader knows.
    """
    steps = steps_of(path)
    if steps is None or not _put(document, steps, value):
        document[path] = value


def _put(inside: Any, steps: Sequence[Step], value: object) -> bool:
    step, *rest = steps
    if step == EVERY and isinstance(inside, list):
        whole = [_put(inside, [place, *rest], value) for place in range(len(inside))]
        return bool(whole) and all(whole)
    if isinstance(step, int) and isinstance(inside, list) and step < len(inside):
        pass
    elif not (isinstance(step, str) and step != EVERY and isinstance(inside, dict)):
        return False
    elif rest and inside.get(step) is None:
        inside[step] = {}
    if not rest:
        inside[step] = value
        return True
    return _put(inside[step], rest, value)


def values_at(document: object, path: str) -> list[Any]:
    """What stands at ``path``: one value, one of every entry, or none."""
    found = [document]
    for step in steps_of(path) or ["?"]:
        found = [inner for one in found for inner in _inside(one, step)]
    return found


def _inside(one: object, step: Step) -> Iterable[Any]:
    if isinstance(one, list):
        if step == EVERY:
            return one
        return one[step : step + 1] if isinstance(step, int) else ()
    return (one[step],) if isinstance(one, dict) and step in one else ()


def unknown_at(root: type[Section], path: str) -> str | None:
    """What to write instead where no document of ``root`` can have a key at ``path``."""
    steps = steps_of(path)
    if steps is None:
        return "Write names with points between them, as in window.duration_h."
    models, listed = [root], False
    for place, step in enumerate(steps):
        if not isinstance(step, str) or step == EVERY:
            if not listed:
                return f"Leave [{'' if step == EVERY else step}] out: there is no list."
            listed = False
            continue
        if listed and models:
            return f"Say of which entry: write [0], or {EVERY} for all of them, before {step!r}."
        names = [name for model in models for name in model.model_fields]
        fields = [model.model_fields[step] for model in models if step in model.model_fields]
        if not fields:
            ended = f"{steps[place - 1]!r} has no keys below it."
            return did_you_mean(step, dict.fromkeys(names)) if names else ended
        models = [inner for field in fields for inner in member_sections(field)]
        listed = any(is_list(field) for field in fields)
    return None
