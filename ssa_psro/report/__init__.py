"""What a run found, as tables, figures and one page that stands on its own.

Tables come first, figures are drawn from tables, and every figure's data lies beside it as CSV.
"""

from ssa_psro.report.content import Content, content_of
from ssa_psro.report.headline import Headline, headline_of
from ssa_psro.report.matrix import save_heat_map
from ssa_psro.report.writing import write_content, write_report

__all__ = [
    "Content",
    "Headline",
    "content_of",
    "headline_of",
    "save_heat_map",
    "write_content",
    "write_report",
]
