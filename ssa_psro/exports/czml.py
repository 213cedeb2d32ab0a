"""CZML: what Cesium shows of a scenario, and of an episode that was traced.

Satellites and objects move as they do; with a trace an object has the colour of who holds it, and a
look is a line from a sensor to an object for as long as it is exposed. Positions are in metres,
``INERTIAL``: Cesium turns the axes of the ICRF with the Earth.

boinor's extractor is no use here. It flies ``Orbit`` objects itself, by two bodies, and takes no
positions of another's; it has neither lines between bodies nor colours that change with time; and
it asks for a map from the network.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssa_psro.exports.ephemeris import OBJECT, Body, Ephemeris
from ssa_psro.scenario.schema import SIDES
from ssa_psro.trace import Result, Trace

DEGREE = 7
"""Of Lagrange's polynomial, which Cesium interpolates with: eight positions."""

BLUE, RED, BOTH, NOBODY = (0, 114, 178), (213, 94, 0), (0, 158, 115), (189, 189, 189)
"""Okabe and Ito's blue, vermillion and bluish green, and grey: those of the report."""
COLOURS = {"blue": BLUE, "red": RED, OBJECT: NOBODY}
IN_VAIN = (Result.NOT_DETECTED, Result.OUT_OF_FIELD, Result.BROKEN_OFF)
MISSED = 90
"""Opacity, of 255, of a look in vain."""

CUSTODY = (NOBODY, BLUE, RED, BOTH)
"""By whether Blue has custody, plus twice whether Red has."""


def czml_text(ephemeris: Ephemeris, trace: Trace | None = None) -> str:
    """The document as JSON.

    Args:
        ephemeris: of the episode, if there is a trace.
        trace: of one episode.
    """
    packets = [_document(ephemeris), *_bodies(ephemeris, trace)]
    if trace is not None:
        packets += _looks(ephemeris, trace)
    return json.dumps(packets, separators=(",", ":"), allow_nan=False) + "\n"


def _document(ephemeris: Ephemeris) -> dict[str, Any]:
    clock = {
        "interval": _interval(ephemeris, 0.0, ephemeris.times_s[-1]),
        "currentTime": _time(ephemeris, 0.0),
        "multiplier": 60,
        "range": "LOOP_STOP",
        "step": "SYSTEM_CLOCK_MULTIPLIER",
    }
    return {"id": "document", "name": ephemeris.scenario.name, "version": "1.0", "clock": clock}


def _bodies(ephemeris: Ephemeris, trace: Trace | None) -> Iterator[dict[str, Any]]:
    first = sum(body.kind != OBJECT for body in ephemeris.bodies)
    whole = _interval(ephemeris, 0.0, ephemeris.times_s[-1])
    for number, body in enumerate(ephemeris.bodies):
        colour: Any = {"rgba": [*COLOURS[body.kind], 255]}
        if trace is not None and body.kind == OBJECT:
            colour = list(_custody(ephemeris, trace, number - first))
        rows = np.column_stack((ephemeris.times_s, ephemeris.position_km[:, number] * 1000.0))
        yield {
            "id": body.key,
            "name": body.name,
            "description": _described(body),
            "availability": whole,
            "point": {"color": colour, "pixelSize": 4 if body.kind == OBJECT else 8},
            "position": {
                "epoch": _time(ephemeris, 0.0),
                "referenceFrame": "INERTIAL",
                "interpolationAlgorithm": "LAGRANGE",
                "interpolationDegree": DEGREE,
                "cartesian": np.round(rows, 1).ravel().tolist(),
            },
        }


def _described(body: Body) -> str:
    known = (body.kind, body.catalog_id and f"catalogue id {body.catalog_id}", body.designator)
    return ", ".join(filter(None, known))


def _custody(ephemeris: Ephemeris, trace: Trace, n: int) -> Iterator[dict[str, Any]]:
    """The colour of an object while each side holds it, does not, or both do."""
    held = trace.custody[0, :, n] + 2 * trace.custody[1, :, n].astype(np.int64)
    for first, last in runs(held):
        interval = _interval(ephemeris, first * trace.step_s, last * trace.step_s)
        yield {"interval": interval, "rgba": [*CUSTODY[int(held[first])], 255]}


def runs(values: NDArray[Any]) -> Iterator[tuple[int, int]]:
    """Where each run of equal values begins, and where the next one does."""
    edges = np.flatnonzero(np.diff(values)) + 1
    yield from pairwise([0, *edges.tolist(), len(values)])


def _looks(ephemeris: Ephemeris, trace: Trace) -> Iterator[dict[str, Any]]:
    """A line for every sensor and object that met: shown during exposures, faint where in vain."""
    looks, pairs = trace.looks, defaultdict(list)
    last_s = trace.steps * trace.step_s
    dwells_s = [side.sensor.dwell_s for side in ephemeris.scenario.sides]
    for one in range(looks.side.size):
        began_s, dwell_s = float(looks.exposure_start_s[one]), dwells_s[looks.side[one]]
        # the rules go by steps; the exposure itself ends within one, or is broken off
        ended_s = min(began_s + dwell_s, float(looks.end_step[one] * trace.step_s))
        span = min(began_s, last_s), min(ended_s, last_s)
        if span[0] < span[1]:  # else the look was broken off before its exposure
            pair = int(looks.side[one]), int(looks.sensor[one]), int(looks.object[one])
            pairs[pair].append((*span, looks.result[one] not in IN_VAIN))
    for (side, sensor, n), spans in sorted(pairs.items()):
        ends = [f"{SIDES[side]}-{sensor + 1}", f"{OBJECT}-{n + 1}"]
        yield {
            "id": f"look-{'-'.join(ends)}",
            "polyline": {
                "positions": {"references": [f"{one}#position" for one in ends]},
                "arcType": "NONE",
                "width": 1.5,
                "material": {"solidColor": {"color": _colours(ephemeris, SIDES[side], spans)}},
                "show": list(_shown(ephemeris, spans)),
            },
        }


def _colours(
    ephemeris: Ephemeris, side: str, spans: Sequence[tuple[float, float, bool]]
) -> list[dict[str, Any]]:
    return [
        {
            "interval": _interval(ephemeris, first, last),
            "rgba": [*COLOURS[side], 255 if hit else MISSED],
        }
        for first, last, hit in spans
    ]


def _shown(
    ephemeris: Ephemeris, spans: Sequence[tuple[float, float, bool]]
) -> Iterator[dict[str, Any]]:
    """Never, but for the spans: of intervals that overlap the later one counts."""
    yield {"interval": _interval(ephemeris, 0.0, ephemeris.times_s[-1]), "boolean": False}
    for first, last, _ in spans:
        yield {"interval": _interval(ephemeris, first, last), "boolean": True}


def _interval(ephemeris: Ephemeris, first_s: float, last_s: float) -> str:
    return f"{_time(ephemeris, first_s)}/{_time(ephemeris, last_s)}"


def _time(ephemeris: Ephemeris, time_s: float) -> str:
    text = ephemeris.utc(time_s).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return text.rstrip("0").rstrip(".") + "Z"
