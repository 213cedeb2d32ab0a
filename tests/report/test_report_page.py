"""The page stands on its own, says what the run says, and is the same every time."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from run_folders import Report, few_policies, make_run
from study.forgery import forge

from ssa_psro.errors import RunFolderError, to_paste
from ssa_psro.findings import Column, content_of, headline_of, make_table
from ssa_psro.findings.headline import verdict_in_words
from ssa_psro.findings.rivalry import ABSENT
from ssa_psro.findings.verdict import AHEAD, verdict_of
from ssa_psro.findings.wording import Form
from ssa_psro.metagame import Interval
from ssa_psro.report import write_report
from ssa_psro.report.drawing import PAGE_COLOURS, inline_svg
from ssa_psro.report.glossary import GLOSSARY
from ssa_psro.report.markup import html_table, tag, text
from ssa_psro.study import open_run

VOID = {"meta", "link", "img", "br", "input"}


class Page(HTMLParser):
    """A parsed page: its elements, texts, and whether its tags match."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.source = path.read_text("utf-8")
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(self.source)

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((name, dict(attributes)))
        if name not in VOID:
            self.open.append(name)

    def handle_startendtag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((name, dict(attributes)))

    def handle_endtag(self, name: str) -> None:
        assert self.open.pop() == name

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "title", "script", "template"):
            self.words += data.replace("\xa0", " ")

    def values(self, attribute: str) -> list[str]:
        """All values of one attribute."""
        return [str(found[attribute]) for _, found in self.elements if attribute in found]


@pytest.fixture(name="page", params=["finished", "killed", "begun"])
def _page(request: pytest.FixtureRequest) -> tuple[Report, Page]:
    report: Report = request.getfixturevalue(request.param)
    return report, Page(report.page)


def test_tags_match_and_ids_are_unique(page: tuple[Report, Page]) -> None:
    parsed = page[1]
    assert parsed.open == []
    ids = parsed.values("id")
    assert len(ids) == len(set(ids)) > 20


def test_page_needs_nothing_from_elsewhere(page: tuple[Report, Page]) -> None:
    parsed = page[1]
    names = {name for name, _ in parsed.elements}
    assert not names & {"link", "iframe", "img", "object", "embed"}
    pictures = [found["xlink:href"] for name, found in parsed.elements if name == "image"]
    assert all(str(one).startswith("data:image/png;base64,") for one in pictures)
    assert [found for name, found in parsed.elements if name == "script"] in ([], [{}])
    assert parsed.values("src") == []
    assert "@import" not in parsed.source
    assert set(re.findall(r"url\((.)", parsed.source)) <= {"#"}
    assert "default-src 'none'" in parsed.values("content")[0]
    namespaces = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert set(re.findall(r"https?://[^\s\"'<>]+", parsed.source)) <= namespaces


def test_links_lead_somewhere(page: tuple[Report, Page]) -> None:
    report, parsed = page
    ids = set(parsed.values("id"))
    for link in parsed.values("href") + parsed.values("xlink:href"):
        if link.startswith("data:"):
            continue  # a picture that stands in the page
        if link.startswith("#"):
            assert link[1:] in ids
        else:
            assert (report.folder / link).is_file()


def test_every_figure_is_in_the_page_with_a_label(page: tuple[Report, Page]) -> None:
    report, parsed = page
    files = {path.stem for path in (report.folder / "figures").glob("*.svg")}
    figures = [found for name, found in parsed.elements if name == "figure"]
    assert {str(found["id"]) for found in figures} == {f"figure-{name}" for name in files}
    labels = [found.get("aria-label") for name, found in parsed.elements if name == "svg"]
    assert len(labels) == len(files)
    assert all(labels)


def test_headline_of_a_finished_run(finished: Report) -> None:
    words, run = Page(finished.page).words, finished.run
    best = run.best_record
    assert best is not None
    found = best.approx_exploitability
    assert Form(typeset=True).interval(found) in words
    assert f"{found.count} held-out episodes" in words
    value = best.sides[0].held_out_value
    assert Form(signed=True, typeset=True).interval(value) in words
    assert "Approximate exploitability: tolerance not met" in words
    assert f"Credible bound {Form(typeset=True).number(best.credible_bound)}, tolerance 0." in words
    assert "Stopped after 3 iterations, all that were allowed." in words
    assert f"Iterate {best.iteration} of 3. One policy drawn anew for every episode." in words
    assert run.manifest.content_hash in words
    assert "24 objects (14 LEO, 4 MEO, 6 GEO)" in words
    assert "ssa-psro run test.toml" in words
    for term, meaning in GLOSSARY:
        assert term in words
        assert meaning in words


