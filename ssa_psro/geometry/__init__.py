"""From orbits to tables: everything geometric is computed once, before the first episode."""

from ssa_psro.geometry.arena import AccessTables, Arena, ForecastWindows, Objects
from ssa_psro.geometry.build import build_arena
from ssa_psro.geometry.cache import default_cache_dir
from ssa_psro.geometry.constraints import REASONS
from ssa_psro.geometry.reasons import access_reasons

__all__ = [
    "REASONS",
    "AccessTables",
    "Arena",
    "ForecastWindows",
    "Objects",
    "access_reasons",
    "build_arena",
    "default_cache_dir",
]
