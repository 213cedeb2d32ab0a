"""The page: everything in one file that needs no network, no script and no other file."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from ssa_psro import __version__
from ssa_psro.report.audits import audit_in_words
from ssa_psro.report.cards import headline_box
from ssa_psro.report.catalogue import catalogue
from ssa_psro.report.content import Content
from ssa_psro.report.glossary import GLOSSARY
from ssa_psro.report.headline import Headline
from ssa_psro.report.iterations import iteration_table
from ssa_psro.report.markup import definitions, section, tag, text
from ssa_psro.report.pictures import Picture
from ssa_psro.report.provenance import provenance
from ssa_psro.report.svg import inline_svg, width_px
from ssa_psro.report.wording import plural

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What the page lets a browser load: nothing at all."""

WIDE_PX = 1160
"""A figure wider than this is scrolled on a narrow screen, so that its cells stay legible."""

Drawn = Sequence[tuple[Picture, str]]
"""Pictures with their SVG text."""


def page_of(
    content: Content,
    headline: Headline,
    coverage: Drawn,
    metagame: Drawn,
    iterations: Drawn,
    audit: Drawn,
) -> str:
    """The whole page.

    Args:
        content: what it is about.
        headline: the numbers of the first box.
        coverage: figures of custody and scores.
        metagame: figures of payoffs and mixtures.
        iterations: figures by iteration.
        audit: figures of an audit, if there was one.
    """
    sections = {
        "coverage": ("Coverage and custody", _coverage(content, coverage)),
        "iterations": ("From iteration to iteration", _iterations(content, iterations)),
        "audit": ("Audit", _audit(content, audit)),
        "metagame": ("The meta-game", "".join(_figure(*one) for one in metagame)),
        "catalogue": ("The catalogue", catalogue(content)),
        "glossary": ("What each number means", definitions(GLOSSARY)),
        "provenance": ("Where it comes from", provenance(content)),
    }
    links = "".join(text("a", title, href=f"#{key}") for key, (title, _) in sections.items())
    body = "".join(section(key, title, inner) for key, (title, inner) in sections.items())
    scenario = content.run.scenario
    top = (
        text("h1", scenario.name)
        + text("p", scenario.description, class_="lead")
        + tag("nav", links)
        + headline_box(content, headline)
    )
    foot = text("footer", f"Written by ssa-psro {__version__} from {content.run.folder.name}.")
    return _document(scenario.name, tag("header", top) + tag("main", body) + foot)


def _document(name: str, body: str) -> str:
    style = files("ssa_psro.report").joinpath("page.css").read_text("utf-8")
    head = (
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        + text("title", f"{name}: ssa-psro report")
        + tag("style", style)
    )
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>{body}</body></html>\n'


def _coverage(content: Content, drawn: Drawn) -> str:
    if content.run.coverage is not None:
        count = plural(content.run.coverage.seeds.size, "episode")
        words = f"Both sides play the best iterate's mixtures on {count} kept for this report."
        return text("p", words) + "".join(_figure(*one) for one in drawn)
    words = (
        "The mixtures have not been played out yet: that is the last thing a run does. Let it "
        "finish, and write the report again."
    )
    return text("p", words, class_="warning")


def _iterations(content: Content, drawn: Drawn) -> str:
    if not drawn:
        words = "No iteration has been completed. The payoffs below are those of the heuristics."
        return text("p", words, class_="warning")
    return "".join(_figure(*one) for one in drawn) + iteration_table(content)


def _audit(content: Content, drawn: Drawn) -> str:
    if content.audit is None:
        words = (
            "Nobody has checked from outside how much better other responses do. Once the run is "
            "finished, several independent ones are trained by: "
            f"ssa-psro audit {content.run.folder}"
        )
        return text("p", words)
    return audit_in_words(content.audit) + "".join(_figure(*one) for one in drawn)


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
