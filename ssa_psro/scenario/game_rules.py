"""Rules that span several sections of a scenario, written like those of ``rules.py``."""

from __future__ import annotations

from collections.abc import Iterator

from ssa_psro.errors import Fault
from ssa_psro.scenario.rules import is_multiple, nearby_multiples
from ssa_psro.scenario.schema import SIDES, Scenario

LARGEST_TABLES_BYTES = 4e9
"""More than this would not fit the memory of a usual machine beside the rest."""


def sides_apart(scenario: Scenario, at: str) -> Iterator[Fault]:
    """No two satellites share a place, where no direction leads from one to the other."""
    if scenario.blue.constellation == scenario.red.constellation:
        yield Fault(
            "red.constellation",
            None,
            "puts every satellite where one of Blue's is",
            "Change raan_deg or anomaly_deg of one side.",
        )


def observation_fits_episode(scenario: Scenario, at: str) -> Iterator[Fault]:
    """A sensor can finish at least one observation."""
    duration_s = scenario.window.duration_h * 3600
    for name in SIDES:
        sensor = getattr(scenario, name).sensor
        if sensor.settle_s + sensor.dwell_s > duration_s:
            yield Fault(
                f"{name}.sensor.dwell_s",
                sensor.dwell_s,
                "settle_s and dwell_s together exceed the episode",
                f"Keep their sum within {duration_s:g} s.",
            )


def period_divides_episode(scenario: Scenario, at: str) -> Iterator[Fault]:
    """An episode is a whole number of contest periods, a period a whole number of steps."""
    period_h, window = scenario.rules.contest_period_h, scenario.window
    key = "rules.contest_period_h"
    if not is_multiple(window.duration_h, period_h):
        cure = f"Use duration_h divided by 1, 2, 3, ...: {window.duration_h:g} or less."
        yield Fault(key, period_h, f"must divide duration_h = {window.duration_h:g}", cure)
    if not is_multiple(period_h * 3600, window.step_s):
        cure = f"Use {nearby_multiples(period_h * 3600, window.step_s)} s, in hours."
        yield Fault(key, period_h, f"must be a multiple of step_s = {window.step_s}", cure)


def denial_fits_episode(scenario: Scenario, at: str) -> Iterator[Fault]:
    """Denial and protection end within an episode."""
    if not scenario.rules.denial:
        return
    duration_s = scenario.window.duration_h * 3600
    for name in ("denial_s", "denial_recharge_s", "protection_s"):
        seconds = getattr(scenario.rules, name)
        if seconds > duration_s:
            cure = f"Use at most {duration_s:g} s."
            yield Fault(f"rules.{name}", seconds, "is longer than the episode", cure)


def windows_within_horizon(scenario: Scenario, at: str) -> Iterator[Fault]:
    """Stated manoeuvre windows lie where episodes are played."""
    horizon_h = scenario.window.horizon_days * 24
    for index, window in enumerate(scenario.catalog.windows):
        # read defensively: a fault in one window must not hide the next
        end_h = vars(window).get("end_h", 0.0)
        if end_h > horizon_h:
            yield Fault(
                f"catalog.windows[{index}].end_h",
                end_h,
                "is after the end of the horizon",
                f"Use at most {horizon_h:g} h, or a larger window.horizon_days.",
            )


def tables_fit_memory(scenario: Scenario, at: str) -> Iterator[Fault]:
    """The access and position tables of the whole horizon fit in memory."""
    sensors = max(side.constellation.count for side in scenario.sides)
    objects = scenario.catalog.count
    # a byte for every pair that may see or deny, three float32 for every position
    step_bytes = 2 * sensors * (objects + sensors) + 12 * (2 * sensors + objects)
    size_bytes = step_bytes * scenario.window.horizon_steps
    if size_bytes > LARGEST_TABLES_BYTES:
        yield Fault(
            "window.horizon_days",
            scenario.window.horizon_days,
            f"the geometry would take {size_bytes / 1e9:.0f} GB",
            f"Stay below {LARGEST_TABLES_BYTES / 1e9:g} GB: a shorter horizon, a longer step_s, "
            "fewer satellites or fewer objects.",
        )
