"""Arms at equal decisions: the page says what the rows say, and the arms had equally many."""

from __future__ import annotations

import csv
from pathlib import Path

from evidence.equal_decisions import IN_WORDS, MARK, table_of
from ssa_psro.report.markdown import tables_of

ROOT = Path(__file__).parents[2]


def _stored() -> list[dict[str, str]]:
    with (ROOT / f"figures/{MARK}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_page_has_the_table_of_the_stored_rows() -> None:
    rows = _stored()
    assert {row["arm"] for row in rows} == set(IN_WORDS)
    assert tables_of((ROOT / "docs/game.md").read_text("utf-8"))[MARK] == table_of(rows)


def test_all_arms_had_equally_many_decisions() -> None:
    spent = [int(row["decisions"]) for row in _stored()]
    assert max(spent) <= 1.005 * min(spent)


def test_the_longest_attack_is_what_the_table_tells() -> None:
    rows = [
        {"arm": arm, "seed": "1", "decisions": "1000", "gain": str(gain)}
        | {"gain_low": "0.01", "gain_high": "0.3"}
        for gain in (0.1, 0.2)
        for arm in IN_WORDS
    ]
    first = table_of(rows).splitlines()[2]
    assert (
        first
        == "| PSRO, one population, starts by fusion | 1,000 | 0.2000 [0.0100, 0.3000] | 0.200 |"
    )
