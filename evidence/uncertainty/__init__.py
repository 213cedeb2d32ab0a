"""The scalar uncertainty of the game against a linear covariance propagation.

``python -m evidence.uncertainty`` measures the numbers of ``docs/uncertainty.md``.
"""

from __future__ import annotations
