"""Numbers, intervals and names as people read them."""

from __future__ import annotations

import pytest

from ssa_psro.findings.wording import (
    Form,
    basis,
    duration,
    paid_in_words,
    payoff_in_words,
    percent,
    shortened,
)
from ssa_psro.metagame.intervals import Interval

PLAIN, SIGNED = Form(3), Form(3, signed=True)
PAGE, PAGE_SIGNED = Form(typeset=True), Form(signed=True, typeset=True)
FOUND = Interval(-0.0125, -0.0251, 0.0001, 40)


@pytest.mark.parametrize(
    ("form", "number", "wanted"),
    [
        (PLAIN, 0.01234, "0.012"),
        (PLAIN, -0.0001, "-0.000"),
        (SIGNED, 0.01234, "+0.012"),
        (SIGNED, -0.01234, "-0.012"),
        (PAGE_SIGNED, 0.01234, "+0.012"),
        (PAGE_SIGNED, -0.01234, "−0.012"),
        (PAGE_SIGNED, -0.0001, "0.000"),
        (PAGE_SIGNED, 0.0001, "0.000"),
        (PAGE, -0.0001, "0.000"),
        (PAGE, -0.5, "−0.500"),
        (Form(4, notation="g"), 1234.56, "1235"),
        (Form(4, notation="g"), 0.000123456, "0.0001235"),
    ],
)
def test_numbers(form: Form, number: float, wanted: str) -> None:
    assert form.number(number) == wanted


@pytest.mark.parametrize(
    ("form", "interval", "plus_minus"),
    [
        (PLAIN, "-0.013 [-0.025, 0.000]", "-0.013 ±0.013"),
        (SIGNED, "-0.013 [-0.025, +0.000]", "-0.013 ±0.013"),
        (PAGE, "−0.013 [−0.025, 0.000]", "−0.013 ± 0.013"),
        (PAGE_SIGNED, "−0.013 [−0.025, 0.000]", "−0.013 ± 0.013"),
        (Form(2, signed=True), "-0.01 [-0.03, +0.00]", "-0.01 ±0.01"),
    ],
)
def test_intervals(form: Form, interval: str, plus_minus: str) -> None:
    assert form.interval(FOUND) == interval
    assert form.bounds(FOUND) == interval.split(" ", 1)[1]
    assert form.plus_minus(FOUND) == plus_minus
    assert form.half(FOUND) == f"±{plus_minus[-(2 + form.decimals) :]}"


def test_what_an_interval_rests_on() -> None:
    assert basis(1, "held-out episode") == "95 %, 1 held-out episode"
    assert basis(1200, "episode") == "95 %, 1,200 episodes"


@pytest.mark.parametrize(
    ("share", "wanted"),
    [(0.0, "0 %"), (0.005, "0.5 %"), (0.0994, "9.9 %"), (0.0995, "10 %"), (1.0, "100 %")],
)
def test_shares(share: float, wanted: str) -> None:
    assert percent(share) == wanted


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(4.4, "4 s"), (89.9, "90 s"), (90, "2 min"), (5399, "90 min"), (5400, "1.5 h")],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_only_names_of_more_than_23_letters_are_shortened() -> None:
    assert shortened("a" * 23) == "a" * 23
    assert shortened("abc" * 8) == "abcabcabcab…bcabcabcabc"
    assert len(shortened("abc" * 20)) == 23


@pytest.mark.parametrize(
    ("rivalry", "words", "axis"),
    [
        (1.0, "zero-sum", "Blue's score less Red's"),
        (0.0, "own score only", "Blue's score"),
        (0.5, "own score less 0.5 x the other's", "Blue's score less 0.5 x Red's"),
        (0.999, "own score less 0.999 x the other's", "Blue's score less 0.999 x Red's"),
    ],
)
def test_what_a_side_is_paid(rivalry: float, words: str, axis: str) -> None:
    assert payoff_in_words(rivalry) == words
    assert paid_in_words(rivalry, "Blue's score", "Red's") == axis
