"""The coverage game as PSRO and its oracles see it."""

from ssa_psro.games.coverage.game import Coverage, CoverageJudge, mix

__all__ = ["Coverage", "CoverageJudge", "mix"]
