"""How the meta-game sees a game: a judge that plays two policies and returns payoffs.

Nothing here knows what a policy is. The caller brings three functions: a judge that plays
one, a mix that turns several into one, and a map (``ssa_psro.work``) that decides where the work is
done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, Protocol, TypeVar

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.errors import Fault, UsageError
from ssa_psro.work import Mapper, map_in_turn

P = TypeVar("P")
P_contra = TypeVar("P_contra", contravariant=True)


class Judge(Protocol[P_contra]):
    """Plays a row policy against a column policy."""

    def __call__(self, row: P_contra, column: P_contra, seeds: Seeds, /) -> Floats:
        """Payoffs of the row and the column player in every episode, ``[E, 2]``.

        Where payoffs are made of scores, both players' scores may stand behind them, ``[E, 4]``.
        Must be a pure function of its arguments: episode ``e`` depends on ``seeds[e]`` only.
        """


class Mix(Protocol[P]):
    """Makes one policy that plays one of several, drawn anew for every episode."""

    def __call__(self, policies: Sequence[P], probabilities: Floats, /) -> P:
        """The mixture of ``policies`` ``[n]`` with ``probabilities`` ``[n]``."""


@dataclass(frozen=True)
class Fixture(Generic[P]):
    """One match to be played: ``row`` against ``column`` on ``seeds`` ``[E]``."""

    row: P
    column: P
    seeds: Seeds


def play_all(
    judge: Judge[P], fixtures: Sequence[Fixture[P]], map_cells: Mapper = map_in_turn
) -> list[Floats]:
    """Play every fixture once; payoffs ``[E, 2]`` each, in the order of ``fixtures``.

    Raises:
        UsageError: the judge returned another shape, or a payoff that is not finite.
    """
    played = play_with_scores(judge, fixtures, map_cells)
    return [np.ascontiguousarray(found[:, :2]) for found in played]


def play_with_scores(
    judge: Judge[P], fixtures: Sequence[Fixture[P]], map_cells: Mapper = map_in_turn
) -> list[Floats]:
    """The same with what the judge puts behind the payoffs: ``[E, 2]`` or ``[E, 4]`` each.

    Raises:
        UsageError: as :func:`play_all`.
    """
    # the number travels with the result, so that an unordered map gives the same answer
    results = dict(map_cells(partial(_play_numbered, judge), list(enumerate(fixtures))))
    return [results[number] for number in range(len(fixtures))]


def _play_numbered(judge: Judge[P], numbered: tuple[int, Fixture[P]]) -> tuple[int, Floats]:
    number, fixture = numbered
    payoffs = np.asarray(judge(fixture.row, fixture.column, fixture.seeds), dtype=np.float64)
    _check_payoffs(payoffs, len(fixture.seeds))
    return number, payoffs


def _check_payoffs(payoffs: Floats, episodes: int) -> None:
    if payoffs.shape not in ((episodes, 2), (episodes, 4)):
        cure = f"Return an array of {(episodes, 2)}."
        fault = Fault("payoffs", payoffs.shape, "wrong shape", cure)
        raise UsageError("judge", [fault])
    if not np.isfinite(payoffs).all():
        fault = Fault("payoffs", None, "nan or infinity", "Return finite payoffs.")
        raise UsageError("judge", [fault])
