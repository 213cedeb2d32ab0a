"""Who sees what: the access tables in one line a regime, and a warning where nobody sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ssa_psro.arrays import parts
from ssa_psro.findings.table import SIDES, Column, Table, Value, make_table
from ssa_psro.findings.wording import Form
from ssa_psro.scenario.schema import REGIMES

if TYPE_CHECKING:
    from ssa_psro.geometry import Arena

QUALITY_SCALE = 255


def access_of(arena: Arena) -> dict[str, Any]:
    """Access of each side to each regime, averaged over the horizon and the side's sensors.

    For each side and regime: ``objects`` in the catalogue, ``accessible_per_sensor`` the mean
    number of them that a sensor could observe at a time, ``share`` the same over ``objects``,
    ``quality`` the mean detection probability where there is access, ``never_seen`` the names of
    objects the side never has access to. ``deniable_per_sensor`` is the mean number of opposing
    sensors that a sensor could deny at a time, by range and line of sight.
    """
    return {
        name: {"regimes": _regimes(arena, side), "deniable_per_sensor": _deniable(arena, side)}
        for side, name in enumerate(SIDES)
    }


def _regimes(arena: Arena, side: int) -> dict[str, Any]:
    quality = arena.tables.quality[:, side, : arena.sensor_count[side]]
    looks = quality.shape[0] * quality.shape[1]
    # in parts, because counting copies what it counts
    counts = [np.count_nonzero(quality[part], axis=(0, 1)) for part in parts(len(quality))]
    access = np.sum(counts, axis=0)
    total = quality.sum(axis=(0, 1), dtype=np.int64)
    found: dict[str, Any] = {}
    for index, regime in enumerate(REGIMES):
        members = np.flatnonzero(arena.objects.regime == index)
        if members.size == 0:
            continue
        seen = int(access[members].sum())
        found[regime] = {
            "objects": int(members.size),
            "accessible_per_sensor": seen / looks,
            "share": seen / looks / members.size,
            "quality": int(total[members].sum()) / seen / QUALITY_SCALE if seen else 0.0,
            "never_seen": [arena.objects.names[n] for n in members if access[n] == 0],
        }
    return found


def _deniable(arena: Arena, side: int) -> float:
    own, other = arena.sensor_count[side], arena.sensor_count[1 - side]
    return float(arena.tables.denial[:, side, :own, :other].sum(axis=2, dtype=np.int64).mean())


def access_table(access: dict[str, Any]) -> Table:
    """A line a side and regime, a blank one between the sides."""
    columns = (
        Column("side and regime"),
        Column("objects", "objects"),
        Column("accessible a sensor", "objects", write=Form(2).number),
        Column("share", write="{:.1%}".format),
        Column("detection", write=Form(2).number),
    )
    rows: list[tuple[Value, ...]] = []
    for side, found in access.items():
        if rows:
            rows.append(("", *(None,) * (len(columns) - 1)))
        for regime, facts in found["regimes"].items():
            numbers = (facts[key] for key in ("objects", "accessible_per_sensor", "share"))
            rows.append((f"{side.capitalize()} {regime}", *numbers, facts["quality"]))
    note = "Detection: probability of one observation where there is access."
    return make_table("access", "Access, mean over the horizon", columns, rows, note=note)


def reach_in_words(access: dict[str, Any]) -> list[str]:
    """How many opposing sensors each side could deny at a time."""
    return [
        f"{side.capitalize()}: {found['deniable_per_sensor']:.2f} opposing sensors in reach of a "
        "sensor"
        for side, found in access.items()
    ]


def remarks(access: dict[str, Any], *, denial: bool) -> list[str]:
    """What an analyst should know before playing on such tables; ``denial``: the rules allow it."""
    found = []
    for side, facts in access.items():
        who = side.capitalize()
        for regime, numbers in facts["regimes"].items():
            unseen = numbers["never_seen"]
            if unseen:
                named = ", ".join(unseen[:5]) + (", …" if len(unseen) > 5 else "")
                share = f"{len(unseen)} of {numbers['objects']}"
                found.append(f"{who} never has access to {share} {regime} objects: {named}.")
        if denial and facts["deniable_per_sensor"] == 0:
            found.append(f"The rules allow denial, but {who} never has a sensor in reach to deny.")
    return found
