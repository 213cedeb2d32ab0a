"""The scalar uncertainty of the game against a linear covariance propagation.

``python -m ssa_psro.benchmarks.uncertainty`` measures the numbers of ``docs/uncertainty.md``.
"""
