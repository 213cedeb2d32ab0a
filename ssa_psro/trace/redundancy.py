"""Looks that changed nothing that is scored."""

from __future__ import annotations

import numpy as np

from ssa_psro.arrays import Flags, Singles
from ssa_psro.trace.episode import NEVER, Result, Trace
from ssa_psro.trace.gaps import Numbers

COMPLETED = (Result.HIT, Result.NOT_DETECTED, Result.OUT_OF_FIELD)
"""Results of looks whose exposure ended and whose result was known."""


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


def _seen_before(seen_h: Singles) -> Singles:
    """``[T, N]`` the hour of the success before the last one."""
    steps = np.arange(len(seen_h))[:, None]
    news = np.diff(seen_h, axis=0, prepend=seen_h[:1]) != 0
    last = np.maximum.accumulate(np.where(news, steps, 0), axis=0)
    return np.take_along_axis(seen_h, np.maximum(last - 1, 0), axis=0)
