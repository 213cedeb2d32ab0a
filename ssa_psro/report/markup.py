"""Small pieces of HTML. Whatever goes in as text comes out escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def tag(name: str, inner: str, **attributes: str) -> str:
    """An element around markup; a trailing underscore in an attribute's name is dropped."""
    written = "".join(f' {key.rstrip("_")}="{escape(v)}"' for key, v in attributes.items())
    return f"<{name}{written}>{inner}</{name}>"


def text(name: str, content: str, **attributes: str) -> str:
    """An element around plain text; a number is not parted from its per cent sign."""
    return tag(name, escape(content).replace(" %", "&nbsp;%"), **attributes)


def table(
    header: Sequence[str], rows: Iterable[Sequence[str]], caption: str, marked: int | None = None
) -> str:
    """A table of plain texts, whose first column names its rows.

    Args:
        header: one text a column.
        rows: one text a column each.
        caption: what the table shows.
        marked: place of the row to set off, from 0.
    """
    head = tag("thead", tag("tr", "".join(text("th", cell, scope="col") for cell in header)))
    body = "".join(
        tag(
            "tr",
            text("th", first, scope="row") + "".join(text("td", cell) for cell in rest),
            class_="best" if place == marked else "usual",
        )
        for place, (first, *rest) in enumerate(rows)
    )
    inner = text("caption", caption) + head + tag("tbody", body)
    return tag("div", tag("table", inner), class_="scroll")


def definitions(pairs: Iterable[tuple[str, str]]) -> str:
    """Terms and what they mean."""
    return tag("dl", "".join(text("dt", term) + text("dd", meaning) for term, meaning in pairs))


def section(anchor: str, title: str, inner: str) -> str:
    """A part of the page that can be linked to."""
    return tag("section", text("h2", title) + inner, id=anchor)
