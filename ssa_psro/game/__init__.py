"""The rules of the game: batched, compiled, and free of any learning library."""

from ssa_psro.game.columns import FEATURES, SUMMARY
from ssa_psro.game.command import (
    Command,
    assignment_command,
    doctrine_command,
    priority_command,
)
from ssa_psro.game.engine import CoverageGame, View, game_of
from ssa_psro.game.state import State

__all__ = [
    "FEATURES",
    "SUMMARY",
    "Command",
    "CoverageGame",
    "State",
    "View",
    "assignment_command",
    "doctrine_command",
    "game_of",
    "priority_command",
]
