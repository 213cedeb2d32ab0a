"""Sweeps small enough to be carried out in a test."""

from __future__ import annotations

from pathlib import Path

TINY = Path(__file__).parents[1] / "e2e" / "tiny.toml"

GRID = """\
name = "small"
description = "Four places, two seeds"
scenario = "tiny.toml"
seeds = [1, 2]

[tournament]
policies = ["aggressive", "blinding"]
episodes = 2
resamples = 20

[set]
rules.denial_recharge_s = 3600.0

[[axes]]
keys = ["blue.sensor.denial_range_km", "red.sensor.denial_range_km"]
values = [20000.0, 100.0]
label = "Range of denial"
unit = "km"

[[axes]]
keys = ["rules.denial_s"]
values = [600.0, 7200.0]
"""

RUNS = """\
name = "runs"
scenario = "tiny.toml"
measure = "run"

[set]
solver.iterations = 1

[[axes]]
keys = ["rules.rivalry"]
values = [1.0, 0.5]
"""


def sweep_file(folder: Path, text: str = GRID) -> Path:
    """The file of a sweep, with its scenario beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tiny.toml").write_bytes(TINY.read_bytes())
    path = folder / "sweep.toml"
    path.write_text(text, "utf-8")
    return path
