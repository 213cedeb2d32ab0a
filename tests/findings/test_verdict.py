"""The verdict in sentences: each follows from its numbers, at their limits too."""

from __future__ import annotations

import pytest

from ssa_psro.findings.standings import standing_table
from ssa_psro.findings.verdict import (
    advantage_in_words,
    cost_in_words,
    mixture_in_words,
    most_alike,
)
from ssa_psro.metagame.intervals import Interval
from ssa_psro.study.outcome import DENY, MIXTURE, PROTECT, Conduct


def interval(mean: float, half: float = 0.01) -> Interval:
    """Of 20 episodes."""
    return Interval(mean, mean - half, mean + half, 20)


def standing(name: str, share: float, paid: float, custody: float, **tasks: float) -> Conduct:
    """With these shares of tasks, the rest being looks at uncontested objects."""
    known = {"LEO contested": 0.0, DENY: 0.0, PROTECT: 0.0, **tasks}
    return Conduct(
        name=name,
        share=share,
        payoff=interval(paid),
        score=interval(0.5),
        custody=interval(custody),
        contested_custody=interval(0.4),
        opponent_custody=interval(0.3),
        tasks={"LEO": 1.0 - sum(known.values()), **known},
    )


OWN = (
    standing(MIXTURE, 1.0, 0.02, 0.38),
    standing("blue-1", 0.7, 0.03, 0.3, deny=0.5),
    standing("blinding", 0.296, -0.2, 0.2, deny=0.6),
    standing("shielded", 0.004, -0.1, 0.6, protect=0.25, **{"LEO contested": 0.25}),
    standing("reactive", 0.0, -0.3, 0.9),
)


def test_members_are_told_by_what_they_do() -> None:
    said = mixture_in_words(OWN)
    assert said.startswith("One policy drawn anew for every episode. blue-1 70 %: ")
    # 0.5 looks and 0.4 denials in common with blinding
    assert "denies 50 % (0 % of looks at contested objects, 90 % of tasks as blinding)" in said
    assert "blinding 30 %: observes 40 %, denies 60 % (0 % of looks" in said
    assert "shielded" not in said, "a policy of less than half a per cent is left out"


def test_a_pure_strategy_is_told_as_such() -> None:
    own = (OWN[0], standing("reactive", 1.0, 0.0, 0.9))
    assert mixture_in_words(own) == (
        "Always reactive: observes 100 % (0 % of looks at contested objects)."
    )


def test_likeness_is_what_two_distributions_have_in_common() -> None:
    heuristics = OWN[2:]
    assert most_alike(OWN[1], heuristics) == ("blinding", pytest.approx(0.9))
    assert most_alike(heuristics[1], heuristics) == ("reactive", pytest.approx(0.5))


def test_the_cost_names_the_best_paid_heuristic_and_the_one_that_holds_most() -> None:
    said = cost_in_words(OWN)
    assert "paid +0.020 [+0.010, +0.030] and has 0.38 [0.37, 0.39]" in said
    assert "The best-paid heuristic there, shielded, is paid -0.100" in said
    assert "Most in custody has reactive: 0.90, paid -0.300." in said
    assert said.endswith("20 episodes.")


@pytest.mark.parametrize(
    ("value", "bracket", "who"),
    [
        (interval(0.05), (0.001, 0.2), "Blue: "),
        (interval(0.05), (0.0, 0.2), "Neither side, as far as this can tell: "),
        (interval(0.009), (0.008, 0.2), "Neither side"),  # the interval itself reaches 0
        (interval(-0.05), (-0.2, -0.001), "Red: "),
        (interval(-0.05), (-0.2, 0.0), "Neither side"),
        (interval(-0.009), (-0.2, -0.008), "Neither side"),
    ],
)
def test_nobody_is_ahead_while_a_response_could_turn_it(
    value: Interval, bracket: tuple[float, float], who: str
) -> None:
    assert advantage_in_words(value, bracket).startswith(who)


def test_the_bracket_is_told_with_the_interval_in_it() -> None:
    said = advantage_in_words(interval(0.05), (0.045, 0.055))
    assert "in [+0.040, +0.060] at least" in said


def test_the_table_has_a_line_a_policy_with_the_mixture_marked() -> None:
    table = standing_table((OWN, OWN[:2]), shared=False)
    assert table.values("side") == ["blue"] * 5 + ["red"] * 2
    assert table.marked == (0, 5)
    assert table.values("denying")[1] == 0.5
    assert table.values("observing")[3] == pytest.approx(0.75)
    assert table.flat().values("custody_mean")[0] == pytest.approx(0.38)
    shared = standing_table((OWN, OWN[:2]), shared=True)
    assert shared.rows == table.rows[:5]
