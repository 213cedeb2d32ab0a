"""Texts in CSV files are no formulas, and come back as they were."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssa_psro.inputs.cells import as_meant, csv_text, harmless

FORMULAS = ["=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1"]
NUMBERS = ["-5", "+1.5e-3", "-.5", "-inf", "-nan"]
PLAIN = ["ISS (ZARYA)", "'", "O'NEIL", "A=1", "1-2", "", "''", " =1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_begins_like_a_formula_is_a_text(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless(f"'{text}") == f"''{text}"


@pytest.mark.parametrize("text", [*NUMBERS, *PLAIN])
def test_numbers_and_plain_texts_stay(text: str) -> None:
    assert harmless(text) == as_meant(text) == text


@given(st.text(st.sampled_from("'=+-@\t\n5.aN\uff1d"), max_size=6) | st.text())
def test_every_text_comes_back(text: str) -> None:
    assert as_meant(harmless(text)) == text
    assert harmless(text)[:1] not in ("=", "@", "\t", "\uff1d")


def test_rows_keep_numbers_and_blanks() -> None:
    written = csv_text([("name", "x"), ("=A1", -1.5), ("B", None)])
    assert written == "name,x\n'=A1,-1.5\nB,\n"
    assert list(csv.reader(io.StringIO(written)))[1] == ["'=A1", "-1.5"]
