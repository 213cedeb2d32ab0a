"""The columns of the arrays that the compiled rules read: one list of names an array.

Compiled code pays for every array it is handed, so what belongs to one thing lies side by side in
one array. Each family below is the only declaration of an array's columns: the family filled with
indices (``TRACK.sigma_km``) is what the rules index with, its length is the array's width, and the
family filled with arrays (``state.track.sigma_km``) is the named view of them. An attribute is
added by a line in its family and the rule that writes it.

The instances of indices are constants to the compiler. A family's array is named after it, in the
plural: ``sensors[s, SENSOR.target]``. Of objects there are many, and rules pass over them all:
there each attribute is a row of its own, ``tracks[TRACK.sigma_km, n]``, and the processor works out
several objects at a time.
"""

from __future__ import annotations

from typing import Final, Generic, NamedTuple, TypeVar

Column = TypeVar("Column")
"""What stands for a column: its index (``int``) or its numbers (``Floats``)."""


class ObjectColumns(NamedTuple, Generic[Column]):
    """What is fixed of an object: ``World.objects``, a row an attribute."""

    weight: Column
    value: Column
    """Weight as a share of the largest one."""
    contested: Column
    """1 or 0, like the next two."""
    low_orbit: Column
    high_orbit: Column
    custody_km: Column
    """RMS position error up to which a side has custody."""
    motion_rad_h: Column
    """Mean motion."""
    density_km2_h3: Column
    """Spectral density of the acceleration that no model predicts, on each axis."""
    measurement_km: Column
    """Sigma of a look across its line of sight; 0 where it is the sensor's angle times range."""
    scatter_mag: Column
    """Sigma of its magnitude from episode to episode."""
    area_m2: Column
    """Reflecting area."""
    regime: Column
    """Index into ``REGIMES``."""
    windows: Column
    """Number of manoeuvre windows."""


class WindowColumns(NamedTuple, Generic[Column]):
    """A manoeuvre window: ``World.windows``."""

    opens: Column
    """Horizon step."""
    closes: Column
    """Horizon step; the window ends before it."""
    probability: Column
    """That the manoeuvre happens at all."""
    impulse_km2_h2: Column
    """Mean square of its along-track impulse."""


class SideColumns(NamedTuple, Generic[Column]):
    """What is fixed of a side: ``World.sides``."""

    sensors: Column
    slew_rate_rad_s: Column
    settle_s: Column
    dwell_s: Column
    duty_cycle: Column
    """Share of the time that a sensor may be at work."""
    latency_steps: Column
    """From the end of a look until the side knows what it found."""
    angular_sigma_rad: Column
    """Error of a measured direction on each axis."""
    half_field_rad: Column
    """Half the width of the field of view."""
    limiting_flux: Column
    """As in ``geometry.optics``, like the next two."""
    brightest_flux: Column
    detection_snr: Column


class TrackColumns(NamedTuple, Generic[Column]):
    """The objects as they stand with one side: ``State.tracks``, named views ``[B, 2, N]``."""

    sigma_km: Column
    """True RMS position error; decides custody. Hidden from both sides."""
    expected_km: Column
    """The RMS position error that a side expects from what it knows."""
    seen_step: Column
    """Episode step of the last successful look, in fractions before the episode."""
    seen_h: Column
    """Hour of that look; negative before the episode."""
    suspected: Column
    """Probability of an unseen manoeuvre, the likeliest window's."""
    first_window: Column
    """Number of the first manoeuvre window that the last look left open."""
    open_step: Column
    """Horizon step at which that window opens; infinite if there is none."""
    active_h: Column
    """Hour of the look that last showed a manoeuvre, or minus infinity."""
    tasked: Column
    """1 from the start of a look until its result is known."""
    look_step: Column
    """Step at which the exposure of that look has ended."""
    known_step: Column
    """Step at which its result becomes known."""
    look_sensor: Column
    """The sensor that takes it."""
    detection: Column
    """Probability that it detects the object, if that is in the field of view."""
    missed: Column
    """1 if the side's last attempt failed."""
    custody_steps: Column
    """Steps in custody so far."""
    held_steps: Column
    """Steps of the running contest period that the side held."""
    credit_steps: Column
    """Steps of finished contest periods that are credited to the side."""
    hits: Column
    """Successful observations."""
    attempts: Column
    """Completed observations."""
    max_gap_h: Column
    """Longest time between successes, the running gap not counted."""


class SpreadColumns(NamedTuple, Generic[Column]):
    """Coefficients of the variance of an object's position: ``State.spread``.

    Between two looks it is a sum of multiples of these functions, of the phase x since the last
    and of the phase since the horizon began; see ``motion.spread_of``.
    """

    constant: Column
    x: Column
    x2: Column
    x3: Column
    cos: Column
    sin: Column
    x_cos: Column
    x_sin: Column
    cos2: Column
    """Of twice the phase, like the next one."""
    sin2: Column


