"""The state of a batch of episodes.

Axis letters: B episodes, 2 sides (Blue, Red), S sensors, N objects, W windows. Times are episode
steps unless their name says otherwise; a negative one means never. What belongs to one object or
one sensor lies side by side as columns of one array, for the compiled rules; the named properties
are views of those columns.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssa_psro.arrays import Floats
from ssa_psro.compiled import compiled, entry_point
from ssa_psro.game import chance
from ssa_psro.game.world import CLOSES, GROWTH, MEASUREMENT, OPENS, PROBABILITY, World

NEVER: Final = -1.0
NO_TARGET: Final = -1

SIGMA, EXPECTED, SEEN, UNSEEN_DRIFT, SUSPECTED, EXPECTED_DRIFT, TASKED, MISSED = range(8)
CUSTODY_STEPS, HELD, CREDIT, HITS, ATTEMPTS, MAX_GAP = range(8, 14)
TARGET, DONE, DETECTION, POINT_X, POINT_Y, POINT_Z = range(6)
DENIED_UNTIL, PROTECTED_UNTIL, RECHARGE_UNTIL, ATTEMPTED_UNTIL, LAST_DENIED = range(6, 11)
KNOWN_FRACTION, SETTLED = range(2)
DENIALS, DENIALS_BLOCKED, PROTECTIONS = range(3)


class State(NamedTuple):
    """All that changes during an episode.

    Attributes:
        seed: ``[B]`` uint64, the root of the episode's chance.
        t: ``[B]`` step of the episode.
        start: ``[B]`` horizon step at which it began.
        objects: ``[B, 2, N, 14]`` what holds of each object for each side.
        sensors: ``[B, 2, S, 11]``.
        windows: ``[B, 2, N, W, 2]`` what a side knows of each forecast window.
        manoeuvre_step: ``[B, N, W]`` horizon step of the manoeuvre, or NEVER. Hidden.
        counters: ``[B, 2, 3]`` denials, blocked denials, protections.
    """

    seed: NDArray[np.uint64]
    t: NDArray[np.int64]
    start: NDArray[np.int64]
    objects: NDArray[np.float64]
    sensors: NDArray[np.float64]
    windows: NDArray[np.float64]
    manoeuvre_step: NDArray[np.float64]
    counters: NDArray[np.float64]

    def select(self, episodes: NDArray[np.bool_] | NDArray[np.integer]) -> State:
        """A copy of some episodes, by mask ``[B]`` or indices."""
        return State._make(array[episodes] for array in self)

    @property
    def sigma_km(self) -> NDArray[np.float64]:
        """``[B, 2, N]`` true position sigma; decides custody. Hidden from both sides."""
        return self.objects[..., SIGMA]

    @property
    def expected_km(self) -> NDArray[np.float64]:
        """``[B, 2, N]`` the sigma a side expects from what it knows."""
        return self.objects[..., EXPECTED]

    @property
    def seen_h(self) -> NDArray[np.float64]:
        """``[B, 2, N]`` hour of the last success; negative before the episode."""
        return self.objects[..., SEEN]

    @property
    def unseen_drift_km_h(self) -> NDArray[np.float64]:
        """``[B, 2, N]`` drift of manoeuvres the side has not seen yet. Hidden."""
        return self.objects[..., UNSEEN_DRIFT]

    @property
    def suspected(self) -> NDArray[np.float64]:
        """``[B, 2, N]`` probability of an unseen manoeuvre, the likeliest window's."""
        return self.objects[..., SUSPECTED]

    @property
    def tasked(self) -> NDArray[np.bool_]:
        """``[B, 2, N]`` the side is observing the object."""
        return self.objects[..., TASKED] > 0

    @property
    def missed(self) -> NDArray[np.bool_]:
        """``[B, 2, N]`` the side's last attempt failed."""
        return self.objects[..., MISSED] > 0

    @property
    def custody_steps(self) -> NDArray[np.float64]:
        """``[B, 2, N]`` steps in custody so far."""
        return self.objects[..., CUSTODY_STEPS]

    @property
    def hits(self) -> NDArray[np.float64]:
        """``[B, 2, N]`` successful observations."""
        return self.objects[..., HITS]

    @property
    def attempts(self) -> NDArray[np.float64]:
        """``[B, 2, N]`` completed observations."""
        return self.objects[..., ATTEMPTS]

    @property
    def max_gap_h(self) -> NDArray[np.float64]:
        """``[B, 2, N]`` longest time between successes, the running gap not counted."""
        return self.objects[..., MAX_GAP]

    @property
    def target(self) -> NDArray[np.float64]:
        """``[B, 2, S]`` object under observation, or NO_TARGET."""
        return self.sensors[..., TARGET]

    @property
    def done_step(self) -> NDArray[np.float64]:
        """``[B, 2, S]`` step at which the sensor is free again."""
        return self.sensors[..., DONE]

    @property
    def denied_until(self) -> NDArray[np.float64]:
        """``[B, 2, S]`` the sensor cannot observe before this step."""
        return self.sensors[..., DENIED_UNTIL]

    @property
    def protected_until(self) -> NDArray[np.float64]:
        """``[B, 2, S]`` the sensor cannot be denied before this step."""
        return self.sensors[..., PROTECTED_UNTIL]

    @property
    def recharge_until(self) -> NDArray[np.float64]:
        """``[B, 2, S]`` the sensor cannot deny before this step."""
        return self.sensors[..., RECHARGE_UNTIL]

    @property
    def attempted_until(self) -> NDArray[np.float64]:
        """``[B, 2, S]`` the side's own denial of that opposing sensor would last until then."""
        return self.sensors[..., ATTEMPTED_UNTIL]

    @property
    def denials(self) -> NDArray[np.float64]:
        """``[B, 2]`` denials tried."""
        return self.counters[..., DENIALS]

    @property
    def denials_blocked(self) -> NDArray[np.float64]:
        """``[B, 2]`` of these, denials that met a protected sensor."""
        return self.counters[..., DENIALS_BLOCKED]

    @property
    def protections(self) -> NDArray[np.float64]:
        """``[B, 2]`` protections taken."""
        return self.counters[..., PROTECTIONS]


