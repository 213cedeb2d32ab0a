"""What lies where in a run folder.

::

    manifest.json                     what was run, with what, and how far it got
    scenario.toml, scenario.json      the scenario as given, and as it was run
    populations/SIDE/NNN-NAME.json    a member; .safetensors beside it if it is a network
    payoffs.npz                       every episode of every pair of members
    iterations/NNN.json               what iteration NNN found; written last, it commits it
    solution.json, coverage.npz       the outcome, once the run has ended
"""

from __future__ import annotations

from pathlib import Path

FORMAT = 1
"""Raise this whenever an older package could misread a folder."""

MANIFEST = "manifest.json"
SOURCE = "scenario.toml"
SCENARIO = "scenario.json"
PAYOFFS = "payoffs.npz"
ITERATIONS = "iterations"
SOLUTION = "solution.json"
COVERAGE = "coverage.npz"
LOCK = "lock"


def record_path(folder: Path, iteration: int) -> Path:
    """The record of an iteration, from 1."""
    return folder / ITERATIONS / f"{iteration:03d}.json"


def member_path(folder: Path, side: str, index: int, name: str) -> Path:
    """The description of member ``index`` of a side, from 0."""
    return folder / "populations" / side / f"{index:03d}-{name}.json"


def weights_path(member: Path) -> Path:
    """The parameters of the member described in ``member``."""
    return member.with_name(member.name.removesuffix(".json") + ".safetensors")
