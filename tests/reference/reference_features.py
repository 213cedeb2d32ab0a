"""What a side knows of its candidates: the features that doctrines weigh.

Candidates of N objects and S sensors a side (padded): ``[0, N)`` objects, ``[N, N + S)`` opposing
sensors to deny, ``[N + S, N + 2 S)`` own sensors to protect.
"""

from __future__ import annotations

import math

from reference.reference_motion import variance, variance_across
from reference.reference_state import NOISE, Vector, uniform
from reference.reference_uncertainty import ReferenceUncertainty

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
    "active",
    "noise",
    "deny",
    "threat",
    "protect",
    "exposure",
    "harassed",
    "quality",
    "slew",
    "closing",
    "across",
    "late",
    "uncertainty*uncertainty",
    "age*age",
    "contested*uncertainty",
    "contested*lost",
    "low_orbit*age",
    "low_orbit*uncertainty",
    "low_orbit*lost",
    "high_orbit*age",
    "high_orbit*uncertainty",
    "high_orbit*lost",
    "value*age",
    "value*lost",
    "suspected*uncertainty",
    "forecast*uncertainty",
    "missed*uncertainty",
    "active*uncertainty",
    "late*contested",
    "late*contested_age",
    "late*deny",
    "late*protect",
    "late*threat",
    "late*exposure",
    "threat*threat",
    "exposure*exposure",
    "exposure*harassed",
    "quality*uncertainty",
    "quality*contested",
    "slew*uncertainty",
    "closing*uncertainty",
    "across*uncertainty",
    "across*lost",
)


def with_products(values: dict[str, float]) -> dict[str, float]:
    """The features and those products of two of them that doctrines weigh."""
    products = {}
    for name in FEATURES:
        one, _, other = name.partition("*")
        if one in values and other in values:
            products[name] = values[one] * values[other]
    return {**values, **products}


class ReferenceKnowledge(ReferenceUncertainty):
    """An episode with the features of every candidate, by what was assessed last."""

    def features(self, side: int, c: int) -> dict[str, float]:
        """The features of a candidate that do not depend on the sensor; absent ones are 0."""
        period = self.period_steps
        every = {
            "noise": uniform(self.seed, NOISE, side, c, self.t),
            "late": (self.t % period) / period,
        }
        return with_products({**every, **self._own_features(side, c)})

    def _own_features(self, side: int, c: int) -> dict[str, float]:
        """Those that its kind of candidate has."""
        if c < self.n_objects:
            return self._object_features(side, c)
        if c < self.n_objects + self.n_sensors:
            return {"deny": 1.0, "threat": self._threat(side, c - self.n_objects)}
        s = c - self.n_objects - self.n_sensors
        reach = self.arena.tables.denial[self.a, 1 - side, :, s]
        return {
            "protect": 1.0,
            "exposure": sum(int(flag) for flag in reach) / self.n_sensors,
            "harassed": self._faded(self.sides[side].sensors[s].last_denied),
        }

    def _object_features(self, side: int, n: int) -> dict[str, float]:
        objects, custody = self.arena.objects, self.sides[side].custody[n]
        heaviest = max(float(weight) for weight in objects.weight)
        age_h = (self.t - custody.seen_step) * self.step_h
        s = custody.expected_km / float(objects.custody_sigma_km[n])
        contested = 1.0 if objects.contested[n] else 0.0
        value = float(objects.weight[n]) / heaviest if heaviest > 0 else 0.0
        age = age_h / (age_h + 6.0)
        uncertainty = s / (1.0 + s)
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
            "suspected": custody.suspected,
            "low_orbit": 1.0 if REGIMES[objects.regime[n]] == "LEO" else 0.0,
            "high_orbit": 1.0 if REGIMES[objects.regime[n]] == "GEO" else 0.0,
            "missed": 1.0 if custody.missed else 0.0,
            "active": self._faded(custody.active_step),
        }

    def _forecast(self, n: int) -> float:
        """1 inside a forecast window, falling to 0 at six hours ahead of the next one."""
        ahead_h = math.inf
        for _, window in self._windows(n):
            if window.announced and window.opens <= self.a < window.closes:
                return 1.0
            if window.announced and window.opens > self.a:
                ahead_h = min(ahead_h, (window.opens - self.a) * self.step_h)
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

    def _faded(self, step: int | None) -> float:
        """1 for what happened just now, less the longer ago it did, 0 for what never happened."""
        return 0.0 if step is None else 1.0 / (1.0 + (self.t - step) * self.step_h)

    def pair_features(self, side: int, s: int, c: int) -> dict[str, float]:
        """The features of a candidate that depend on the sensor; absent ones are 0."""
        slew = {"slew": self._slew_angle(side, s, c) / math.pi}
        if c >= self.n_objects:
            return slew
        quiet = self.sides[side].custody[c].quiet
        sight, _ = self._sight(side, s, c, self.a)
        return {
            **slew,
            "quality": self._quality(self.a, side, s, c) * self._sensitivity(side, s),
            "closing": self._closing(side, s, c),
            "across": variance_across(quiet, sight) / variance(quiet),
        }

    def _closing(self, side: int, s: int, n: int) -> float:
        """1 where access ends after this step, 0 where it lasts for another hour."""
        most, last = math.ceil(3600 / self.step_s), 0
        while last < most and self._accessible(self.a + last + 1, side, s, n):
            last += 1
        return 1.0 - last / most

    def _accessible(self, a: int, side: int, s: int, n: int) -> bool:
        """Whether a sensor sees an object at a horizon step; after the last one nobody sees."""
        return a < len(self.arena.tables.quality) and self._quality(a, side, s, n) > 0

    def _quality(self, a: int, side: int, s: int, n: int) -> float:
        return int(self.arena.tables.quality[a, side, s, n]) / 255

    def _sensitivity(self, side: int, s: int) -> float:
        """The share of the detection probability that is left to a sensor."""
        protected = self.sides[side].sensors[s].protected_until > self.t
        return self.rules.protected_sensitivity if protected else 1.0

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
        x, y, z = (float(part) for part in self._ray_km(side, s, c, self.a))
        length = math.sqrt(x * x + y * y + z * z)
        return (x / length, y / length, z / length)