class SensorColumns(NamedTuple, Generic[Column]):
    """A sensor: ``State.sensors``, named views ``[B, 2, S]``. Steps are of the episode."""

    target: Column
    """Object under exposure, or NO_TARGET."""
    done_step: Column
    """Step at which the sensor is free again."""
    point_x: Column
    """Direction in which it points, a unit vector; zero if it never pointed."""
    point_y: Column
    point_z: Column
    denied_until: Column
    """The sensor cannot observe before this step."""
    protected_until: Column
    """The sensor cannot be denied before this step."""
    recharge_until: Column
    """The sensor cannot deny before this step."""
    attempted_until: Column
    """Until then the side takes the opposing sensor of this number to be denied by itself."""
    last_denied: Column
    """Step of the last denial that met the sensor, or NEVER."""


class CounterColumns(NamedTuple, Generic[Column]):
    """What is counted of a side: ``State.counters``, named views ``[B, 2]``."""

    denials: Column
    """Denials tried."""
    denials_blocked: Column
    """Of these, denials that met a protected sensor."""
    protections: Column
    """Protections taken."""


class FeatureColumns(NamedTuple, Generic[Column]):
    """The features of a candidate task, each in [0, 1]; a doctrine is one weight of each.

    First those of objects, then ``noise``, which every candidate has, then those of sensors. The
    next four depend on the sensor as well and are filled in by the tasking kernel; in a view they
    are zero. ``late`` is again of every candidate.
    """

    observe: Column
    contested: Column
    value: Column
    age: Column
    uncertainty: Column
    lost: Column
    information: Column
    contested_age: Column
    forecast: Column
    suspected: Column
    low_orbit: Column
    high_orbit: Column
    missed: Column
    active: Column
    noise: Column
    deny: Column
    threat: Column
    protect: Column
    exposure: Column
    harassed: Column
    quality: Column
    slew: Column
    closing: Column
    across: Column
    late: Column
    """Share of the contest period that is over."""


class GroupColumns(NamedTuple, Generic[Column]):
    """Means over a group of objects, in the summary that a network sees."""

    uncertainty: Column
    lost: Column
    age: Column


class SituationColumns(NamedTuple, Generic[Column]):
    """The rest of the summary: time, forecast and sensors."""

    time: Column
    contest_period: Column
    suspected: Column
    forecast: Column
    hit_rate: Column
    free: Column
    denied: Column
    protected: Column
    recharging: Column
    harassed: Column
    exposure: Column
    access: Column
    threat: Column
    denial_in_force: Column


OBJECT: Final = ObjectColumns(*range(len(ObjectColumns._fields)))
WINDOW: Final = WindowColumns(*range(len(WindowColumns._fields)))
SIDE: Final = SideColumns(*range(len(SideColumns._fields)))
TRACK: Final = TrackColumns(*range(len(TrackColumns._fields)))
SPREAD: Final = SpreadColumns(*range(len(SpreadColumns._fields)))
SENSOR: Final = SensorColumns(*range(len(SensorColumns._fields)))
COUNTER: Final = CounterColumns(*range(len(CounterColumns._fields)))
FEATURE: Final = FeatureColumns(*range(len(FeatureColumns._fields)))
GROUP: Final = GroupColumns(*range(len(GroupColumns._fields)))

PAIR_FEATURES: Final = ("quality", "slew", "closing", "across")
"""Features that depend on the sensor as well."""

PRODUCTS: Final = (
    ("uncertainty", "uncertainty"),
    ("age", "age"),
    ("contested", "uncertainty"),
    ("contested", "lost"),
    ("low_orbit", "age"),
    ("low_orbit", "uncertainty"),
    ("low_orbit", "lost"),
    ("high_orbit", "age"),
    ("high_orbit", "uncertainty"),
    ("high_orbit", "lost"),
    ("value", "age"),
    ("value", "lost"),
    ("suspected", "uncertainty"),
    ("forecast", "uncertainty"),
    ("missed", "uncertainty"),
    ("active", "uncertainty"),
    ("late", "contested"),
    ("late", "contested_age"),
    ("late", "deny"),
    ("late", "protect"),
    ("late", "threat"),
    ("late", "exposure"),
    ("threat", "threat"),
    ("exposure", "exposure"),
    ("exposure", "harassed"),
    ("quality", "uncertainty"),
    ("quality", "contested"),
    ("slew", "uncertainty"),
    ("closing", "uncertainty"),
    ("across", "uncertainty"),
    ("across", "lost"),
)
"""Products of features that doctrines weigh too: what a sum cannot say, such as that uncertainty
counts for more where an object is contested. Features of a sensor come first in them."""

FEATURES: Final = (*FeatureColumns._fields, *(f"{a}*{b}" for a, b in PRODUCTS))
"""Doctrine weights, in order."""

GROUP_REGIMES: Final = ("LEO", "MEO", "GEO")
"""Regimes that the summary tells apart."""
_GROUPS: Final = tuple(
    f"{kind} {regime}" for kind in ("uncontested", "contested") for regime in GROUP_REGIMES
)
_SITUATION_FIRST: Final = len(_GROUPS) * len(GROUP)
SITUATION: Final = SituationColumns(
    *range(_SITUATION_FIRST, _SITUATION_FIRST + len(SituationColumns._fields))
)
"""Indices into the summary, which begins with the groups."""

SUMMARY: Final = (
    *(f"{group}: {quantity}" for group in _GROUPS for quantity in GroupColumns._fields),
    *(name.replace("_", " ") for name in SituationColumns._fields),
)
"""Names of the summary's numbers, in order: means over each group of objects, the situation."""
