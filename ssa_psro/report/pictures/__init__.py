"""Which figures a report has, what each is drawn from, and what to read in it."""

from ssa_psro.report.pictures.audit import audit_pictures
from ssa_psro.report.pictures.coverage import coverage_pictures
from ssa_psro.report.pictures.iterations import iteration_pictures
from ssa_psro.report.pictures.metagame import metagame_pictures, payoff_picture
from ssa_psro.report.pictures.picture import Panel, Picture, Tables

__all__ = [
    "Panel",
    "Picture",
    "Tables",
    "audit_pictures",
    "coverage_pictures",
    "iteration_pictures",
    "metagame_pictures",
    "payoff_picture",
]
