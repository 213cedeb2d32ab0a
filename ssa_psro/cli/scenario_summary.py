"""What a scenario describes, on half a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssa_psro.cli.output import stdout

if TYPE_CHECKING:
    from ssa_psro.scenario.schema import Side
    from ssa_psro.study.study import Study

SHOWN_HASH = 12
"""Digits of the content hash that people see; as many as tell scenarios apart."""


def summary_of(study: Study) -> dict[str, Any]:
    """The facts a reader checks first, for JSON."""
    from ssa_psro.scenario import content_hash, is_symmetric

    scenario = study.scenario
    window, rules, tally = scenario.window, scenario.rules, scenario.catalog.tally()
    return {
        "name": scenario.name,
        "description": scenario.description,
        "content_hash": content_hash(scenario),
        "symmetric": is_symmetric(scenario),
        "sensors": {"blue": scenario.blue.constellation.count, "red": _count(scenario.red)},
        "objects": {regime: one.objects for regime, one in tally.items()},
        "contested": {regime: one.contested for regime, one in tally.items()},
        "window": {
            "epoch": window.epoch.isoformat(),
            "duration_h": window.duration_h,
            "step_s": window.step_s,
            "decision_interval_s": window.decision_interval_s,
            "horizon_days": window.horizon_days,
        },
        "payoff": rules.payoff,
        "denial": rules.denial,
        "seed": study.seed,
    }


def print_summary(path: Path, study: Study) -> None:
    """The same for people."""
    from rich.table import Table
    from rich.text import Text

    facts = Table.grid(padding=(0, 2))
    for label, value in _facts(study).items():
        facts.add_row(Text(f"  {label}", style="dim"), value)
    console = stdout()
    console.print(Text.assemble((str(path), "bold"), ": ", ("sound", "green")))
    console.print(facts, "")


def _facts(study: Study) -> dict[str, str]:
    facts, scenario = summary_of(study), study.scenario
    window, rules = scenario.window, scenario.rules
    total, contested = scenario.catalog.count, sum(facts["contested"].values())
    return {
        "scenario": f"{scenario.name}: {scenario.description}".rstrip(": "),
        "Blue": _side(scenario.blue),
        "Red": _side(scenario.red),
        "symmetric": "yes" if facts["symmetric"] else "no",
        "objects": f"{total}: {_listed(facts['objects'])}",
        "contested": f"{contested}: {_listed(facts['contested'])}" if contested else "none",
        "window": f"{window.duration_h:g} h from {window.epoch:%Y-%m-%d %H:%M} UTC or up to "
        f"{window.horizon_days * 24 - window.duration_h:g} h later",
        "time": f"{window.steps} steps of {window.step_s} s, "
        f"{window.decisions} decisions of {window.decision_interval_s / 3600:g} h",
        "rules": f"{rules.payoff}, {'with' if rules.denial else 'without'} denial",
        "content hash": facts["content_hash"][:SHOWN_HASH],
    }


def _side(side: Side) -> str:
    from ssa_psro.scenario.schema import ElementSetConstellation, Walker

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


def _count(side: Side) -> int:
    return side.constellation.count


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())
