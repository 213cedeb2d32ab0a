"""Figures of merit of one traced episode, by side, regime, object and sensor.

Gaps at the ends of the window count; see ``gaps``. ``docs/merit.md`` says what each figure is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Flags, Floats
from ssa_psro.geometry.arena import Arena
from ssa_psro.trace.episode import Activity, Result, Trace
from ssa_psro.trace.gaps import (
    WITHIN_H,
    Gaps,
    Numbers,
    gap_figures,
    gaps_of,
    intervals_of,
    ratio,
    united,
)
from ssa_psro.trace.redundancy import COMPLETED, redundant_of

MOST_ASSETS = 3
"""Up to so many sensors with access at once are told apart."""

USES = ("observing", "slewing", "denying", "denied", "resting", "protected", "idle")
"""What a sensor's time goes to; a step counts for the first that is true of it."""


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


class _Groups:
    """Which objects are taken together: ``of [N]`` number of each one's group, ``size [K]``."""

    def __init__(self, of: Numbers) -> None:
        self.of, self.size = of, np.bincount(of)

    def count(self, objects: Numbers) -> Floats:
        """How often the objects ``[.]`` of each group occur, ``[K]``."""
        return np.bincount(self.of[objects], minlength=self.size.size).astype(np.float64)

    def mean(self, values: NDArray[Any], weight: Floats | None = None) -> Floats:
        """Mean ``[K]`` over each group of values ``[N]``, by weight if told; nan without any."""
        weight = np.ones(self.of.size) if weight is None else weight
        return ratio(np.bincount(self.of, values * weight), np.bincount(self.of, weight))


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
        group = _Groups(groups)
        return (
            self._of_custody(group)
            | self._of_looks(group, within_h)
            | self._of_manoeuvres(group)
            | self._of_access(group)
        )

    def _of_custody(self, group: _Groups) -> dict[str, Floats]:
        lapses = gap_figures(self.lapses, group.of, self.window_h)
        fought = self.contested.astype(np.float64)
        return {
            "custody": group.mean(self.custody),
            "custody_weighted": group.mean(self.custody, self.weight),
            "contested_custody": group.mean(self.custody, fought),
            "held": group.mean(self.held.mean(axis=0), fought * self.weight),
            "lapses": lapses.number / group.size,
            "lapse_longest_h": np.nan_to_num(lapses.longest_h),
            "time_average_lapse_h": lapses.average_h,
            "age_h": group.mean(self.age_h),
        }

    def _of_looks(self, group: _Groups, within_h: float) -> dict[str, Floats]:
        found = gap_figures(self.successes, group.of, self.window_h, within_h=within_h)
        looked = {name: group.count(objects) for name, objects in self.looked.items()}
        hits = np.bincount(self.looked["hits"], minlength=group.of.size)
        return {
            "looks": looked["looks"],
            "hit_rate": ratio(looked["hits"], looked["looks"]),
            "broken_off": looked["broken_off"],
            "redundant": ratio(looked["redundant"], looked["looks"]),
            "unseen": group.mean(hits == 0),
            "revisit_mean_h": found.mean_h,
            "revisit_median_h": found.median_h,
            "revisit_p95_h": found.p95_h,
            "revisit_longest_h": found.longest_h,
            "revisit_within": found.within,
            "time_average_gap_h": found.average_h,
            "response_h": found.response_h,
        }

    def _of_manoeuvres(self, group: _Groups) -> dict[str, Floats]:
        noticed = np.isfinite(self.delay_h)
        moved, seen = group.count(self.manoeuvres), group.count(self.manoeuvres[noticed])
        delays_h = np.zeros(group.size.size)
        np.add.at(delays_h, group.of[self.manoeuvres[noticed]], self.delay_h[noticed])
        return {
            "manoeuvres": moved,
            "noticed": ratio(seen, moved),
            "notice_h": ratio(delays_h, seen),
        }

    def _of_access(self, group: _Groups) -> dict[str, Floats]:
        blind = gap_figures(self.blind, group.of, self.window_h)
        several = {
            f"access_{k}": group.mean((self.assets >= k).mean(axis=0))
            for k in range(2, MOST_ASSETS + 1)
        }
        return {
            "accesses": group.count(self.accesses) / group.size,
            "access": group.mean((self.assets > 0).mean(axis=0)),
            **several,
            "assets": group.mean(self.assets.mean(axis=0)),
            "blind_mean_h": blind.mean_h,
            "blind_longest_h": np.nan_to_num(blind.longest_h),
            "time_average_blind_h": blind.average_h,
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
