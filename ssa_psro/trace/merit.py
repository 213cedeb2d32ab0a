"""Figures of merit: of coverage by any intervals, and of one traced episode.

Definitions are those of STK's Coverage. Times are hours, shares lie in [0, 1], and what has no
value (the mean of no gaps) is nan. *The boundary rule*: a gap that the window's beginning or end
cuts off counts, from or to that boundary, unless ``ends`` is False; then it is left out, and an
object that is never covered has no gap at all. In the figures of an episode such gaps count.

``docs/merit.md`` says in words what each figure is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Flags, Floats
from ssa_psro.geometry.arena import Arena
from ssa_psro.trace.recording import NEVER, Activity, Result, Trace

WITHIN_H = 12.0
"""Gaps up to this long count as short, unless another limit is given."""

LATE = 0.95
"""The quantile of gaps that is told."""

MOST_ASSETS = 3
"""Up to so many sensors with access at once are told apart."""

COMPLETED = (Result.HIT, Result.NOT_DETECTED, Result.OUT_OF_FIELD)
"""Results of looks whose exposure ended and whose result was known."""

USES = ("observing", "slewing", "denying", "denied", "resting", "protected", "idle")
"""What a sensor's time goes to; a step counts for the first that is true of it."""


Numbers = NDArray[np.integer[Any]]
"""Numbers of objects or sensors, or counts."""


class Intervals(NamedTuple):
    """Times of coverage; each object's are in order and have no time in common.

    Attributes:
        owner: ``[I]`` number of the object, in order.
        start_h: ``[I]``.
        end_h: ``[I]``; the same as the start for a look, which is an instant.
    """

    owner: Numbers
    start_h: Floats
    end_h: Floats


class Gaps(NamedTuple):
    """Times without coverage.

    Attributes:
        owner: ``[G]`` number of the object.
        hours: ``[G]`` how long each lasts; above 0.
    """

    owner: Numbers
    hours: Floats


class GapFigures(NamedTuple):
    """Figures of the gaps of each group of objects, ``[K]``; all gaps of a group count alike.

    Attributes:
        number: how many there are.
        mean_h: mean length.
        median_h: median length.
        p95_h: length that 95 % do not exceed, interpolated linearly.
        longest_h: greatest length.
        within: share of the gaps that are not longer than the limit.
        average_h: time-average gap, Σ gap² / T: the expected length of the gap that a random
            instant of a random object falls into, 0 for an instant of coverage.
    """

    number: Floats
    mean_h: Floats
    median_h: Floats
    p95_h: Floats
    longest_h: Floats
    within: Floats
    average_h: Floats

    @property
    def response_h(self) -> Floats:
        """Mean response time, Σ gap² / (2 T): from a random instant until coverage, or the end.

        So long is the mean age of data too, which looks the other way.
        """
        return self.average_h / 2.0


def united(owner: Numbers, start_h: Floats, end_h: Floats) -> Intervals:
    """Any intervals ``[I]`` as ``Intervals``: what overlaps or touches becomes one.

    Args:
        owner: number of each one's object.
        start_h: when each begins.
        end_h: when each ends.
    """
    order = np.lexsort((start_h, owner))
    rows: list[list[float]] = []
    for one, start, end in zip(owner[order], start_h[order], end_h[order], strict=True):
        if rows and rows[-1][0] == one and start <= rows[-1][2]:
            rows[-1][2] = max(rows[-1][2], end)
        else:
            rows.append([one, start, end])
    columns: Floats = np.array(rows, dtype=np.float64).reshape(-1, 3)
    return Intervals(columns[:, 0].astype(np.int64), columns[:, 1], columns[:, 2])


def intervals_of(flags: Flags, step_h: float) -> Intervals:
    """Runs of steps ``[T, N]`` that are set; step ``k`` covers the time from ``k`` to ``k + 1``."""
    edges = np.diff(flags.T.astype(np.int8), axis=1, prepend=0, append=0)
    owner, start = np.nonzero(edges == 1)
    end = np.nonzero(edges == -1)[1]
    return Intervals(owner, step_h * start.astype(np.float64), step_h * end.astype(np.float64))


