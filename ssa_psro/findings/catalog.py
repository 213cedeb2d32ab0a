"""What a file of element sets holds: its objects by regime, and the records it could not use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ssa_psro.catalogs import ORBIT_REGIMES, CatalogFile, ElementSet
from ssa_psro.findings.table import Column, Table, make_table
from ssa_psro.scenario import FileReport

DAY_S = 86400.0


def summary_of(catalog: CatalogFile, at: datetime) -> dict[str, Any]:
    """The facts for JSON: everything but the elements themselves.

    Args:
        catalog: the file as it was read.
        at: instant that ages count from.
    """
    return {
        "file": str(catalog.path),
        "format": catalog.format,
        "objects": len(catalog.accepted),
        "regimes": {regime: _facts(members, at) for regime, members in _by_regime(catalog)},
        "ages_at": at.isoformat(),
        "rejected": [asdict(one) for one in catalog.rejected],
    }


def catalog_in_words(catalog: CatalogFile) -> tuple[str, str]:
    """How many objects there are, and how many records were rejected."""
    count, unusable = len(catalog.accepted), len(catalog.rejected)
    return (
        f"{count} object{'' if count == 1 else 's'} in {catalog.format}",
        f"{unusable or 'no'} record{'' if unusable == 1 else 's'} rejected",
    )


def use_in_words(files: Sequence[FileReport]) -> list[str]:
    """How many element sets are used, how they were chosen, and why the others are left out.

    A sentence or two for the catalogue, and for each side whose satellites are in files.
    """
    keys = dict.fromkeys(one.key for one in files if one.key.endswith(".path"))
    return [_use([one for one in files if one.key == key]) for key in keys]


def use_in_brief(files: Sequence[FileReport]) -> str:
    """Only how many objects there are of how many; nothing where they come from no file."""
    own = [one for one in files if one.key == "catalog.path"]
    used, records = sum(one.used for one in own), sum(one.records for one in own)
    return f"{used:,} of {records:,} element sets used." if own else ""


def _use(files: Sequence[FileReport]) -> str:
    used, records = sum(one.used for one in files), sum(one.records for one in files)
    totals: Counter[str] = Counter()
    for one in files:
        totals.update(one.left_out)
    whose = files[0].key.split(".")[0]
    who = "" if whose == "catalog" else f"{whose.capitalize()}'s satellites: "
    left = ", ".join(f"{count:,} {reason}" for reason, count in totals.items())
    return (
        f"{who}{used:,} of {records:,} element sets used, chosen so: {files[0].chosen}. "
        f"Left out: {left or 'none'}."
    )


def regime_table(catalog: CatalogFile, at: datetime) -> Table:
    """Counts and ranges of the objects of each regime."""
    columns = ("Regime", "Objects", "Perigee km", "Apogee km", "Inclination °", "Age days")
    rows = [
        (
            regime,
            facts["objects"],
            _spread(facts["perigee_altitude_km"], ".0f"),
            _spread(facts["apogee_altitude_km"], ".0f"),
            _spread(facts["inclination_deg"], ".1f"),
            _spread((facts["age_days"]["newest"], facts["age_days"]["oldest"]), ".1f"),
        )
        for regime, members in _by_regime(catalog)
        for facts in [_facts(members, at)]
    ]
    epochs = [one.epoch for one in catalog.accepted]
    first, last, then = (f"{day:%Y-%m-%d %H:%M}" for day in (min(epochs), max(epochs), at))
    note = f"Epochs {first} to {last} UTC; ages at {then}."
    return make_table("regimes", "Objects by regime", map(Column, columns), rows, note=note)


def _by_regime(catalog: CatalogFile) -> Iterator[tuple[str, list[ElementSet]]]:
    """The regimes that have objects, low to high."""
    for regime in ORBIT_REGIMES:
        members = [one for one in catalog.accepted if one.regime == regime]
        if members:
            yield regime, members


def _facts(members: Sequence[ElementSet], at: datetime) -> dict[str, Any]:
    """Counts and ranges ``[low, high]`` of the objects of one regime."""
    epochs = [one.epoch for one in members]
    ages = sorted((at - epoch).total_seconds() / DAY_S for epoch in epochs)
    return {
        "objects": len(members),
        "perigee_altitude_km": _range([one.perigee_altitude_km for one in members]),
        "apogee_altitude_km": _range([one.apogee_altitude_km for one in members]),
        "inclination_deg": _range([one.inclination_deg for one in members]),
        "epoch": [min(epochs).isoformat(), max(epochs).isoformat()],
        "age_days": {"newest": ages[0], "median": ages[len(ages) // 2], "oldest": ages[-1]},
    }


def _range(values: Sequence[float]) -> list[float]:
    return [min(values), max(values)]


def _spread(limits: Sequence[float], form: str) -> str:
    """``low … high``, or one number where both look alike."""
    return " … ".join(dict.fromkeys(format(limit, form) for limit in limits))
