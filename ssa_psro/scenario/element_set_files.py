"""Files of element sets that a scenario names: read, chosen from, and reported on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from ssa_psro.catalogs import CatalogFile, ElementSet, Rejected, canonical_id, read_catalog
from ssa_psro.catalogs.checks import GONE, check_decay, check_epochs, flight_problems
from ssa_psro.catalogs.element_set import identities
from ssa_psro.catalogs.reading import Span, better, superseded
from ssa_psro.catalogs.records import keep, reject, reject_each
from ssa_psro.catalogs.selection import select
from ssa_psro.errors import CatalogError, Fault, UsageError
from ssa_psro.scenario.fields import EPOCH_YEARS
from ssa_psro.scenario.orbits import Selection
from ssa_psro.scenario.schema import RegimeName, Window


@dataclass(frozen=True)
class FileReport:
    """What became of the records of one file that a scenario names.

    Attributes:
        key: where the scenario names the file, such as ``catalog.path``.
        path: of the file.
        format: such as ``tle`` or ``omm-json``.
        records: element sets (or rows) in the file, sound or not.
        used: how many of them the scenario makes use of.
        rejected: those that were not used because something is wrong with them, or with them in
            this window; all others are only not selected.
        left_out: how many were not used, by the reason.
        passed_over: name and id of those that are sound, but were not selected, by the reason.
        chosen: by which rule those that are used were chosen.
    """

    key: str
    path: str
    format: str
    records: int
    used: int
    rejected: tuple[Rejected, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)
    passed_over: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    chosen: str = ""


UNSOUND, SUPERSEDED = "rejected", "in another file too"
NOT_ASKED, ELSEWHEN = "not asked for", "not fit for the window"
NOT_DRAWN = "not among the chosen"
"""Why element sets are left out, in the order in which it is found."""

Draw = Callable[[Sequence[ElementSet]], Sequence[ElementSet]]
"""Chooses among usable element sets; called again, without those that could not be flown."""


@dataclass(frozen=True)
class Request:
    """Which element sets a section of a scenario asks for.

    Attributes:
        key: of the section, such as ``catalog`` or ``blue.constellation``.
        paths: of the files.
        selection: which of them.
        regimes: which regimes; all where empty.
        sets_epoch: whether the window moves to the element sets.
        draw: which of those that are left.
        rule: the same in words.
    """

    key: str
    paths: tuple[Path, ...]
    selection: Selection
    regimes: tuple[RegimeName, ...]
    sets_epoch: bool
    draw: Draw
    rule: str


@dataclass(frozen=True)
class Taken:
    """What a request got.

    Attributes:
        element_sets: at least one.
        window: where the scenario's window lies now.
        known: all sound element sets of the files, asked for or not.
        reports: one a file.
    """

    element_sets: tuple[ElementSet, ...]
    window: Window
    known: tuple[ElementSet, ...]
    reports: tuple[FileReport, ...]


def take(request: Request, window: Window, faults: list[Fault]) -> Taken | None:
    """What ``request`` asks for; ``None``, with the reason among ``faults``, if nothing is left.

    1. Files are read, and each object is kept in one of them only.
    2. Names, ids and regimes select; what they pass over is not looked at any further.
    3. What is too far from the window, or from any, or decays in its horizon, is rejected.
    4. Objects are drawn; one that SGP4 cannot follow at every step is rejected and replaced.
    """
    # where the window follows the element sets the newest are wanted, else those that are near
    near = None if request.sets_epoch else (window.epoch, _end(window))
    read = _read(request, near, faults)
    single = _without_duplicates(read, near)
    asked = _selected(single, request, faults)
    chosen = [_datable(one) for one in asked]
    if not chosen:
        return None
    if request.sets_epoch:
        window = _moved(window, chosen)
    usable = _usable(chosen, window, request.selection.max_epoch_age_days)
    element_sets, left = _drawn(usable, request.draw, window)
    if not element_sets:
        faults.append(_nothing_left(request, left))
        return None
    known = tuple(one for file in read for one in file.accepted)
    stages = zip(read, single, asked, left, strict=True)
    reports = tuple(_report(request, element_sets, *stage) for stage in stages)
    return Taken(element_sets, window, known, reports)


def _read(request: Request, near: Span | None, faults: list[Fault]) -> list[CatalogFile]:
    """Every file; none if one of them cannot be used."""
    files, key = [], f"{request.key}.path"
    for path in request.paths:
        try:
            files.append(read_catalog(path, near))
        except CatalogError as error:
            faults += [Fault(key, str(path), one.problem, one.cure) for one in error.faults]
    return files if len(files) == len(request.paths) else []


def _without_duplicates(files: list[CatalogFile], near: Span | None) -> list[CatalogFile]:
    """Of an object in several files the best element set; of equally good ones the first.

    What is better in another file is rejected, what is as good there only passed over.
    """
    everything = [(one, file.path.name) for file in files for one in file.accepted]
    keys = identities([one for one, _ in everything])
    best: dict[str, tuple[ElementSet, str]] = {}
    for key, (one, name) in zip(keys, everything, strict=True):
        if key not in best or better(one, best[key][0], near):
            best[key] = one, name
    reasons: dict[int, tuple[str, str]] = {}
    for key, (one, _) in zip(keys, everything, strict=True):
        rival, name = best[key]
        if better(rival, one, near):
            reasons[id(one)] = superseded(rival, name, one)
    used = [one for one, _ in best.values()]
    return [keep(reject_each(file, reasons), used) for file in files]


def _selected(
    files: Sequence[CatalogFile], request: Request, faults: list[Fault]
) -> list[CatalogFile]:
    """The files with the element sets that have the names, ids and regimes asked for.

    None if there is no file, or something asked for is in none of them.
    """
    if not files:
        return []
    everything = [one for file in files for one in file.accepted]
    names, ids = request.selection.names, request.selection.ids
    try:
        wanted = select(everything, regimes=request.regimes, names=names, ids=ids)
    except UsageError as error:
        damaged = {canonical_id(one.catalog_id): one for file in files for one in file.rejected}
        faults += [_unmet(fault, f"{request.key}.select", damaged) for fault in error.faults]
        return []
    return [keep(file, wanted) for file in files]


def _unmet(fault: Fault, key: str, damaged: dict[str, Rejected]) -> Fault:
    """An id or name that cannot be had, and whether that is for damage."""
    rejected = damaged.get(canonical_id(str(fault.value))) if fault.key == "ids" else None
    if rejected is None:
        return Fault(f"{key}.{fault.key}", fault.value, fault.problem, fault.cure)
    problem = f"is rejected ({rejected.place}): {rejected.problem}"
    return Fault(f"{key}.{fault.key}", fault.value, problem, rejected.cure)


def _datable(file: CatalogFile) -> CatalogFile:
    """``file`` without what is older or newer than a scenario's window can be."""
    first, last = EPOCH_YEARS
    problems = [
        "" if first <= one.epoch.year <= last else f"epoch {one.epoch:%Y-%m-%d} is out of reach"
        for one in file.accepted
    ]
    return reject(file, problems, f"Use element sets of {first} to {last}.")


