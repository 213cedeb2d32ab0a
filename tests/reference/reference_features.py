"""What a side knows of its candidates: the features that doctrines weigh.

Candidates of N objects and S sensors a side (padded): ``[0, N)`` objects, ``[N, N + S)`` opposing
sensors to deny, ``[N + S, N + 2 S)`` own sensors to protect.
"""

from __future__ import annotations

import math

from reference.reference_state import NOISE, ReferenceState, Vector, uniform

from ssa_psro.scenario.schema import REGIMES

FEATURES = (
    "observe",
    "contested",
    "value",
    "age",
    "uncertainty",
    "lost",
    "information",
    "contested_age",
    "forecast",
    "suspected",
    "low_orbit",
    "high_orbit",
    "missed",
    "noise",
    "deny",
    "threat",
    "protect",
    "exposure",
    "harassed",
    "quality",
    "slew",
)


class ReferenceKnowledge(ReferenceState):
    """An episode with the features of every candidate."""

    def _unseen(self, side: int, n: int, w: int) -> float:
        """P(the window's manoeuvre has happened and the side has not seen it), to its knowledge."""
        begin, end, probability, _ = self._window(n, w)
        custody = self.sides[side].custody[n]
        before, now = custody.absorbed[w], self._elapsed(begin, end)
        if custody.known[w] or now <= before:
            return 0.0
        return probability * (now - before) / (1.0 - probability * before)

    def features(self, side: int, c: int) -> dict[str, float]:
        """The features of a candidate that do not depend on the sensor; absent ones are 0."""
        noise = {"noise": uniform(self.seed, NOISE, side, c, self.t)}
        if c < self.n_objects:
            return {**self._object_features(side, c), **noise}
        if c < self.n_objects + self.n_sensors:
            return {**noise, "deny": 1.0, "threat": self._threat(side, c - self.n_objects)}
        s = c - self.n_objects - self.n_sensors
        reach = self.arena.tables.denial[self.a, 1 - side, :, s]
        return {
            **noise,
            "protect": 1.0,
            "exposure": sum(int(flag) for flag in reach) / self.n_sensors,
            "harassed": self._harassed(side, s),
        }

    def _object_features(self, side: int, n: int) -> dict[str, float]:
        objects, custody = self.arena.objects, self.sides[side].custody[n]
        heaviest = max(float(weight) for weight in objects.weight)
        age_h = self.t * self.step_h - custody.seen_h
        s = custody.expected_km / float(objects.custody_sigma_km[n])
        contested = 1.0 if objects.contested[n] else 0.0
        value = float(objects.weight[n]) / heaviest if heaviest > 0 else 0.0
        age = age_h / (age_h + 6.0)
        uncertainty = s / (1.0 + s)
        suspicions = [self._unseen(side, n, w) for w, _ in self._windows(n)]
        return {
            "observe": 1.0,
            "contested": contested,
            "value": value,
            "age": age,
            "uncertainty": uncertainty,
            "lost": 1.0 if custody.expected_km > float(objects.custody_sigma_km[n]) else 0.0,
            "information": value * uncertainty,
            "contested_age": contested * age,
            "forecast": self._forecast(n),
            "suspected": max(suspicions, default=0.0),
            "low_orbit": 1.0 if REGIMES[objects.regime[n]] == "LEO" else 0.0,
            "high_orbit": 1.0 if REGIMES[objects.regime[n]] == "GEO" else 0.0,
            "missed": 1.0 if custody.missed else 0.0,
        }

    def _forecast(self, n: int) -> float:
        """1 inside a window, falling to 0 at six hours ahead of the next one."""
        ahead_h = math.inf
        for _, (begin, end, _, _) in self._windows(n):
            if begin <= self.a < end:
                return 1.0
            if begin > self.a:
                ahead_h = min(ahead_h, (begin - self.a) * self.step_h)
        return max(0.0, 1.0 - ahead_h / 6.0)

    def _threat(self, side: int, o: int) -> float:
        """The share of contested weight that an opposing sensor can see now."""
        objects = self.arena.objects
        total = seen = 0.0
        for n in range(self.n_objects):
            if objects.contested[n]:
                total += float(objects.weight[n])
                if self.arena.tables.quality[self.a, 1 - side, o, n] > 0:
                    seen += float(objects.weight[n])
        return seen / total if total > 0 else 0.0

    def _harassed(self, side: int, s: int) -> float:
        last = self.sides[side].sensors[s].last_denied
        return 0.0 if last is None else 1.0 / (1.0 + (self.t - last) * self.step_h)

    def pair_features(self, side: int, s: int, c: int) -> tuple[float, float]:
        """Quality and slew of a sensor's candidate."""
        quality = self._detection(side, s, c) if c < self.n_objects else 0.0
        slew = self._slew_angle(side, s, c) / math.pi
        return quality, slew

    def _detection(self, side: int, s: int, n: int) -> float:
        """Detection probability of a sharply known object; lower while the sensor is protected."""
        table = int(self.arena.tables.quality[self.a, side, s, n]) / 255
        protected = self.sides[side].sensors[s].protected_until > self.t
        return table * (self.rules.protected_sensitivity if protected else 1.0)

    def _slew_angle(self, side: int, s: int, c: int) -> float:
        """Angle [rad] from where the sensor points; 0 before its first task and to protect."""
        pointing = self.sides[side].sensors[s].pointing
        if pointing is None or c >= self.n_objects + self.n_sensors:
            return 0.0
        towards = self._direction(side, s, c)
        dot = sum(own * other for own, other in zip(pointing, towards, strict=True))
        return math.acos(min(1.0, max(-1.0, dot)))

    def _direction(self, side: int, s: int, c: int) -> Vector:
        """Unit vector from a sensor to an object or an opposing sensor."""
        if c < self.n_objects:
            body = 2 * self.n_sensors + c
        else:
            body = (1 - side) * self.n_sensors + c - self.n_objects
        there = self.arena.tables.position_km[self.a, body]
        here = self.arena.tables.position_km[self.a, side * self.n_sensors + s]
        x, y, z = (float(there[axis]) - float(here[axis]) for axis in range(3))
        length = math.sqrt(x * x + y * y + z * z)
        return (x / length, y / length, z / length)
