"""Motion about a circular orbit, and what it does to what is known of an object.

The state ``[6]`` is the error of the estimated orbit: position [km], then velocity [km/h], each
radial, along-track and cross-track, in Hill's frame, which goes round with the object. For small
errors about a circular orbit of mean motion ``n`` it moves linearly, and in closed form (Clohessy
and Wiltshire, "Terminal guidance system for satellite rendezvous", 1960; Vallado, *Fundamentals of
Astrodynamics*, section 6.8). So a covariance can be asked for at any time without a step between.

Two things make it grow: accelerations that no model predicts, as white noise, and manoeuvres that
nobody has seen yet. An impulse of rms ``d`` at an unknown time, uniform over an interval of length
``L``, has the second moments of white noise of density ``d² / L`` over that interval. So both need
one kind of integral.

Hours rather than seconds: a revolution takes some radians, and the numbers are of order one.
"""

from __future__ import annotations

import math
from typing import TypeAlias

from ssa_psro.arrays import Floats
from ssa_psro.compiled import compiled, entry_point
from ssa_psro.geometry.vectors import Vector

State6: TypeAlias = tuple[float, float, float, float, float, float]
Spread: TypeAlias = tuple[float, float, float, float, float, float, float, float, float, float]


@entry_point
def carry(covariance: Floats, n_rad_h: float, tau_h: float) -> None:
    """Let a covariance ``[6, 6]`` move for a time in which nothing else happens to it, in place.

    Args:
        covariance: of the state, in km and km/h.
        n_rad_h: mean motion.
        tau_h: the time.
    """
    x = n_rad_h * tau_h
    _carry(covariance, n_rad_h, x, math.cos(x), math.sin(x))


@compiled
def _carry(p: Floats, n_rad_h: float, x: float, c: float, s: float) -> None:
    # The transition matrix from the left and from the right: each column moves as a state does,
    # then each row.
    for j in range(6):
        column = (p[0, j], p[1, j], p[2, j], p[3, j], p[4, j], p[5, j])
        moved = _moved(column, n_rad_h, x, c, s)
        for i in range(6):
            p[i, j] = moved[i]
    for i in range(6):
        line = (p[i, 0], p[i, 1], p[i, 2], p[i, 3], p[i, 4], p[i, 5])
        moved = _moved(line, n_rad_h, x, c, s)
        for j in range(6):
            p[i, j] = moved[j]


@entry_point
def moved_state(state: State6, n_rad_h: float, tau_h: float) -> State6:
    """A state after a time: the solution of Clohessy and Wiltshire."""
    x = n_rad_h * tau_h
    return _moved(state, n_rad_h, x, math.cos(x), math.sin(x))


@compiled
def _moved(state: State6, n_rad_h: float, x: float, c: float, s: float) -> State6:
    radial, ahead, across, upward, forward, sideward = state
    crossed = 2.0 * (1.0 - c) / n_rad_h
    return (
        (4.0 - 3.0 * c) * radial + s / n_rad_h * upward + crossed * forward,
        6.0 * (s - x) * radial + ahead - crossed * upward + (4.0 * s - 3.0 * x) / n_rad_h * forward,
        c * across + s / n_rad_h * sideward,
        3.0 * n_rad_h * s * radial + c * upward + 2.0 * s * forward,
        6.0 * n_rad_h * (c - 1.0) * radial - 2.0 * s * upward + (4.0 * c - 3.0) * forward,
        c * sideward - n_rad_h * s * across,
    )


@entry_point
def add_noise(
    covariance: Floats,
    radial: float,
    along: float,
    cross_track: float,
    n_rad_h: float,
    tau_h: float,
) -> None:
    """Add what white acceleration over a time leaves, in place.

    An acceleration at a time ``u`` before the end displaces by the velocity columns of the
    transition over ``u``; with x = n u, in units of 1/n for positions, these are

        radial:       sin x,          -2 (1 - cos x),   cos x,    -2 sin x
        along-track:  2 (1 - cos x),  4 sin x - 3 x,    2 sin x,  4 cos x - 3
        cross-track:  sin x,                            cos x

    in radial and along-track (or cross-track) position and velocity. Their products, integrated
    over ``u``, are what is added.

    Args:
        covariance: ``[6, 6]``.
        radial, along, cross_track: spectral densities [km²/h³].
        n_rad_h: mean motion.
        tau_h: the time.
    """
    x = n_rad_h * tau_h
    _add_noise(covariance, radial, along, cross_track, n_rad_h, x, math.cos(x), math.sin(x))


