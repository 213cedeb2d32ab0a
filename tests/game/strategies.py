"""Hypothesis strategies for small arenas of every kind.

They draw the arguments of ``make_arena`` rather than arenas, so that a failing example is readable.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

RULES = st.fixed_dictionaries(
    {
        "rivalry": st.sampled_from([1.0, 0.0, 0.4]),
        "contest_sharpness": st.floats(0.25, 64.0),
        "initial_age_h": st.floats(0.0, 12.0),
        "denial": st.sampled_from([True, True, False]),
        "denial_s": st.floats(1.0, 3000.0),
        "denial_recharge_s": st.floats(1.0, 3000.0),
        "protection_s": st.floats(1.0, 5000.0),
        "protected_sensitivity": st.floats(0.0, 1.0),
    }
)
SENSOR = st.fixed_dictionaries(
    {
        "slew_rate_deg_s": st.floats(0.05, 5.0),
        "settle_s": st.floats(0.0, 300.0),
        "dwell_s": st.floats(0.0, 900.0),
        "angular_sigma_arcsec": st.floats(0.1, 60.0),
        "field_of_view_deg": st.floats(0.01, 180.0),
        "latency_s": st.sampled_from([0.0, 1.0, 2000.0]),
        "duty_cycle": st.floats(0.2, 1.0),
    }
)


@st.composite
def arena_options(draw: st.DrawFn, **fixed: Any) -> dict[str, Any]:
    """Arguments of ``make_arena`` for any small arena; the ``fixed`` ones are not varied."""
    objects = draw(st.integers(1, 8))
    steps = draw(st.integers(5, 36))
    options = {
        "seed": draw(st.integers(0, 2**32)),
        "sensors": (draw(st.integers(1, 4)), draw(st.integers(1, 4))),
        "objects": objects,
        "contested": draw(st.integers(0, objects)),
        "steps": steps,
        "horizon_steps": steps + draw(st.integers(0, 20)),
        "step_s": draw(st.sampled_from([60, 170, 300, 900])),
        "windows": draw(st.integers(0, 3)),
        "unforecast_per_day": draw(st.sampled_from([0.0, 0.7])),
        "scatter_mag": draw(st.sampled_from([0.0, 0.0, 1.0])),
        "access": draw(st.sampled_from([0.1, 0.5, 1.0])),
        "denial": draw(st.sampled_from([0.0, 0.4, 1.0])),
        "rules": draw(RULES),
        "sensor": draw(SENSOR),
    }
    return {**options, **fixed}
