"""What an angles-only filter of Stone Soup knows of objects after each look, as a reference file.

An unscented Kalman filter in inertial coordinates: two-body motion, white acceleration, elevation
and bearing of each look with noise. Needs Stone Soup, and shares no formula of the motion or of the
updates with the package; looks and orbits are those of ``looks``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from stonesoup.base import Property
from stonesoup.models.measurement.nonlinear import CartesianToElevationBearing
from stonesoup.models.transition.base import TransitionModel
from stonesoup.predictor.kalman import UnscentedKalmanPredictor
from stonesoup.types.array import CovarianceMatrix, StateVector
from stonesoup.types.detection import Detection
from stonesoup.types.hypothesis import SingleHypothesis
from stonesoup.types.state import GaussianState
from stonesoup.updater.kalman import UnscentedKalmanUpdater

from evidence.uncertainty.looks import Look, hill_axes
from evidence.uncertainty.tracking import Compared, Tracking, calibration_tracking, compared
from evidence.validation.stored import DEFAULT_FOLDER, write_rows
from ssa_psro.scenario.schema import REGIMES
from ssa_psro.scenario.standards import ARCSEC

EPOCH = datetime(2026, 3, 20, tzinfo=UTC)
MU_KM3_S2 = 398600.4418
RUNS = 10
STEP_S = 30.0
"""Of the integration."""
PREDICTION_S = 120.0
"""Of the filter: its noise is that of free motion, which holds for minutes."""


class TwoBody(TransitionModel):  # type: ignore[misc]
    """Motion about a point mass, by Runge and Kutta's method."""

    density: float = Property(doc="Of white acceleration, in km²/s³")

    @property
    def ndim_state(self) -> int:
        """Position and velocity."""
        return 6

    def rvs(self, num_samples: int = 1, **kwargs: Any) -> Any:
        """Not asked for."""
        raise NotImplementedError

    def pdf(self, state1: Any, state2: Any, **kwargs: Any) -> Any:
        """Not asked for."""
        raise NotImplementedError

    def function(self, state: Any, noise: Any = False, **kwargs: Any) -> Any:
        """Where a state leads."""
        vector = np.asarray(state.state_vector, dtype=float)
        seconds = kwargs["time_interval"].total_seconds()
        steps = max(1, int(np.ceil(seconds / STEP_S)))
        for _ in range(steps):
            vector = _stepped(vector, seconds / steps)
        return state.state_vector.view(type(state.state_vector)) * 0.0 + vector

    def covar(self, **kwargs: Any) -> CovarianceMatrix:
        """Of white acceleration over a short time."""
        t = kwargs["time_interval"].total_seconds()
        block = self.density * np.array([[t**3 / 3.0, t**2 / 2.0], [t**2 / 2.0, t]])
        return CovarianceMatrix(np.kron(block, np.eye(3)))


def _stepped(state: Any, step_s: float) -> Any:
    first = _derivative(state)
    second = _derivative(state + step_s / 2.0 * first)
    third = _derivative(state + step_s / 2.0 * second)
    fourth = _derivative(state + step_s * third)
    return state + step_s / 6.0 * (first + 2.0 * second + 2.0 * third + fourth)


def _derivative(state: Any) -> Any:
    place = state[:3]
    return np.concatenate([state[3:], -MU_KM3_S2 * place / np.linalg.norm(place, axis=0) ** 3])


def run(
    given: Compared, tracking: Tracking, random: np.random.Generator
) -> Iterator[tuple[float, float]]:
    """The filter's RMS position sigma and its true error in km, right after each look."""
    predictor = UnscentedKalmanPredictor(TwoBody(density=tracking.density_km2_h3 / 3600.0**3))
    updater = UnscentedKalmanUpdater()
    true = given.flown.state(given.start_s)
    spread = _inertial(given.start, true)
    mean = random.multivariate_normal(true, spread)
    prior = GaussianState(StateVector(mean), CovarianceMatrix(spread), timestamp=EPOCH)
    now_s = given.start_s
    for one in given.looks:
        while now_s < one.time_s:
            now_s = min(now_s + PREDICTION_S, one.time_s)
            prior = predictor.predict(prior, timestamp=_instant(now_s - given.start_s))
        true = given.flown.state(one.time_s)
        measured = _measured(one, true, tracking.angular_sigma_arcsec * ARCSEC, random)
        prior = updater.update(SingleHypothesis(prior, measured(prior.timestamp)))
        error = np.asarray(prior.state_vector, dtype=float)[:3, 0] - true[:3]
        yield float(np.sqrt(np.trace(prior.covar[:3, :3]))), float(np.linalg.norm(error))


def _measured(one: Look, true: Any, sigma: float, random: np.random.Generator) -> Any:
    """What makes the detection of a look, given a time."""
    line = true[:3] - one.sensor_km
    level = float(np.hypot(line[0], line[1]) / np.linalg.norm(line))
    # a degree of bearing is short near the pole of the coordinates
    noise = np.array([sigma, sigma / level])
    model = CartesianToElevationBearing(
        ndim_state=6,
        mapping=(0, 1, 2),
        noise_covar=CovarianceMatrix(np.diag(noise**2)),
        translation_offset=StateVector(one.sensor_km),
    )
    exact = model.function(GaussianState(StateVector(true), np.eye(6)), noise=False)
    angles = StateVector(
        [
            kind(float(angle) + error)
            for kind, angle, error in zip(
                (type(exact[0, 0]), type(exact[1, 0])),
                np.asarray(exact, dtype=float).ravel(),
                noise * random.normal(size=2),
                strict=True,
            )
        ]
    )
    return lambda instant: Detection(angles, timestamp=instant, measurement_model=model)


def _instant(time_s: float) -> datetime:
    return EPOCH + timedelta(seconds=time_s)


def _inertial(covariance: Any, state: Any) -> Any:
    """A covariance in Hill's frame [km, km/h] as one of inertial states [km, km/s]."""
    axes = hill_axes(state)
    turn = np.cross(state[:3], state[3:]) / (state[:3] @ state[:3])
    # the frame turns: what rests in it moves
    spin = np.array([[0.0, -turn[2], turn[1]], [turn[2], 0.0, -turn[0]], [-turn[1], turn[0], 0.0]])
    change = np.zeros((6, 6))
    change[:3, :3], change[3:, 3:] = axes.T, axes.T / 3600.0
    change[3:, :3] = spin @ axes.T
    return change @ covariance @ change.T


def main() -> None:
    """Write the reference file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER)
    arguments = parser.parse_args()
    rows = []
    for regime in REGIMES:
        tracking = calibration_tracking(regime)
        given = compared(tracking)
        runs = np.array(
            [list(run(given, tracking, np.random.default_rng(number))) for number in range(RUNS)]
        )
        for number, one in enumerate(given.looks):
            sigma, error = np.median(runs[:, number, 0]), np.sqrt((runs[:, number, 1] ** 2).mean())
            rows.append((regime, number + 1, one.time_s, f"{sigma:.6g}", f"{error:.6g}"))
    write_rows(
        arguments.folder / "covariance_stonesoup.csv",
        ("regime", "look", "time_s", "sigma_km", "rms_error_km"),
        rows,
        ("stonesoup", "numpy"),
    )


if __name__ == "__main__":
    main()