def new_state(world: World, seeds: NDArray[np.uint64]) -> State:
    """A batch of episodes at step 0, one a seed."""
    batch, sensors = seeds.size, world.threat.shape[2]
    objects, windows = world.windows.shape[:2]
    state = State(
        seed=np.ascontiguousarray(seeds, dtype=np.uint64),
        t=np.zeros(batch, np.int64),
        start=np.zeros(batch, np.int64),
        objects=np.zeros((batch, 2, objects, 14)),
        sensors=np.zeros((batch, 2, sensors, 11)),
        windows=np.zeros((batch, 2, objects, windows, 2)),
        manoeuvre_step=np.full((batch, objects, windows), NEVER),
        counters=np.zeros((batch, 2, 3)),
    )
    state.sensors[..., TARGET] = NO_TARGET
    state.sensors[..., LAST_DENIED] = NEVER
    _draw(world, state)
    return state


@entry_point
def _draw(world: World, state: State) -> None:
    """Draw what chance decides before the first step."""
    for b in range(state.seed.size):
        seed = state.seed[b]
        start = int(chance.uniform(seed, chance.START, 0, 0, 0) * world.rules.start_epochs)
        state.start[b] = start
        _draw_manoeuvres(world.windows, seed, state.manoeuvre_step[b])
        for side in range(2):
            for n in range(world.objects.shape[0]):
                age_h = chance.uniform(seed, chance.AGE, side, n, 0) * world.rules.initial_age_h
                sigma_km = world.objects[n, MEASUREMENT] + world.objects[n, GROWTH] * age_h
                state.objects[b, side, n, SEEN] = -age_h
                state.objects[b, side, n, SIGMA] = sigma_km
                state.objects[b, side, n, EXPECTED] = sigma_km
                known = state.windows[b, side, n]
                learn(world.windows[n], state.manoeuvre_step[b, n], start, known)


@compiled
def _draw_manoeuvres(windows: Floats, seed: int, manoeuvre_step: Floats) -> None:
    for n in range(windows.shape[0]):
        for w in range(windows.shape[1]):
            if chance.uniform(seed, chance.HAPPENS, n, w, 0) < windows[n, w, PROBABILITY]:
                length = windows[n, w, CLOSES] - windows[n, w, OPENS]
                offset = np.floor(chance.uniform(seed, chance.WHEN, n, w, 0) * length)
                manoeuvre_step[n, w] = windows[n, w, OPENS] + offset


@compiled
def learn(windows: Floats, manoeuvre_step: Floats, horizon_step: int, known: Floats) -> None:
    """A side learns which of an object's manoeuvres happened before ``horizon_step``.

    Args:
        windows: ``[W, 4]`` the object's windows.
        manoeuvre_step: ``[W]`` when they happen.
        known: ``[W, 2]`` the side's knowledge, updated in place.
    """
    for w in range(windows.shape[0]):
        known[w, KNOWN_FRACTION] = elapsed_fraction(
            windows[w, OPENS], windows[w, CLOSES], horizon_step
        )
        happened = manoeuvre_step[w]
        known[w, SETTLED] = 1.0 if 0.0 <= happened < horizon_step else 0.0


@compiled
def elapsed_fraction(opens: float, closes: float, horizon_step: int) -> float:
    """Share of a window that lies before a horizon step, in [0, 1]."""
    if horizon_step <= opens:
        return 0.0
    if horizon_step >= closes:
        return 1.0
    return (horizon_step - opens) / (closes - opens)
