"""The coverage game in the shape PSRO and its oracles ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.errors import Fault, UsageError
from ssa_psro.game import CoverageGame, game_of
from ssa_psro.games.coverage.offers import DEFAULTS, OFFERS, STARTS
from ssa_psro.learn.protocol import Ability, Kind, OracleRequest, OracleResult
from ssa_psro.policies import Mixture, Policy, play
from ssa_psro.progress import StageProgress, untold_stages
from ssa_psro.scenario import Scenario

if TYPE_CHECKING:
    from ssa_psro.games.coverage.task import ChoiceTask, DoctrineTask


@dataclass(frozen=True)
class Coverage:
    """The coverage game of a scenario as a ``Game``. Its row player is Blue.

    It travels as its scenario, and finds its tables in the cache wherever it is.

    Attributes:
        scenario: of which the game's own part counts alone.
    """

    scenario: Scenario
    _engine: CoverageGame | None = field(default=None, compare=False, repr=False)

    name: ClassVar[str] = "the coverage game"
    offers: ClassVar[frozenset[Ability]] = OFFERS
    defaults: ClassVar[Mapping[str, Mapping[str, Any]]] = DEFAULTS
    starts: ClassVar[Sequence[str]] = STARTS

    @classmethod
    def of(cls, engine: CoverageGame) -> Coverage:
        """The game of an engine that has been made already."""
        return cls(engine.arena.scenario, engine)

    @property
    def engine(self) -> CoverageGame:
        """What plays it; made once in every process."""
        return self._engine or game_of(self.scenario)

    def build(self, progress: StageProgress = untold_stages) -> CoverageGame:
        """The engine, telling how far its tables are if they must be made."""
        return self._engine or game_of(self.scenario, progress)

    def judge(self, row: Policy, column: Policy, seeds: Seeds, /) -> Floats:
        """Payoffs of Blue and Red in every episode, ``[E, 2]``."""
        return play(self.engine, row, column, seeds).payoffs

    def judge_with_scores(self, row: Policy, column: Policy, seeds: Seeds, /) -> Floats:
        """Payoffs of Blue and Red in every episode, then their coverage scores, ``[E, 4]``."""
        played = play(self.engine, row, column, seeds)
        return np.concatenate([played.payoffs, played.scores], axis=1)

    @staticmethod
    def mix(policies: Sequence[Policy], probabilities: Floats, /) -> Mixture:
        """One policy that plays one of several, ``[n]``, drawn anew for every episode."""
        return Mixture("mixture", tuple(policies), probabilities)

    def best_response(self, request: OracleRequest[Policy], /) -> OracleResult[Policy]:
        """Cannot be computed here.

        Raises:
            UsageError: always.
        """
        cure = "Use ppo, sac, dqn, cma-es or cma-es+ppo."
        fault = Fault("oracle.kind", "exact", "best responses cannot be computed here", cure)
        raise UsageError("oracles", [fault])

    def stream(self, algorithm: str, /) -> str:
        """One for each algorithm."""
        return algorithm

    def task(
        self, request: OracleRequest[Policy], kinds: Sequence[Kind], /
    ) -> DoctrineTask | ChoiceTask:
        """One side against a mixture that draws a member for every episode.

        An action is a doctrine for the decision interval; where an algorithm chooses from a list,
        one of the named heuristics' doctrines.
        """
        from ssa_psro.games.coverage.task import ChoiceTask, DoctrineTask

        kind = DoctrineTask if kinds[0] == "continuous" else ChoiceTask
        return kind(self.engine, request)
