"""From orbits to tables: everything geometric is computed once, before the first episode."""

from ssa_psro.geometry.access import REASONS, access_reasons
from ssa_psro.geometry.arena import AccessTables, Arena, ManoeuvreWindows, Objects
from ssa_psro.geometry.build import build_arena
from ssa_psro.geometry.cache import default_cache_dir

__all__ = [
    "REASONS",
    "AccessTables",
    "Arena",
    "ManoeuvreWindows",
    "Objects",
    "access_reasons",
    "build_arena",
    "default_cache_dir",
]