def test_unfinished_runs_say_so_and_how_to_go_on(killed: Report, begun: Report) -> None:
    words = Page(killed.page).words
    assert (
        "Not finished after 2 iterations. If it was cut short: "
        f"{to_paste('resume', killed.run.folder)}" in words
    )
    assert "The mixtures have not been played out yet" in words
    assert "Value for each side" in words
    words = Page(begun.page).words
    assert "Not finished after 0 iterations." in words
    assert "No iteration has been completed." in words


def test_price_of_rivalry_stands_beside_the_value(finished: Report, killed: Report) -> None:
    words, price = Page(finished.page).words, finished.run.solution.best_price
    typeset = Form(typeset=True)
    assert typeset.interval(price.price) in words
    assert f"{price.price.mean:.3f}" == "0.333"
    for play in (price.equilibrium, price.cooperative):
        assert typeset.plus_minus(play.total_score) in words
        assert all(typeset.plus_minus(one) in words for one in play.score)
        assert all(Form(2, typeset=True).plus_minus(one) in words for one in play.custody)
    assert "That pair: Blue reactive, Red high-orbit-first." in words
    assert "greatest sum of scores among 40 of 49 pairs" in words
    assert "24 fresh episodes. Payoff: zero-sum." in words
    assert "instead of" not in Page(killed.page).words


def test_seats_of_one_design_are_compared(finished: Report) -> None:
    """In the verdict, once; the table has every policy."""
    words = Page(finished.page).words
    assert words.count("Blue's seat earns +0.0400") == 1
    assert words.count("so the seats are not one game") == 1
    assert words.index("Who is ahead?") < words.index("seat earns") < words.index("game solved?")
    assert "What Blue's seat is worth" in words
    assert "Bold: the interval excludes 0" in words


@pytest.mark.parametrize("rivalry", [1.0, 0.5])
def test_who_is_ahead_is_told_with_the_seats_in_every_game(
    finished: Report, rivalry: float
) -> None:
    run = finished.run
    rules = run.scenario.rules.model_copy(update={"rivalry": rivalry})
    scenario = run.scenario.model_copy(update={"rules": rules})
    changed = replace(run, study=replace(run.study, scenario=scenario))
    (ahead,) = (one for one in verdict_of(changed, None) if one.question == AHEAD)
    assert ("plays for itself" in ahead.answer) == (rivalry < 1)
    assert "The designs are alike. Blue's seat earns +0.0400" in ahead.answer


def test_a_run_that_kept_no_scores_says_so(finished: Report, tmp_path: Path) -> None:
    """As one that an older version finished."""
    folder = shutil.copytree(finished.run.folder, tmp_path / "older")
    path = folder / "solution.json"
    kept = json.loads(path.read_text("utf-8"))
    newer = ("best_price", "final_price", "seats")
    path.write_text(json.dumps({key: kept[key] for key in kept if key not in newer}), "utf-8")
    forge(folder)
    words = Page(write_report(folder)).words
    assert ABSENT in words
    assert "Blue's seat earns" not in words
    assert headline_of(content_of(open_run(folder))).price_of_rivalry is None


def test_text_of_the_scenario_is_escaped(finished: Report, killed: Report) -> None:
    parsed = Page(finished.page)
    assert "<script>alert" not in parsed.source
    assert finished.run.scenario.description in parsed.words
    assert "killed &lt;2&gt;" in killed.page.read_text("utf-8")


def test_markup_escapes_text_and_attributes() -> None:
    odd = "<i>\"&'"
    assert unescape(text("p", odd)) == f"<p>{odd}</p>"
    assert text("p", odd).count("<") == 2
    assert tag("a", "", href=odd) == '<a href="&lt;i&gt;&quot;&amp;&#x27;"></a>'
    made = html_table(make_table("odd", odd, [Column(odd), Column(odd)], [[odd, odd]]))
    assert made.count("<i>") == 0


