"""Where work is done: in turn, in threads and processes, in a shared folder; how far it is, and how
it stops."""

from ssa_psro.work.executors import Executor, ThisMachine
from ssa_psro.work.mapping import Mapper, map_in_turn
from ssa_psro.work.notes import note_share
from ssa_psro.work.shared_folder import OutdatedError, SharedFolder
from ssa_psro.work.workers import Workers

__all__ = [
    "Executor",
    "Mapper",
    "OutdatedError",
    "SharedFolder",
    "ThisMachine",
    "Workers",
    "map_in_turn",
    "note_share",
]
