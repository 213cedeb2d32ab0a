"""What a pair of policies is worth, and what the best of all policies would gain over it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DeviationValues:
    """Of a pair of policies in a zero-sum game.

    Attributes:
        value: expected payoff of the row player.
        gains: what each player's best response gains over playing on, both >= 0.
    """

    value: float
    gains: tuple[float, float]

    @classmethod
    def of(cls, value: float, best: tuple[float, float]) -> DeviationValues:
        """From the row player's payoff and what each player's best response would get.

        Gains are cut off at 0: no policy beats a best response, whatever rounding says.
        """
        return cls(value, (max(0.0, best[0] - value), max(0.0, best[1] + value)))

    @property
    def nash_conv(self) -> float:
        """Sum of the gains; 0 at a Nash equilibrium and only there."""
        return sum(self.gains)

    @property
    def exploitability(self) -> float:
        """Half of NashConv, as in OpenSpiel."""
        return self.nash_conv / 2
