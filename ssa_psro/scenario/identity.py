"""What makes two scenarios the same game, the same geometry, or a game with equal sides."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from ssa_psro.scenario.schema import Scenario, Side

LABELS = frozenset({"name", "description"})
"""Keys that change nothing in the game."""

GEOMETRY = {"window", "blue", "red", "catalog"}
"""Sections that ephemerides and access tables are made from."""

RULES_VERSION = 2
"""Of the rules by which games are played: raise it whenever one scenario is played differently than
before. Nothing that was played under different rules is ever mixed.

1: access is needed where a look begins; one number says how well an object is known. 2: access is
needed to the end of the exposure; covariances, angles-only looks, latency, an uncertain world.
"""

RULES_SINCE = "0.2"
"""The first version of the package that plays these rules."""

PLACEMENT = {"constellation": {"raan_deg", "anomaly_deg"}}
"""Keys of a side that turn its constellation as a whole."""


def content_hash(scenario: Scenario) -> str:
    """SHA-256 (hex) of the rules' version and the keys that differ from their defaults.

    Name and description do not count, nor order, layout and comments of the file, nor whether a
    number of a real-valued key is written 72 or 72.0, nor whether a default is written out. A key
    that is added to the schema later changes the hash of no game that leaves it at its default.
    """
    game = scenario.model_dump(mode="json", exclude_defaults=True, exclude=set(LABELS))
    return digest({"rules_version": RULES_VERSION, "game": game})


def geometry_hash(scenario: Scenario) -> str:
    """SHA-256 (hex), likewise, of the window, the sides and the catalogue."""
    return digest(scenario.model_dump(mode="json", exclude_defaults=True, include=GEOMETRY))


def is_symmetric(scenario: Scenario) -> bool:
    """Whether the sides are equal, apart from where their Walker constellations are turned to."""
    return _design(scenario.blue) == _design(scenario.red)


def _design(side: Side) -> dict[str, Any]:
    return side.model_dump(exclude=PLACEMENT)


def digest(content: Any) -> str:
    """SHA-256 (hex) of a document as canonical JSON: keys in order, no spaces, no -0.0."""
    text = json.dumps(_plain(content), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return sha256(text.encode()).hexdigest()


def _plain(content: Any) -> Any:
    """``content`` with every -0.0 as 0.0, which are the same number."""
    if isinstance(content, dict):
        return {key: _plain(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_plain(value) for value in content]
    return content + 0.0 if isinstance(content, float) else content
