"""The objects that were played for."""

from __future__ import annotations

from ssa_psro.report.table import Column, Table, make_table
from ssa_psro.scenario import Scenario


def object_table(scenario: Scenario) -> Table:
    """Every object of the catalogue, in its order."""
    columns = (
        Column("object", "", "name, unique in the catalogue"),
        Column("catalog_id", "", "as its element set gives it; empty for objects that were drawn"),
        Column("regime", "", "LEO, MEO, GEO or HEO (highly eccentric)"),
        Column("contested", "", "whether only the fresher custody is paid for"),
        Column("weight", "weight in the score", "what it is worth, before division by the total"),
    )
    return make_table("objects", "The objects of the catalogue", columns, scenario.catalog.roster())