@entry_point
def grow(covariance: Floats, density: float, n_rad_h: float, tau_h: float) -> None:
    """``carry``, and ``add_noise`` of the same density on each axis, in place."""
    x = n_rad_h * tau_h
    c, s = math.cos(x), math.sin(x)
    _carry(covariance, n_rad_h, x, c, s)
    _add_noise(covariance, density, density, density, n_rad_h, x, c, s)


@compiled
def _add_noise(
    covariance: Floats,
    radial: float,
    along: float,
    cross_track: float,
    n_rad_h: float,
    x: float,
    c: float,
    s: float,
) -> None:
    # integrals over [0, x] of products; "rise" is 1 - cos x, "slip" is 4 sin x - 3 x
    of_c, of_s, of_x = s, 1.0 - c, 0.5 * x * x
    x_c, x_s = x * s + c - 1.0, s - x * c
    c_c, c_s, s_s = 0.5 * (x + s * c), 0.5 * s * s, 0.5 * (x - s * c)
    rise_rise, rise_s, rise_c = x - 2.0 * s + c_c, of_s - c_s, of_c - c_c
    rise_slip = 4.0 * rise_s - 3.0 * (of_x - x_c)
    slip_slip = 16.0 * s_s - 24.0 * x_s + 3.0 * x * x * x
    slip_s, slip_c = 4.0 * s_s - 3.0 * x_s, 4.0 * c_s - 3.0 * x_c
    slip_1 = 4.0 * of_s - 3.0 * of_x
    speed, mixed, place = 1.0 / n_rad_h, 1.0 / n_rad_h**2, 1.0 / n_rad_h**3
    _add(covariance, 0, 0, place * (radial * s_s + along * 4.0 * rise_rise))
    _add(covariance, 0, 1, place * (along * 2.0 * rise_slip - radial * 2.0 * rise_s))
    _add(covariance, 1, 1, place * (radial * 4.0 * rise_rise + along * slip_slip))
    _add(covariance, 0, 3, mixed * (radial * c_s + along * 4.0 * rise_s))
    _add(
        covariance,
        0,
        4,
        mixed * (along * 2.0 * (4.0 * rise_c - 3.0 * (x - s)) - radial * 2.0 * s_s),
    )
    _add(covariance, 1, 3, mixed * (along * 2.0 * slip_s - radial * 2.0 * rise_c))
    _add(covariance, 1, 4, mixed * (radial * 4.0 * rise_s + along * (4.0 * slip_c - 3.0 * slip_1)))
    _add(covariance, 3, 3, speed * (radial * c_c + along * 4.0 * s_s))
    _add(covariance, 3, 4, speed * (along * 2.0 * (4.0 * c_s - 3.0 * of_s) - radial * 2.0 * c_s))
    _add(covariance, 4, 4, speed * (radial * 4.0 * s_s + along * (16.0 * c_c - 24.0 * s + 9.0 * x)))
    _add(covariance, 2, 2, place * cross_track * s_s)
    _add(covariance, 2, 5, mixed * cross_track * c_s)
    _add(covariance, 5, 5, speed * cross_track * c_c)


@compiled
def _add(covariance: Floats, i: int, j: int, number: float) -> None:
    covariance[i, j] += number
    if i != j:
        covariance[j, i] += number


@entry_point
def position_variance(covariance: Floats, density: float, n_rad_h: float, tau_h: float) -> float:
    """Sum of the three position variances [km²] after ``carry`` and ``add_noise``.

    The root of it is the RMS position error. It costs a fraction of the whole covariance.

    Args:
        covariance: ``[6, 6]`` before.
        density: of the noise, the same on each axis.
        n_rad_h: mean motion.
        tau_h: the time.
    """
    x = n_rad_h * tau_h
    return _position_variance(covariance, density, n_rad_h, x, math.cos(x), math.sin(x))


