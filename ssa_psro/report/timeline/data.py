"""A trace and the geometry under it as one compact document, which the page's script reads.

It is JSON, gzipped, in base64. Arrays stand in it as a type, a shape and the base64 of their
little-endian numbers; flags are packed, eight to a byte, the first one highest. Time comes last in
every shape, so that what lasts compresses well.
"""

from __future__ import annotations

import gzip
import json
import math
from base64 import b64encode
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, Final

import erfa
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from ssa_psro.arrays import Flags, Floats
from ssa_psro.game import CoverageGame
from ssa_psro.geometry.bodies import flights
from ssa_psro.geometry.flight import positions_km
from ssa_psro.geometry.occultation import sunlight_on
from ssa_psro.geometry.sky import sun_position_km
from ssa_psro.geometry.vectors import row
from ssa_psro.scenario.schema import REGIMES, SIDES
from ssa_psro.trace import Trace

MOST_OBJECTS: Final = 120
"""Objects on the page, the contested and the weightiest first."""
KNOT_RAD: Final = 0.4
"""Most that a body turns between two of the places that are kept of it; the curve between them is
worked out in the page, half a per cent of the radius off at most."""
FOLLOWED_RAD: Final = 0.36
"""Most that a body may turn between places that a spline goes through: it is then 3 km off."""
SIGMA_FROM_KM, SIGMA_STEPS = 0.01, 18.0
"""Position errors are kept as bytes: steps of their logarithm, so many to a factor e, from here."""

Document = dict[str, Any]


def document_of(trace: Trace, game: CoverageGame) -> Document:
    """All that the page shows of an episode.

    Args:
        trace: of the episode.
        game: in which it was played.
    """
    arena, shown = game.arena, shown_objects(game)
    objects = arena.objects
    instants = [trace.utc(0), trace.utc(trace.steps)]
    return {
        "epoch": trace.epoch.astimezone(UTC).isoformat(),
        "step_s": trace.step_s,
        "steps": trace.steps,
        "sides": [
            {"name": name.capitalize(), "sensors": count}
            for name, count in zip(SIDES, arena.sensor_count, strict=True)
        ],
        "objects": [
            {
                "name": objects.names[n],
                "regime": REGIMES[objects.regime[n]],
                "contested": bool(objects.contested[n]),
                "weight": float(objects.weight[n]),
                "limit_km": float(objects.custody_sigma_km[n]),
            }
            for n in shown.tolist()
        ],
        "left_out": len(objects) - shown.size,
        "earth_rad": _earth_rotation_rad(trace.epoch),
        "sun": [_sun_direction(instant).tolist() for instant in instants],
        "land": json.loads(_land()),
        "sigma": [SIGMA_FROM_KM, SIGMA_STEPS],
        "arrays": {
            name: packed(values)
            for name, values in {
                **_states(trace, shown),
                **_events(trace, shown),
                **_geometry(trace, game, shown),
            }.items()
        },
    }


def compact(document: Document) -> str:
    """The document as the page carries it."""
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    # without the time of writing, so that one trace gives one page
    return b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def shown_objects(game: CoverageGame) -> NDArray[np.int64]:
    """Numbers of the objects on the page, in the catalogue's order."""
    objects = game.arena.objects
    foremost = np.lexsort((-objects.weight, ~objects.contested))
    return np.sort(foremost[:MOST_OBJECTS])


def packed(values: NDArray[Any]) -> list[Any]:
    """An array as its type, shape and numbers."""
    if values.dtype == np.bool_:
        return ["bits", values.shape, b64encode(np.packbits(values).tobytes()).decode()]
    kind = values.dtype.newbyteorder("<")
    return [values.dtype.name, values.shape, b64encode(values.astype(kind).tobytes()).decode()]


def _land() -> str:
    folder = files("ssa_psro.report.timeline").joinpath("vendor")
    return folder.joinpath("land-110m.json").read_text("utf-8")