def _usable(files: Sequence[CatalogFile], window: Window, days: float) -> list[CatalogFile]:
    """The files without what is too far from the window, or decays within its horizon."""
    start, end = window.epoch, _end(window)
    near = [check_epochs(file, start=start, end=end, span_days=days) for file in files]
    return [check_decay(file, start=start, end=end) for file in near]


def _end(window: Window) -> datetime:
    return window.epoch + timedelta(days=window.horizon_days)


def _drawn(
    files: Sequence[CatalogFile], draw: Draw, window: Window
) -> tuple[tuple[ElementSet, ...], list[CatalogFile]]:
    """What ``draw`` takes and SGP4 can follow at every step of the horizon, and the files then.

    ``check_decay`` looks at a few instants only, so that whole catalogues can be checked; here
    every step of those that were drawn is flown. What fails is rejected and another drawn for it.
    """
    times_s = np.arange(window.horizon_steps, dtype=np.float64) * window.step_s
    files = list(files)
    while True:
        taken = tuple(draw([one for file in files for one in file.accepted]))
        problems = dict(
            zip(map(id, taken), flight_problems(taken, window.epoch, times_s), strict=True)
        )
        if not any(problems.values()):
            return taken, files
        files = [
            reject(file, [problems.get(id(one), "") for one in file.accepted], GONE)
            for file in files
        ]


def _moved(window: Window, files: Sequence[CatalogFile]) -> Window:
    """``window`` from the midnight (UTC) on that follows the median epoch of the element sets.

    The median, so that a few odd epochs do not matter.
    """
    epochs = sorted(one.epoch for file in files for one in file.accepted)
    if not epochs:
        return window
    middle = epochs[len(epochs) // 2]
    midnight = middle.replace(hour=0, minute=0, second=0, microsecond=0)
    return window.model_copy(update={"epoch": midnight + timedelta(days=1)})


def _nothing_left(request: Request, files: Sequence[CatalogFile]) -> Fault:
    """All element sets are rejected or not selected."""
    key, value = f"{request.key}.path", ", ".join(map(str, request.paths))
    rejected = [(file.path, one) for file in files for one in file.rejected]
    if not rejected:
        cure = "Ask for regimes that the file has; see: ssa-psro catalog summarize FILE."
        return Fault(key, value, "has no element set that is asked for", cure)
    path, last = rejected[-1]
    problem = (
        f"has no usable element set: {len(rejected)} rejected, such as {last.label} "
        f"({path.name}, {last.place}): {last.problem}"
    )
    return Fault(key, value, problem, last.cure)


def _report(
    request: Request,
    taken: Sequence[ElementSet],
    read: CatalogFile,
    single: CatalogFile,
    asked: CatalogFile,
    left: CatalogFile,
) -> FileReport:
    """What became of one file: as it was read, without duplicates, asked for, and left."""
    used, wanted = set(map(id, taken)), set(map(id, asked.accepted))
    apart = set(map(id, single.accepted))
    passed_over = {
        SUPERSEDED: [one for one in read.accepted if id(one) not in apart],
        NOT_ASKED: [one for one in single.accepted if id(one) not in wanted],
        NOT_DRAWN: [one for one in left.accepted if id(one) not in used],
    }
    counts = {
        UNSOUND: len(read.rejected),
        SUPERSEDED: len(passed_over[SUPERSEDED]),
        NOT_ASKED: len(passed_over[NOT_ASKED]),
        ELSEWHEN: len(left.rejected) - len(single.rejected),
        NOT_DRAWN: len(passed_over[NOT_DRAWN]),
    }
    return FileReport(
        key=f"{request.key}.path",
        path=str(read.path),
        format=read.format,
        records=len(read.accepted) + len(read.rejected),
        used=sum(id(one) in used for one in left.accepted),
        rejected=left.rejected,
        left_out={reason: count for reason, count in counts.items() if count},
        passed_over={
            reason: tuple(f"{one.name} [{one.catalog_id}]" for one in members)
            for reason, members in passed_over.items()
            if members
        },
        chosen=request.rule,
    )
