"""Other element sets, another start or another length than a scenario file states.

They are put into its document before anything is read, so that all that follows from them is found
as if the file had said so; and what is at fault then is said of who asked for it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ssa_psro.errors import Fault, ScenarioError
from ssa_psro.scenario.manoeuvres import within_horizon
from ssa_psro.scenario.schema import Window, is_multiple

HOUR_S = 3600.0
LONGEST_H = 8784.0
"""A horizon may not be longer; of what is, the length is at fault and not the horizon."""


@dataclass(frozen=True)
class Changes:
    """What is asked for in place of what stands in a scenario file; by default nothing.

    Attributes:
        catalogs: files of element sets, in place of those that its ``[catalog]`` names.
        start: when every episode begins, exactly; ISO 8601 text needs a time zone.
        duration_h: how long an episode lasts.
        dashed: whether these are options of a command, and called so in errors.
    """

    catalogs: tuple[Path, ...] = ()
    start: datetime | str | None = None
    duration_h: float | None = None
    dashed: bool = False

    @property
    def window(self) -> bool:
        """Whether the window is another one."""
        return self.start is not None or self.duration_h is not None

    @property
    def when(self) -> str | None:
        """The start as text."""
        if not isinstance(self.start, datetime):
            return self.start
        return self.start.isoformat().replace("+00:00", "Z")

    @property
    def overrides(self) -> dict[str, str | float]:
        """The same by key of the scenario file, as a run's manifest notes it."""
        found = {
            "catalog.path": ", ".join(map(str, self.catalogs)) or None,
            "window.epoch": self.when,
            "window.duration_h": self.duration_h,
        }
        return {key: value for key, value in found.items() if value is not None}

    def after(self, overrides: Mapping[str, Any]) -> Changes:
        """These, in a window that a run's ``overrides`` gave it, as far as these name no other."""
        start = overrides.get("window.epoch") if self.start is None else self.start
        hours = overrides.get("window.duration_h") if self.duration_h is None else self.duration_h
        return replace(self, start=start, duration_h=hours)

    def name(self, of: str) -> str:
        """What the caller calls ``catalog``, ``start`` or ``duration``."""
        if self.dashed:
            return f"--{of}"
        return "duration_h" if of == "duration" else of

    @property
    def source(self) -> str:
        """Where faults are that only these changes make."""
        return "command line" if self.dashed else "load"


def changed(document: object, changes: Changes) -> object:
    """``document`` with what ``changes`` asks for.

    1. A start is the beginning of every episode: the horizon is one episode long, and the window
       does not follow the catalogue.
    2. A duration leaves the horizon as it is, unless an episode would not fit in it.
    3. Forecast windows stated by hand stay where they are in time, but for generated catalogues,
       which move along as a whole; those outside the new horizon are left out.

    Raises:
        ScenarioError: the scenario takes no catalogue.
    """
    if changes.catalogs:
        document = _with_catalogs(document, changes)
    if not isinstance(document, dict) or not isinstance(document.get("window"), dict):
        return document  # which is a fault already
    before, window = document["window"], dict(document["window"])
    if changes.duration_h is not None:
        window["duration_h"] = changes.duration_h
    length_h = window.get("duration_h", Window.model_fields["duration_h"].default)
    horizon_days = window.get("horizon_days", Window.model_fields["horizon_days"].default)
    if _numbers(length_h, horizon_days) and 0 < length_h <= LONGEST_H and changes.window:
        whole = changes.start is not None
        window["horizon_days"] = length_h / 24 if whole else max(horizon_days, length_h / 24)
    document = document | {"window": window}
    if changes.start is None:
        return document
    window["epoch"] = changes.start
    catalog = document.get("catalog")
    return document | {"catalog": _at(catalog, before, window)} if catalog else document


def _with_catalogs(document: object, changes: Changes) -> object:
    catalog = document.get("catalog") if isinstance(document, dict) else None
    if not (isinstance(catalog, dict) and catalog.get("kind") == "file"):
        problem, value = "the scenario takes no catalogue", ", ".join(map(str, changes.catalogs))
        cure = 'Name one whose [catalog] has kind = "file", such as scenarios/own-catalog.toml.'
        fault = Fault(changes.name("catalog"), value, problem, cure)
        raise ScenarioError(changes.source, [fault])
    assert isinstance(document, dict)
    given = [str(path.absolute()) for path in changes.catalogs]
    return document | {"catalog": catalog | {"path": given}}


