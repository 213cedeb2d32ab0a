"""How well a side knows an orbit: the truth, what the side expects, and what a look makes of it."""

from __future__ import annotations

import math

from reference.reference_motion import Matrix, flow, seen, variance
from reference.reference_state import Custody, ManoeuvreWindow, ReferenceState


class ReferenceUncertainty(ReferenceState):
    """An episode with the uncertainty of every orbit."""

    def assess(self, side: int) -> None:
        """Let a side take stock of all orbits at the beginning of the current step."""
        for n, custody in enumerate(self.sides[side].custody):
            custody.quiet = self._quiet(side, n, self.t)
            custody.sigma_km = math.sqrt(variance(self._true(side, n, self.t)))
            custody.expected_km = math.sqrt(variance(self._expected(side, n)))
            chances = [self._unseen(side, n, w, window) for w, window in self._windows(n)]
            custody.suspected = max(chances, default=0.0)

    def _quiet(self, side: int, n: int, t: int) -> Matrix:
        """The covariance at step ``t`` of an orbit on which nothing has happened since the look."""
        custody, motion, density = self.sides[side].custody[n], self.motion[n], self.density[n]
        covariance = custody.covariance
        if custody.seen_step < 0:
            before_h = -custody.seen_step * self.step_h
            covariance = flow(motion, before_h).carry(covariance, density)
        played_h = (t - max(0, custody.seen_step)) * self.step_h
        return flow(motion, played_h).carry(covariance, density)

    def _true(self, side: int, n: int, t: int) -> Matrix:
        """The second moment of the error at step ``t``, with the impulses that nobody has seen."""
        moment, a = self._quiet(side, n, t), self.start + t
        for w in self._happened(side, n, t):
            kicked_h = (a - self._impulse_step(n, w) - 0.5) * self.step_h  # mid-step
            error = flow(self.motion[n], kicked_h).transition[:, 4:5] * self.impulse_km_h[n][w]
            moment = moment + error @ error.T
        return moment

    def _expected(self, side: int, n: int) -> Matrix:
        """The second moment of the error by all that a side knows."""
        moment, seen_a = self._quiet(side, n, self.t), self._seen_a(side, n)
        for w, window in self._windows(n):
            chance = self._unseen(side, n, w, window)
            if chance > 0:
                moment = moment + chance * self._of_unknown_time(n, window, seen_a, self.a)
        return moment

    def _recognised(self, side: int, n: int, t: int) -> Matrix:
        """What a look at step ``t`` starts from: it shows that impulses happened, not when."""
        moment, seen_a = self._quiet(side, n, t), self._seen_a(side, n)
        windows = dict(self._windows(n))
        for w in self._happened(side, n, t):
            moment = moment + self._of_unknown_time(n, windows[w], seen_a, self.start + t)
        return moment

    def _of_unknown_time(self, n: int, window: ManoeuvreWindow, seen_a: float, a: int) -> Matrix:
        """The second moment at horizon step ``a`` of an impulse that came between look and now."""
        first, last = max(window.opens, seen_a), min(window.closes, a)
        length_h, since_h = (last - first) * self.step_h, (a - last) * self.step_h
        pushed = flow(self.motion[n], length_h).along_noise
        return flow(self.motion[n], since_h).carry(window.delta_v_km_h**2 / length_h * pushed)

    def _happened(self, side: int, n: int, t: int) -> list[int]:
        """The windows whose impulses happened after the last look and before step ``t``."""
        seen_a = self._seen_a(side, n)
        return [
            w
            for w, step in enumerate(self.manoeuvre_step[n])
            if step is not None and seen_a <= step < self.start + t
        ]

    def _impulse_step(self, n: int, w: int) -> int:
        step = self.manoeuvre_step[n][w]
        assert step is not None
        return step

    def _unseen(self, side: int, n: int, w: int, window: ManoeuvreWindow) -> float:
        """P(the window's impulse has happened and the side has not seen it), to its knowledge."""
        seen_a, happened = self._seen_a(side, n), self.manoeuvre_step[n][w]
        before, now = elapsed(window, seen_a), elapsed(window, self.a)
        if now <= before or (happened is not None and happened < seen_a):
            return 0.0
        return window.probability * (now - before) / (1.0 - window.probability * before)

    def _seen_a(self, side: int, n: int) -> float:
        """The horizon step of the last successful look."""
        return self.start + self.sides[side].custody[n].seen_step

    def _observed(self, side: int, n: int, custody: Custody) -> None:
        """A look has succeeded: take over what it measured, as of its own time."""
        look = custody.look
        assert look is not None
        sight, range_km = self._sight(side, look.sensor, n, self.start + look.look_step)
        noise_km2 = self._measurement_km(side, n, range_km) ** 2
        prior = self._recognised(side, n, look.look_step)
        if self._happened(side, n, look.look_step):
            custody.active_step = look.look_step
        gap_steps = look.look_step - max(0.0, custody.seen_step)
        custody.max_gap_h = max(custody.max_gap_h, gap_steps * self.step_h)
        custody.covariance = seen(prior, sight, noise_km2)
        custody.seen_step = look.look_step
        custody.hits += 1


def elapsed(window: ManoeuvreWindow, a: float) -> float:
    """The share of a window that is over at a horizon step."""
    return min(1.0, max(0.0, (a - window.opens) / (window.closes - window.opens)))
