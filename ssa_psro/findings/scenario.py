"""What was played: the game and its sides in words, and the objects of its catalogue."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ssa_psro.findings.table import Column, Facts, Table, make_table
from ssa_psro.findings.wording import payoff_in_words, plural
from ssa_psro.scenario import Scenario, content_hash, is_symmetric
from ssa_psro.scenario.schema import ElementSetConstellation, ListedCatalog, Side, Walker
from ssa_psro.study import Study

SHOWN_HASH = 12
"""Digits of the content hash that people see; as many as tell scenarios apart."""


AGE = Column(
    "age_days",
    "days",
    "of its element set as the window begins; negative where that is of later",
    "age d",
    "{:.1f}".format,
)


def ages_days(scenario: Scenario) -> list[float | None]:
    """How old each object's element set is as the window begins; drawn objects have none."""
    catalog, epoch = scenario.catalog, scenario.window.epoch
    if not isinstance(catalog, ListedCatalog):
        return [None] * catalog.count
    return [(epoch - one.orbit.epoch) / timedelta(days=1) for one in catalog.objects]


def object_table(scenario: Scenario) -> Table:
    """Every object of the catalogue, in its order."""
    columns = (
        Column("object", "", "name, unique in the catalogue"),
        Column(
            "catalog_id",
            "",
            "as its element set gives it; empty for objects that were drawn",
            heading="catalogue id",
        ),
        Column("regime", "", "LEO, MEO, GEO or HEO (highly eccentric)"),
        Column(
            "contested",
            "",
            "whether only the fresher custody is paid for",
            write=lambda contested: "yes" if contested else "no",
        ),
        Column(
            "weight",
            "weight in the score",
            "what it is worth, before division by the total",
            write="{:g}".format,
        ),
        AGE,
    )
    rows = [
        (*entry, age)
        for entry, age in zip(scenario.catalog.roster(), ages_days(scenario), strict=True)
    ]
    return make_table("objects", "The objects of the catalogue", columns, rows)


def game_in_words(scenario: Scenario) -> str:
    """One sentence about the catalogue, the window and the rules."""
    tally = scenario.catalog.tally()
    contested = sum(one.contested for one in tally.values())
    parts = ", ".join(f"{one.objects} {regime}" for regime, one in tally.items() if one.objects)
    rules = scenario.rules
    denial = "sensors may deny each other" if rules.denial else "no denial"
    return (
        f"{plural(scenario.catalog.count, 'object')} ({parts}), {contested} of them contested; "
        f"{scenario.window.duration_h:g} h in steps of {scenario.window.step_s} s, a decision "
        f"every {scenario.window.decision_interval_s / 3600:g} h; "
        f"{payoff_in_words(rules.rivalry)}, {denial}."
    )


def side_in_words(side: Side) -> str:
    """One side's constellation and sensor."""
    orbits, sensor = side.constellation, side.sensor
    many = plural(orbits.count, "satellite")
    if isinstance(orbits, Walker):
        kind = orbits.kind.replace("walker-", "Walker ")
        where = f"{orbits.altitude_km:g} km, {orbits.inclination_deg:g}°"
        shape = f"{many} in {plural(orbits.planes, 'plane')} ({kind}, {where})"
    elif isinstance(orbits, ElementSetConstellation):
        shape = f"{many} on the orbits of element sets"
    else:
        shape = f"{many} on stated orbits"
    return f"{shape}; sensor to magnitude {sensor.limiting_magnitude:g}"


def summary_of(study: Study) -> dict[str, Any]:
    """The facts a reader checks first, for JSON."""
    scenario = study.scenario
    window, rules, tally = scenario.window, scenario.rules, scenario.catalog.tally()
    return {
        "name": scenario.name,
        "description": scenario.description,
        "content_hash": content_hash(scenario),
        "symmetric": is_symmetric(scenario),
        "sensors": {
            "blue": scenario.blue.constellation.count,
            "red": scenario.red.constellation.count,
        },
        "objects": {regime: one.objects for regime, one in tally.items()},
        "contested": {regime: one.contested for regime, one in tally.items()},
        "window": {
            "epoch": window.epoch.isoformat(),
            "duration_h": window.duration_h,
            "step_s": window.step_s,
            "decision_interval_s": window.decision_interval_s,
            "horizon_days": window.horizon_days,
        },
        "payoff": rules.payoff_kind,
        "rivalry": rules.rivalry,
        "denial": rules.denial,
        "seed": study.seed,
    }


def scenario_facts(scenario: Scenario) -> Facts:
    """The same for people, a line each."""
    window, rules, tally = scenario.window, scenario.rules, scenario.catalog.tally()
    total, contested = scenario.catalog.count, sum(one.contested for one in tally.values())
    objects = ", ".join(f"{one.objects} {regime}" for regime, one in tally.items())
    fought = ", ".join(f"{one.contested} {regime}" for regime, one in tally.items())
    later_h = window.horizon_days * 24 - window.duration_h
    return [
        ("scenario", f"{scenario.name}: {scenario.description}".rstrip(": ")),
        ("Blue", _side(scenario.blue)),
        ("Red", _side(scenario.red)),
        ("symmetric", "yes" if is_symmetric(scenario) else "no"),
        ("objects", f"{total}: {objects}"),
        ("contested", f"{contested}: {fought}" if contested else "none"),
        (
            "window",
            f"{window.duration_h:g} h from {window.epoch:%Y-%m-%d %H:%M} UTC"
            + (f" or up to {later_h:g} h later" if window.start_epochs > 1 else ""),
        ),
        (
            "time",
            f"{window.steps} steps of {window.step_s} s, "
            f"{window.decisions} decisions of {window.decision_interval_s / 3600:g} h",
        ),
        (
            "rules",
            f"{payoff_in_words(rules.rivalry)}, {'with' if rules.denial else 'without'} denial",
        ),
        ("content hash", content_hash(scenario)[:SHOWN_HASH]),
    ]


def _side(side: Side) -> str:
    """A side on a terminal, in fewer words than on a page."""
    shape = side.constellation
    limit = f"magnitude limit {side.sensor.limiting_magnitude:g}"
    if isinstance(shape, ElementSetConstellation):
        return f"{shape.count} satellites by element sets (SGP4), {limit}"
    if not isinstance(shape, Walker):
        return f"{shape.count} satellites by their elements, {limit}"
    return (
        f"{shape.count} satellites in {shape.planes} planes, {shape.altitude_km:g} km, "
        f"{shape.inclination_deg:g}°, {limit}"
    )
