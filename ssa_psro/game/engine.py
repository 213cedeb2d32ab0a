"""The game as an object: start a batch of episodes, look, advance, score.

A look is a ``View``: what one side can see of its own past, of the public geometry and of the
forecast. Never the truth.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ssa_psro.arrays import Flags, Floats, Seeds, Singles
from ssa_psro.compiled import borrowed, entry_point
from ssa_psro.errors import Fault, UsageError
from ssa_psro.game import chance
from ssa_psro.game.columns import FEATURE, FEATURES, SIDE, SUMMARY
from ssa_psro.game.command import Command, check
from ssa_psro.game.features import fill, fill_fixed, fill_products, summarise
from ssa_psro.game.scoring import running_scores
from ssa_psro.game.sensing import exposure_ends
from ssa_psro.game.state import State, new_state
from ssa_psro.game.turn import advance
from ssa_psro.game.uncertainty import take_stock
from ssa_psro.game.world import World, build_world
from ssa_psro.geometry import build_arena
from ssa_psro.geometry.arena import Arena
from ssa_psro.progress import StageProgress, untold_stages
from ssa_psro.scenario import Scenario
from ssa_psro.scenario.schema import SIDES

KEPT = 2
"""Games whose tables a process keeps in memory."""

_games: dict[Scenario, CoverageGame] = {}


class CoverageGame:
    """The constellation coverage game of one arena, played in batches.

    Example::

        game = game_of(load_scenario("scenarios/quickstart.toml"))
        state = game.start(episode_seeds(0, "demo", count=8))
        while not game.done(state):
            game.advance(state, blue.act(game.view(state, 0)), red.act(game.view(state, 1)))
        game.payoffs(state)  # [8, 2]

    Attributes:
        arena: what is played on.
        world: the arena as the compiled rules read it.
        objects, sensors, candidates: N, S and C = N + 2 S.
        decisions: decisions in an episode.
    """

    def __init__(self, arena: Arena) -> None:
        self.arena = arena
        self.world = build_world(arena)
        self.objects = len(arena.objects)
        self.sensors = int(self.world.threat.shape[2])
        self.candidates = self.objects + 2 * self.sensors
        self.decisions = arena.scenario.window.decisions

    def start(self, seeds: Seeds) -> State:
        """Begin one episode a seed, ``[B]``.

        Raises:
            UsageError: the seeds are no row of integers.
        """
        found = np.asarray(seeds)
        if found.ndim != 1 or found.dtype.kind not in "iu":
            cure = "Give one integer an episode, as randomness.episode_seeds does."
            fault = Fault("seeds", f"{found.dtype}{list(found.shape)}", "are no row of seeds", cure)
            raise UsageError("game", [fault])
        return new_state(self.world, found)

    @cached_property
    def episode_bytes(self) -> int:
        """What the state of an episode takes."""
        return sum(array.nbytes for array in self.start(np.zeros(1, np.uint64)))

    @cached_property
    def _episode_shapes(self) -> list[tuple[int, ...]]:
        return [array.shape[1:] for array in self.start(np.zeros(1, np.uint64))]

    def view(self, state: State, side: int) -> View:
        """What ``side`` (0 Blue, 1 Red) sees.

        Raises:
            UsageError: there is no such side, or the state is of another game.
        """
        self._check(state)
        if side not in (0, 1):
            raise UsageError("game", [Fault("side", side, "is no side", "Give 0 or 1.")])
        seeds = chance.branch(state.seed, chance.POLICY, side)
        return View(side, seeds, self.world, state)

    def advance(self, state: State, blue: Command, red: Command, steps: int | None = None) -> None:
        """Play ``steps`` steps in place (a decision interval unless told), to the end at most.

        Raises:
            UsageError: a side's orders do not fit the batch and the game, or the state is of
                another game.
        """
        self._check(state)
        if steps is None:
            steps = self.arena.scenario.window.steps_per_decision
        for name, orders, own in zip(SIDES, (blue, red), self.arena.sensor_count, strict=True):
            check(orders, name, state.t.size, self.candidates, (own, self.sensors))
        advance(self.world, state, blue, red, 0, state.t.size, steps)

    def _check(self, state: State) -> None:
        """Refuse a state that the compiled rules would read past the ends of its arrays."""
        rows = {len(array) for array in state}
        fits = len(rows) == 1 and [array.shape[1:] for array in state] == self._episode_shapes
        rules = self.world.rules
        # negative numbers are large ones without their sign
        begun, now = (one.view(np.uint64).max(initial=0) for one in (state.start, state.t))
        if not fits or begun >= rules.start_epochs or now > rules.steps:
            cure = "Go on with what start() of the same game has made."
            raise UsageError("game", [Fault("state", None, "is of another game", cure)])

    def done(self, state: State) -> bool:
        """Whether the episodes are over; all of a batch end together."""
        return bool((state.t >= self.world.rules.steps).all())

    def scores(self, state: State) -> Floats:
        """``[B, 2]`` each side's coverage score so far, in [0, 1]. Raises ``UsageError``."""
        self._check(state)
        scores = np.empty((state.t.size, 2))
        running_scores(self.world, state, scores)
        return scores

    def payoffs(self, state: State) -> Floats:
        """``[B, 2]`` what each side is paid so far: own score less rivalry times the other's."""
        scores = self.scores(state)
        return scores - self.arena.scenario.rules.rivalry * scores[:, ::-1]


