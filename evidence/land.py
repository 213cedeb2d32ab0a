"""The land of the globe on a report's page: world-atlas's TopoJSON as rings in tenths of degrees.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m evidence.land package/land-110m.json ssa_psro/report/timeline/vendor/land-110m.json

A ring is ``[lon, lat, dlon, dlat, …]``: its first point, then the way to each next one. What it is
about lies to its right, the one lake included, which the topology has the other way round: where
rings overlap, as a lake does, there is no land.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np


def rings_of(topology: dict[str, Any]) -> list[list[int]]:
    """The rings of all polygons, holes included, without points that became one by rounding."""
    place = topology["transform"]
    arcs = [
        np.cumsum(arc, axis=0) * place["scale"] + place["translate"] for arc in topology["arcs"]
    ]
    rings = []
    for geometry in topology["objects"]["land"]["geometries"]:
        for hole, ring in (one for polygon in geometry["arcs"] for one in enumerate(polygon)):
            # ~k stands for arc k backwards; each begins where the one before it ends
            parts = [arcs[k] if k >= 0 else arcs[~k][::-1] for k in ring]
            points = np.concatenate([part[: len(part) - 1] for part in parts])
            points = points[::-1] if hole else points
            tenths = np.round(10 * points).astype(int)
            kept = tenths[(tenths != np.roll(tenths, 1, axis=0)).any(axis=1)]
            steps = np.diff(kept, axis=0, prepend=np.zeros((1, 2), int))
            rings.append([int(step) for step in steps.ravel()])
    return [ring for ring in rings if len(ring) >= 6]


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    rings = rings_of(json.loads(source.read_text("utf-8")))
    target.write_text(json.dumps(rings, separators=(",", ":")) + "\n", "utf-8")
