"""Look at a report's page: pictures of it, and whether its timeline does what it says.

    python -m evidence.page.look runs/quickstart-1/report/index.html build/page

Needs Chromium. Writes the page as PNG at 1400 and at 390 px, light and dark, and printed on A4, and
tries the timeline, where there is one, by keyboard and pointer. Ends with 1 if anything is not as
it should be.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from evidence.page.browser import Tab, browser, chromium

SCREENS = (("wide", 1400, False), ("wide-dark", 1400, True), ("phone", 390, False))
APP = "document.querySelector('.timeline').app"
LINKED = ("canvas.tl-earth", ".tl-sensors canvas.tl-strips", ".tl-objects canvas.tl-strips")

Found = Iterator[tuple[str, bool]]
"""What should be so, and whether it is."""


def views(tab: Tab) -> list[str]:
    """What the three linked views show, and the two texts."""
    pictures = [tab.ask(f"document.querySelector('{one}').toDataURL()") for one in LINKED]
    words = tab.ask("document.querySelector('.tl-now').textContent")
    return [*pictures, words, tab.ask("document.querySelector('.tl-time').ariaValueText")]


def settle(tab: Tab) -> None:
    """Let the next two pictures be drawn."""
    tab.ask(
        "globalThis.drawn = 0; requestAnimationFrame(() => requestAnimationFrame(() => drawn = 1))"
    )
    tab.until("drawn === 1")


def by_keyboard(tab: Tab) -> Found:
    """Nothing but keys: the slider is reached by Tab, and moves everything."""
    on_slider = "document.activeElement.classList.contains('tl-time')"
    presses = 0
    while not tab.ask(on_slider) and presses < 500:
        tab.press("Tab")
        presses += 1
    yield "the slider is reached by Tab", bool(tab.ask(on_slider))
    outline = tab.ask("getComputedStyle(document.activeElement).outlineStyle")
    yield "its focus is seen", outline == "solid"
    steps, hour = tab.ask(f"{APP}.last"), tab.ask(f"{APP}.hourSteps")
    for keys, step in (
        (["Home"], 0),
        (["ArrowRight"] * 3, 3),
        (["ArrowLeft"], 2),
        (["PageUp"] * 2, 2 + 2 * hour),
        (["PageDown"], 2 + hour),
        (["End"], steps),
    ):
        before = views(tab)
        for key in keys:
            tab.press(key)
        settle(tab)
        moved = [was != now for was, now in zip(before, views(tab), strict=True)]
        yield f"{keys[0]} leads to step {step}", tab.ask(f"{APP}.t") == step
        yield f"{keys[0]} moves globe, sensors, objects, words and value", all(moved)
    tab.press("Home")
    tab.press(" ")
    yield "space plays", bool(tab.ask(f"{APP}.playing"))
    tab.until(f"{APP}.t > 0")
    tab.press(" ")
    yield "space stops", not tab.ask(f"{APP}.playing")
    tab.press("+")
    yield "plus zooms", tab.ask(f"{APP}.view[1] - {APP}.view[0]") < steps
    tab.press("0")
    yield "0 shows all", tab.ask(f"{APP}.view[1] - {APP}.view[0]") == steps + 1
    tab.ask("document.querySelector('.tl-objects canvas.tl-strips').focus()")
    tab.press("ArrowDown")
    settle(tab)
    chosen = tab.ask(f"{APP}.episode.objects[{APP}.object]?.name")
    words = tab.ask("document.querySelector('.tl-objects .tl-read').textContent")
    yield "down in the objects chooses one and tells of it", bool(chosen) and chosen in words
    tab.press("Escape")
    yield "Escape lets it go", tab.ask(f"{APP}.object") == -1


def by_pointer(tab: Tab) -> Found:
    """A press on the strips moves the instant; a hover tells values without moving it."""
    box = "document.querySelector('.tl-sensors canvas.tl-strips').getBoundingClientRect()"
    tab.ask("document.querySelector('.tl-sensors').scrollIntoView({block: 'center'})")
    x = tab.ask(f"{box}.left + {box}.width * 0.6")
    y = tab.ask(f"{box}.top + 60")
    before = tab.ask(f"{APP}.t")
    tab.mouse("mouseMoved", x, y)
    settle(tab)
    told = tab.ask("document.querySelector('.tl-sensors .tl-read').textContent")
    yield "a hover tells of the row", "Blue 2" in told and "access to" in told
    yield "a hover does not move the instant", tab.ask(f"{APP}.t") == before
    tab.mouse("mousePressed", x, y, button="left", clickCount=1, buttons=1)
    tab.mouse("mouseReleased", x, y, button="left", clickCount=1)
    settle(tab)
    yield "a press moves it", tab.ask(f"{APP}.t") > before


def calmly(tab: Tab) -> Found:
    """Who asks for less motion sees whole steps."""
    tab.send(
        "Emulation.setEmulatedMedia",
        features=[{"name": "prefers-reduced-motion", "value": "reduce"}],
    )
    tab.ask(f"{APP}.go(0); {APP}.play(true)")
    seen: list[float] = []
    while len(seen) < 30:
        settle(tab)
        seen.append(tab.ask(f"{APP}.t"))
    tab.ask(f"{APP}.play(false)")
    steps = all(float(t).is_integer() for t in seen)
    yield "with less motion asked for, play goes by whole steps", steps and seen[-1] > 0


def looked_at(tab: Tab, page: Path, folder: Path) -> Found:
    """Every screen, then keys and pointer, then paper."""
    ready = f"document.querySelector('.timeline') === null || !!{APP}"
    for name, width, dark in SCREENS:
        tab.show(page, width, 900, dark=dark)
        tab.until(ready)
        played = tab.ask("document.querySelector('.timeline') !== null")
        if played:
            tab.ask(f"{APP}.go({APP}.last / 3)")
            settle(tab)
        tab.picture(folder / f"{name}.png")
        wide = tab.ask("document.documentElement.scrollWidth")
        yield f"{name}: nothing is wider than the screen", wide <= width
        if played:
            yield from ((f"{name}: {words}", held) for words, held in by_keyboard(tab))
    tab.show(page, 1400, 900)
    tab.until(ready)
    if played:
        yield from by_pointer(tab)
        yield from calmly(tab)
    tab.paper(folder / "page.pdf")
    yield f"no complaints {tab.complaints}", not tab.complaints
    own = (page.resolve().as_uri(), "data:")  # what stands in the page is no request
    others = [one for one in tab.requests if not one.startswith(own)]
    yield f"no requests {others}", not others


def main(page: Path, folder: Path) -> int:
    """Print what was found; 1 if anything failed."""
    program = chromium()
    if program is None:
        print("There is no Chromium here.")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    failed = 0
    with browser(program) as tab:
        for words, held in looked_at(tab, page, folder):
            print("ok  " if held else "FAIL", words)
            failed += not held
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
