"""Arenas and orders of which the outcome can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from arenas import make_arena
from reference.reference_features import FEATURES
from reference.reference_state import Orders

from ssa_psro.geometry.arena import Arena, ManoeuvreWindows

IDLE = Orders("assignment", [-1] * 12)
SURE = {"slew_rate_deg_s": 1.0, "settle_s": 0.0, "dwell_s": 600.0, "field_of_view_deg": 180.0}


def doctrine(**weights: float) -> Orders:
    return Orders("doctrine", [weights.get(name, 0.0) for name in FEATURES])


def assign(*candidates: int) -> Orders:
    return Orders("assignment", candidates)


def random_doctrine(rng: np.random.Generator, **fixed: float) -> Orders:
    return Orders("doctrine", [fixed.get(name, rng.normal()) for name in FEATURES])


def sure_arena(**options: Any) -> Arena:
    """Everything is always in sight at quality 1, and found; all objects weigh 1, in custody.

    Growth 0.5 km/h, custody 100 km, measurement 1 km; two steps to observe.
    """
    arena = make_arena(
        **{
            "sensors": (2, 2),
            "objects": 3,
            "contested": 0,
            "steps": 50,
            "windows": 0,
            "access": 1.0,
            "denial": 1.0,
            "sensor": SURE,
            **options,
        }
    )
    arena.tables.quality[arena.tables.quality > 0] = 255
    count = len(arena.objects)
    objects = replace(
        arena.objects,
        weight=np.ones(count),
        growth_km_h=np.full(count, 0.5),
        custody_sigma_km=np.full(count, 100.0),
        measurement_sigma_km=np.ones(count),
    )
    return replace(arena, objects=objects)


def with_window(
    arena: Arena,
    start: int,
    end: int,
    *,
    probability: float = 1.0,
    delta_v_km_h: float = 4.0,
    announced: bool = True,
) -> Arena:
    """The arena with one manoeuvre window, the same for every object."""
    shape = (len(arena.objects), 1)
    windows = ManoeuvreWindows(
        np.full(shape, start, dtype=np.int32),
        np.full(shape, end, dtype=np.int32),
        np.full(shape, probability),
        np.full(shape, delta_v_km_h),
        np.full(shape, announced),
    )
    return replace(arena, windows=windows)
