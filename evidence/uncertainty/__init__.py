"""The covariance of the game against exponentials, true orbits and a filter of Stone Soup.

``python -m evidence.uncertainty`` measures the numbers of ``docs/uncertainty.md``.
"""

from __future__ import annotations