def gaps_of(found: Intervals, objects: int, window_h: float, *, ends: bool = True) -> Gaps:
    """What intervals leave uncovered of a window that begins at hour 0.

    Args:
        found: within the window.
        objects: how many there are, covered or not.
        window_h: length of the window.
        ends: whether gaps at the ends of the window count.
    """
    # an instant of coverage at either end of the window closes the gaps there
    every, edge = np.arange(objects), np.ones(objects)
    owner = np.concatenate([found.owner, every])
    before = np.concatenate([found.end_h, 0.0 * edge])
    after = np.concatenate([found.start_h, window_h * edge])
    before, after = before[np.lexsort((before, owner))], after[np.lexsort((after, owner))]
    owner = np.sort(owner)
    counts = after > before
    if not ends:
        inner = owner[1:] == owner[:-1]
        counts[1:] &= inner
        counts[:-1] &= inner
    return Gaps(owner[counts], (after - before)[counts])


def gap_figures(
    gaps: Gaps, groups: Numbers, window_h: float, *, within_h: float = WITHIN_H
) -> GapFigures:
    """The figures of the gaps of each group.

    Args:
        gaps: of all objects.
        groups: ``[N]`` number of each object's group, from 0, none left out.
        window_h: length of the window.
        within_h: up to what length a gap counts as short.
    """
    size = np.bincount(groups)
    group = groups[gaps.owner]
    order = np.lexsort((gaps.hours, group))
    group, hours = group[order], gaps.hours[order]
    count = np.bincount(group, minlength=size.size)
    first = np.cumsum(count) - count
    some = count > 0

    def quantile(share: float) -> Floats:
        found = np.full(size.size, np.nan)
        place = first[some] + share * (count[some] - 1)
        low = np.floor(place).astype(np.int64)
        high = np.minimum(low + 1, first[some] + count[some] - 1)
        found[some] = hours[low] + (place - low) * (hours[high] - hours[low])
        return found

    def total(values: NDArray[Any]) -> Floats:
        return np.asarray(np.bincount(group, values, minlength=size.size), dtype=np.float64)

    return GapFigures(
        number=count.astype(np.float64),
        mean_h=ratio(total(hours), count),
        median_h=quantile(0.5),
        p95_h=quantile(LATE),
        longest_h=quantile(1.0),
        within=ratio(total(hours <= within_h), count),
        average_h=total(hours**2) / (window_h * size),
    )


