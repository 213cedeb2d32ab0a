"""The rules of the game: batched, compiled, and free of any learning library."""

from ssa_psro.game.command import (
    Command,
    assignment_command,
    doctrine_command,
    priority_command,
)
from ssa_psro.game.engine import CoverageGame
from ssa_psro.game.features import FEATURES
from ssa_psro.game.state import State
from ssa_psro.game.summary import SUMMARY
from ssa_psro.game.view import View

__all__ = [
    "FEATURES",
    "SUMMARY",
    "Command",
    "CoverageGame",
    "State",
    "View",
    "assignment_command",
    "doctrine_command",
    "priority_command",
]
