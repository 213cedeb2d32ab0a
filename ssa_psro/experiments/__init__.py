"""Experiments of Fusion-PSRO (arXiv 2405.21027): several arms, several seeds, equal budgets."""

from __future__ import annotations
