"""An audit in the report: its figure, its table and its sentences."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from run_folders import few_policies, make_run

from ssa_psro.errors import RunFolderError
from ssa_psro.findings.audit import attack_in_words, audit_in_words
from ssa_psro.inputs.documents import write_document
from ssa_psro.metagame.intervals import Interval
from ssa_psro.report import write_report
from ssa_psro.study.audit import (
    Audit,
    AuditSettings,
    CurvePoint,
    Findings,
    ResponseFindings,
    SelfPlayFindings,
)
from ssa_psro.study.audit.document import DOCUMENT, FOLDER, FORMAT

LOW, HIGH = Interval(0.002, 0.0, 0.006, 400), Interval(0.05, 0.03, 0.07, 400)
MORE = Interval(0.004, 0.0, 0.009, 400)


def response(side: str, oracle: str, start: str, gain: float, *, chosen: bool) -> ResponseFindings:
    found = Interval(gain, gain - 0.01, gain + 0.01, 400)
    decisions = 0 if oracle == "member" else 80_000
    name = f"{side}-{oracle}-{start}"
    return ResponseFindings(
        side, name, oracle, start, start, decisions, 9.0, gain, found, chosen, decisions
    )


def findings(audited: str, bound: Interval, budgets: tuple[int, ...] = (80_000,)) -> Findings:
    lines = [
        response(side, oracle, start, gain, chosen=oracle == "ppo")
        for side in ("blue", "red")
        for oracle, start, gain in (("ppo", "scratch", 0.05), ("member", "", -0.01))
    ]
    nothing, pair = Interval(0.0, 0.0, 0.01, 400), ("blue-ppo-scratch", "red-ppo-scratch")
    points = [CurvePoint(0, 0, nothing, (nothing, nothing), ("random", "random"))]
    points += [CurvePoint(budget, 2, bound, (bound, bound), pair) for budget in budgets]
    settings = AuditSettings("best", budgets, 400, 1)
    return Findings(audited, settings, tuple(points), tuple(lines))


def of_best(bound: Interval, *budgets: int) -> Findings:
    return replace(findings("best", bound, budgets or (80_000,)), iteration=2, in_loop=LOW)


AUDIT = Audit(
    format=FORMAT,
    scenario="quickstart",
    content_hash="0" * 64,
    in_loop_decisions=40_000,
    best=of_best(HIGH, 20_000, 80_000),
    final=findings("final", LOW),
    self_play=SelfPlayFindings(120_000, 60.0, (HIGH, LOW), findings("self-play", HIGH)),
)


@pytest.fixture(scope="module", name="audited")
def _audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_run(tmp_path_factory.mktemp("runs") / "audited", few_policies()).folder
    (folder / FOLDER).mkdir()
    write_document(folder / FOLDER / DOCUMENT, AUDIT)
    return folder


def test_the_page_has_the_audit_with_its_figure_and_data(audited: Path) -> None:
    page = write_report(audited)
    text = page.read_text("utf-8")
    for name in ("attack", "audit"):
        assert f'id="figure-{name}"' in text
        assert (page.parent / "figures" / f"{name}.png").stat().st_size > 10_000
    assert "0.0500 [0.0300, 0.0700]" in text
    rows = read(page.parent / "data" / "audit.csv")
    assert len(rows) == 12
    assert {row["audited"] for row in rows} == {
        "the best iterate",
        "the final mixtures",
        "self-play",
    }
    curve = read(page.parent / "data" / "attack.csv")
    assert [row["budget"] for row in curve[:3]] == ["0", "20000", "80000"]
    assert [row["mean"] for row in curve[:3]] == ["0.0", "0.05", "0.05"]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_headline_has_the_largest_gain_found(audited: Path) -> None:
    text = write_report(audited).read_text("utf-8")
    card = text[text.index("Lower bound by attack") : text.index("Coverage score")]
    assert "0.050" in card
    assert "[0.030, 0.070]" in card
    assert "1 training" not in card
    assert "20,000 to 80,000 decisions" in card


@pytest.mark.parametrize(
    ("bound", "budget", "told"),
    [
        (HIGH, 80_000, "own oracles missed part"),
        (HIGH, 20_000, "own oracles missed part"),
        (MORE, 80_000, "found more than the run, though their intervals overlap"),
        (MORE, 20_000, "found more than the run, though their intervals overlap"),
        (LOW, 80_000, "With 2 times the decisions a training, the attack found no more."),
        (LOW, 40_000, "found no more, but had no more decisions a training than the run, so"),
        (LOW, 20_000, "found no more, but had fewer decisions a training than the run, so"),
    ],
)
def test_the_verdict_compares_the_budgets(bound: Interval, budget: int, told: str) -> None:
    found = replace(AUDIT, best=of_best(bound, budget))
    assert told in audit_in_words(found)[0]
    assert told in attack_in_words(found)
    assert (", but had" in told) == ("says little" in attack_in_words(found))


def test_every_paragraph_speaks_of_lower_bounds_and_the_last_of_what_is_not_covered() -> None:
    best, final, self_play, rest = audit_in_words(AUDIT)
    assert "a lower bound of exploitability" in best
    assert "a lower bound of exploitability" in final
    assert "the attack on it, seat by seat, gains" in self_play
    assert "does not cover: longer attacks" in rest


def test_an_audit_of_the_final_equilibrium_has_nothing_to_compare_with() -> None:
    words, _ = audit_in_words(replace(AUDIT, best=None, self_play=None))
    assert "the equilibrium of the last payoff table" in words
    assert "own figure" not in words


def test_a_damaged_audit_is_a_fault(audited: Path) -> None:
    path = audited / FOLDER / DOCUMENT
    sound = path.read_text("utf-8")
    path.write_text(sound.replace('"points"', '"pionts"'), "utf-8")
    with pytest.raises(RunFolderError):
        write_report(audited)
    path.write_text(sound, "utf-8")
