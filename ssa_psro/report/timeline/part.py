"""The part of a page in which one episode is played through."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

from ssa_psro.game import CoverageGame
from ssa_psro.report.markup import tag, text
from ssa_psro.report.timeline.data import compact, document_of
from ssa_psro.trace import Trace

SCRIPTS = ("episode", "marks", "strips", "globe", "app")
"""Files of the script, each after those that it needs."""

SENSOR_MARKS = (
    ("slewing", "blue", "slewing"),
    ("observing", "blue", "observing"),
    ("denying", "blue", "denying an opposing sensor"),
    ("protecting", "blue", "protecting itself, then"),
    ("protected", "blue", "protected"),
    ("denied", "blue", "denied"),
    ("resting", "blue", "resting"),
    ("access", "blue", "access: the more objects, the higher; or access to the chosen object"),
    ("shadow", "blue", "satellite in the Earth's shadow"),
)
OBJECT_MARKS = (
    ("custody", "blue", "Blue has custody (upper strip)"),
    ("custody", "red", "Red has custody (lower strip)"),
    ("staler", "blue", "custody, but of a contested object (◆) the other side's is fresher"),
    ("hit", "blue", "seen"),
    ("miss", "blue", "looked at in vain"),
    ("manoeuvre", "blue", "manoeuvre"),
    ("shadow", "blue", "object in the Earth's shadow"),
)
"""Kind of mark, whose colour, and what it means."""

HOW = "Point at a row or choose it for its values; drag to move through time."
KEYS = (
    "Arrow keys move by a step, Page Up and Page Down by an hour, Home and End to either end; the "
    "space bar plays; + and − zoom, 0 shows all. In the strips, up and down choose a row. On the "
    "globe, arrow keys turn it and + and − zoom."
)


class TimelinePart(NamedTuple):
    """What a page takes in.

    Attributes:
        html: of the section.
        style: for the head of the page.
        script_source: what the page's policy has to allow as ``script-src``.
    """

    html: str
    style: str
    script_source: str


def timeline_part(trace: Trace, game: CoverageGame, names: tuple[str, str]) -> TimelinePart:
    """An episode as strips, Gantt and globe, all at the instant of one slider.

    Args:
        trace: of the episode.
        game: in which it was played.
        names: what Blue and what Red played, in words.
    """
    document = document_of(trace, game)
    script, style = _script(), _own("timeline.css")
    left_out = document["left_out"]
    more = f" {left_out} more objects were played for and are not shown." if left_out else ""
    without = "To play through the episode, the page has to be allowed its own script."
    inner = (
        tag("noscript", text("p", without, class_="warning"))
        + text("p", _what(trace, names))
        + _bar(trace.steps)
        + tag("div", _globe() + _tables(), class_="tl-top")
        + _strips("sensors", "Sensors", f"What every sensor does. {HOW}", SENSOR_MARKS)
        + _strips("objects", "Objects", f"Who has custody of what.{more} {HOW}", OBJECT_MARKS)
        + tag("details", text("summary", "Keys") + text("p", KEYS))
        + tag("template", compact(document))
    )
    # after what it works on; in a page with several of these, each finds its own
    html = tag("div", inner, class_="timeline") + tag("script", script)
    return TimelinePart(html, style, source_of(script))


def _what(trace: Trace, names: tuple[str, str]) -> str:
    blue, red = names
    first, last = (trace.utc(step).strftime("%Y-%m-%d %H:%M") for step in (0, trace.steps))
    return f"Blue plays {blue}, Red {red}; {first} to {last} UTC, seed {trace.seed}."


def source_of(script: str) -> str:
    """A script as a content security policy names it."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def _script() -> str:
    """All files as one, which leaves no name behind in the page."""
    files = "\n".join(_own(f"script/{name}.js") for name in SCRIPTS)
    return f'(() => {{\n"use strict";\n{files}}})();\n'


def _own(name: str) -> str:
    return files("ssa_psro.report.timeline").joinpath(name).read_text("utf-8")


def _button(kind: str, words: str, label: str) -> str:
    return text("button", words, type="button", class_=kind, aria_label=label)


def _bar(steps: int) -> str:
    slider = (
        '<input type="range" class="tl-time" aria-label="Instant of the episode" '
        f'min="0" max="{steps - 1}" step="1" value="0">'
    )
    zooms = (
        _button("tl-out", "−", "Show more time")
        + _button("tl-in", "+", "Show less time")
        + _button("tl-all", "All", "Show all of the time")
    )
    return tag(
        "div",
        text("button", "▶ Play", type="button", class_="tl-play")
        + slider
        + tag("div", zooms, class_="tl-buttons")
        + text("p", "", class_="tl-now", aria_live="polite"),
        class_="tl-bar",
        role="group",
        aria_label="Time",
    )


def _globe() -> str:
    hint = (
        "Circles are Blue's satellites, squares Red's, diamonds objects in the colour of whoever "
        "has the fresher custody: grey is both alike, hollow nobody. Solid lines are looks, short "
        "dashes slews, long dashes denials. Heights are drawn by their logarithm."
    )
    label = "Globe: satellites, objects and looks at the instant of the slider"
    buttons = (
        _button("tl-farther", "−", "Farther away")
        + _button("tl-nearer", "+", "Nearer")
        + _button("tl-whole", "All", "All orbits")
    )
    return tag(
        "div",
        text("h3", "Where everything is")
        + text("p", hint, class_="tl-read", data_hint=hint)
        + _canvas("tl-earth", label)
        + tag("div", buttons, class_="tl-buttons"),
        class_="tl-box tl-globe",
    )


def _tables() -> str:
    heads = (("", "Blue", "Red", "of"), ("Sensor", "does"))
    captions = ("Objects in custody at this instant", "Sensors at this instant")
    tables = (
        tag(
            "div",
            tag(
                "table",
                text("caption", caption)
                + tag("thead", tag("tr", "".join(text("th", one, scope="col") for one in head)))
                + tag("tbody", ""),
            ),
            class_="scroll",
            tabindex="0",
        )
        for caption, head in zip(captions, heads, strict=True)
    )
    return tag("div", "".join(tables), class_="tl-tables")


def _strips(kind: str, title: str, hint: str, marks: tuple[tuple[str, str, str], ...]) -> str:
    legend = "".join(
        tag(
            "span",
            tag("canvas", "", data_mark=mark, data_side=side, aria_hidden="true")
            + text("span", words),
        )
        for mark, side, words in marks
    )
    return tag(
        "div",
        text("h3", title)
        + text("p", hint, class_="tl-read", data_hint=hint)
        + _canvas("tl-strips", f"{title} against time; the line above has the values")
        + tag("p", legend, class_="tl-legend"),
        class_=f"tl-box tl-{kind}",
    )


def _canvas(kind: str, label: str) -> str:
    return tag("canvas", "", class_=kind, tabindex="0", role="application", aria_label=label)
