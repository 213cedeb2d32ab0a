"""What was played, in words: the game, the sides, and why the run ended."""

from __future__ import annotations

from ssa_psro.report.wording import plural
from ssa_psro.scenario import Scenario
from ssa_psro.scenario.schema import ElementSetConstellation, Side, Walker
from ssa_psro.study import Run


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
        f"every {scenario.window.decision_interval_s / 3600:g} h; {rules.payoff}, {denial}."
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


def ending_in_words(run: Run) -> str:
    """Why the run ended, or that it has not."""
    solver, done = run.study.solver, plural(len(run.records), "iteration")
    if run.manifest.stopped == "tolerance":
        rows = plural(solver.patience, "iteration")
        return (
            f"Stopped after {done}: the credible bound was below the tolerance of "
            f"{solver.tolerance:g} for {rows} in a row."
        )
    if run.manifest.stopped == "iterations":
        return f"Stopped after {done}, all that were allowed."
    return f"Not finished after {done}. If it was cut short: ssa-psro resume {run.folder}"