def _states(trace: Trace, shown: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """How things stand at every step, ``[2, N, T]`` or ``[2, S, T]``."""
    sigma = np.log(np.maximum(trace.sigma_km[:, :, shown], SIGMA_FROM_KM) / SIGMA_FROM_KM)
    return {
        "custody": trace.custody[:, :, shown].swapaxes(1, 2),
        "holder": trace.holder[:, shown].T,
        "sigma": np.minimum(np.round(SIGMA_STEPS * sigma), 255).astype(np.uint8).swapaxes(1, 2),
        "activity": trace.activity.swapaxes(1, 2),
        "denied": trace.denied.swapaxes(1, 2),
        "protected": trace.protected.swapaxes(1, 2),
        **_sightings(trace.seen_h[:, :, shown]),
    }


def _sightings(seen_h: NDArray[np.float32]) -> dict[str, NDArray[Any]]:
    """When the hour of a side's last success at an object changes, and to what."""
    changed = np.ones(seen_h.shape, np.bool_)
    changed[:, 1:] = seen_h[:, 1:] != seen_h[:, :-1]
    side, step, n = np.nonzero(changed)
    return {
        "sighting_side": side.astype(np.int8),
        "sighting_object": n.astype(np.int16),
        "sighting_step": step.astype(np.int32),
        "sighting_h": seen_h[side, step, n],
    }


def _events(trace: Trace, shown: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """Looks, denials, protections and manoeuvres, each column an array."""
    place = np.full(trace.custody.shape[2], -1, np.int16)
    place[shown] = np.arange(shown.size)
    manoeuvres = trace.manoeuvres
    counted = (manoeuvres.step >= 0) & (place[manoeuvres.object] >= 0)
    looks = trace.looks
    columns = {
        "look": {
            "side": looks.side,
            "sensor": looks.sensor,
            "object": place[looks.object],
            "start_step": looks.start_step,
            "exposure_start_s": np.round(looks.exposure_start_s).astype(np.int32),
            "end_step": looks.end_step,
            "known_step": looks.known_step,
            "detection_percent": np.round(100 * looks.detection).astype(np.int8),
            "result": looks.result,
        },
        "denial": trace.denials._asdict(),
        "protection": trace.protections._asdict(),
        "manoeuvre": {
            "object": place[manoeuvres.object][counted],
            "step": manoeuvres.step[counted],
            "noticed_step": manoeuvres.noticed_step[counted],
        },
    }
    return {
        f"{kind}_{name}": values
        for kind, family in columns.items()
        for name, values in family.items()
    }


def _geometry(
    trace: Trace, game: CoverageGame, shown: NDArray[np.int64]
) -> dict[str, NDArray[Any]]:
    """Access ``[2, S, N, T]``, the Earth's shadow ``[2 S + N, T]`` and places of all bodies."""
    arena, slots = game.arena, game.sensors
    steps = slice(trace.start_step, trace.start_step + trace.steps)
    bodies = np.concatenate([np.arange(2 * slots), 2 * slots + shown])
    position_km = arena.tables.position_km[steps][:, bodies].astype(np.float64)
    times_s = np.arange(trace.steps, dtype=np.float64) * trace.step_s
    sun_km = sun_position_km(trace.epoch, times_s)
    access = arena.tables.quality[steps][..., shown] > 0
    return {
        "access": access.transpose(1, 2, 3, 0),
        "shadow": _shadow(position_km, sun_km).T,
        **_places(_followed(position_km, trace, game, shown)),
    }


def _shadow(position_km: Floats, sun_km: Floats) -> Flags:
    """Whether each body sees nothing of the Sun, ``[T, bodies]``."""
    places = position_km.astype(np.float32)
    return np.array(
        [sunlight_on(places[t], row(sun_km, t)) <= 0.0 for t in range(len(places))], np.bool_
    )


def _followed(
    position_km: Floats, trace: Trace, game: CoverageGame, shown: NDArray[np.int64]
) -> Floats:
    """Places at times so dense that a curve through them is right, the first and last as given."""
    finer = math.ceil(_turns_rad(position_km).max(initial=0.0) / FOLLOWED_RAD)
    if finer <= 1:
        return position_km
    scenario, slots = game.arena.scenario, game.sensors
    times_s = np.linspace(0.0, trace.steps - 1, (trace.steps - 1) * finer + 1) + trace.start_step
    flown = [
        positions_km(orbits, scenario.window.epoch, times_s * trace.step_s)
        for orbits in flights(scenario)
    ]
    # as in the tables, a side that has fewer satellites has the last places of none
    sides = (np.pad(one, ((0, 0), (0, slots - one.shape[1]), (0, 0)), "edge") for one in flown[:2])
    return np.concatenate([*sides, flown[2][:, shown]], axis=1)


def _turns_rad(position_km: Floats) -> Floats:
    """Most that each body turns from one time to the next."""
    directions = position_km / np.linalg.norm(position_km, axis=2, keepdims=True)
    cosine = np.einsum("tbi,tbi->tb", directions[1:], directions[:-1]).clip(-1.0, 1.0)
    return np.asarray(np.arccos(cosine).max(axis=0, initial=0.0))


def _places(position_km: Floats) -> dict[str, NDArray[Any]]:
    """Places of each body at evenly spaced times, the first and the last given among them.

    Returns:
        ``knots [bodies]`` how many there are of each, ``unit_km`` of the numbers, and ``places``,
        three numbers each, body after body.
    """
    count = len(position_km)
    turn_rad = _turns_rad(position_km)
    knots = np.maximum(np.ceil((count - 1) * turn_rad / KNOT_RAD) + 1, 4).astype(np.int32)
    times = np.arange(count)
    kept = np.concatenate(
        [
            CubicSpline(times, position_km[:, body])(np.linspace(0, count - 1, own))
            for body, own in enumerate(knots.tolist())
        ]
    )
    # of what is kept, which may reach farther than what was given
    unit = np.float32(np.abs(kept).max() / (np.iinfo(np.int16).max - 1))
    places = np.round(kept / unit).astype(np.int16)
    return {"knots": knots, "unit_km": np.array([unit]), "places": places.ravel()}


def _sun_direction(instant: datetime) -> Floats:
    sun_km = sun_position_km(instant, np.zeros(1))[0]
    return np.asarray(sun_km / np.linalg.norm(sun_km))


def _earth_rotation_rad(instant: datetime) -> float:
    """How far the Greenwich meridian has turned; UTC does for UT1 in a picture."""
    days = (instant - datetime(2000, 1, 1, 12, tzinfo=UTC)).total_seconds() / 86400
    return float(erfa.era00(2451545.0, days))
