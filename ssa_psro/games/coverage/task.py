"""One side of the coverage game against a mixture of opponents, as learners see it.

Where the sides are alike, one response may play both seats: half of everything is then played in
either, on the same seeds, whose luck favours one seat as much as it harms the other.

An action is a doctrine that holds for a decision interval, seen from the summary of the side's
situation. Where an algorithm chooses from a list, the list holds the doctrines of the named
heuristics: at each decision, it plays as one of them would. Nothing here is exact, so candidates
are compared, situations visited and lessons taught in episodes of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from ssa_psro.arrays import Floats, Seeds, Singles
from ssa_psro.envs.modes import Doctrine
from ssa_psro.game import FEATURES, CoverageGame, View, doctrine_command
from ssa_psro.games.coverage.doctrines import (
    DoctrineHull,
    DoctrineSpace,
    constant_network,
    has_doctrine,
)
from ssa_psro.games.coverage.environment import DoctrineEnv, part, seated
from ssa_psro.learn.distillation import ASTRAY
from ssa_psro.learn.embedding import LAYOUT
from ssa_psro.learn.protocol import (
    Act,
    Acts,
    Fact,
    Kind,
    Lessons,
    Member,
    OracleRequest,
    Parameters,
    Situations,
    Weights,
)
from ssa_psro.learn.starts import Start
from ssa_psro.policies import HEURISTICS, DoctrineNetwork, Mixture, Policy, make_policy
from ssa_psro.policies.doctrine import CHOICES
from ssa_psro.policies.match import batches, play_out
from ssa_psro.randomness import episode_seeds, generator

LESSONS, STRAY, TOURS = 48, 16, 8
"""Episodes that a mixture teaches in, that someone without habits plays for lessons off its way,
and that networks or populations are compared in."""

Doctrines = Callable[[View], Floats]
"""The doctrines ``[B, D]`` of those who see a view."""


@dataclass(frozen=True, eq=False)
class CoverageTask:
    """What both kinds of action have in common.

    Attributes:
        engine: what is played.
        request: what is asked for.
    """

    engine: CoverageGame
    request: OracleRequest[Policy]

    kind: ClassVar[Kind]
    activations: ClassVar[tuple[str, ...]] = ("tanh",)
    scoring: ClassVar[Literal["episodes"]] = "episodes"
    scale: ClassVar[float] = 10.0
    """So that the value network's targets are not small against its first outputs."""

    @property
    def side(self) -> int:
        """Whose observations and actions the learner's are: 0 is Blue, 1 Red."""
        return self.request.side

    @property
    def seats(self) -> tuple[int, ...]:
        """Where the learner plays."""
        return self.request.seats

    def earned(self, seat: int, own: Policy, seeds: Seeds) -> Floats:
        """Payoffs ``[B]`` of a policy in a seat, episodes side by side."""
        blue, red = seated(seat, own, self.opponent)
        state = play_out(self.engine, blue, red, self.engine.start(seeds))
        return self.engine.payoffs(state)[:, seat]

    @cached_property
    def opponent(self) -> Mixture:
        """The opponents' mixture as one policy that draws a member for every episode."""
        members = [member.policy for member in self.request.opponents]
        name = f"opponents of {self.request.name}"
        return Mixture(name, members, self.request.opponent_mixture)

    @property
    def episode(self) -> int:
        """Decisions in every episode."""
        return self.engine.decisions

    @property
    def observation_space(self) -> spaces.Box:
        """The summary of the side's situation."""
        return Doctrine(self.engine, self.side).observation_space

    @property
    def action_space(self) -> spaces.Space[Any]:
        """See the kinds."""
        raise NotImplementedError

    def shown(self, summaries: Singles) -> Singles:
        """What a learner sees of summaries ``[B, K]``."""
        return summaries

    def doctrines_of(self, actions: NDArray[Any]) -> NDArray[Any]:
        """The doctrines ``[B, D]`` of actions as an environment takes them."""
        return actions

    def doctrines(self, acts: Floats) -> Floats:
        """The doctrines ``[B, D]`` of acts ``[B, k]``, see ``protocol.Act``."""
        return np.clip(acts, -1.0, 1.0)

    def target(self, doctrines: Floats) -> Floats:
        """Acts ``[N, k]`` that play doctrines ``[N, D]``."""
        return doctrines

    @property
    def centre(self) -> Floats:
        """Acts ``[k]`` of someone without habits."""
        return np.zeros(len(FEATURES))

    def env(self, environments: int, reward_scale: float, /) -> DoctrineEnv:
        """Episodes side by side, which all start and end together."""
        return DoctrineEnv(self, environments, reward_scale)

    def policy(self, name: str, weights: Weights, act: Act, /) -> DoctrineNetwork:
        """The network evaluated in numpy, without exploration."""
        return DoctrineNetwork(name, {key: np.asarray(weights[key]) for key in weights})

    def scores(self, policies: Mapping[str, Policy], seeds: Seeds, /) -> dict[str, float]:
        """Mean payoff of each policy, all on the same episodes ``[E]``."""
        played = part(seeds, self.seats)
        parts = [played[some] for some in batches(self.engine, played.size)]
        return {name: self._score(own, parts) for name, own in policies.items()}

    def _score(self, own: Policy, parts: Sequence[Seeds]) -> float:
        found = [self.earned(seat, own, one) for seat in self.seats for one in parts]
        return float(np.concatenate(found).mean())

    def told(
        self, scores: Mapping[str, float], kept: str, request: OracleRequest[Policy], /
    ) -> dict[str, Fact]:
        """Who was kept, and all scores."""
        return {"kept": kept, **{f"validation_{name}": score for name, score in scores.items()}}

    def situations(self, seed: int, /) -> Situations:
        """Where random doctrines, one an episode, lead."""
        seeds = part(episode_seeds(seed, "situations", count=TOURS), self.seats)
        stray = self._stray(seed, seeds.size)
        seen = np.concatenate([view.summary for view in self._tour(seeds, lambda view: stray)])
        count = len(seen)
        centre = np.tile(self.centre, (count, 1))
        return Situations(self.shown(seen), np.full(count, 1 / count), centre)

    def lessons(
        self, members: Sequence[Member[Policy]], mixture: Floats, seed: int, /
    ) -> Lessons[Policy]:
        """What members do where the mixture comes, one of them drawn for every episode."""
        massive = [i for i, one in enumerate(members) if mixture[i] > 0 and has_doctrine(one)]
        kept = tuple(members[index] for index in massive)
        mass = mixture[massive] / mixture[massive].sum()
        count, astray = LESSONS // len(self.seats), STRAY // len(self.seats)
        drawn = generator(seed, "lessons").choice(len(kept), p=mass, size=count)
        who = np.hstack([np.eye(len(kept))[:, drawn], np.tile(mass[:, None], (1, astray))])
        stray, seen, target, shares = self._stray(seed, astray), [], [], []

        def taught(view: View) -> Floats:
            every = np.stack([one.policy.act(view).doctrine for one in kept])
            meant = np.einsum("nb,nbd->bd", who, every)
            seen.append(view.summary.copy())
            target.append(meant)
            shares.append(who)
            return np.concatenate([meant[:count], stray])

        for _ in self._tour(episode_seeds(seed, "lessons", count=count + astray), taught):
            pass
        mixed = np.tile(np.arange(count + astray) < count, len(seen))
        reach, off = mixed / mixed.sum(), ~mixed / (~mixed).sum()
        return Lessons(
            kept,
            self.shown(np.concatenate(seen)),
            np.concatenate(shares, axis=1),
            self.target(np.concatenate(target)),
            reach,
            (1 - ASTRAY) * reach + ASTRAY * off,
        )

    def hull(self, seed: int, /) -> DoctrineHull:
        """The members of the learner's population that play doctrines."""
        return DoctrineHull(self, self.request.learners, seed)

    def tour(self, act: Act, seed: int) -> Singles:
        """Summaries ``[N, K]`` where someone who acts so comes."""
        seeds = part(episode_seeds(seed, "tour", count=TOURS), self.seats)
        views = self._tour(seeds, lambda view: self.doctrines(act(self.shown(view.summary))))
        return np.concatenate([view.summary.copy() for view in views])

    def _tour(self, seeds: Seeds, doctrines: Doctrines) -> Iterator[View]:
        """What the learner sees at every decision of some episodes, seat after seat."""
        for seat in self.seats:
            state = self.engine.start(seeds)
            while not self.engine.done(state):
                view = self.engine.view(state, seat)
                own = doctrine_command(doctrines(view))
                yield view
                other = self.opponent.act(self.engine.view(state, 1 - seat))
                self.engine.advance(state, *seated(seat, own, other))

    def _stray(self, seed: int, count: int) -> Floats:
        """Random doctrines ``[count, D]``."""
        return generator(seed, "stray").uniform(-1.0, 1.0, (count, len(FEATURES)))


