"""The numbers a meta-solver is run with, checked in one place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ssa_psro.errors import Fault, UsageError


class Argument(NamedTuple):
    """One argument: its name, its value, whether that will do, and what would."""

    name: str
    value: float
    fits: bool
    cure: str


def require(method: str, arguments: Iterable[Argument]) -> None:
    """Refuse arguments that make no sense, all of them at once.

    Args:
        method: the solver they were given to.
        arguments: what it was given.

    Raises:
        UsageError: with every argument that will not do.
    """
    faults = [
        Fault(one.name, one.value, "out of range", f"Give {one.cure}.")
        for one in arguments
        if not one.fits
    ]
    if faults:
        raise UsageError(method, faults)


def require_search(method: str, tolerance: float, iterations: int) -> None:
    """Refuse a tolerance or a number of iterations that no search can keep.

    Raises:
        UsageError: with what is wrong.
    """
    require(
        method,
        [
            Argument("tolerance", tolerance, tolerance > 0, "a number above 0"),
            Argument("iterations", iterations, iterations >= 1, "1 or more"),
        ],
    )