def ratio(above: NDArray[Any], below: NDArray[Any]) -> Floats:
    """``above / below``; nan where there is nothing to divide by."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(below > 0, above / below, np.nan)


@dataclass(frozen=True, eq=False)
class Merit:
    """The figures of one episode: by name, an array of one number a side and member.

    Attributes:
        sides: ``[2, 1]`` of all objects and sensors of a side.
        regimes: ``[2, R]`` of the regimes that have objects.
        objects: ``[2, N]``.
        sensors: ``[2, S]``; nan for the surplus sensors of the smaller side.
        custody: ``[2, T]`` share of the objects in custody at each step; each counts alike.
        custody_weighted: ``[2, T]`` the same by weight.
        held: ``[2, T]`` share of the contested weight whose fresher custody the side has.
    """

    sides: Mapping[str, Floats]
    regimes: Mapping[str, Floats]
    objects: Mapping[str, Floats]
    sensors: Mapping[str, Floats]
    custody: Floats
    custody_weighted: Floats
    held: Floats


def merit_of(trace: Trace, arena: Arena, *, within_h: float = WITHIN_H) -> Merit:
    """All figures of an episode of the game that ``arena`` is of.

    Args:
        trace: of the episode.
        arena: what it was played on.
        within_h: up to what length a gap between successes counts as short.
    """
    objects = arena.objects
    present = np.unique(objects.regime)
    groups = (
        np.zeros(len(objects), np.int64),
        np.searchsorted(present, objects.regime),
        np.arange(len(objects)),
    )
    redundant = redundant_of(trace, objects.contested)
    both = [_Side.of(trace, arena, side, redundant) for side in (0, 1)]
    sides, regimes, members = (
        _stacked([one.figures(group, within_h) for one in both]) for group in groups
    )
    sensors = _stacked([_sensors(trace, side, redundant, arena) for side in (0, 1)])
    contested = np.where(objects.contested, objects.weight, 0.0)
    held = np.stack([one.held for one in both])
    return Merit(
        sides=sides | _fleet(sensors),
        regimes=regimes,
        objects=members,
        sensors=sensors,
        custody=trace.custody.mean(axis=2),
        custody_weighted=trace.custody @ (objects.weight / objects.weight.sum()),
        held=ratio(held @ contested, np.full(held.shape[:2], contested.sum())),
    )


def _stacked(both: Sequence[Mapping[str, Floats]]) -> dict[str, Floats]:
    return {name: np.stack([one[name] for one in both]) for name in both[0]}


@dataclass(frozen=True, eq=False)
class _Side:
    """What one side's figures are made of, whatever objects are taken together.

    Attributes:
        window_h: length of the episode.
        weight: ``[N]`` of the objects.
        contested: ``[N]``.
        custody: ``[N]`` share of the window.
        held: ``[T, N]`` 1 where the side has the fresher custody, a half where both are alike.
        age_h: ``[N]`` mean age of what the side knows.
        assets: ``[T, N]`` how many of its sensors have access.
        looked: by name, the objects ``[.]`` of looks of a kind.
        successes, lapses, blind: gaps between successes, in custody, and in access.
        accesses: ``[A]`` the objects of its accesses.
        manoeuvres: ``[M]`` the objects of manoeuvres within the episode.
        delay_h: ``[M]`` from each until the side knew; nan if it never did.
    """

    window_h: float
    weight: Floats
    contested: Flags
    custody: Floats
    held: Floats
    age_h: Floats
    assets: Numbers
    looked: Mapping[str, Numbers]
    successes: Gaps
    lapses: Gaps
    blind: Gaps
    accesses: Numbers
    manoeuvres: Numbers
    delay_h: Floats

    @classmethod
    def of(cls, trace: Trace, arena: Arena, side: int, redundant: Flags) -> _Side:
        looks, objects, step_h = trace.looks, len(arena.objects), trace.step_s / 3600.0
        window_h, custody = trace.steps * step_h, trace.custody[side]
        rows = slice(trace.start_step, trace.start_step + trace.steps)
        assets = np.count_nonzero(arena.tables.quality[rows, side], axis=1)
        access = intervals_of(assets > 0, step_h)
        mine = looks.side == side
        kinds = {
            "looks": np.isin(looks.result, COMPLETED),
            "hits": looks.result == Result.HIT,
            "broken_off": looks.result == Result.BROKEN_OFF,
            "redundant": redundant,
        }
        hit = mine & kinds["hits"]
        taken_h = looks.end_step[hit] * step_h
        moved = trace.manoeuvres.step >= 0
        noticed = trace.manoeuvres.noticed_step[moved, side]
        delay = np.where(noticed >= 0, noticed - trace.manoeuvres.step[moved], np.nan)
        hours = np.arange(trace.steps)[:, None] * step_h
        return cls(
            window_h=window_h,
            weight=arena.objects.weight,
            contested=arena.objects.contested,
            custody=custody.mean(axis=0),
            held=np.where(trace.holder == 2, 0.5, trace.holder == side),
            age_h=(hours - trace.seen_h[side]).mean(axis=0),
            assets=assets,
            looked={name: looks.object[mine & kind] for name, kind in kinds.items()},
            successes=gaps_of(united(looks.object[hit], taken_h, taken_h), objects, window_h),
            lapses=gaps_of(intervals_of(custody, step_h), objects, window_h),
            blind=gaps_of(access, objects, window_h),
            accesses=access.owner,
            manoeuvres=trace.manoeuvres.object[moved],
            delay_h=delay * step_h,
        )

    def figures(self, groups: Numbers, within_h: float) -> dict[str, Floats]:
        """The figures ``[K]`` of each group of objects; ``groups [N]`` are their numbers."""
        size = np.bincount(groups)

        def count(objects: Numbers) -> Floats:
            return np.bincount(groups[objects], minlength=size.size).astype(np.float64)

        def mean(values: NDArray[Any], weight: Floats | None = None) -> Floats:
            weight = np.ones(groups.size) if weight is None else weight
            return ratio(np.bincount(groups, values * weight), np.bincount(groups, weight))

        between = gap_figures(self.successes, groups, self.window_h, within_h=within_h)
        lapses = gap_figures(self.lapses, groups, self.window_h)
        blind = gap_figures(self.blind, groups, self.window_h)
        looked = {name: count(objects) for name, objects in self.looked.items()}
        noticed = np.isfinite(self.delay_h)
        moved = self.manoeuvres[noticed]
        delays_h = np.bincount(groups[moved], self.delay_h[noticed], minlength=size.size)
        hit = np.bincount(self.looked["hits"], minlength=groups.size) > 0
        return {
            "custody": mean(self.custody),
            "custody_weighted": mean(self.custody, self.weight),
            "contested_custody": mean(self.custody, self.contested.astype(np.float64)),
            "held": mean(self.held.mean(axis=0), np.where(self.contested, self.weight, 0.0)),
            "lapses": lapses.number / size,
            "lapse_longest_h": np.nan_to_num(lapses.longest_h),
            "lapse_average_h": lapses.average_h,
            "looks": looked["looks"],
            "hit_rate": ratio(looked["hits"], looked["looks"]),
            "broken_off": looked["broken_off"],
            "redundant": ratio(looked["redundant"], looked["looks"]),
            "unseen": mean(~hit),
            "revisit_mean_h": between.mean_h,
            "revisit_median_h": between.median_h,
            "revisit_p95_h": between.p95_h,
            "revisit_longest_h": between.longest_h,
            "revisit_within": between.within,
            "revisit_average_h": between.average_h,
            "response_h": between.response_h,
            "age_h": mean(self.age_h),
            "manoeuvres": count(self.manoeuvres),
            "noticed": ratio(count(moved), count(self.manoeuvres)),
            "notice_h": ratio(delays_h, count(moved)),
            "accesses": count(self.accesses) / size,
            "access": mean((self.assets > 0).mean(axis=0)),
            **{
                f"access_{k}": mean((self.assets >= k).mean(axis=0))
                for k in range(2, MOST_ASSETS + 1)
            },
            "assets": mean(self.assets.mean(axis=0)),
            "blind_mean_h": blind.mean_h,
            "blind_longest_h": np.nan_to_num(blind.longest_h),
            "blind_average_h": blind.average_h,
        }


def _sensors(trace: Trace, side: int, redundant: Flags, arena: Arena) -> dict[str, Floats]:
    """The figures ``[S]`` of each sensor of a side."""
    looks, denials, protections = trace.looks, trace.denials, trace.protections
    slots = trace.activity.shape[2]
    real = np.arange(slots) < arena.sensor_count[side]

    def count(sensors: Numbers) -> Floats:
        return np.where(real, np.bincount(sensors, minlength=slots), np.nan)

    mine = looks.side == side
    completed = count(looks.sensor[mine & np.isin(looks.result, COMPLETED)])
    denied = (denials.side != side) & ~denials.blocked
    return {
        **{name: np.where(real, used, np.nan) for name, used in use_of(trace, side).items()},
        "under_protection": np.where(real, trace.protected[side].mean(axis=0), np.nan),
        "looks": completed,
        "hit_rate": ratio(count(looks.sensor[mine & (looks.result == Result.HIT)]), completed),
        "broken_off": count(looks.sensor[mine & (looks.result == Result.BROKEN_OFF)]),
        "redundant": ratio(count(looks.sensor[mine & redundant]), completed),
        "denials": count(denials.sensor[denials.side == side]),
        "denials_blocked": count(denials.sensor[(denials.side == side) & denials.blocked]),
        "times_denied": count(denials.target[denied]),
        "protections": count(protections.sensor[protections.side == side]),
    }


def use_of(trace: Trace, side: int) -> dict[str, Floats]:
    """Shares ``[S]`` of a side's steps by what a sensor was at: those of ``USES``, summing to 1."""
    activity = trace.activity[side]
    claims = (
        activity == Activity.OBSERVING,
        activity == Activity.SLEWING,
        activity == Activity.DENYING,
        trace.denied[side],
        activity == Activity.RESTING,
        trace.protected[side] | (activity == Activity.PROTECTING),
        np.ones_like(trace.denied[side]),
    )
    first = np.argmax(np.stack(claims), axis=0)
    return {name: (first == place).mean(axis=0) for place, name in enumerate(USES)}


