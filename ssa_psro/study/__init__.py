"""Run folders: what a run was, what it has found so far, and how it goes on.

Reading needs no learning library and no game. What makes and continues a run is imported from
where it stands: :mod:`ssa_psro.study.writing` and :mod:`ssa_psro.study.solve`.
"""

from __future__ import annotations

from ssa_psro.study.folder import Manifest, MemberFile, Session
from ssa_psro.study.outcome import Band, CoverageSeries, SideSolution, Solution
from ssa_psro.study.reading import Run, is_run_folder, open_run
from ssa_psro.study.study import LoadedStudy, Study, load_study, parse_study

__all__ = [
    "Band",
    "CoverageSeries",
    "LoadedStudy",
    "Manifest",
    "MemberFile",
    "Run",
    "Session",
    "SideSolution",
    "Solution",
    "Study",
    "is_run_folder",
    "load_study",
    "open_run",
    "parse_study",
]
