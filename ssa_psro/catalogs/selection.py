"""Choosing among the element sets of a catalogue."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from fnmatch import translate
from itertools import islice

from ssa_psro.catalogs.element_set import ElementSet, OrbitRegime, canonical_id, identities
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
    patterns = [re.compile(translate(pattern.upper())) for pattern in names]
    _check_found(element_sets, names, patterns, ids)
    wanted = {canonical_id(one) for one in ids}
    kept = [
        one
        for one in element_sets
        if (not regimes or one.regime in regimes)
        and (not names or any(pattern.match(one.name.upper()) for pattern in patterns))
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
    keys = identities(kept)
    order = sorted(range(len(kept)), key=lambda at: derive_seed(seed, "draw", keys[at]))
    return [kept[at] for at in sorted(order[:count])]


def _check_found(
    element_sets: Sequence[ElementSet],
    names: Collection[str],
    patterns: Sequence[re.Pattern[str]],
    ids: Collection[str],
) -> None:
    known = dict.fromkeys(canonical_id(one.catalog_id) for one in element_sets)
    titles = {one.name.upper() for one in element_sets}
    faults = [
        Fault("ids", one, "no such id in the catalogue", _nearest(one, known, first=at == 0))
        for at, one in enumerate(one for one in ids if canonical_id(one) not in known)
    ]
    faults += [
        Fault("names", name, "matches no name in the catalogue", "Write a pattern such as GPS*.")
        for name, pattern in zip(names, patterns, strict=True)
        if not any(map(pattern.match, titles))
    ]
    if faults:
        raise UsageError("selection", faults)


def _nearest(one: str, known: Iterable[str], *, first: bool) -> str:
    """A cure for an id that is not there; the nearest is looked for once, since that takes long."""
    return did_you_mean(one, islice(known, 1000)) if first else "Correct it, or leave it out."