def test_inlined_drawings_keep_their_ids_apart_and_follow_the_page() -> None:
    drawing = '<?xml?><svg><g id="a" style="fill: #1d2127"/><use xlink:href="#a"/></svg>'
    inlined = inline_svg(drawing, "one", 'a "label"')
    assert 'id="one-a"' in inlined
    assert 'xlink:href="#one-a"' in inlined
    assert "fill: var(--ink,#1d2127)" in inlined
    assert 'aria-label="a &quot;label&quot;"' in inlined


def test_the_page_names_every_colour_of_the_drawings(finished: Report) -> None:
    style = Page(finished.page).source.split("</style>")[0]
    light, dark, *_ = style.split("prefers-color-scheme: dark")
    for colour, variable in PAGE_COLOURS.items():
        assert f"{variable}: {colour}" in light
        assert f"{variable}: #" in dark


def test_headline_numbers(finished: Report, begun: Report) -> None:
    headline = headline_of(finished.content)
    assert headline.status == "finished"
    assert headline.stopped == "iterations"
    assert headline.scores is not None
    best = finished.run.best_record
    assert best is not None
    assert headline.approx_exploitability == best.approx_exploitability
    assert headline.solved is False
    assert headline.tolerance == finished.run.study.solver.tolerance
    assert headline.credible_bound == best.credible_bound
    in_loop = [record.approx_exploitability.mean for record in finished.run.records]
    assert headline.in_loop_exploitability is not None
    assert headline.in_loop_exploitability.mean == in_loop[best.iteration - 1]
    missed = np.array(finished.content.members) - in_loop
    assert headline.most_missed == pytest.approx(max(0.0, missed.max()))
    shares = list(headline.played["blue"].values())
    assert shares == sorted(shares, reverse=True)
    early = headline_of(begun.content)
    assert early.status == "unfinished"
    assert early.solved is None
    assert early.best_iteration is early.approx_exploitability is early.scores is None
    assert early.value["blue"].mean == pytest.approx(-early.value["red"].mean)


def test_the_verdict_says_what_is_left_to_gain_and_by_what_it_goes(finished: Report) -> None:
    run, best = finished.run, finished.run.best_record
    assert best is not None
    said = verdict_in_words(run)
    assert said.startswith("Not solved: ")
    assert f"{Form(4).interval(best.approx_exploitability)} over iterate {best.iteration}" in said
    assert said.endswith("the tolerance of 0 was not met for 2 iterations in a row.")
    met = replace(run, manifest=replace(run.manifest, stopped="tolerance"))
    assert verdict_in_words(met).startswith("Solved to the tolerance of 0, by its own responses: ")
    nothing = replace(
        best, approx_exploitability=Interval(0.0, 0.0, 0.0, 9), raw_exploitability=0.0
    )
    records = [nothing if one.iteration == best.iteration else one for one in run.records]
    idle = replace(run, state=replace(run.state, records=tuple(records)))
    assert "nobody found anything but what is played already; others may" in verdict_in_words(idle)
    assert "others may" not in said
    parts = [
        replace(side, responses=tuple(replace(r, whole=False) for r in side.responses))
        for side in run.records[-1].sides
    ]
    last = replace(run.records[-1], sides=tuple(parts))
    state = replace(run.state, records=(*run.records[:-1], last))
    assert "answer part of the mixtures only" in verdict_in_words(replace(run, state=state))


def test_nothing_played_yet_is_a_fault_with_a_cure(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    make_run(folder, few_policies(), killed_after=0)
    (folder / "payoffs.npz").unlink()
    with pytest.raises(RunFolderError) as caught:
        write_report(folder)
    assert [fault.key for fault in caught.value.faults] == ["payoffs.npz"]
    assert f"ssa-psro resume {folder}" in caught.value.faults[0].cure


def test_a_folder_that_cannot_be_written_to_is_a_fault(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    make_run(folder, few_policies(), killed_after=0)
    (folder / "report").write_text("in the way", "utf-8")
    with pytest.raises(RunFolderError) as caught:
        write_report(folder)
    assert caught.value.faults[0].key == "report"


def test_no_run_folder_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError):
        write_report(tmp_path)
