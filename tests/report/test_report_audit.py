"""An audit in the report: its figure, its table and its sentences."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from run_folders import few_policies, make_run

from ssa_psro.errors import RunFolderError
from ssa_psro.findings.audit import audit_in_words
from ssa_psro.inputs.documents import write_document
from ssa_psro.metagame.intervals import Interval
from ssa_psro.report import write_report
from ssa_psro.study.audit import Audit, AuditSettings, Findings, ResponseFindings, SelfPlayFindings
from ssa_psro.study.audit.storage import DOCUMENT, FOLDER, FORMAT

LOW, HIGH = Interval(0.002, 0.0, 0.006, 400), Interval(0.05, 0.03, 0.07, 400)


def response(side: str, oracle: str, start: str, gain: float, *, chosen: bool) -> ResponseFindings:
    found = Interval(gain, gain - 0.01, gain + 0.01, 400)
    decisions = 0 if oracle == "member" else 80_000
    name = f"{side}-{oracle}-{start}"
    return ResponseFindings(side, name, oracle, start, start, decisions, 9.0, gain, found, chosen)


def findings(audited: str, bound: Interval) -> Findings:
    lines = [
        response(side, oracle, start, gain, chosen=oracle == "ppo")
        for side in ("blue", "red")
        for oracle, start, gain in (("ppo", "scratch", 0.05), ("member", "", -0.01))
    ]
    return Findings(audited, bound, bound, tuple(lines))


AUDIT = Audit(
    format=FORMAT,
    scenario="quickstart",
    content_hash="0" * 64,
    settings=AuditSettings("best", 80_000, 400, 1, self_play=True),
    iteration=2,
    in_loop=LOW,
    in_loop_decisions=40_000,
    run=findings("best", HIGH),
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
    assert 'id="figure-audit"' in text
    assert "0.0500 [0.0300, 0.0700]" in text
    with (page.parent / "data" / "audit.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 8
    assert {row["audited"] for row in rows} == {"the run", "self-play"}
    assert {row["response"] for row in rows} == {"ppo from scratch", "best existing policy"}


def test_an_audit_that_finds_more_says_so() -> None:
    assert "own oracles missed part" in audit_in_words(AUDIT)[0]
    same = replace(AUDIT, run=findings("best", LOW))
    assert "found no more than the run did" in audit_in_words(same)[0]


def test_an_audit_of_the_final_equilibrium_has_nothing_to_compare_with() -> None:
    final = replace(AUDIT, iteration=None, in_loop=None, self_play=None)
    (words,) = audit_in_words(final)
    assert "the equilibrium of the last payoff table" in words
    assert "own figure" not in words
    assert "Self-play" not in words


def test_a_damaged_audit_is_a_fault(audited: Path) -> None:
    path = audited / FOLDER / DOCUMENT
    sound = path.read_text("utf-8")
    path.write_text(sound.replace('"settings"', '"sittings"'), "utf-8")
    with pytest.raises(RunFolderError):
        write_report(audited)
    path.write_text(sound, "utf-8")
