"""The PPO oracle: a best response trained against the opponents' mixture.

All learners of a side descend from one initialisation, drawn from the scenario's seed. What
fusion averages are then networks whose hidden units mean the same at birth; averages of networks
born apart are near no member of the population.
"""

from __future__ import annotations

from dataclasses import dataclass

from ssa_psro.envs.core import game_of
from ssa_psro.game import CoverageGame
from ssa_psro.learn.ppo_tuning import TUNING, PpoTuning
from ssa_psro.learn.protocol import OracleRequest, OracleResult
from ssa_psro.learn.start_weights import Start
from ssa_psro.learn.training import TrainingSettings, start_of
from ssa_psro.policies import Policy
from ssa_psro.randomness import derive_seed
from ssa_psro.scenario import Scenario
from ssa_psro.work import note_share


@dataclass(frozen=True)
class PpoOracle:
    """Trains best responses in the coverage game of a scenario; an ``Oracle``.

    It can be sent to another process, which builds the game from the cached tables. Only where
    it trains is torch imported.

    Attributes:
        scenario: the game.
        settings: of every training.
        seed: root of the initialisations.
        tuning: what the settings leave open.
    """

    scenario: Scenario
    settings: TrainingSettings
    seed: int
    tuning: PpoTuning = TUNING

    def __call__(self, request: OracleRequest[Policy], /) -> OracleResult[Policy]:
        """The best response found, with ``parameters`` of actor and critic.

        Raises:
            UsageError: there is no start rule of the name asked for, or the training diverged.
        """
        from ssa_psro.learn.doctrine_training import respond
        from ssa_psro.learn.ppo_training import LEARNER

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
        from ssa_psro.learn.ppo_weights import fresh_parameters

        seed = derive_seed(self.seed, "initialisation", request.side)
        hidden = self.settings.hidden
        return start_of(request, fresh_parameters(game, hidden, self.tuning.log_std, seed))
