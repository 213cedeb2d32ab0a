"""Play two policies step by step and keep what an analyst asks about: coverage against time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Floats
from ssa_psro.game import CoverageGame, State
from ssa_psro.game.columns import OBJECT
from ssa_psro.game.scoring import running_scores
from ssa_psro.metagame.intervals import student_quantile
from ssa_psro.policies import Policy
from ssa_psro.policies.match import batches
from ssa_psro.scenario.schema import REGIMES
from ssa_psro.study.outcome import Band, CoverageSeries
from ssa_psro.work import Mapper, map_in_turn


@dataclass(frozen=True, eq=False)
class _Groups:
    """Groups of objects by the weights of their members.

    Attributes:
        regimes: names of the regimes that have objects.
        weights: ``[1 + R + 2, N]``: all objects, each regime, uncontested, contested; every
            object has its weight in the groups it is in, and 0 in the others.
    """

    regimes: tuple[str, ...]
    weights: Floats

    def share(self, values: Floats) -> Floats:
        """Weighted mean ``[..., G]`` over each group of values ``[..., N]``; nan without weight."""
        totals = self.weights.sum(axis=1)
        return (values @ self.weights.T) / np.where(totals > 0, totals, np.nan)


@dataclass(frozen=True, eq=False)
class Played:
    """Played episodes, G groups.

    Attributes:
        custody: ``[E, 2, G, T]`` share of each group in custody.
        held: ``[E, 2, T]`` share of the contested objects held.
        scores: ``[E, 2, G]``.
        payoffs: ``[E, 2]``.
    """

    custody: Floats
    held: Floats
    scores: Floats
    payoffs: Floats


def play_series(
    game: CoverageGame,
    blue: Policy,
    red: Policy,
    seeds: NDArray[np.uint64],
    *,
    map_parts: Mapper = map_in_turn,
) -> CoverageSeries:
    """Play one episode a seed and look after every step.

    Args:
        game: what is played.
        blue: Blue's policy.
        red: Red's policy.
        seeds: of the episodes, ``[E]``, E >= 2.
        map_parts: where parts of the episodes are played, in their order; ``Workers.in_threads``
            fits, and the result does not depend on it.
    """
    groups = _groups(game)
    batched = [seeds[some] for some in batches(game, seeds.size)]
    parts = list(map_parts(partial(_play, game, groups, blue, red), batched))
    joined = Played(
        *(np.concatenate([vars(part)[name] for part in parts]) for name in vars(parts[0]))
    )
    return _series(game, groups, joined, seeds)


def _groups(game: CoverageGame) -> _Groups:
    objects = game.world.objects
    present = [index for index in range(len(REGIMES)) if (objects[OBJECT.regime] == index).any()]
    contested = objects[OBJECT.contested] > 0
    masks = [
        np.ones(objects.shape[1], np.bool_),
        *(objects[OBJECT.regime] == index for index in present),
        ~contested,
        contested,
    ]
    weights = np.array([np.where(mask, objects[OBJECT.weight], 0.0) for mask in masks])
    return _Groups(tuple(REGIMES[index] for index in present), weights)


def _play(
    game: CoverageGame, groups: _Groups, blue: Policy, red: Policy, seeds: NDArray[np.uint64]
) -> Played:
    """Decisions hold for their interval, as in a match, but each step is looked at."""
    state, interval = game.start(seeds), game.arena.scenario.window.steps_per_decision
    custody, held = [], []
    while not game.done(state):
        orders = blue.act(game.view(state, 0)), red.act(game.view(state, 1))
        for _ in range(interval):
            before = state.track.custody_steps.copy()
            game.advance(state, *orders, steps=1)
            had = state.track.custody_steps - before
            custody.append(groups.share(had))
            held.append(groups.share(_held(had, state.track.seen_h))[..., -1])
    scores = np.stack([_group_scores(game, state, weights) for weights in groups.weights], axis=2)
    return Played(np.stack(custody, 3), np.stack(held, 2), scores, game.payoffs(state))


def _held(had: Floats, seen_h: Floats) -> Floats:
    """``[B, 2, N]`` share of the step in which each side held the fresher custody."""
    other, fresher_h = had[:, ::-1], seen_h - seen_h[:, ::-1]
    both = np.where(fresher_h == 0.0, 0.5, (fresher_h > 0.0).astype(np.float64))
    return had * np.where(other > 0, both, 1.0)


def _group_scores(game: CoverageGame, state: State, weights: Floats) -> Floats:
    """``[B, 2]`` the score of a game in which only this group has weight; nan without any."""
    scores = np.full((state.t.size, 2), np.nan)
    if weights.sum() > 0:
        objects = game.world.objects.copy()
        objects[OBJECT.weight] = weights
        running_scores(game.world._replace(objects=objects), state, scores)
    return scores


def _series(
    game: CoverageGame, groups: _Groups, played: Played, seeds: NDArray[np.uint64]
) -> CoverageSeries:
    shares = groups.weights.sum(axis=1) / groups.weights[0].sum()
    steps = np.arange(played.custody.shape[3], dtype=np.float64)
    return CoverageSeries(
        hour=steps * game.world.rules.dt_h,
        regimes=groups.regimes,
        regime_weights=shares[1:-2],
        contest_weights=shares[-2:],
        custody=_band(played.custody[:, :, 0]),
        regime_custody=_band(played.custody[:, :, 1:-2]),
        contested_held=_band(played.held),
        scores=played.scores[:, :, 0],
        payoffs=played.payoffs,
        regime_scores=played.scores[:, :, 1:-2],
        contest_scores=played.scores[:, :, -2:],
        seeds=seeds,
    )


def _band(samples: Floats) -> Band:
    """Mean and bounds over the first axis; shares stay within [0, 1]."""
    count = len(samples)
    mean = samples.mean(axis=0)
    half = student_quantile(count) * samples.std(axis=0, ddof=1) / np.sqrt(count)
    return Band(mean, np.maximum(mean - half, 0.0), np.minimum(mean + half, 1.0))
