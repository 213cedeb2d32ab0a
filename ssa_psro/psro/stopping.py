"""When a PSRO run ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ssa_psro.psro.records import IterationRecord

StopReason = Literal["iterations", "tolerance"]


@dataclass(frozen=True)
class StopRule:
    """A pure function of the records, so that a resumed run stops where it would have.

    What must be low is the credible bound, never the estimate: stopping needs evidence that
    little is left to gain. It is evidence about the responses trained, not about all there
    are.

    Attributes:
        iterations: at most so many, >= 1.
        tolerance: approximate exploitability that is good enough, payoff units; 0 never is.
        patience: for how many iterations in a row ``credible_bound`` must lie below it, >= 1.
    """

    iterations: int
    tolerance: float = 0.0
    patience: int = 1

    def __call__(self, records: Sequence[IterationRecord]) -> StopReason | None:
        """Why the run ends after these records; ``None`` if it goes on."""
        last = [record.credible_bound for record in records[-self.patience :]]
        if len(last) == self.patience and max(last) < self.tolerance:
            return "tolerance"
        return "iterations" if len(records) >= self.iterations else None
