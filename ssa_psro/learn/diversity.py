"""Policy-space diversity: being paid for playing unlike any mixture of one's own population.

PSD-PSRO (Yao et al., NeurIPS 2023, arXiv 2306.16884) adds to the payoff of a response ``p``

    weight · min over the hull of the population of D(p, q),
    D(p, q) = E Σ KL(p(.|s) ‖ q(.|s)),

the sum being over the situations ``s`` that an episode of ``p`` comes through. Since payoffs of
mixtures are linear, only what lies outside the hull can extend what the population covers.

The sum is paid step by step: ``log p(a|s) - log q(a|s)`` for taking ``a``, of which the mean is
that KL divergence. The nearest ``q`` is looked for anew as ``p`` changes, every ``EVERY_STEPS``;
how, and in which part of the hull, is the game's matter (``Hull``). The authors' published code
pays at the end of an episode and looks among members alone.
"""

from __future__ import annotations

from stable_baselines3.common.callbacks import BaseCallback

from ssa_psro.learn.protocol import Act, Hull, TrainingEnv

EVERY_STEPS = 2048
"""Between two searches for the nearest mixture."""


class Diversity(BaseCallback):
    """Keeps the bonus of an environment up to date while SB3 trains.

    Args:
        env: pays it.
        hull: knows it.
        weight: of a nat, in units of the rewards.
        act: what the learner does now.
    """

    def __init__(self, env: TrainingEnv, hull: Hull, weight: float, act: Act) -> None:
        super().__init__()
        self._env, self._hull, self._weight, self._act = env, hull, weight, act
        self._next = 0

    def _on_step(self) -> bool:
        return True

    def _on_rollout_start(self) -> None:
        if self.num_timesteps >= self._next:
            self._next = self.num_timesteps + EVERY_STEPS
            self._env.bonus = self._hull.bonus(self._weight, self._act)