def _fleet(sensors: Mapping[str, Floats]) -> dict[str, Floats]:
    """What the sensors ``[2, S]`` of a side did all together, ``[2, 1]``."""
    summed = ("denials", "denials_blocked", "times_denied", "protections")
    averaged = (*USES, "under_protection")
    return {
        **{name: np.nansum(sensors[name], axis=1, keepdims=True) for name in summed},
        **{name: np.nanmean(sensors[name], axis=1, keepdims=True) for name in averaged},
    }


def redundant_of(trace: Trace, contested: Flags) -> Flags:
    """``[L]`` which looks changed nothing that is scored.

    A completed look is redundant if the object was in custody when the exposure ended and, had the
    look failed, would have stayed so until the result of the side's next success at it was known,
    or to the end of the window; and if, of a contested object, nobody else would have held it at
    any of these steps. What other looks would have found without this one is not followed.

    Args:
        trace: of the episode.
        contested: ``[N]``.
    """
    looks, steps = trace.looks, trace.steps
    found = np.zeros(looks.side.size, np.bool_)
    for side in (0, 1):
        mine = np.flatnonzero((looks.side == side) & np.isin(looks.result, COMPLETED))
        n, known = looks.object[mine], looks.known_step[mine]
        hit = looks.result[mine] == Result.HIT
        ends = _next_success(n, known, hit, steps)
        as_played, without = ~trace.custody[side], _changes_without(trace, side, contested)
        lapsed, changed = _so_far(as_played), _so_far(without)
        ended = np.minimum(looks.end_step[mine], known)
        # the look did no more than it could have failed to do: up to its result, all is as played
        kept = lapsed[known, n] == lapsed[ended, n]
        stayed = np.where(
            hit, changed[ends, n] == changed[known, n], lapsed[ends, n] == lapsed[known, n]
        )
        found[mine] = kept & stayed
    return found