class DoctrineTask(CoverageTask):
    """A ``Task`` whose actions are doctrines."""

    kind: ClassVar[Kind] = "continuous"
    constants: ClassVar[Parameters] = {}

    @property
    def action_space(self) -> spaces.Box:
        """A weight in [-1, 1] for each feature."""
        return Doctrine(self.engine, self.side).action_space

    def search_space(
        self, fresh: Weights, choose: Callable[..., Start], acts: Acts, /
    ) -> DoctrineSpace:
        """Doctrines around what the start does; ``scratch`` begins at the doctrine of zeros."""
        return DoctrineSpace(self, choose(constant_network(fresh, fresh[LAYOUT.head_bias])))


class ChoiceTask(CoverageTask):
    """A ``Task`` whose actions are the doctrines of the named heuristics; all are always legal."""

    kind: ClassVar[Kind] = "discrete"

    @cached_property
    def choices(self) -> Singles:
        """Their doctrines ``[M, D]``, in the order of ``HEURISTICS``."""
        return np.array([make_policy(name).weights for name in HEURISTICS], dtype=np.float32)

    @property
    def constants(self) -> Parameters:
        """The choices themselves."""
        return {CHOICES: self.choices}

    @property
    def observation_space(self) -> spaces.Box:
        """The summary, then a mask of ones."""
        width = super().observation_space.shape[0] + len(self.choices)
        return spaces.Box(0.0, 1.0, (width,), np.float32)

    @property
    def action_space(self) -> spaces.Discrete:
        """Numbers of heuristics."""
        return spaces.Discrete(len(self.choices))

    def shown(self, summaries: Singles) -> Singles:
        """With the mask behind, ``[B, K + M]``."""
        ones = np.ones((len(summaries), len(self.choices)), np.float32)
        return np.hstack([summaries, ones])

    def doctrines_of(self, actions: NDArray[Any]) -> NDArray[Any]:
        """Of the heuristics with these numbers."""
        return self.choices[np.asarray(actions, dtype=np.int64)]

    def doctrines(self, acts: Floats) -> Floats:
        """Of probabilities, the mean."""
        return acts @ self.choices

    def target(self, doctrines: Floats) -> Floats:
        """1 for the heuristic nearest to each doctrine."""
        away = np.square(doctrines[:, None] - self.choices).sum(axis=2)
        return np.asarray(np.eye(len(self.choices))[away.argmin(axis=1)])

    @property
    def centre(self) -> Floats:
        """All alike."""
        return np.asarray(np.full(len(self.choices), 1 / len(self.choices)))
