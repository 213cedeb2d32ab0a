"""Tables: columns by name, rows as people read them, intervals taken apart."""

from __future__ import annotations

import numpy as np
import pytest

from ssa_psro.findings import Column, Table, make_table
from ssa_psro.findings.table import COUNT, dictionary_of, interval_columns, numbers_of
from ssa_psro.findings.wording import Form
from ssa_psro.metagame.intervals import Interval

GAIN = Interval(0.1, 0.05, 0.15, 8)


@pytest.fixture(name="gains")
def _gains() -> Table:
    """For people: a gain a side, one of them unknown."""
    columns = (
        Column("side", write=str.capitalize),
        Column("gain", "payoff", "over the mixture", "what it gains", Form(2).interval),
    )
    rows = [("blue", GAIN), ("red", None)]
    return make_table("gains", "Gains", columns, rows, note="On other episodes.", marked=[0])


def test_people_read_headings_and_written_values(gains: Table) -> None:
    assert gains.header == ["side", "what it gains"]
    assert gains.texts == [["Blue", "0.10 [0.05, 0.15]"], ["Red", ""]]


def test_intervals_become_numbers_in_columns_of_their_own(gains: Table) -> None:
    flat = gains.flat()
    assert flat.names == ("side", "gain_mean", "gain_low", "gain_high", "gain_count")
    assert flat.rows == (("blue", 0.1, 0.05, 0.15, 8), ("red", None, None, None, None))
    assert flat.columns[1].unit == "payoff"
    assert flat.flat() == flat
    explained = dictionary_of([gains])
    assert explained.values("column") == list(flat.names)
    assert explained.values("meaning")[1] == "over the mixture"


def test_intervals_come_back_from_their_columns() -> None:
    columns = [*interval_columns("payoff", "a gain"), COUNT]
    table = make_table("gains", "", columns, [(*numbers_of(GAIN), GAIN.count)])
    assert table.intervals() == [GAIN]


def test_where_unique_and_first_keep_order() -> None:
    columns = (Column("a"), Column("b"))
    table = Table("t", "", columns, (("y", 1), ("x", 2), ("y", None)))
    assert table.unique("a") == ["y", "x"]
    assert table.where("a", "y").values("b") == [1, None]
    assert table.first(2).values("b") == [1, 2]
    assert np.isnan(table.numbers("b")[2])


def test_numpy_numbers_become_plain_ones() -> None:
    table = make_table("t", "", [Column("x")], [[np.float64(0.5)], [np.int64(2)], [np.bool_(True)]])
    assert [type(x) for x in table.values("x")] == [float, int, bool]


def test_every_row_has_a_value_for_every_column() -> None:
    with pytest.raises(AssertionError, match="short"):
        make_table("short", "", [Column("a"), Column("b")], [("only one",)])
