"""The exact best response, in games where it can be computed: with it, PSRO is double oracle.

Double oracle: McMahan, Gordon & Blum, ICML 2003.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic

from ssa_psro.learn.protocol import Ability, Game, OracleRequest, OracleResult
from ssa_psro.metagame.judge import P


@dataclass(frozen=True)
class ExactSettings:
    """There is nothing to choose."""


@dataclass(frozen=True)
class ExactOracle(Generic[P]):
    """Answers with the best of all policies; an ``Oracle``. It starts from nothing.

    Attributes:
        game: what is played.
        settings: none.
        seed: not used.
    """

    name: ClassVar[str] = "exact"
    needs: ClassVar[frozenset[Ability]] = frozenset({"exact"})
    settings_type: ClassVar[type[Any]] = ExactSettings

    game: Game[P]
    settings: ExactSettings = ExactSettings()
    seed: int = 0

    def __call__(self, request: OracleRequest[P], /) -> OracleResult[P]:
        """The best response."""
        return self.game.best_response(request)


ORACLES: Mapping[str, Callable[..., Any]] = {"exact": ExactOracle}
