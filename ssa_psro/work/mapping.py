"""What a map is to those who bring many pieces of work and do not care where they are done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Mapper(Protocol):
    """Applies a function to many items, anywhere and in any order: ``pool.map`` fits."""

    def __call__(self, function: Callable[[T], R], items: Iterable[T], /) -> Iterable[R]:
        """The results, in any order."""


def map_in_turn(function: Callable[[T], R], items: Iterable[T], /) -> list[R]:
    """The map that works one item after the other, in this process."""
    return [function(item) for item in items]


def parts_of(items: list[T], most: int) -> list[list[T]]:
    """The items in order, divided into so many parts at most whose lengths differ by one at most.

    Every part holds an item; of no items there are none.
    """
    count = min(most, len(items))
    ends = [part * len(items) // count for part in range(count + 1)] if count else []
    return [items[first:last] for first, last in pairwise(ends)]
