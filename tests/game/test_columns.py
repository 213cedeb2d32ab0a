"""Columns by name: one list a family, and no index of one family used on another's array."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from arenas import make_arena
from game.driving import some_seeds

from ssa_psro import game
from ssa_psro.game import FEATURES, SUMMARY, CoverageGame, columns

FAMILIES = {
    "OBJECT": {"objects"},
    "WINDOW": {"windows"},
    "SIDE": {"sides", "fixed"},
    "TRACK": {"tracks", "blue", "red", "own", "other"},
    "SPREAD": {"spread"},
    "SENSOR": {"sensors", "sensor"},
    "COUNTER": {"counters"},
    "FEATURE": {"x", "weights", "doctrine", "wanted"},
    "GROUP": {"row"},
    "SITUATION": {"row"},
}
"""Families of columns, and the names that their arrays go by in the rules."""


def uses(tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    """(array, family, line) of every array that is indexed by a column."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            array = node.value
            name = array.attr if isinstance(array, ast.Attribute) else getattr(array, "id", "?")
            for family in families(node.slice):
                yield name, family, node.lineno


def families(index: ast.AST) -> Iterator[str]:
    """The families of the columns in an index; those of arrays inside it are not its own."""
    if isinstance(index, ast.Attribute) and getattr(index.value, "id", "") in FAMILIES:
        yield index.value.id
    if not isinstance(index, ast.Subscript):
        for part in ast.iter_child_nodes(index):
            yield from families(part)


def modules() -> list[Path]:
    return sorted(Path(game.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_a_column_is_used_on_its_own_array(path: Path) -> None:
    for array, family, line in uses(ast.parse(path.read_text(encoding="utf-8"))):
        assert array in FAMILIES[family], f"{path.name}:{line}: {family} on {array!r}"


def test_such_a_check_finds_a_column_of_another_array() -> None:
    (use,) = uses(ast.parse("tracks[FEATURE.contested, n] = 1.0"))
    assert use == ("tracks", "FEATURE", 1)
    assert use[0] not in FAMILIES[use[1]]


def test_all_families_are_used() -> None:
    found = {family for path in modules() for _, family, _ in uses(ast.parse(path.read_text()))}
    assert found == set(FAMILIES)


@pytest.mark.parametrize("name", [name for name in FAMILIES if name != "SITUATION"])
def test_the_columns_of_a_family_are_numbered(name: str) -> None:
    family = getattr(columns, name)
    assert tuple(family) == tuple(range(len(family)))


def test_the_summary_is_its_groups_and_then_the_situation() -> None:
    assert len(SUMMARY) == 6 * len(columns.GROUP) + len(columns.SITUATION) == 32
    assert SUMMARY[columns.SITUATION.denial_in_force] == "denial in force"
    assert SUMMARY[2 * len(columns.GROUP) + columns.GROUP.age] == "uncontested GEO: age"
    assert len(set(SUMMARY)) == len(SUMMARY)


def test_the_feature_names_are_unique_and_the_pairs_come_last() -> None:
    assert len(set(FEATURES)) == len(FEATURES)
    assert FEATURES[: len(columns.FEATURE)] == columns.FEATURE._fields
    assert columns.FEATURE._fields[-5:-1] == columns.PAIR_FEATURES


def test_a_named_view_is_the_column() -> None:
    state = CoverageGame(make_arena(1)).start(some_seeds(3))
    for family, array in (
        (state.track, state.tracks),
        (state.sensor, state.sensors),
        (state.counter, state.counters),
    ):
        axis = 2 if array is state.tracks else -1
        for index, (name, view) in enumerate(zip(family._fields, family, strict=True)):
            assert np.shares_memory(view, array), name
            view[...] = index + 0.5
            np.testing.assert_array_equal(array.take(index, axis=axis), view, name)
