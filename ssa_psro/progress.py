"""How long work tells how far it is: one kind of callback for a share, one for a stage and a share.

Shares lie in [0, 1] and are of the piece of work at hand. Whoever works tells; what becomes of it,
a bar or nothing, is the listener's business.
"""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[float], None]
"""Told the share of one piece of work that is done."""

StageProgress = Callable[[str, float], None]
"""Told the name of the stage that work is in, and the share of it that is done."""


def untold(share: float) -> None:
    """Progress that nobody follows."""


def untold_stages(stage: str, share: float) -> None:
    """Stages that nobody follows."""