def _at(catalog: Any, before: Mapping[str, Any], window: Mapping[str, Any]) -> Any:
    """``catalog`` in a window that begins at another time."""
    if not isinstance(catalog, dict):
        return catalog
    if catalog.get("kind") == "file":
        return catalog | {"sets_epoch": False}
    stated, horizon_days = catalog.get("windows"), window.get("horizon_days")
    if not (isinstance(stated, (list, tuple)) and _numbers(horizon_days)):
        return catalog
    then, now = _instant(before.get("epoch")), _instant(window["epoch"])
    listed = catalog.get("kind") == "listed" and then is not None and now is not None
    later_h = (now - then).total_seconds() / HOUR_S if listed and now and then else 0.0
    assert isinstance(horizon_days, (int, float))
    return catalog | {"windows": list(_moved(stated, later_h, horizon_days * 24))}


def _moved(stated: Sequence[Any], later_h: float, horizon_h: float) -> Iterator[Any]:
    """Windows counted from an epoch that is later, as far as they fall in the horizon."""
    for one in stated:
        known = isinstance(one, dict) and _numbers(one.get("start_h"), one.get("end_h"))
        if not known or one["start_h"] >= one["end_h"]:
            yield one  # which is a fault
        elif part := within_horizon(one["start_h"] - later_h, one["end_h"] - later_h, horizon_h):
            start_h, end_h, share = part
            moved = one | {"start_h": start_h, "end_h": end_h}
            probability = one.get("probability", 1.0)
            sound = _numbers(probability) and probability <= 1.0
            yield moved | {"probability": probability * share} if sound else moved


def _numbers(*values: object) -> bool:
    return all(
        isinstance(one, (int, float)) and not isinstance(one, bool) and math.isfinite(one)
        for one in values
    )


def _instant(epoch: object) -> datetime | None:
    """An epoch as a document holds it; ``None`` where it is none, or has no time zone."""
    try:
        found = datetime.fromisoformat(epoch) if isinstance(epoch, str) else epoch
    except ValueError:
        return None
    return found if isinstance(found, datetime) and found.tzinfo is not None else None


def blamed(error: ScenarioError, before: Collection[Fault], changes: Changes) -> ScenarioError:
    """``error`` with every fault said of what it comes from.

    Args:
        error: about the changed document.
        before: the faults that there are with the window as the file has it.
        changes: that were asked for.
    """
    faults = [
        _of_catalog(one, changes) if one in before else _of_window(one, changes)
        for one in error.faults
    ]
    given = tuple(changes.name(of) for of in ("catalog", "start", "duration"))
    own = all(fault.key in given for fault in faults)
    return ScenarioError(changes.source if own else error.source, faults)


def _of_catalog(fault: Fault, changes: Changes) -> Fault:
    if not (changes.catalogs and fault.key == "catalog.path"):
        return fault
    return Fault(changes.name("catalog"), fault.value, fault.problem, fault.cure)


def _of_window(fault: Fault, changes: Changes) -> Fault:
    """A fault that is there since the window is another one."""
    length = changes.duration_h is not None and fault.key != "window.epoch"
    sky = fault.key.startswith(("catalog", "blue.constellation", "red.constellation"))
    of = "duration" if length and not (sky and changes.start is not None) else "start"
    key, value = changes.name(of), changes.duration_h if of == "duration" else changes.when
    if fault.key in ("window.duration_h", "window.epoch", "window.horizon_days"):
        stated = fault.cure.startswith("For example")  # which spells it as the file would
        example = "24" if of == "duration" else "2026-03-20T06:00Z"
        return Fault(
            key, value, fault.problem, f"For example: {example}." if stated else fault.cure
        )
    if fault.key == "rules.contest_period_h" and _numbers(fault.value, value):
        assert isinstance(fault.value, (int, float))
        if changes.duration_h is not None and not is_multiple(changes.duration_h, fault.value):
            problem = f"is no multiple of rules.contest_period_h = {fault.value:g}"
            times = max(1, round(changes.duration_h / fault.value))
            return Fault(key, value, problem, f"Use {times * fault.value:g} h.")
    found = "" if fault.value is None else f" = {fault.value}"
    return Fault(key, value, f"{fault.key}{found}: {fault.problem}", fault.cure)
