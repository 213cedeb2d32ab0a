"""The rules of the game once more: slow, plain and one episode at a time.

Written from the rules alone, independently of ``ssa_psro.game``, so that both can be played step
by step against each other. Every rule stands where the order of a step puts it; nothing is cached
or vectorised.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from reference.reference_features import FEATURES, ReferenceKnowledge, with_products
from reference.reference_motion import variance_across
from reference.reference_state import (
    DETECT,
    NORMAL,
    Choices,
    Custody,
    Look,
    Orders,
    uniform,
    whole_steps,
)

from ssa_psro.geometry.occultation import sunlight

__all__ = ["Orders", "ReferenceEpisode"]


class Task(NamedTuple):
    """How a sensor's time goes by if it begins to look, or to deny, at the current step.

    Attributes: ``look_steps`` until the exposure is over; ``middle_steps`` until half of it is;
    ``busy_steps`` until the sensor is free again.
    """

    look_steps: int
    middle_steps: float
    busy_steps: int


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
            self.assess(side)
        choices = [self._task(side, orders) for side, orders in enumerate((blue, red))]
        for side in (0, 1):
            self._protect(side, choices[side])
        for side in (0, 1):
            self._deny(side, choices[side])
        # Impulses of this step need no doing: from the next step on they belong to the past.
        for n in range(self.n_objects):
            self._score_step(n)
        self.t += 1

    # 1 RESOLVE

    def _resolve(self, side: int) -> None:
        for n, custody in enumerate(self.sides[side].custody):
            if custody.look is not None and custody.look.known_step == self.t:
                self._conclude(side, n, custody, custody.look)

    def _conclude(self, side: int, n: int, custody: Custody, look: Look) -> None:
        """The result of a look becomes known: success or failure."""
        luck = uniform(self.seed, DETECT, side, n, look.look_step)
        success = luck < look.detection * self._found(side, n, look)
        custody.attempts += 1
        custody.missed = not success
        if success:
            self._observed(side, n, custody)
        custody.look = None

    def _found(self, side: int, n: int, look: Look) -> float:
        """Probability that the object is inside the field of view, in the middle of which it ought
        to be: the two errors across the line of sight are taken to be normal and alike."""
        sight, range_km = self._sight(side, look.sensor, n, self.start + look.look_step)
        view_deg = self.arena.scenario.sides[side].sensor.field_of_view_deg
        radius_km = math.radians(view_deg / 2) * range_km
        error_km2 = variance_across(self._true(side, n, look.look_step), sight)
        return 1.0 - math.exp(-(radius_km**2) / error_km2)

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
            ready = sensor.denied_until <= self.t and not own.custody[c].tasked
            return ready and self._sees_to_the_end(side, s, c)
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
        pair = self.pair_features(side, s, c)
        if orders.mode == "priority":
            return float(orders.numbers[c]) + 0.1 * pair.get("quality", 0.0) - 0.1 * pair["slew"]
        values = with_products({**self.features(side, c), **pair})
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
        task = self._time(side, s, c)
        sensor.done_step = self.t + task.busy_steps
        if c < self.n_objects:
            look_step = self.t + task.look_steps
            latency_s = self.arena.scenario.sides[side].sensor.latency_s
            known_step = look_step + self._steps(latency_s)
            detection = self._detection(side, s, c, task)
            self.sides[side].custody[c].look = Look(s, look_step, known_step, detection)
        else:
            o = c - self.n_objects
            sensor.recharge_until = self.t + self._steps(self.rules.denial_recharge_s)
            self.sides[side].attempted_until[o] = self.t + self._steps(self.rules.denial_s)
            choices.denials.append((s, o))
        sensor.pointing = self._direction(side, s, c)

    def _time(self, side: int, s: int, c: int) -> Task:
        """Slew, settle, then expose; then rest, so that the duty cycle is kept."""
        kind = self.arena.scenario.sides[side].sensor
        slew_s = math.degrees(self._slew_angle(side, s, c)) / kind.slew_rate_deg_s
        begins_s = slew_s + kind.settle_s
        ends_s = begins_s + kind.dwell_s
        return Task(
            look_steps=max(1, self._steps(ends_s)),
            middle_steps=(begins_s + kind.dwell_s / 2) / self.step_s,
            busy_steps=max(1, self._steps(ends_s / kind.duty_cycle)),
        )

    def _sees_to_the_end(self, side: int, s: int, n: int) -> bool:
        """Whether access lasts from now until the exposure would be over."""
        if not self._accessible(self.a, side, s, n):
            return False
        last = self.a + self._time(side, s, n).look_steps
        return all(self._accessible(a, side, s, n) for a in range(self.a, last + 1))

    def _detection(self, side: int, s: int, n: int, task: Task) -> float:
        """Detection probability in the middle of the exposure, between two rows of the table."""
        row = min(math.floor(task.middle_steps), task.look_steps - 1)
        part = task.middle_steps - row
        before, after = (self._sighting(self.a + k, side, s, n) for k in (row, row + 1))
        return ((1 - part) * before + part * after) * self._sensitivity(side, s)

    def _sighting(self, a: int, side: int, s: int, n: int) -> float:
        """Detection probability as tabulated; of an object whose brightness scatters, worked out
        for its brightness in this episode."""
        if self.arena.objects.brightness_scatter_mag[n] == 0:
            return self._quality(a, side, s, n)
        sensor = self.arena.scenario.sides[side].sensor
        brightness_mag = self._magnitude(a, side, s, n) + self.fainter_mag[n]
        if sensor.brightest_magnitude is not None and brightness_mag < sensor.brightest_magnitude:
            return 0.0
        # The signal at the limiting magnitude is as many deviations of the noise as the threshold.
        signal = sensor.detection_snr * 10 ** (0.4 * (sensor.limiting_magnitude - brightness_mag))
        return NORMAL.cdf(signal - sensor.detection_snr)

    def _magnitude(self, a: int, side: int, s: int, n: int) -> float:
        """Apparent magnitude of a diffuse sphere (Cognion 2013), infinite in the dark."""
        objects, sun_km = self.arena.objects, self.sun_km[a]
        here = self._position_km(a, self._body(side, n))
        ray, lit = self._ray_km(side, s, n, a), sunlight(tuple(here), tuple(sun_km))
        to_sun, range_m = sun_km - here, 1000 * float(np.linalg.norm(ray))
        cosine = -(ray @ to_sun) / np.linalg.norm(ray) / np.linalg.norm(to_sun)
        phase = math.acos(min(1.0, max(-1.0, float(cosine))))
        shown = 2 * ((math.pi - phase) * math.cos(phase) + math.sin(phase)) / (3 * math.pi**2)
        area_m2 = math.pi * float(objects.radius_m[n]) ** 2 * float(objects.albedo[n])
        flux = lit * area_m2 * shown / range_m**2
        return math.inf if flux <= 0 else -26.74 - 2.5 * math.log10(flux)

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
            for custody in other.custody:
                look = custody.look
                if look is not None and look.sensor == o and self.t < look.look_step:
                    custody.look = None
                    target.done_step = self.t + 1

    # 4 SCORE

    def _score_step(self, n: int) -> None:
        """Credit the step just played to whoever had the object."""
        pair = [self.sides[side].custody[n] for side in (0, 1)]
        limit_km = float(self.arena.objects.custody_sigma_km[n])
        keeps = [custody.sigma_km <= limit_km for custody in pair]
        for custody, kept in zip(pair, keeps, strict=True):
            custody.custody_steps += kept
        period = self.t // self.period_steps
        if all(keeps) and pair[0].seen_step == pair[1].seen_step:
            for custody in pair:
                custody.held_steps[period] += 0.5
        elif all(keeps):
            max(pair, key=lambda custody: custody.seen_step).held_steps[period] += 1.0
        elif any(keeps):
            pair[keeps.index(True)].held_steps[period] += 1.0

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
        return blue - self.rules.rivalry * red, red - self.rules.rivalry * blue
