"""The tables and sentences of ``docs/when-does-blinding-pay.md``, all of them written from the map.

Whatever has a number in it, or would be wrong if the numbers were others, is made here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from evidence.blinding_map.found import GAIN, Found, Map
from evidence.blinding_map.points import QUANTITIES, RIVALRY, SLICES
from ssa_psro.findings.wording import Form, percent, plural
from ssa_psro.metagame.intervals import Interval
from ssa_psro.report.markdown import markdown
from ssa_psro.sweeps.measuring import (
    CONTESTED,
    CUSTODY,
    CYCLIC,
    EQUILIBRIUM,
    PRICE,
    SCORE,
    SEAT,
    TOGETHER,
)

PLAYED = 0.05
"""Share from which a policy counts as played."""
CYCLES = 0.15
"""Cyclic share from which a tournament counts as cyclic."""
BLINDING = "blinding"

SHARE, PAYOFF = Form(2), Form(3, signed=True)


def blocks(found: Map, about: Mapping[str, Any]) -> dict[str, str]:
    """Every block of the page by name.

    Args:
        found: the map.
        about: what ``map.json`` says.
    """
    return {
        "setting": _setting(found, about),
        "answer": _answer(found),
        "reference": _reference(found.middle),
        "lines": _lines(found),
        "rivalry": _rivalry(found),
        "trust": _trust(found, about),
    }


def _setting(found: Map, about: Mapping[str, Any]) -> str:
    """What is moved, and how far."""
    rows = [["quantity", "reference", "moved to"]]
    for name, quantity in QUANTITIES.items():
        others = [value for value in about["values"][name] if value != found.reference[name]]
        moved = ", ".join(quantity.text(value) for value in others) or "not moved"
        rows.append([quantity.title, quantity.text(found.reference[name]), moved])
    rivalries = [f"{one.place[RIVALRY]:g}" for one in found.along(RIVALRY)]
    rows.append(["Rivalry λ", f"{found.reference[RIVALRY]:g}", ", ".join(rivalries)])
    return f"Reference: `{about['scenario']}`.\n\n{markdown(rows)}"


def _answer(found: Map) -> str:
    """When blinding pays, in sentences."""
    middle, played = found.middle, found.played
    blinds = [one for one in played if one.share(BLINDING) >= PLAYED]
    alone = [one for one in played if one.share(BLINDING) > 1 - PLAYED]
    cyclic = [one for one in played if one[CYCLIC, "tournament"].low >= CYCLES]
    sentences = [
        f"At the reference the heuristics' equilibrium plays {_mixture(middle)}.",
        f"Of {plural(len(played), 'point')} of the map, blinding is played at {len(blinds)} and "
        f"alone at {len(alone)}; the tournament is cyclic (share surely {CYCLES:g} or more) at "
        f"{len(cyclic)}.",
    ]
    lines = [f"- {sentence}" for sentence in sentences]
    lines += [f"- {_along(found, name)}" for name in (*QUANTITIES, RIVALRY)]
    lines += [f"- {_slice(found, x, y)}" for x, y in SLICES]
    return "".join(f"{line}\n" for line in lines)


def _along(found: Map, name: str) -> str:
    """What one quantity does to who is played."""
    points = found.along(name)
    title = QUANTITIES[name].title if name in QUANTITIES else "Rivalry λ"
    if len(points) < 2:
        return f"**{title}**: not moved."
    told = "; ".join(f"{_text(name, one.place[name])}: {_mixture(one)}" for one in points)
    if len({_who(one) for one in points}) == 1:
        return f"**{title}** does not change who is played ({told})."
    return f"**{title}** changes who is played. {told}."


def _slice(found: Map, x: str, y: str) -> str:
    """Where in a slice blinding is played."""
    cells = found.across(x, y)
    where = [place for place, one in cells.items() if one.share(BLINDING) >= PLAYED]
    told = f"**{QUANTITIES[x].title} and {QUANTITIES[y].title.lower()} together**: blinding is "
    if not where:
        return f"{told}played in none of {plural(len(cells), 'cell')}."
    ups = sorted({up for _, up in cells})
    parts = []
    for up in ups:
        values = sorted(right for right, high in where if high == up)
        named = ", ".join(QUANTITIES[x].text(value) for value in values) or "nowhere"
        parts.append(f"at {QUANTITIES[y].text(up)} of custody: {named}")
    return f"{told}played in {len(where)} of {plural(len(cells), 'cell')} ({'; '.join(parts)})."


def _reference(middle: Found) -> str:
    """Both sides at the reference, at the equilibrium and together."""
    rows = [["play", "side", "score", "custody of all", "custody of the contested"]]
    for play in (EQUILIBRIUM, TOGETHER):
        for side in ("blue", "red"):
            cells = [middle[measure, f"{play}, {side}"] for measure in (SCORE, CUSTODY, CONTESTED)]
            rows.append([play, side.capitalize(), *map(SHARE.interval, cells)])
    count = middle[SCORE, f"{EQUILIBRIUM}, blue"].count
    note = f"95 % intervals, {plural(count, 'fresh episode')}. Together: {middle.together}."
    return f"{markdown(rows)}\n{note}\n"


def _lines(found: Map) -> str:
    """Every point of every line."""
    header = ["", "value", "played", "cyclic share", "contested custody", "together", "price"]
    rows = [[*header, "gain of a response"]]
    for name, quantity in QUANTITIES.items():
        for one in found.along(name):
            mark = "**" if one.place == found.reference else ""
            value = f"{mark}{quantity.text(one.place[name])}{mark}"
            rows.append([quantity.title, value, *_figures(one), PAYOFF.interval(_gain(one))])
    return markdown(rows)


def _rivalry(found: Map) -> str:
    """The reference's episodes under other payoffs."""
    rows = [["λ", "played", "cyclic share", "contested custody", "together", "price"]]
    rows += [[f"{one.place[RIVALRY]:g}", *_figures(one)] for one in found.along(RIVALRY)]
    return markdown(rows)


