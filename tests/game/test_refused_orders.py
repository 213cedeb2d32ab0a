"""Orders that do not fit are refused before compiled code, which looks at no bounds, reads them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from arenas import make_arena
from game.driving import idle, snapshot, some_seeds

from ssa_psro.errors import UsageError
from ssa_psro.game import (
    FEATURES,
    Command,
    CoverageGame,
    assignment_command,
    doctrine_command,
    priority_command,
)
from ssa_psro.game.command import stack

BATCH, OBJECTS, SLOTS, OWN = 4, 6, 3, 2
GAME = CoverageGame(make_arena(1, sensors=(SLOTS, OWN), objects=OBJECTS))
CANDIDATES = OBJECTS + 2 * SLOTS
BUILD: dict[str, Callable[[Any], Command]] = {
    "doctrine": doctrine_command,
    "priority": priority_command,
    "assignment": assignment_command,
}
WIDTHS = {"doctrine": len(FEATURES), "priority": CANDIDATES, "assignment": SLOTS}


def refusal(blue: Any, red: Any = None) -> str:
    """What the game says to these orders; the episodes must be as they were."""
    state = GAME.start(some_seeds(BATCH))
    before = snapshot(state)
    with pytest.raises(UsageError) as caught:
        GAME.advance(state, blue, idle(BATCH, SLOTS) if red is None else red)
    for array, twin in zip(state, before, strict=True):
        np.testing.assert_array_equal(array, twin)
    return str(caught.value)


def numbers(mode: str, *shape: int) -> np.ndarray:
    return np.ones(shape, np.int64 if mode == "assignment" else np.float64)


@pytest.mark.parametrize("mode", BUILD)
@pytest.mark.parametrize(
    ("rows", "more"), [(1, 0), (BATCH - 1, 0), (BATCH + 1, 0), (BATCH, -2), (BATCH, 1), (1, 1)]
)
def test_another_shape_is_refused_with_the_one_wanted(mode: str, rows: int, more: int) -> None:
    found = (rows, WIDTHS[mode] + more)
    message = refusal(BUILD[mode](numbers(mode, *found)))
    wanted = (BATCH, WIDTHS[mode])
    assert f"blue.{mode}: has the wrong shape (found {found}). Give {wanted}: " in message


@pytest.mark.parametrize("mode", BUILD)
@pytest.mark.parametrize("shape", [(), (BATCH,), (BATCH, 2, 2), (0,)])
def test_so_is_another_number_of_axes(mode: str, shape: tuple[int, ...]) -> None:
    message = refusal(BUILD[mode](numbers(mode, *shape)))
    assert f"blue.{mode}: has the wrong shape (found {shape})" in message


@pytest.mark.parametrize("mode", BUILD)
def test_orders_for_nobody_are_refused(mode: str) -> None:
    message = refusal(BUILD[mode](numbers(mode, 0, WIDTHS[mode])))
    assert "blue.mode: has the wrong shape (found (0,)). Give (4,)" in message


@pytest.mark.parametrize("mode", ["doctrine", "priority"])
@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_what_is_no_finite_number_is_refused(mode: str, number: float) -> None:
    wrong = numbers(mode, BATCH, WIDTHS[mode])
    wrong[2, 5] = number
    assert f"blue.{mode}: is no finite number (found {number})" in refusal(BUILD[mode](wrong))


@pytest.mark.parametrize("candidate", [-2, CANDIDATES, 2**40])
def test_what_is_no_candidate_is_refused(candidate: int) -> None:
    wrong = numbers("assignment", BATCH, SLOTS)
    wrong[3, 2] = candidate
    message = refusal(assignment_command(wrong))
    assert f"blue.assignment: is no candidate (found {candidate})" in message
    assert f"Give 0 to {CANDIDATES - 1}, or -1 to idle." in message


@pytest.mark.parametrize("candidate", [-1, 0, CANDIDATES - 1])
def test_the_first_and_last_candidates_are_played(candidate: int) -> None:
    orders = assignment_command(np.full((BATCH, SLOTS), candidate))
    GAME.advance(GAME.start(some_seeds(BATCH)), orders, orders)


@pytest.mark.parametrize("number", [0.5, np.nan, np.inf, 2.0**53])
def test_a_fraction_is_no_candidate(number: float) -> None:
    message = refusal(assignment_command(np.full((BATCH, SLOTS), number)))
    assert "blue.assignment: has numbers of the wrong type (found 'float64')" in message
    exact = assignment_command(np.full((BATCH, SLOTS), 2.0**53 - 1))
    assert "blue.assignment: is no candidate (found 9007199254740991)" in refusal(exact)


def test_the_smaller_side_may_order_for_its_own_sensors_or_for_all_rows() -> None:
    for width in (OWN, SLOTS):
        orders = idle(BATCH, width)
        GAME.advance(GAME.start(some_seeds(BATCH)), idle(BATCH, SLOTS), orders)
    message = refusal(idle(BATCH, SLOTS), idle(BATCH, OWN - 1))
    assert f"red.assignment: has the wrong shape (found {(BATCH, OWN - 1)})" in message


@pytest.mark.parametrize("kind", [int, np.float32, np.float16, bool])
def test_other_kinds_of_numbers_of_the_right_shape_are_played(kind: type) -> None:
    one, other = (GAME.start(some_seeds(BATCH)) for _ in range(2))
    ones = np.ones((BATCH, CANDIDATES))
    rest = idle(BATCH, SLOTS)
    GAME.advance(one, priority_command(ones), rest)
    GAME.advance(other, priority_command(np.asfortranarray(ones.astype(kind))), rest)
    np.testing.assert_array_equal(one.tracks, other.tracks)
    GAME.advance(GAME.start(some_seeds(BATCH)), priority_command(ones.tolist()), rest)


def test_arrays_that_are_read_only_are_played() -> None:
    priorities = np.broadcast_to(np.ones(GAME.candidates), (2, GAME.candidates))
    state = GAME.start(np.arange(2, dtype=np.uint64))
    GAME.advance(state, priority_command(priorities), priority_command(priorities))


def test_all_that_is_no_command_is_refused() -> None:
    for orders in (None, np.ones((BATCH, len(FEATURES))), (1, 2, 3, 4)):
        assert "blue: gave no command" in refusal(orders)
    right = doctrine_command(np.ones((BATCH, len(FEATURES))))
    assert "blue.doctrine: is no array (found 'list')" in refusal(right._replace(doctrine=[[1.0]]))
    wrong_type = right._replace(priority=np.zeros((BATCH, 0), object))
    assert "blue.priority: has numbers of the wrong type (found 'object')" in refusal(wrong_type)
    assert "blue.mode: is no mode (found 3)" in refusal(right._replace(mode=right.mode + 3))
    assert "blue.mode: is no mode (found -1)" in refusal(right._replace(mode=right.mode - 1))
    flat = right._replace(assignment=np.zeros(BATCH, np.int64))
    assert "blue.assignment: has the wrong shape (found (4,))" in refusal(flat)
    short = right._replace(mode=right.mode[:2])
    assert "blue.mode: has the wrong shape (found (2,)). Give (4,)" in refusal(short)


def test_rows_that_no_episode_reads_may_hold_anything() -> None:
    """Joined orders fill up the rows of other modes; only an episode's own row counts."""
    mode = np.array([True, False, True, False])
    joined = stack([(mode, doctrine_command(np.ones((2, len(FEATURES))))), (~mode, idle(2, SLOTS))])
    joined.doctrine[1] = np.nan
    joined.assignment[0] = 99
    GAME.advance(GAME.start(some_seeds(BATCH)), joined, joined)
    joined.doctrine[0] = np.nan
    assert "blue.doctrine: is no finite number (found nan)" in refusal(joined)


