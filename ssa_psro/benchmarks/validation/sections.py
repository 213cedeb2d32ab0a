"""Every table of the page, by the mark that stands in it."""

from __future__ import annotations

from ssa_psro.benchmarks.validation import (
    access,
    brightness,
    eclipses,
    frames,
    orbit_error,
    sgp4_cases,
    speed,
    sun_and_moon,
)
from ssa_psro.benchmarks.validation.figures import Section

SECTIONS = (
    Section("orbit-error", orbit_error.measure, wide=True),
    Section("sgp4-cases", sgp4_cases.measure),
    Section("frames", frames.measure),
    Section("sun-and-moon", sun_and_moon.measure),
    Section("eclipses", eclipses.measure),
    Section("access", access.measure),
    Section("speed", speed.measure),
    Section("brightness", brightness.measure),
)
