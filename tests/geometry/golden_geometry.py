"""What is drawn and computed of one small scenario before anybody plays, kept in a file.

``python tests/geometry/golden_geometry.py`` writes it anew; do so only when the change is meant,
and say it in the changelog.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ssa_psro.geometry import build_arena
from ssa_psro.randomness import derive_seed, episode_seeds, generator
from ssa_psro.study import load_study

PATH = Path(__file__).with_name("golden_geometry.json")
SCENARIO = Path(__file__).parents[1] / "e2e" / "tiny.toml"
STEPS = (0, 1, 72, 143)


def found() -> dict[str, Any]:
    """The record as it is now; ``exact`` is equal everywhere, each other within its tolerance."""
    arena = build_arena(load_study(SCENARIO).study.scenario, cache_dir=None)
    random, tables = generator(1, "golden"), arena.tables
    return {
        "exact": {
            "derive_seed": derive_seed(1, "golden", 2),
            "episode_seeds": [int(one) for one in episode_seeds(1, "golden", count=3)],
            "start_step": arena.windows.start_step.tolist(),
            "end_step": arena.windows.end_step.tolist(),
            "names": list(arena.objects.names),
        },
        "drawn": {
            "uniform": random.uniform(size=3).tolist(),
            "normal": random.normal(size=3).tolist(),
            "integers": random.integers(2**40, size=3).tolist(),
            "permutation": random.permutation(8).tolist(),
            "radius_m": arena.objects.radius_m.tolist(),
            "mean_motion_rad_h": arena.objects.mean_motion_rad_h.tolist(),
        },
        "position_km": tables.position_km[list(STEPS)].astype(float).tolist(),
        "quality": tables.quality[list(STEPS)].astype(int).tolist(),
        "access": (tables.quality > 0).sum(axis=(0, 2)).tolist(),
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(found(), indent=1) + "\n", "utf-8")
    print(f"wrote {PATH}", file=sys.stderr)
