"""Who sees what: the access tables in one line a regime, and a warning where nobody sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ssa_psro.arrays import Flags, parts
from ssa_psro.findings.scenario import AGE, ages_days
from ssa_psro.findings.table import SIDES, Column, Table, Value, make_table
from ssa_psro.findings.wording import Form
from ssa_psro.geometry.access import seen_fluxes
from ssa_psro.geometry.optics import magnitude_of
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


def object_access(arena: Arena) -> Table:
    """A line an object: its element set's age, how bright it looks, and who has access when.

    An access of a side is an unbroken run of steps at which any of its sensors could observe the
    object, over the whole horizon.
    """
    scenario = arena.scenario
    columns = (
        Column("object", "", "name, unique in the catalogue"),
        Column("catalog_id", "", "as its element set gives it", heading="id"),
        Column("regime", "", "LEO, MEO, GEO or HEO"),
        AGE,
        Column(
            "brightest",
            "magnitude",
            "apparent, where a sensor of either side has access, without scatter",
            "mag from",
            "{:.1f}".format,
        ),
        Column("faintest", "magnitude", "likewise", "to", "{:.1f}".format),
        *(column for side in SIDES for column in _access_columns(side)),
    )
    fluxes = seen_fluxes(arena)
    sides = [_reached(arena, side) for side in (0, 1)]
    rows = []
    for n, (entry, age) in enumerate(
        zip(scenario.catalog.roster(), ages_days(scenario), strict=True)
    ):
        seen = fluxes[n, 0] > 0.0
        bright = magnitude_of(fluxes[n, ::-1]).tolist() if seen else (None, None)
        reached = (_accesses(side[:, n], scenario.window.step_s) for side in sides)
        facts = entry.name, entry.catalog_id, entry.regime, age
        rows.append((*facts, *bright, *(value for side in reached for value in side)))
    begins = f"{scenario.window.epoch:%Y-%m-%d %H:%M} UTC"
    note = (
        f"Hours count from {begins}. An access: a run of steps at which any sensor of the side "
        "could observe the object. Magnitudes are those where there is access."
    )
    return make_table("accesses", "Objects over the horizon", columns, rows, note=note)


def _access_columns(side: str) -> tuple[Column, ...]:
    who, write = side.capitalize(), "{:.1f}".format
    return (
        Column(f"{side}_first_h", "h", "first step with access", f"{who} first h", write),
        Column(f"{side}_last_h", "h", "end of the last access", "last h", write),
        Column(f"{side}_accesses", "accesses", "how many", "accesses"),
    )


def _reached(arena: Arena, side: int) -> Flags:
    """Whether any sensor of a side has access, ``[T, N]``."""
    quality = arena.tables.quality[:, side, : arena.sensor_count[side]]
    return np.concatenate([quality[part].any(axis=1) for part in parts(len(quality))])


def _accesses(reached: Flags, step_s: int) -> tuple[float | None, float | None, int]:
    """When the first access begins and the last one ends, in hours, and how many there are."""
    steps = np.flatnonzero(reached)
    if steps.size == 0:
        return None, None, 0
    count = 1 + np.count_nonzero(np.diff(steps) > 1)
    return steps[0] * step_s / 3600.0, (steps[-1] + 1) * step_s / 3600.0, int(count)


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