@dataclass(frozen=True)
class View:
    """One side's information on a batch of episodes, computed when asked for.

    The candidates are the objects, then the opposing sensors (to deny), then the own sensors
    (to protect): ``C = N + 2 S``.

    Attributes:
        side: 0 for Blue, 1 for Red.
        seed: ``[B]`` for policies that draw numbers, see ``chance.uniforms``; apart from the
            seeds by which chance decides the episode.
    """

    side: int
    seed: Seeds
    _world: World
    _state: State

    @property
    def batch(self) -> int:
        """Number of episodes."""
        return int(self._state.t.size)

    @property
    def hour(self) -> Floats:
        """``[B]`` hours since the window opened."""
        return np.asarray(self._state.t * self._world.rules.dt_h)

    @property
    def objects(self) -> int:
        """Number of objects; the first candidates."""
        return int(self._world.objects.shape[1])

    @cached_property
    def summary(self) -> Singles:
        """``[B, K]`` the numbers named in ``SUMMARY``, each in [0, 1]."""
        out = np.zeros((self.batch, len(SUMMARY)), np.float32)
        summarise(self._world, self._state, self.side, out)
        return out

    @cached_property
    def features(self) -> Floats:
        """``[B, C, D]`` the candidates' features; the columns of sensor pairs are 0."""
        sensors = self._state.sensors.shape[2]
        out = np.zeros((self.batch, len(FEATURES), self.objects + 2 * sensors))
        _fill(self._world, self._state, self.side, out)
        return np.moveaxis(out, 1, 2)

    def feature(self, name: str) -> Floats:
        """``[B, C]`` one feature by name.

        Raises:
            ValueError: there is no feature of that name.
        """
        return self.features[:, :, FEATURES.index(name)]

    def select(self, mask: Flags) -> View:
        """The same side's view of the episodes in ``mask [B]`` alone, as a copy."""
        return View(self.side, self.seed[mask], self._world, self._state.select(mask))

    def branch(self, stream: int) -> View:
        """The same view with other seeds, for a policy inside another."""
        return replace(self, seed=chance.branch(self.seed, stream, 0))

    def feasible(self, steps: int = 1) -> Flags:
        """``[B, S, C]`` what geometry lets each sensor start in one of so many steps, from now on.

        That it is denied, at work or resting does not count.
        Of an object, that access would last until the end of an exposure that needs no slew.
        """
        sensors = self._state.sensors.shape[2]
        out = np.zeros((self.batch, sensors, self.objects + 2 * sensors), np.bool_)
        _mask(self._world, self._state, self.side, steps, out)
        return out


@entry_point
def _fill(world: World, state: State, side: int, out: Floats) -> None:
    world, state = borrowed(world), borrowed(state)
    all_wanted = np.ones(len(FEATURE), np.bool_)
    for b in range(out.shape[0]):
        take_stock(world, state, b, side)
        if state.t[b] < world.rules.steps:
            fill_fixed(world, out[b])
            fill(world, state, b, side, all_wanted, out[b])
            fill_products(out[b])


@entry_point
def _mask(world: World, state: State, side: int, steps: int, out: Flags) -> None:
    world, state = borrowed(world), borrowed(state)
    objects, sensors = world.objects.shape[1], state.sensors.shape[2]
    # without a slew, whose length depends on where the sensor will point then
    shortest = exposure_ends(world.sides[side], 0.0, world.rules.step_s)
    for b in range(out.shape[0]):
        now = state.start[b] + state.t[b]
        ahead = min(steps, world.rules.steps - state.t[b])
        for s in range(int(world.sides[side, SIDE.sensors])):
            for n in range(objects):
                for step in range(now, now + ahead):
                    if not out[b, s, n] and step + shortest < world.quality.shape[0]:
                        lasts = True
                        for k in range(shortest + 1):
                            lasts = lasts and world.quality[step + k, side, s, n] > 0
                        out[b, s, n] = lasts
            if world.rules.denial_allowed:
                for o in range(sensors):
                    for step in range(now, now + ahead):
                        out[b, s, objects + o] |= world.denial[step, side, s, o] > 0
                out[b, s, objects + sensors + s] = True


def game_of(scenario: Scenario, progress: StageProgress = untold_stages) -> CoverageGame:
    """The game of a scenario. A game has no state, so all that play one share its tables.

    Args:
        scenario: of the game.
        progress: told the stages of building the tables, where that has to be done.
    """
    if scenario not in _games:
        while len(_games) >= KEPT:
            del _games[next(iter(_games))]
        _games[scenario] = CoverageGame(build_arena(scenario, progress=progress))
    return _games[scenario]
