"""Run folders: what a run was, what it has found so far, and how it goes on.

Reading needs no learning library and no game. What makes and continues a run is imported from
where it stands: :mod:`ssa_psro.runs.writing` and :mod:`ssa_psro.runs.execution`.
"""

from ssa_psro.runs.manifest import Manifest, Session
from ssa_psro.runs.members import MemberFile
from ssa_psro.runs.reading import Run, is_run_folder, open_run
from ssa_psro.runs.series import Band, CoverageSeries
from ssa_psro.runs.solution import SideSolution, Solution

__all__ = [
    "Band",
    "CoverageSeries",
    "Manifest",
    "MemberFile",
    "Run",
    "Session",
    "SideSolution",
    "Solution",
    "is_run_folder",
    "open_run",
]
