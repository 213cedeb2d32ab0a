"""A page for any result: everything in one file that needs no network and no other file.

What every page has stands here; what the page of a run, a match or a comparison has to say of
itself stands in a module of its own, which makes a ``Page`` of it.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from ssa_psro.errors import plain_words
from ssa_psro.findings.catalog import use_in_words
from ssa_psro.findings.table import Table
from ssa_psro.findings.verdict import Sentence
from ssa_psro.findings.wording import plural
from ssa_psro.report.cards import verdict_box
from ssa_psro.report.drawing import Picture, inline_svg, width_px
from ssa_psro.report.glossary import GLOSSARY
from ssa_psro.report.markup import definitions, html_facts, html_table, section, tag, text
from ssa_psro.report.timeline import TimelinePart
from ssa_psro.scenario import FileReport, Scenario, content_hash
from ssa_psro.scenario.identity import RULES_VERSION
from ssa_psro.study.folder import current_versions

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What the page lets a browser load: nothing at all. Its own script is allowed by its hash."""

WIDE_PX = 1160
"""A figure wider than this is scrolled on a narrow screen, so that its cells stay legible."""

MOST_SHOWN = 500
"""Objects on the page; all of them are in the CSV file."""

Drawn = Sequence[tuple[Picture, str]]
"""Pictures with their SVG text."""


@dataclass(frozen=True)
class Chapter:
    """A part of a page.

    Attributes:
        key: its anchor.
        title: its heading, and its link at the top.
        inner: HTML.
    """

    key: str
    title: str
    inner: str


@dataclass(frozen=True)
class Page:
    """What a page consists of, from above.

    Attributes:
        title: its name.
        lead: a sentence below it.
        verdict: what it comes to.
        cards: HTML of the numbers that everybody asks for first.
        sections: the parts that are its own; the glossary and where it comes from are added.
        provenance: enough to make the result again.
        source: what it was written from.
        timeline: of the episode that one of the sections plays through, for its style and script.
    """

    title: str
    lead: str
    verdict: Sequence[Sentence]
    cards: str
    sections: Sequence[Chapter]
    provenance: Sequence[tuple[str, str]]
    source: str
    timeline: TimelinePart | None = None


def provenance_of(
    command: Sequence[str], scenarios: Sequence[Scenario], seed: int
) -> list[tuple[str, str]]:
    """Enough to play again what a command played.

    Args:
        command: its words.
        scenarios: that it played.
        seed: root of all chance.
    """
    versions = ", ".join(f"{name} {version}" for name, version in current_versions().items())
    return [
        *(("Scenario", f"{one.name}, sha256 {content_hash(one)}") for one in scenarios),
        ("Rules of the game", f"version {RULES_VERSION}"),
        ("Seed", str(seed)),
        ("Command", shlex.join(plain_words(command))),
        ("Versions", versions),
    ]


def html_of(page: Page) -> str:
    """The whole page as one HTML document."""
    sections = (
        *page.sections,
        Chapter("glossary", "What each number means", definitions(GLOSSARY)),
        Chapter("provenance", "Where it comes from", html_facts(page.provenance)),
    )
    links = "".join(text("a", one.title, href=f"#{one.key}") for one in sections)
    body = "".join(section(one.key, one.title, one.inner) for one in sections)
    top = (
        text("h1", page.title)
        + text("p", page.lead, class_="lead")
        + tag("nav", links)
        + verdict_box(page.verdict)
        + page.cards
    )
    words = f"Written by ssa-psro {current_versions()['ssa-psro']} from {page.source}."
    return _document(page, tag("header", top) + tag("main", body) + text("footer", words))


def _document(page: Page, body: str) -> str:
    style, policy = files("ssa_psro.report").joinpath("page.css").read_text("utf-8"), POLICY
    if page.timeline is not None:
        style += page.timeline.style
        policy += f"; script-src {page.timeline.script_source}"
    head = (
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        + text("title", f"{page.title}: ssa-psro report")
        + tag("style", style)
    )
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>{body}</body></html>\n'


def figures_part(drawn: Drawn) -> str:
    """Figures one below another, each with its note and the links to its files."""
    return "".join(_figure(*one) for one in drawn)


def noted_table(table: Table, file: str | None = None) -> str:
    """A table with its note and the link to its file, ``data/FILE.csv``.

    Args:
        table: to show.
        file: name of the file; the table's own unless told.
    """
    link = text("a", "CSV", href=f"data/{file or table.name}.csv")
    note = text("span", f"{table.note} ") + tag("span", link, class_="links")
    return html_table(table) + tag("p", note)


def catalogue_part(objects: Table, files: Sequence[FileReport] = ()) -> str:
    """The objects that were played for, and how they were chosen from files of element sets.

    Args:
        objects: a folded table, cut short where it would be heavy.
        files: what became of them.
    """
    left = len(objects.rows) - MOST_SHOWN
    more = f" {left} more are in the file." if left > 0 else ""
    link = tag("p", text("a", "CSV", href="data/objects.csv") + text("span", more), class_="links")
    summary = text("summary", f"{plural(len(objects.rows), 'object')} by name")
    use = "".join(text("p", words) for words in use_in_words(files))
    return use + tag("details", summary + html_table(objects.first(MOST_SHOWN)) + link)


def _figure(picture: Picture, svg: str) -> str:
    drawing = inline_svg(svg, picture.name, picture.title)
    width = width_px(svg)
    places = (
        ("PNG", Path("figures") / f"{picture.name}.png"),
        ("SVG", Path("figures") / f"{picture.name}.svg"),
        ("CSV", Path("data") / f"{picture.table.name}.csv"),
    )
    links = " · ".join(text("a", kind, href=path.as_posix()) for kind, path in places)
    caption = tag(
        "figcaption", text("span", picture.note + " ") + tag("span", links, class_="links")
    )
    kind = "wide" if width > WIDE_PX else "usual"
    drawing = tag("div", drawing, style=f"max-width:{width}px")
    return tag("figure", drawing + caption, id=f"figure-{picture.name}", class_=kind)
