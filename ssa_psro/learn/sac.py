"""The SAC oracle: a best response that learns from all it has seen, not just the last rollout.

SAC's actor squashes its output where PPO's is clipped, and it has two critics of actions where
PPO has one of situations. So SAC members inherit from and fuse with each other and with
heuristics, but never with PPO members: their parameters have other names, and the start rules
leave out what does not fit. A heuristic's weights are cut off at ``SQUASHED_MOST``.
"""

from __future__ import annotations

from dataclasses import dataclass

from ssa_psro.envs.core import game_of
from ssa_psro.game import CoverageGame
from ssa_psro.learn.protocol import OracleRequest, OracleResult
from ssa_psro.learn.start_weights import Start
from ssa_psro.learn.training import TrainingSettings, start_of
from ssa_psro.policies import Policy
from ssa_psro.randomness import derive_seed
from ssa_psro.scenario import Scenario
from ssa_psro.work import note_share


@dataclass(frozen=True)
class SacTuning:
    """Settings of SAC beyond those of a scenario.

    Attributes:
        gamma: discount; below 1, because the critics feed on their own estimates.
        updates_per_decision: gradient steps for every decision played.
        batch: decisions behind each gradient step, drawn from the memory.
        memory: decisions that are remembered.
        tau: share of the critics that their slow copies take over in each step.
        entropy: SB3's ``ent_coef``: learned, from 0.1 on.
        reward_scale: rewards are multiplied by it in training.
        validation_episodes: episodes that decide between the start and the end of a training.
    """

    gamma: float = 0.99
    updates_per_decision: float = 1 / 16
    batch: int = 256
    memory: int = 200_000
    tau: float = 0.005
    entropy: str = "auto_0.1"
    reward_scale: float = 10.0
    validation_episodes: int = 128


@dataclass(frozen=True)
class SacOracle:
    """Trains best responses in the coverage game of a scenario; an ``Oracle``.

    It travels as ``PpoOracle`` does. One rollout of every training acts at random, which shows
    the critics more than a confident start would.

    Attributes:
        scenario: the game.
        settings: of every training.
        seed: root of the initialisations.
        tuning: what the settings leave open.
    """

    scenario: Scenario
    settings: TrainingSettings
    seed: int
    tuning: SacTuning = SacTuning()

    def __call__(self, request: OracleRequest[Policy], /) -> OracleResult[Policy]:
        """The best response found, with ``parameters`` of actor and critics.

        Raises:
            UsageError: there is no start rule of the name asked for, or the training diverged.
        """
        from ssa_psro.learn.doctrine_training import respond
        from ssa_psro.learn.sac_training import LEARNER

        game = game_of(self.scenario)
        return respond(
            LEARNER,
            game,
            request,
            self.start(game, request),
            self.settings,
            tuning=self.tuning,
            progress=note_share,
        )

    def start(self, game: CoverageGame, request: OracleRequest[Policy]) -> Start:
        """Where the training of ``request`` starts.

        Raises:
            UsageError: there is no start rule of the name asked for.
        """
        from ssa_psro.learn.sac_weights import fresh_parameters

        seed = derive_seed(self.seed, "initialisation", request.side)
        return start_of(request, fresh_parameters(game, self.settings.hidden, seed))