@compiled
def _position_variance(
    covariance: Floats, density: float, n_rad_h: float, x: float, c: float, s: float
) -> float:
    by_radius, by_speed = 4.0 - 3.0 * c, s / n_rad_h
    crossed, along = 2.0 * (1.0 - c) / n_rad_h, (4.0 * s - 3.0 * x) / n_rad_h
    shear = 6.0 * (s - x)
    p = covariance
    radial = by_radius * (by_radius * p[0, 0] + 2.0 * (by_speed * p[0, 3] + crossed * p[0, 4]))
    radial += by_speed * (by_speed * p[3, 3] + 2.0 * crossed * p[3, 4]) + crossed**2 * p[4, 4]
    ahead = shear * (shear * p[0, 0] + 2.0 * (p[0, 1] - crossed * p[0, 3] + along * p[0, 4]))
    ahead += p[1, 1] + 2.0 * (along * p[1, 4] - crossed * p[1, 3])
    ahead += crossed * (crossed * p[3, 3] - 2.0 * along * p[3, 4]) + along**2 * p[4, 4]
    across = c * (c * p[2, 2] + 2.0 * by_speed * p[2, 5]) + by_speed**2 * p[5, 5]
    return float(radial + ahead + across + density * _noise_trace(x, c, s) / n_rad_h**3)


@compiled
def _noise_trace(x: float, c: float, s: float) -> float:
    """Trace of the noise on positions, for n = 1 and density 1; see ``add_noise``."""
    c_c, s_s = 0.5 * (x + s * c), 0.5 * (x - s * c)
    # of the along-track axis as in ``along_variance``, and twice (1 - cos)² and sin² of the others
    return 8.0 * (x - 2.0 * s + c_c) + 18.0 * s_s - 24.0 * (s - x * c) + 3.0 * x * x * x


@compiled
def spread_of(covariance: Floats, density: float, n_rad_h: float, seen_rad: float) -> Spread:
    """The same variance for all times at once: multiples of functions of the phase.

    With x the phase since the covariance was right, the displacements of Clohessy and Wiltshire are
    sums of 1, x, cos x and sin x, and their second moments sums of products of two of these. The
    noise adds 21 x - 40 sin x - 5 sin x cos x + 24 x cos x + 3 x³, see ``_noise_trace``. Products
    of cosine and sine become functions of 2 x. Cosines and sines are of the phase since the horizon
    began, so that they are the same for all who know the object.

    Args:
        covariance: ``[6, 6]`` before.
        density: of the noise, the same on each axis.
        n_rad_h: mean motion.
        seen_rad: phase at which the covariance was right.

    Returns:
        the coefficients in the order of ``SpreadColumns``, km².
    """
    p, i = covariance, 1.0 / n_rad_h
    a, b, c = p[0, 0], i * p[0, 3], i * p[0, 4]
    d, e, f = i * i * p[3, 3], i * i * p[3, 4], i * i * p[4, 4]
    g, h, k, m = p[0, 1], i * p[1, 3], i * p[1, 4], p[1, 1]
    noise = density * i * i * i
    cos_cos = 9.0 * a + 12.0 * c + 4.0 * f + 4.0 * d + p[2, 2]
    sin_sin = d + 36.0 * a + 48.0 * c + 16.0 * f + i * i * p[5, 5]
    constant = 16.0 * (a + c) + 4.0 * (f - h + d) + m + 0.5 * (cos_cos + sin_sin)
    x = 2.0 * (-6.0 * g - 3.0 * k + 12.0 * b + 6.0 * e) + 21.0 * noise
    cos = 2.0 * (-12.0 * a - 14.0 * c - 4.0 * f + 2.0 * h - 4.0 * d)
    sin = 2.0 * (4.0 * b + 2.0 * e + 6.0 * g + 4.0 * k - 12.0 * b - 8.0 * e) - 40.0 * noise
    x_cos = 2.0 * (-12.0 * b - 6.0 * e) + 24.0 * noise
    x_sin = 2.0 * (-36.0 * a - 42.0 * c - 12.0 * f)
    cos2 = 0.5 * (cos_cos - sin_sin)
    sin2 = 9.0 * b + 6.0 * e + i * p[2, 5] - 2.5 * noise
    first, second = math.cos(seen_rad), math.sin(seen_rad)
    first2, second2 = math.cos(2.0 * seen_rad), math.sin(2.0 * seen_rad)
    return (
        constant,
        x,
        36.0 * a + 36.0 * c + 9.0 * f,
        3.0 * noise,
        cos * first - sin * second,
        cos * second + sin * first,
        x_cos * first - x_sin * second,
        x_cos * second + x_sin * first,
        cos2 * first2 - sin2 * second2,
        cos2 * second2 + sin2 * first2,
    )


