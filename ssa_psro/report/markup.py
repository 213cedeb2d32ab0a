"""Small pieces of HTML. Whatever goes in as text comes out escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from ssa_psro.findings import Table
from ssa_psro.findings.table import Facts


def tag(name: str, inner: str, **attributes: str) -> str:
    """An element around markup.

    An underscore in an attribute's name becomes a hyphen, a trailing one is dropped.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(v)}"' for key, v in attributes.items()
    )
    return f"<{name}{written}>{inner}</{name}>"


def text(name: str, content: str, **attributes: str) -> str:
    """An element around plain text; a number is not parted from its per cent sign."""
    return tag(name, escape(content).replace(" %", "&nbsp;%"), **attributes)


def html_table(table: Table) -> str:
    """A table whose first column names its rows; marked rows are set off."""
    head = tag("thead", tag("tr", "".join(text("th", cell, scope="col") for cell in table.header)))
    body = "".join(
        tag(
            "tr",
            text("th", first, scope="row") + "".join(text("td", cell) for cell in rest),
            class_="best" if place in table.marked else "usual",
        )
        for place, (first, *rest) in enumerate(table.texts)
    )
    inner = text("caption", table.title) + head + tag("tbody", body)
    return tag("div", tag("table", inner), class_="scroll")


def html_facts(facts: Facts) -> str:
    """Labels beside what there is to say of each."""
    rows = "".join(
        tag("tr", text("th", label, scope="row") + tag("td", text("code", value)))
        for label, value in facts
    )
    return tag("table", tag("tbody", rows), class_="words")


def definitions(pairs: Iterable[tuple[str, str]]) -> str:
    """Terms and what they mean."""
    return tag("dl", "".join(text("dt", term) + text("dd", meaning) for term, meaning in pairs))


def section(anchor: str, title: str, inner: str) -> str:
    """A part of the page that can be linked to."""
    return tag("section", text("h2", title) + inner, id=anchor)
