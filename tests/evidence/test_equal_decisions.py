"""Arms at equal decisions: the page says what the rows say, and the arms had equally many."""

from __future__ import annotations

import csv
from pathlib import Path

from evidence.equal_decisions import IN_WORDS, MARK, PLAY, tables
from ssa_psro.report.markdown import tables_of

ROOT = Path(__file__).parents[2]


PAGE = (ROOT / "docs/does-psro-pay.md").read_text("utf-8")


def _stored(name: str = MARK) -> list[dict[str, str]]:
    with (ROOT / f"figures/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_page_has_the_tables_of_the_stored_rows() -> None:
    told = tables_of(PAGE)
    assert tables(_stored(), _stored(PLAY)) == {name: told[name] for name in (MARK, PLAY)}


def test_the_page_says_where_runs_without_rivalry_settle() -> None:
    come = [row for row in _stored(PLAY) if float(row["rivalry"]) == 0.0]
    fused = [row for row in come if row["arm"] == "fusion"]
    others = [row for row in come if row["arm"] != "fusion"]
    shares = [[100 * float(row["denials"]) for row in some] for some in (others, fused)]
    sums = [[float(row["scores"]) for row in some] for some in (others, fused)]
    words = " ".join(PAGE.split())
    assert f"{min(shares[0]):.0f} to {max(shares[0]):.0f} % of tasks are denials" in words
    assert f"both scores come to {min(sums[0]):.2f} to {max(sums[0]):.2f}" in words
    assert "({:.0f} and {:.0f} % of tasks)".format(*shares[1]) in words
    assert "hold less together ({:.2f} and {:.2f})".format(*sums[1]) in words
    assert max(sums[1]) < min(sums[0])
    gains = [
        float(row["gain"])
        for row in _stored()
        if (float(row["rivalry"]), row["arm"]) == (0.0, "fusion")
    ]
    assert f"find no more than {max(gains):.3f} to gain there" in words


def test_the_page_says_what_a_poor_beginning_loses() -> None:
    last = {(float(r["rivalry"]), r["arm"], r["seed"]): float(r["gain"]) for r in _stored()}
    told = [
        "{:.3f} and {:.3f} against {:.3f} and {:.3f} at {:g}".format(
            *(last[rivalry, arm, seed] for arm in ("poor", "fusion") for seed in "12"), rivalry
        )
        for rivalry in (0.5, 0.0)
    ]
    assert f"({told[0]}; {told[1]})" in " ".join(PAGE.split())


def test_all_arms_had_equally_many_decisions() -> None:
    spent = [int(row["decisions"]) for row in _stored()]
    assert max(spent) <= 1.005 * min(spent)


def _attack(arm: str, gain: float) -> dict[str, object]:
    row = {"rivalry": "0.5", "arm": arm, "seed": "1", "decisions": "1000", "gain": gain}
    return row | {"gain_low": 0.01, "gain_high": 0.3}


def test_the_longest_attack_is_what_the_table_tells() -> None:
    rows = [_attack(arm, gain) for gain in (0.1, 0.2) for arm in IN_WORDS]
    first = tables(rows, [])[MARK].splitlines()[2]
    assert first == (
        "| 0.5 | PSRO, one population, starts by fusion | 1,000 | 0.2000 [0.0100, 0.3000] | 0.200 |"
    )


def test_what_mixtures_come_to_is_told_of_those_that_have_been_played() -> None:
    come: dict[str, object] = {"rivalry": 0.5, "arm": "fusion", "seed": 1, "alike_share": 0.9}
    come |= {"scores": 1.2346, "scores_low": 1.2, "scores_high": 1.3, "alike": "information"}
    come |= {"custody": 0.5, "denials": 0.04}
    told = tables([_attack(arm, 0.1) for arm in IN_WORDS], [come])[PLAY]
    head, _, only = told.splitlines()
    assert head.count("|") == only.count("|")
    assert only == (
        "| 0.5 | PSRO, one population, starts by fusion | 1.235 [1.200, 1.300] | 50 % | 4.0 % "
        "| information (90 %) |"
    )
