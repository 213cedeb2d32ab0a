"""Catalogues drawn from a seed, with the distributions documented module by module."""

from ssa_psro.catalogs.generation.generating import FIRST_ID, POPULATIONS, GeneratedObject, generate

__all__ = ["FIRST_ID", "POPULATIONS", "GeneratedObject", "generate"]
