"""Every table of the page, by the mark that stands in it."""

from __future__ import annotations

from evidence.validation import (
    access,
    brightness,
    eclipses,
    frames,
    orbit_error,
    reduction,
    sgp4_cases,
    sun_and_moon,
)
from evidence.validation.figures import Section

SECTIONS = (
    Section("orbit-error", orbit_error.measure, wide=True),
    Section("sgp4-cases", sgp4_cases.measure),
    Section("frames", frames.measure),
    Section("axis", frames.measure_axis, wide=True),
    Section("sun-and-moon", sun_and_moon.measure, wide=True),
    Section("eclipses", eclipses.measure, wide=True),
    Section("eclipse-length", eclipses.measure_longest),
    Section("access", access.measure, wide=True),
    Section("access-steps", access.measure_steps, wide=True),
    Section("reduction", reduction.measure, wide=True),
    Section("brightness", brightness.measure),
)
