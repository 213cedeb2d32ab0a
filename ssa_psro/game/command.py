"""What a policy tells its constellation for one decision interval, and whether that can be played.

The compiled rules index arrays without looking at their ends, so orders of a wrong shape would be
read from whatever lies behind them. Nothing reaches them that ``check`` has not passed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ssa_psro.arrays import Flags, Floats, Integers
from ssa_psro.errors import Fault, UsageError
from ssa_psro.game.columns import FEATURES

DOCTRINE: Final = 0
PRIORITY: Final = 1
ASSIGNMENT: Final = 2
IDLE: Final = -1

_EXACT: Final = 2.0**53
"""Below it, double precision holds every whole number."""


class Command(NamedTuple):
    """One side's orders for a batch; each episode reads the array of its own mode.

    Attributes:
        mode: ``[B]`` int8: DOCTRINE, PRIORITY or ASSIGNMENT.
        doctrine: ``[B, D]`` feature weights, applied to fresh features every step.
        priority: ``[B, C]`` priorities of the candidates, held as they are.
        assignment: ``[B, S]`` one candidate a sensor, or IDLE.
    """

    mode: NDArray[np.int8]
    doctrine: Floats
    priority: Floats
    assignment: Integers


def doctrine_command(weights: ArrayLike) -> Command:
    """Orders from doctrine weights ``[B, D]``."""
    return _command(DOCTRINE, weights)


def priority_command(priorities: ArrayLike) -> Command:
    """Orders from candidate priorities ``[B, C]``.

    Access quality and slew angle add at most a tenth to break near ties; a candidate whose sum
    is not positive is never tasked.
    """
    return _command(PRIORITY, priorities)


def assignment_command(candidates: ArrayLike) -> Command:
    """Orders from one candidate a sensor, ``[B, S]``, IDLE for none."""
    return _command(ASSIGNMENT, candidates)


def _command(mode: int, numbers: ArrayLike) -> Command:
    """Orders of one mode; what does not fit is kept as it is, for ``check`` to tell."""
    given = np.asarray(numbers)
    batch = len(given) if given.ndim > 0 else 0
    arrays: list[Any] = [
        np.zeros((batch, len(FEATURES))),
        np.zeros((batch, 0)),
        np.zeros((batch, 0), np.int64),
    ]
    arrays[mode] = _converted(given, arrays[mode].dtype)
    return Command(np.full(batch, mode, np.int8), *arrays)


def _converted(given: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """``given`` in the type of the rules, unless numbers would get lost."""
    if given.dtype.kind not in "biuf" or given.ndim == 0:
        return given
    if dtype.kind == "i" and given.dtype.kind in "uf":
        # A cast would make candidates of fractions, of what is no number and of what is too large.
        wide = given.astype(np.float64)  # half precision does not reach so far
        whole = (wide == np.floor(wide)) & (np.abs(wide) < _EXACT)
        if not whole.all():
            return given
    # the rules are compiled for arrays that may be written to, and for no others
    return np.require(given, dtype, ["C", "W"])


def check(orders: object, side: str, batch: int, candidates: int, sensors: tuple[int, int]) -> None:
    """Refuse orders that the compiled rules could not play.

    Args:
        orders: what a policy has returned.
        side: whose orders they are, for the message.
        batch: number of episodes B.
        candidates: C.
        sensors: number of the side's sensors, and S, to which the smaller side is padded; there
            may be orders for either number.

    Raises:
        UsageError: they are no ``Command``, or an array's type or shape, a priority, a weight or a
            candidate is none that the rules can read; with all faults.
    """
    if not isinstance(orders, Command):
        cure = "Return doctrine_command(...), priority_command(...) or assignment_command(...)."
        raise UsageError("orders", [Fault(side, type(orders).__name__, "gave no command", cure)])
    faults = _faults(orders, batch, candidates, sensors)
    if faults:
        raise UsageError(
            "orders", [Fault(f"{side}.{f.key}", f.value, f.problem, f.cure) for f in faults]
        )


def _faults(orders: Command, batch: int, candidates: int, sensors: tuple[int, int]) -> list[Fault]:
    faults = _type_faults(orders) or _mode_faults(orders.mode)
    if faults:
        return faults
    widths = ((len(FEATURES),), (candidates,), sensors)
    used = [mode for mode in range(len(widths)) if (orders.mode == mode).any()]
    for mode, width in enumerate(widths):
        numbers: NDArray[Any] = orders[1 + mode]
        fits = mode not in used or numbers.shape in [(batch, w) for w in width]
        if numbers.ndim != 2 or not fits:
            cure = f"Give {(batch, width[0])}: a row an episode, {_AXES[mode]}."
            faults.append(_shape_fault(1 + mode, numbers, cure))
    if not faults and len(orders.mode) != batch:
        faults.append(_shape_fault(0, orders.mode, f"Give {(batch,)}: a mode an episode."))
    if faults:
        return faults
    return [fault for mode in used for fault in _number_faults(orders, mode, candidates)]


_KINDS: Final = ("i", "f", "f", "i")
"""Kinds of numbers of the arrays of a command, in numpy's letters."""
_WORDS: Final = {"i": "integers", "f": "floating-point numbers"}
_AXES: Final = ("a weight a feature", "a number a candidate", "a candidate a sensor")


