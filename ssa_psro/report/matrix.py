"""The payoff matrix of a tournament as a figure of its own, without a run folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ssa_psro.report.table import write_csv
from ssa_psro.report.tables.columns import SIDES
from ssa_psro.report.tables.metagame import Mixtures, payoff_table

if TYPE_CHECKING:
    from ssa_psro.metagame.payoffs import PayoffTable


def save_heat_map(
    payoffs: PayoffTable, mixtures: Mixtures, folder: Path, *, zero_sum: bool = True
) -> list[Path]:
    """Write the payoffs as CSV, and their heat map as PNG and SVG, into an existing folder.

    Args:
        payoffs: rows are Blue's policies.
        mixtures: probability of each of Blue's and of each of Red's policies at equilibrium.
        folder: must exist.
        zero_sum: draw Blue's payoffs only, since Red's are their opposite.

    Returns:
        What was written.
    """
    from ssa_psro.report.pictures import payoff_picture
    from ssa_psro.report.rendering import save

    table = payoff_table(payoffs, mixtures)
    paths = [write_csv(table, folder)]
    for side in SIDES[:1] if zero_sum else SIDES:
        paths += save(payoff_picture(table.where("paid", side), zero_sum=zero_sum), folder)
    return paths
