"""Scenario files that come with the package, and the catalogues that they name.

They lie beside the package in the repository, and inside it once it is installed.
"""

from __future__ import annotations

from pathlib import Path

SCENARIOS, DATA = "scenarios", "data"
"""Folders of scenario files and of catalogues; one names the other by ``../data/``."""


def shipped_scenarios() -> dict[str, Path]:
    """The scenario files by name, such as ``quickstart``."""
    package = Path(__file__).parents[1]
    folders = (package / SCENARIOS, package.parent / SCENARIOS)
    return {one.stem: one for folder in folders for one in sorted(folder.glob("*.toml"))}
