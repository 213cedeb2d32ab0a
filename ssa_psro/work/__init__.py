"""Where work is done: in turn, in threads, in processes; how far it is, and how it stops."""

from ssa_psro.work.mapping import Mapper, map_in_turn
from ssa_psro.work.notes import note_share
from ssa_psro.work.workers import Workers

__all__ = ["Mapper", "Workers", "map_in_turn", "note_share"]