@entry_point
def noise_variance(n_rad_h: float, tau_h: float) -> float:
    """Sum of the position variances that white acceleration of density 1 on each axis leaves."""
    x = n_rad_h * tau_h
    return _noise_trace(x, math.cos(x), math.sin(x)) / n_rad_h**3


@entry_point
def along_variance(n_rad_h: float, tau_h: float) -> float:
    """The same of white acceleration along the track alone."""
    x = n_rad_h * tau_h
    c, s = math.cos(x), math.sin(x)
    x_s, c_c, s_s = s - x * c, 0.5 * (x + s * c), 0.5 * (x - s * c)
    total = 4.0 * (x - 2.0 * s + c_c) + 16.0 * s_s - 24.0 * x_s + 3.0 * x * x * x
    return total / n_rad_h**3


@entry_point
def drift_h2(n_rad_h: float, tau_h: float) -> float:
    """Square of the distance [km] to which an along-track impulse of 1 km/h has led."""
    x = n_rad_h * tau_h
    c, s = math.cos(x), math.sin(x)
    return (4.0 * (1.0 - c) ** 2 + (4.0 * s - 3.0 * x) ** 2) / n_rad_h**2


@entry_point
def add_drift(covariance: Floats, variance: float, n_rad_h: float, tau_h: float) -> None:
    """Add what an along-track impulse of that variance, so long ago, has led to, in place."""
    drift = moved_state((0.0, 0.0, 0.0, 0.0, 1.0, 0.0), n_rad_h, tau_h)
    for i in range(6):
        for j in range(6):
            covariance[i, j] += variance * drift[i] * drift[j]


@compiled
def across_share(
    covariance: Floats, density: float, n_rad_h: float, tau_h: float, sight: Vector
) -> float:
    """Share of the position variance that lies across a line of sight, after ``tau_h``.

    The same as ``carry``, ``add_noise`` and ``across_variance``, without what they work out of
    velocities.

    Args:
        covariance: ``[6, 6]`` before.
        density: of the noise, the same on each axis.
        n_rad_h: mean motion.
        tau_h: the time.
        sight: unit vector.
    """
    # The variance along the line of sight is that of one number, a weighted sum of the six: the
    # weights are the line of sight times the position rows of the transition.
    x = n_rad_h * tau_h
    c, s = math.cos(x), math.sin(x)
    rise, slip = 2.0 * (1.0 - c), 4.0 * s - 3.0 * x
    weights = (
        (4.0 - 3.0 * c) * sight[0] + 6.0 * (s - x) * sight[1],
        sight[1],
        c * sight[2],
        (s * sight[0] - rise * sight[1]) / n_rad_h,
        (rise * sight[0] + slip * sight[1]) / n_rad_h,
        s * sight[2] / n_rad_h,
    )
    along = 0.0
    for i in range(6):
        for j in range(6):
            along += weights[i] * covariance[i, j] * weights[j]
    c_c, s_s = 0.5 * (x + s * c), 0.5 * (x - s * c)
    rise_rise = 4.0 * (x - 2.0 * s + c_c)
    rise_s = 2.0 * (1.0 - c) - s * s
    slip_slip = 16.0 * s_s - 24.0 * (s - x * c) + 3.0 * x * x * x
    slip_rise = 8.0 * (1.0 - c) - 4.0 * s * s - 3.0 * x * x + 6.0 * (x * s + c - 1.0)
    noise = sight[0] * sight[0] * (s_s + rise_rise) + sight[2] * sight[2] * s_s
    noise += sight[1] * sight[1] * (rise_rise + slip_slip)
    noise += 2.0 * sight[0] * sight[1] * (slip_rise - rise_s)
    along += density * noise / n_rad_h**3
    return float(max(0.0, 1.0 - along / _position_variance(covariance, density, n_rad_h, x, c, s)))
