"""Policy-space diversity: being paid for playing unlike any mixture of one's own population.

PSD-PSRO (Yao et al., NeurIPS 2023, arXiv 2306.16884) adds to the payoff of a response ``p``

    weight · min over the hull of the population of D(p, q),
    D(p, q) = E Σ KL(p(.|s) ‖ q(.|s)),

the sum being over the information sets ``s`` that an episode of ``p`` comes through. Since payoffs
of mixtures are linear, only what lies outside the hull can extend what the population covers.

The sum is paid step by step: ``log p(a|s) - log q(a|s)`` for taking ``a``, of which the mean is
that KL divergence. The nearest ``q`` is looked for anew as ``p`` changes, among the members and
``SAMPLES`` random mixtures of them (mixtures by Kuhn's theorem, exact); distances are exact too.
The authors' published code pays at the end of an episode and looks among members alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from stable_baselines3.common.callbacks import BaseCallback

from ssa_psro.arrays import Floats
from ssa_psro.benchmarks.games.behaviour import Behaviour, uniform
from ssa_psro.benchmarks.games.sequence_form import mixed, realisation_plan
from ssa_psro.benchmarks.games.tree import GameTree
from ssa_psro.benchmarks.learners.agent import Task
from ssa_psro.benchmarks.learners.distillation import allowed_visits
from ssa_psro.benchmarks.learners.tree_env import TreeVecEnv
from ssa_psro.randomness import generator

SAMPLES = 8
"""Random mixtures of members, uniform on the simplex of their probabilities."""

BLUR = 0.05
"""Share of uniform play in every ``q``: a member that never takes an action would pay infinitely
for it. The most that one step can pay is ``log(A / BLUR)`` nats."""

EVERY_STEPS = 2048
"""Between two searches for the nearest mixture."""


class Hull:
    """Some policies of the hull of a population, as one learner sees them.

    Args:
        task: the game, the opponents and the learner's own population.
        seed: draws the mixtures.
    """

    def __init__(self, task: Task, seed: int) -> None:
        tables = [one.probabilities for one in sampled_hull(task.tree, task.population, seed)]
        blank = uniform(task.tree, task.side).probabilities
        self._legal = task.tree.legal[task.side]
        blurred = (1 - BLUR) * np.stack(tables) + BLUR * blank
        self._logs = _log(blurred)
        self._parents = task.tree.sequences.parents[task.side]
        self._tree, self._side = task.tree, task.side
        self._allowed = allowed_visits(task)

    def distances(self, played: Floats) -> Floats:
        """``D`` of what is played ``[I, A]`` from each policy of the hull, ``[K]``, in nats."""
        plan = realisation_plan(self._tree, Behaviour(self._side, played))
        weight = (plan[self._parents] * self._allowed)[:, None] * played
        own = float((weight * _log(played)).sum())
        return np.asarray(own - np.einsum("ia,kia->k", weight, self._logs))

    def bonus(self, played: Floats) -> Floats:
        """What each action pays, ``[I, A]``, in nats: on average, the distance to the nearest."""
        nearest = self._logs[int(self.distances(played).argmin())]
        return np.where(self._legal, _log(played) - nearest, 0.0)


def sampled_hull(tree: GameTree, members: Sequence[Behaviour], seed: int) -> list[Behaviour]:
    """The members themselves, and random mixtures of them if there are several."""
    if len(members) == 1:
        return list(members)
    rng = generator(seed, "hull")
    shares = rng.dirichlet(np.ones(len(members)), size=SAMPLES)
    return [*members, *(mixed(tree, members, share) for share in shares)]


class Diversity(BaseCallback):
    """Keeps the bonus of an environment up to date while SB3 trains.

    Args:
        env: pays it.
        hull: knows it.
        weight: of a nat, in units of the rewards.
        played: what the learner would play at every information set now, ``[I, A]``.
    """

    def __init__(
        self, env: TreeVecEnv, hull: Hull, weight: float, played: Callable[[], Floats]
    ) -> None:
        super().__init__()
        self._env, self._hull, self._weight, self._played = env, hull, weight, played
        self._next = 0

    def _on_step(self) -> bool:
        return True

    def _on_rollout_start(self) -> None:
        if self.num_timesteps >= self._next:
            self._next = self.num_timesteps + EVERY_STEPS
            self._env.bonus = self._weight * self._hull.bonus(self._played())


def _log(probabilities: Floats) -> Floats:
    """0 where a probability is: what is never played has no part in an average."""
    return np.log(probabilities, out=np.zeros_like(probabilities), where=probabilities > 0)