def _type_faults(orders: Command) -> list[Fault]:
    """Arrays that the rules are not compiled for."""
    faults = []
    for index, (numbers, kind) in enumerate(zip(orders, _KINDS, strict=True)):
        name, cure = Command._fields[index], f"Give {_WORDS[kind]}."
        if not isinstance(numbers, np.ndarray):
            faults.append(Fault(name, type(numbers).__name__, "is no array", cure))
        elif numbers.dtype.kind != kind:
            found = str(numbers.dtype)
            faults.append(Fault(name, found, "has numbers of the wrong type", cure))
    return faults


def _mode_faults(modes: NDArray[np.int8]) -> list[Fault]:
    if modes.ndim != 1:
        return [_shape_fault(0, modes, "Give a mode an episode.")]
    known = (modes >= DOCTRINE) & (modes <= ASSIGNMENT)
    if known.all():
        return []
    cure = f"Give {DOCTRINE} (doctrine), {PRIORITY} (priority) or {ASSIGNMENT} (assignment)."
    return [Fault("mode", int(modes[~known][0]), "is no mode", cure)]


def _number_faults(orders: Command, mode: int, candidates: int) -> Iterator[Fault]:
    """Numbers that mean nothing, in the rows of the episodes that have orders of this mode."""
    mine = orders.mode == mode
    rows = orders[1 + mode] if mine.all() else orders[1 + mode][mine]
    if mode == ASSIGNMENT:
        right = (rows >= IDLE) & (rows < candidates)
        problem, cure = "is no candidate", f"Give 0 to {candidates - 1}, or {IDLE} to idle."
    else:
        right = np.isfinite(rows)
        problem, cure = "is no finite number", "Give finite numbers; 0 or less tasks nothing."
    if not right.all():
        yield Fault(Command._fields[1 + mode], rows[~right][0].item(), problem, cure)


def _shape_fault(index: int, numbers: NDArray[Any], cure: str) -> Fault:
    return Fault(Command._fields[index], numbers.shape, "has the wrong shape", cure)


def stack(parts: list[tuple[Flags, Command]]) -> Command:
    """Join the commands of disjoint groups of episodes into one.

    Args:
        parts: (mask ``[B]``, command of the masked episodes in order), covering every episode.

    Raises:
        UsageError: a command has not a row an episode of its group, or two that give orders of one
            mode differ in width. Joining would hide it: rows would be repeated and columns filled.
    """
    batch = parts[0][0].size
    mode = np.zeros(batch, np.int8)
    for mask, command in parts:
        _refuse_other_rows(command, int(np.count_nonzero(mask)))
        mode[mask] = command.mode

    def join(kind: int) -> NDArray[Any]:
        widths = {c[1 + kind].shape[1] for _, c in parts if (c.mode == kind).any()}
        if len(widths) > 1:
            name, cure = Command._fields[1 + kind], "Give all members' orders the same width."
            raise UsageError("orders", [Fault(name, sorted(widths), "differs in width", cure)])
        width = max(command[1 + kind].shape[1] for _, command in parts)
        joined = np.zeros((batch, width), parts[0][1][1 + kind].dtype)
        for mask, command in parts:
            joined[mask, : command[1 + kind].shape[1]] = command[1 + kind]
        return joined

    return Command(mode, join(DOCTRINE), join(PRIORITY), join(ASSIGNMENT))


def _refuse_other_rows(command: Command, count: int) -> None:
    """Refuse a member's orders that are not of ``count`` episodes."""
    faults = _type_faults(command)
    if not faults:
        cure = f"Give {count} rows, one an episode."
        arrays: tuple[NDArray[Any], ...] = command
        faults = [
            _shape_fault(index, numbers, cure)
            for index, numbers in enumerate(arrays)
            if numbers.ndim != (1 if index == 0 else 2) or len(numbers) != count
        ]
    if faults:
        raise UsageError("orders", faults)
