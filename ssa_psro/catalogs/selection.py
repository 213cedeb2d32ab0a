"""Choosing among the element sets of a catalogue."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from fnmatch import fnmatchcase

from ssa_psro.catalogs.element_set import ElementSet, OrbitRegime, canonical_id, identity
from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.randomness import derive_seed

DAY_S = 86400.0


def select(
    element_sets: Sequence[ElementSet],
    *,
    regimes: Collection[OrbitRegime] = (),
    names: Collection[str] = (),
    ids: Collection[str] = (),
    epoch: datetime | None = None,
    max_age_days: float | None = None,
    count: int | None = None,
    seed: int | None = None,
) -> tuple[ElementSet, ...]:
    """The element sets that meet every condition stated, in their order.

    Args:
        element_sets: to choose from.
        regimes: keep these regimes; all where empty.
        names: patterns such as ``STARLINK-*`` (``*``, ``?``, ``[abc]``), upper and lower case
            alike; keep what matches any of them.
        ids: catalogue ids; ``A0000`` and ``100000`` are one. Keep these only.
        epoch: instant that ages count from; needed with ``max_age_days``.
        max_age_days: keep element sets whose epoch is at most so many days from ``epoch``.
        count: keep at most so many.
        seed: draw these ``count`` at random; without it the first are kept. Whether one object is
            drawn before another depends on the seed and their ids, not on the rest of the file.

    Raises:
        UsageError: an id or pattern that nothing in the catalogue has.
    """
    _check_found(element_sets, names, ids)
    wanted = {canonical_id(one) for one in ids}
    kept = [
        one
        for one in element_sets
        if (not regimes or one.regime in regimes)
        and (not names or any(_matches(one, pattern) for pattern in names))
        and (not wanted or canonical_id(one.catalog_id) in wanted)
        and (epoch is None or max_age_days is None or age_days(one, epoch) <= max_age_days)
    ]
    return tuple(kept if count is None else _first(kept, count, seed))


def age_days(element_set: ElementSet, epoch: datetime) -> float:
    """Days between the epoch of ``element_set`` and ``epoch``, whichever is earlier."""
    return abs((epoch - element_set.epoch).total_seconds()) / DAY_S


def _first(kept: list[ElementSet], count: int, seed: int | None) -> list[ElementSet]:
    if seed is None or count >= len(kept):
        return kept[:count]
    order = sorted(
        range(len(kept)),
        key=lambda at: derive_seed(seed, "draw", identity(kept[at])),
    )
    return [kept[at] for at in sorted(order[:count])]


def _matches(one: ElementSet, pattern: str) -> bool:
    return fnmatchcase(one.name.upper(), pattern.upper())


def _check_found(
    element_sets: Sequence[ElementSet], names: Collection[str], ids: Collection[str]
) -> None:
    known = {canonical_id(one.catalog_id): one.catalog_id for one in element_sets}
    faults = [
        Fault("ids", one, "no such id in the catalogue", did_you_mean(one, list(known)[:1000]))
        for one in ids
        if canonical_id(one) not in known
    ]
    faults += [
        Fault("names", pattern, "matches no name in the catalogue", "Write a pattern such as GPS*.")
        for pattern in names
        if not any(_matches(one, pattern) for one in element_sets)
    ]
    if faults:
        raise UsageError("selection", faults)
