"""The division of work into parts."""

from __future__ import annotations

import pytest

from ssa_psro.work.mapping import parts_of


@pytest.mark.parametrize(
    ("count", "most", "lengths"),
    [
        (0, 4, []),
        (0, 0, []),
        (1, 4, [1]),
        (3, 4, [1, 1, 1]),
        (4, 4, [1, 1, 1, 1]),
        (5, 4, [1, 1, 1, 2]),
        (10, 4, [2, 3, 2, 3]),
        (7, 1, [7]),
    ],
)
def test_parts_are_of_nearly_one_length_and_in_order(
    count: int, most: int, lengths: list[int]
) -> None:
    parts = parts_of(list(range(count)), most)
    assert [len(part) for part in parts] == lengths
    assert [item for part in parts for item in part] == list(range(count))
