"""Scenario files that come with the package, and the catalogues that they name.

They lie beside the package in the repository, and inside it once it is installed.
"""

from __future__ import annotations

from pathlib import Path

SCENARIOS, DATA = "scenarios", "data"
"""Folders of scenario files and of catalogues; one names the other by ``../data/``."""


def shipped_scenarios() -> dict[str, Path]:
    """The scenario files by name, such as ``quickstart``."""
    return _files_in(SCENARIOS)


def shipped_sweeps() -> dict[str, Path]:
    """The sweep files by name, such as ``denial``."""
    return _files_in(f"{SCENARIOS}/sweeps")


def _files_in(folder: str) -> dict[str, Path]:
    package = Path(__file__).parents[1]
    folders = (package / folder, package.parent / folder)
    return {one.stem: one for place in folders for one in sorted(place.glob("*.toml"))}
