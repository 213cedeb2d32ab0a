"""Element sets in files: read, checked record by record, selected, generated and written."""

from ssa_psro.catalogs.element_set import ORBIT_REGIMES, ElementSet, canonical_id, satrec
from ssa_psro.catalogs.reading import read_catalog
from ssa_psro.catalogs.records import CatalogFile, Rejected

__all__ = [
    "ORBIT_REGIMES",
    "CatalogFile",
    "ElementSet",
    "Rejected",
    "canonical_id",
    "read_catalog",
    "satrec",
]
