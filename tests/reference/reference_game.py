"""The rules of the game once more: slow, plain and one episode at a time.

Written from the rules alone, independently of ``ssa_psro.game``, so that both can be played step
by step against each other. Every rule stands where the order of a step puts it; nothing is cached
or vectorised.
"""

from __future__ import annotations

import math

from reference.reference_features import FEATURES, ReferenceKnowledge
from reference.reference_state import (
    DETECT,
    Choices,
    Custody,
    Orders,
    SensorState,
    uniform,
    whole_steps,
)

from ssa_psro.scenario.schema import Sensor

__all__ = ["Orders", "ReferenceEpisode"]


class ReferenceEpisode(ReferenceKnowledge):
    """One episode, advanced step by step. The state's attributes: see ``ReferenceState``."""

    @property
    def done(self) -> bool:
        """Whether the episode is over."""
        return self.t >= self.steps

    def step(self, blue: Orders, red: Orders) -> None:
        """Play one step, in the order of the rules."""
        if self.done:
            raise ValueError("the episode is over")
        for side in (0, 1):
            self._resolve(side)
        choices = [self._task(side, orders) for side, orders in enumerate((blue, red))]
        for side in (0, 1):
            self._protect(side, choices[side])
        for side in (0, 1):
            self._deny(side, choices[side])
        self._nature()
        for n in range(self.n_objects):
            self._score_step(n)
        for side in (0, 1):
            self._grow(side)
        self.t += 1

    # 1 RESOLVE

    def _resolve(self, side: int) -> None:
        for sensor in self.sides[side].sensors:
            if sensor.observing is not None and sensor.done_step == self.t:
                self._finish(side, sensor, sensor.observing)

    def _finish(self, side: int, sensor: SensorState, n: int) -> None:
        """End an observation with success or failure."""
        custody = self.sides[side].custody[n]
        limit_km = float(self.arena.objects.custody_sigma_km[n])
        chance = sensor.detection * min(1.0, limit_km / custody.sigma_km)
        success = uniform(self.seed, DETECT, side, n, self.t) < chance
        sensor.observing = None
        custody.tasked = False
        custody.attempts += 1
        custody.missed = not success
        if success:
            self._see(n, custody)

    def _see(self, n: int, custody: Custody) -> None:
        """Improve sigma by one measurement and learn of all manoeuvres so far."""
        measurement_km = float(self.arena.objects.measurement_sigma_km[n])
        custody.hits += 1
        custody.sigma_km = fused(custody.sigma_km, measurement_km)
        custody.expected_km = fused(custody.expected_km, measurement_km)
        custody.seen_h = self.t * self.step_h
        custody.drift_km_h = 0.0
        for w, (begin, end, _, _) in self._windows(n):
            happened = self.manoeuvre_step[n][w]
            custody.absorbed[w] = self._elapsed(begin, end)
            custody.known[w] = happened is not None and happened < self.a

    # 2 TASK

    def _task(self, side: int, orders: Orders) -> Choices:
        """Let the free sensors choose, in an order that rotates from step to step."""
        choices = Choices()
        for turn in range(self.n_sensors):
            s = (self.t + turn) % self.n_sensors
            if s >= self.arena.sensor_count[side]:
                continue
            if self.sides[side].sensors[s].done_step > self.t:
                continue
            candidate = self._best(side, s, orders)
            if candidate is not None:
                self._begin(side, s, candidate, choices)
        return choices

    def _best(self, side: int, s: int, orders: Orders) -> int | None:
        """The feasible candidate of highest positive score; the first one of equals."""
        best, best_score = None, 0.0
        for c in range(self.n_candidates):
            if self.feasible(side, s, c):
                score = self._candidate_score(side, s, c, orders)
                if score > best_score:
                    best, best_score = c, score
        return best

    def feasible(self, side: int, s: int, c: int) -> bool:
        """Whether a free sensor may take a candidate now."""
        own = self.sides[side]
        sensor = own.sensors[s]
        if c < self.n_objects:
            accessible = self.arena.tables.quality[self.a, side, s, c] > 0
            return bool(accessible) and not own.custody[c].tasked and sensor.denied_until <= self.t
        if not self.rules.denial:
            return False
        if c < self.n_objects + self.n_sensors:
            o = c - self.n_objects
            in_reach = self.arena.tables.denial[self.a, side, s, o] != 0
            ready = sensor.recharge_until <= self.t and own.attempted_until[o] <= self.t
            return bool(in_reach) and ready
        mine = c == self.n_objects + self.n_sensors + s
        return mine and sensor.protected_until <= self.t

    def _candidate_score(self, side: int, s: int, c: int, orders: Orders) -> float:
        if orders.mode == "assignment":
            return 1.0 if int(orders.numbers[s]) == c else 0.0
        quality, slew = self.pair_features(side, s, c)
        if orders.mode == "priority":
            return float(orders.numbers[c]) + 0.1 * quality - 0.1 * slew
        values = {**self.features(side, c), "quality": quality, "slew": slew}
        score = 0.0
        for index, name in enumerate(FEATURES):
            if name in values:
                score += float(orders.numbers[index]) * values[name]
        return score

    def _begin(self, side: int, s: int, c: int, choices: Choices) -> None:
        sensor = self.sides[side].sensors[s]
        if c >= self.n_objects + self.n_sensors:
            sensor.done_step = self.t + 1
            choices.protections.append(s)
            return
        kind = self.arena.scenario.sides[side].sensor
        slew_s = math.degrees(self._slew_angle(side, s, c)) / kind.slew_rate_deg_s
        sensor.pointing = self._direction(side, s, c)
        if c >= self.n_objects:
            o = c - self.n_objects
            sensor.done_step = self.t + self._deny_busy_steps(slew_s, kind)
            sensor.recharge_until = self.t + self._steps(self.rules.denial_recharge_s)
            self.sides[side].attempted_until[o] = self.t + self._steps(self.rules.denial_s)
            choices.denials.append((s, o))
            return
        sensor.done_step = self.t + self._observe_busy_steps(slew_s, kind)
        sensor.observing = c
        sensor.detection = self._detection(side, s, c)
        self.sides[side].custody[c].tasked = True

    def _observe_busy_steps(self, slew_s: float, kind: Sensor) -> int:
        """How long an observation keeps the sensor."""
        return max(1, self._steps(slew_s + kind.settle_s + kind.dwell_s))

    def _deny_busy_steps(self, slew_s: float, kind: Sensor) -> int:
        """How long a denial keeps the denier from its next task: as long as an observation."""
        return self._observe_busy_steps(slew_s, kind)

    def _steps(self, duration_s: float) -> int:
        return whole_steps(duration_s, self.step_s)

    # 3 PROTECT, then DENY

    def _protect(self, side: int, choices: Choices) -> None:
        for s in choices.protections:
            until = self.t + self._steps(self.rules.protection_s)
            self.sides[side].sensors[s].protected_until = until
            self.sides[side].protections += 1

    def _deny(self, side: int, choices: Choices) -> None:
        own, other = self.sides[side], self.sides[1 - side]
        for _, o in choices.denials:
            target = other.sensors[o]
            own.denials += 1
            if target.protected_until > self.t:
                own.denials_blocked += 1
                continue
            target.denied_until = self.t + self._steps(self.rules.denial_s)
            target.last_denied = self.t
            if target.observing is not None:
                other.custody[target.observing].tasked = False
                target.observing = None
                target.done_step = self.t + 1

    # 4 NATURE

    def _nature(self) -> None:
        for n in range(self.n_objects):
            for w, (_, _, _, drift_km_h) in self._windows(n):
                if self.manoeuvre_step[n][w] == self.a:
                    for side in (0, 1):
                        self.sides[side].custody[n].drift_km_h += drift_km_h

    # 5 SCORE

    def _score_step(self, n: int) -> None:
        """Credit the step just played to whoever had the object."""
        pair = [self.sides[side].custody[n] for side in (0, 1)]
        limit_km = float(self.arena.objects.custody_sigma_km[n])
        keeps = [custody.sigma_km <= limit_km for custody in pair]
        for custody, kept in zip(pair, keeps, strict=True):
            custody.custody_steps += kept
        period = self.t // self.period_steps
        if all(keeps) and pair[0].seen_h == pair[1].seen_h:
            for custody in pair:
                custody.held_steps[period] += 0.5
        elif all(keeps):
            max(pair, key=lambda custody: custody.seen_h).held_steps[period] += 1.0
        elif any(keeps):
            pair[keeps.index(True)].held_steps[period] += 1.0

    # 6 GROWTH

    def _grow(self, side: int) -> None:
        for n, custody in enumerate(self.sides[side].custody):
            growth_km_h = float(self.arena.objects.growth_km_h[n])
            expected_drift_km_h = 0.0
            for w, (_, _, _, drift_km_h) in self._windows(n):
                expected_drift_km_h += self._unseen(side, n, w) * drift_km_h
            custody.sigma_km += (growth_km_h + custody.drift_km_h) * self.step_h
            custody.expected_km += (growth_km_h + expected_drift_km_h) * self.step_h

    # what it is worth

    def score(self, side: int) -> float:
        """A side's running coverage score in [0, 1]."""
        objects = self.arena.objects
        total = worth = 0.0
        for n in range(self.n_objects):
            total += float(objects.weight[n])
            worth += float(objects.weight[n]) * self._object_score(side, n)
        return worth / total if total > 0 else 0.0

    def _object_score(self, side: int, n: int) -> float:
        own, opposing = self.sides[side].custody[n], self.sides[1 - side].custody[n]
        if not self.arena.objects.contested[n]:
            return own.custody_steps / self.steps
        result = 0.0
        for period, (mine, theirs) in enumerate(
            zip(own.held_steps, opposing.held_steps, strict=True)
        ):
            elapsed = min(self.period_steps, max(0, self.t - period * self.period_steps))
            result += self.credit(mine, theirs) * elapsed / self.steps
        return result

    def credit(self, mine: float, theirs: float) -> float:
        """Tullock's contest success function, scaled so that no power overflows."""
        most = max(mine, theirs)
        if most == 0:
            return 0.0
        rho = self.rules.contest_sharpness
        own, opposing = (mine / most) ** rho, (theirs / most) ** rho
        return own / (own + opposing)

    @property
    def payoff(self) -> tuple[float, float]:
        """Running payoff of Blue and of Red."""
        blue, red = self.score(0), self.score(1)
        return (blue - self.rules.rivalry * red, red - self.rules.rivalry * blue)


def fused(sigma_km: float, measurement_km: float) -> float:
    """Sigma after a scalar Kalman update by one measurement."""
    return math.sqrt(1.0 / (1.0 / sigma_km**2 + 1.0 / measurement_km**2))