def _so_far(flags: Flags) -> Numbers:
    """``[T + 1, N]`` how many of the steps before each are set."""
    return np.concatenate([np.zeros((1, flags.shape[1]), np.int64), flags.cumsum(axis=0)])


def _next_success(n: Numbers, known: Numbers, hit: Flags, steps: int) -> Numbers:
    """``[L]`` step at which the result of the next success at the same object is known, or T."""
    key = n.astype(np.int64) * (steps + 1) + known
    successes = np.sort(key[hit])
    place = np.searchsorted(successes, key, side="right")
    following = np.append(successes, np.iinfo(np.int64).max)[place]
    return np.minimum(following - n * (steps + 1), steps)


def _changes_without(trace: Trace, side: int, contested: Flags) -> Flags:
    """``[T, N]`` whether, without the side's last success, custody or the holder were different."""
    own, other = trace.custody_without[side], trace.custody[1 - side]
    fresher_h = _seen_before(trace.seen_h[side]) - trace.seen_h[1 - side]
    holder = np.select(
        [~own & ~other, own & other & (fresher_h == 0), own & (~other | (fresher_h > 0))],
        [NEVER, 2, side],
        1 - side,
    )
    changed: Flags = ~own | (contested & (holder != trace.holder))
    return changed


def _seen_before(seen_h: Floats) -> Floats:
    """``[T, N]`` the hour of the success before the last one."""
    steps = np.arange(len(seen_h))[:, None]
    news = np.diff(seen_h, axis=0, prepend=seen_h[:1]) != 0
    last = np.maximum.accumulate(np.where(news, steps, 0), axis=0)
    return np.take_along_axis(seen_h, np.maximum(last - 1, 0), axis=0)
