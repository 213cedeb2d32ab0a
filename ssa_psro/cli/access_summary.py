"""Who sees what: the access tables in one line a regime, and a warning where nobody sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ssa_psro.cli.output import print_table, stdout, table
from ssa_psro.scenario.schema import REGIMES, SIDES

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
    access = np.count_nonzero(quality, axis=(0, 1))
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


def print_access(access: dict[str, Any], *, denial: bool) -> None:
    """The same for people, with what is odd about it in words; ``denial``: the rules allow it."""
    lines = table("side and regime", "objects", "accessible a sensor", "share", "detection")
    for side, found in access.items():
        for regime, facts in found["regimes"].items():
            lines.add_row(
                f"{side.capitalize()} {regime}",
                str(facts["objects"]),
                f"{facts['accessible_per_sensor']:.2f}",
                f"{facts['share']:.1%}",
                f"{facts['quality']:.2f}",
            )
        lines.add_section()
    note = "Detection: probability of one observation where there is access."
    print_table("Access, mean over the horizon", lines, note)
    console = stdout()
    for side, found in access.items():
        near = found["deniable_per_sensor"]
        console.print(f"  {side.capitalize()}: {near:.2f} opposing sensors in reach of a sensor")
    for remark in remarks(access, denial=denial):
        console.print(f"  Note: {remark}", style="yellow")
    console.print("")


def remarks(access: dict[str, Any], *, denial: bool) -> list[str]:
    """What an analyst should know before playing on such tables."""
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