def test_joining_does_not_hide_a_wrong_shape() -> None:
    mask = np.array([True, True, True, False])
    other = (~mask, priority_command(np.ones((1, CANDIDATES))))
    with pytest.raises(UsageError, match=r"Give 3 rows, one an episode") as caught:
        stack([(mask, priority_command(np.ones((1, CANDIDATES)))), other])
    assert "priority: has the wrong shape (found (1, 12))" in str(caught.value)
    with pytest.raises(UsageError, match=r"priority: differs in width \(found \[11, 12\]\)"):
        stack([(mask, priority_command(np.ones((3, CANDIDATES - 1)))), other])
    with pytest.raises(UsageError, match="is no array"):
        stack(
            [(mask, doctrine_command(np.ones((3, len(FEATURES))))._replace(mode=[0, 0, 0])), other]
        )


@pytest.mark.parametrize("seeds", [np.uint64(3), np.ones((2, 2), np.uint64), np.ones(3), [[1]]])
def test_seeds_are_a_row_of_integers(seeds: Any) -> None:
    with pytest.raises(UsageError, match="seeds: are no row of seeds"):
        GAME.start(seeds)


def test_the_widths_above_are_the_games() -> None:
    assert len(FEATURES) == 56
    assert (GAME.candidates, GAME.sensors) == (CANDIDATES, SLOTS)


def test_an_unsigned_number_does_not_turn_into_idling() -> None:
    """2^64 - 1 would be -1, IDLE, after a cast."""
    largest = np.full((BATCH, SLOTS), 2**64 - 1, np.uint64)
    assert "has numbers of the wrong type (found 'uint64')" in refusal(assignment_command(largest))
    small = assignment_command(np.full((BATCH, SLOTS), 3, np.uint64))
    GAME.advance(GAME.start(some_seeds(BATCH)), small, small)
