"""What was found, as text for terminals, CSV files, figures and one page that stands on its own.

Renderers of the tables of :mod:`ssa_psro.findings`: nothing here makes up a number. Figures stand
in :mod:`ssa_psro.report.figures`, one file each, and are drawn with matplotlib, which is imported
when the first one is.
"""

from ssa_psro.report.writing import save_heat_map, write_content, write_report

__all__ = ["save_heat_map", "write_content", "write_report"]
