"""The page: everything in one file that needs no network and no other file.

One script stands in it, which plays an episode through; everything else can do without.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from ssa_psro.findings import Content, headline_of
from ssa_psro.findings.audit import audit_in_words
from ssa_psro.findings.iterations import iterations_in_full
from ssa_psro.findings.rivalry import (
    price_in_brief,
    seat_difference_table,
    seated_in_words,
    seats_in_words,
)
from ssa_psro.findings.standings import standing_table
from ssa_psro.findings.verdict import verdict_of
from ssa_psro.findings.wording import plural
from ssa_psro.metagame.tournament import surely
from ssa_psro.report.cards import headline_box, verdict_box
from ssa_psro.report.drawing import Part, Picture, inline_svg, width_px
from ssa_psro.report.glossary import GLOSSARY
from ssa_psro.report.markup import definitions, html_facts, html_table, section, tag, text
from ssa_psro.report.timeline import TimelinePart
from ssa_psro.study.folder import current_versions

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What the page lets a browser load: nothing at all. A script of its own is allowed by its hash."""

WIDE_PX = 1160
"""A figure wider than this is scrolled on a narrow screen, so that its cells stay legible."""

MOST_SHOWN = 500
"""Objects on the page; all of them are in the CSV file."""

Drawn = Sequence[tuple[Picture, str]]
"""Pictures with their SVG text."""


def page_of(
    content: Content, drawn: Mapping[Part, Drawn], episode: TimelinePart | None = None
) -> str:
    """The whole page.

    Args:
        content: what it is about.
        drawn: the figures of each part.
        episode: to play through, if there is one.
    """
    figures = {part: "".join(_figure(*one) for one in drawn[part]) for part in Part}
    sections = {
        "coverage": ("Coverage and custody", _coverage(content, figures[Part.COVERAGE])),
        "iterations": (
            "From iteration to iteration",
            _iterations(content, figures[Part.ITERATIONS]),
        ),
        **({"episode": ("One episode", episode.html)} if episode else {}),
        "audit": ("Audit", _audit(content, figures[Part.AUDIT])),
        "metagame": ("The meta-game", figures[Part.METAGAME]),
        "catalogue": ("The catalogue", _catalogue(content)),
        "glossary": ("What each number means", definitions(GLOSSARY)),
        "provenance": ("Where it comes from", html_facts(list(_provenance(content)))),
    }
    links = "".join(text("a", title, href=f"#{key}") for key, (title, _) in sections.items())
    body = "".join(section(key, title, inner) for key, (title, inner) in sections.items())
    scenario = content.run.scenario
    top = (
        text("h1", scenario.name)
        + text("p", scenario.description, class_="lead")
        + tag("nav", links)
        + verdict_box(verdict_of(content.run, content.audit, typeset=True))
        + headline_box(content, headline_of(content))
    )
    foot = text(
        "footer",
        f"Written by ssa-psro {current_versions()['ssa-psro']} from {content.run.folder.name}.",
    )
    return _document(scenario.name, tag("header", top) + tag("main", body) + foot, episode)


def _document(name: str, body: str, episode: TimelinePart | None) -> str:
    style = files("ssa_psro.report").joinpath("page.css").read_text("utf-8")
    policy = POLICY
    if episode is not None and episode.script_source:
        style, policy = style + episode.style, f"{POLICY}; script-src {episode.script_source}"
    head = (
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        + text("title", f"{name}: ssa-psro report")
        + tag("style", style)
    )
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>{body}</body></html>\n'


def _coverage(content: Content, figures: str) -> str:
    if content.run.coverage is not None:
        count = plural(content.run.coverage.seeds.size, "episode")
        words = f"Both sides play the best iterate's mixtures on {count} kept for this report."
        return text("p", words) + _rivalry(content) + figures
    words = (
        "The mixtures have not been played out yet: that is the last thing a run does. Let it "
        "finish, and write the report again."
    )
    return text("p", words, class_="warning") + figures


def _rivalry(content: Content) -> str:
    """What both sides get beside heuristics and the best pair, and whether seats are alike."""
    solution = content.run.solution
    parts = []
    if solution is not None and solution.standings is not None:
        standings = standing_table(solution.standings)
        link = text("a", "CSV", href="data/standings.csv")
        note = text("span", f"{standings.note} ") + tag("span", link, class_="links")
        parts.append(html_table(standings) + tag("p", note))
    if solution is not None and solution.best_price is not None:
        price = solution.best_price
        table = price_in_brief(price, content.rivalry, typeset=True)
        link = text("a", "CSV", href="data/price-of-rivalry.csv")
        note = text("span", f"{table.note} ") + tag("span", link, class_="links")
        parts.append(html_table(table) + tag("p", note))
    if solution is not None and solution.seats is not None:
        seats, tolerance = solution.seats, content.run.study.solver.tolerance
        mark = {"class_": "warning"} if surely(seats.mixture, tolerance) else {}
        parts.append(text("p", seats_in_words(seats, tolerance, typeset=True), **mark))
        parts.append(html_table(seat_difference_table(seats, tolerance, typeset=True)))
    if solution is not None and solution.seated is not None:
        parts.append(text("p", seated_in_words(solution.seated, typeset=True)))
    return "".join(parts)


def _iterations(content: Content, figures: str) -> str:
    if content.best is None:
        words = "No iteration has been completed. The payoffs below are those of the heuristics."
        return text("p", words, class_="warning") + figures
    return figures + html_table(iterations_in_full(content.run.records, content.best))


def _audit(content: Content, figures: str) -> str:
    if content.audit is None:
        words = (
            "Nobody has attacked the outcome from outside. Once the run is finished, several "
            "independent responses are trained by: "
            f"ssa-psro audit {content.run.folder}"
        )
        return text("p", words) + figures
    return "".join(text("p", words) for words in audit_in_words(content.audit)) + figures


def _catalogue(content: Content) -> str:
    """The objects that were played for: a folded table, cut short where it would be heavy."""
    objects = content.tables["objects"]
    left = len(objects.rows) - MOST_SHOWN
    more = f" {left} more are in the file." if left > 0 else ""
    link = tag("p", text("a", "CSV", href="data/objects.csv") + text("span", more), class_="links")
    summary = text("summary", f"{plural(len(objects.rows), 'object')} by name")
    return tag("details", summary + html_table(objects.first(MOST_SHOWN)) + link)


def _provenance(content: Content) -> Iterator[tuple[str, str]]:
    """Enough to make the run again."""
    run = content.run
    manifest, study = run.manifest, run.study
    yield "Scenario", f"{manifest.scenario}, sha256 {manifest.content_hash}"
    yield "Rules of the game", f"version {manifest.rules_version}"
    yield "Seed", str(manifest.seed)
    if manifest.overrides:
        yield "Changed from the file", _pairs(manifest.overrides)
    yield "Command", shlex.join(manifest.command)
    yield "Begun", manifest.created
    for session in manifest.resumed:
        yield "Resumed", f"{session.started}  {shlex.join(session.command)}"
    yield "Meta-solver", content.final.method
    shared = study.shared
    yield "Populations", "one that both sides share" if shared else "one each of Blue and Red"
    yield (
        "Episodes",
        f"{study.solver.episodes_per_cell} a cell, {study.solver.held_out_episodes} held out",
    )
    yield "Oracle", _pairs(study.oracle.model_dump())
    yield "Versions", _pairs(manifest.versions)


def _pairs(values: Mapping[str, object]) -> str:
    return ", ".join(f"{key} {value}" for key, value in values.items())


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
