"""A response chosen among candidates by what the population is worth with each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ssa_psro.games.trees.behaviour import Behaviour
from ssa_psro.games.trees.game import TreeGame
from ssa_psro.learn.protocol import Oracle, OracleRequest, OracleResult, spent_on
from ssa_psro.randomness import derive_seed


@dataclass(frozen=True, eq=False)
class ChoosingOracle:
    """An ``Oracle`` that trains several responses, from other random numbers each, and keeps one.

    The choice knows the game: it is by what the best mixture of members and candidate earns against
    a best response. The candidates share the budget of the request.

    Attributes:
        oracle: trains them.
        game: that is played.
        candidates: how many.
    """

    oracle: Oracle[Behaviour]
    game: TreeGame
    candidates: int

    def __call__(self, request: OracleRequest[Behaviour], /) -> OracleResult[Behaviour]:
        """The candidate with which the population is guaranteed most, the first of equals."""
        trained = [
            self.oracle(
                replace(
                    request,
                    seed=derive_seed(request.seed, "candidate", number),
                    budget=request.budget / self.candidates,
                )
            )
            for number in range(self.candidates)
        ]
        known = [member.policy for member in request.learners]
        worth = [self.game.guaranteed([*known, one.member.policy], request.side) for one in trained]
        best = max(range(self.candidates), key=worth.__getitem__)
        facts = {
            **trained[best].facts,
            **spent_on(trained),
            "guaranteed": worth[best],
            "guaranteed_without": self.game.guaranteed(known, request.side),
            "guaranteed_least": min(worth),
        }
        return replace(trained[best], facts=facts)
