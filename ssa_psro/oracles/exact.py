"""The exact oracle of a matrix game: PSRO with it is the double oracle algorithm.

Double oracle: McMahan, Gordon & Blum, ICML 2003.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.metagame.solvers.equilibrium import as_bimatrix
from ssa_psro.oracles.protocol import Member, OracleRequest, OracleResult


@dataclass(frozen=True, eq=False)
class MatrixGame:
    """A two-player matrix game in the shape PSRO asks for; a policy is a mixture ``[n]``.

    Attributes:
        payoffs: ``[n, m, 2]``.
    """

    payoffs: Floats

    @classmethod
    def of(cls, payoffs: ArrayLike) -> MatrixGame:
        """The game with payoffs ``[n, m, 2]``, or ``[n, m]`` if it is zero-sum.

        Raises:
            UsageError: another shape, or payoffs that are not finite.
        """
        return cls(as_bimatrix(payoffs))

    def pure(self, side: int, action: int) -> Member[Floats]:
        """The member of ``side`` that always plays ``action``."""
        return Member(f"action-{action}", np.eye(self.payoffs.shape[side])[action])

    def judge(self, row: Floats, column: Floats, seeds: Seeds, /) -> Floats:
        """Expected payoffs, the same in every episode, ``[E, 2]``."""
        expected = np.einsum("i,ijs,j->s", row, self.payoffs, column)
        return np.tile(expected, (len(seeds), 1))

    def mix(self, policies: Sequence[Floats], probabilities: Floats, /) -> Floats:
        """The mixture of mixtures, which in a matrix game is one again."""
        return np.asarray(probabilities @ np.stack(policies))

    def best_response(self, request: OracleRequest[Floats], /) -> OracleResult[Floats]:
        """The action of highest expected payoff against the opponents; the first of equals."""
        policies = [member.policy for member in request.opponents]
        opponent = self.mix(policies, request.opponent_mixture)
        own = self.payoffs[..., request.side]
        payoff = own @ opponent if request.side == 0 else opponent @ own
        action = int(payoff.argmax())
        member = Member(request.name, np.eye(payoff.size)[action])
        return OracleResult(member, facts={"action": action, "payoff": float(payoff[action])})