def _figures(one: Found) -> list[str]:
    """Who is played, and what comes of it."""
    held = [SHARE.number(one.both(CONTESTED, play)) for play in (EQUILIBRIUM, TOGETHER)]
    cyclic, price = one[CYCLIC, "tournament"], one[PRICE, EQUILIBRIUM]
    return [_mixture(one), SHARE.interval(cyclic), *held, SHARE.interval(price)]


def _trust(found: Map, about: Mapping[str, Any]) -> str:
    """How much was played, and how far responses get."""
    budget, played = about["budget"], found.played
    gains = [_gain(one) for one in played]
    means = np.array([one.mean for one in gains])
    surely = sum(one.low > 0 for one in gains)
    seats = [abs(one[SEAT, "mixture"].mean) for one in played]
    widest = max(
        one.measures[key].high - one.measures[key].low
        for one in played
        for key in one.measures
        if key[0] == "share"
    )
    sentences = (
        f"{len(about['policies'])} heuristics take part: {', '.join(about['policies'])}. Every "
        f"pair plays {plural(budget['episodes'], 'episode')} in either seat, all points the same.",
        f"A response was searched at {plural(len(gains), 'point')}, with "
        f"{plural(budget['search'], 'episode')} each, and judged on "
        f"{plural(budget['fresh'], 'fresh one')}. It surely gains at {surely} of them; the median "
        f"gain is {PAYOFF.number(float(np.median(means)))}, the largest "
        f"{PAYOFF.number(float(means.max()))}.",
        f"The widest 95 % interval of a policy's share spans {percent(widest)}.",
        f"Blue's seat is worth up to {PAYOFF.number(max(seats)).lstrip('+')} more or less than "
        "Red's where both play the equilibrium; seats are averaged.",
    )
    return "".join(f"- {sentence}\n" for sentence in sentences)


def _gain(one: Found) -> Interval:
    return one[GAIN, "search"]


def _who(one: Found) -> frozenset[str]:
    return frozenset(name for name, share in one.shares.items() if share >= PLAYED)


def _mixture(one: Found) -> str:
    """``blinding 63 %, shielded 37 %``; one that is played alone without a share."""
    played: Sequence[tuple[str, float]] = sorted(
        ((name, share) for name, share in one.shares.items() if share >= PLAYED),
        key=lambda item: -item[1],
    )
    if len(played) == 1 and played[0][1] > 1 - PLAYED:
        return f"{played[0][0]} alone"
    return ", ".join(f"{name} {percent(share)}" for name, share in played)


def _text(name: str, value: float) -> str:
    return QUANTITIES[name].text(value) if name in QUANTITIES else f"{value:g}"
