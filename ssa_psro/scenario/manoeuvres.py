"""Forecast manoeuvres of contested objects: drawn, by class of object, or stated by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Annotated, Literal, Protocol

from pydantic import Field

from ssa_psro.errors import Fault
from ssa_psro.inputs.sections import Fraction, Section, is_sound, rule
from ssa_psro.scenario.fields import Hours, Speed


class Manoeuvres(Section):
    """Forecast manoeuvre windows of objects, drawn by numbers and known to both sides."""

    kind: Literal["stated"] = "stated"
    """Says that the windows are given by numbers; need not be written."""
    interval_h: Hours = 48.0
    """Mean time from the start of one window to that of the next."""
    spread: Fraction = 0.0
    """Standard deviation of that time over its mean; 0 is strictly regular."""
    window_h: Hours = 6.0
    """Length of a window, at most the interval."""
    probability: Fraction = 0.7
    """Probability that the manoeuvre takes place in its window."""
    delta_v_m_s: Speed = 0.5
    """Size of its impulse along track, root mean square. Until it is seen, the object drifts by
    three times this speed."""

    @rule("window_h", "interval_h")
    def forecast_windows_apart(self, at: str) -> Iterator[Fault]:
        """Windows drawn for one object do not overlap."""
        if self.window_h > self.interval_h:
            yield Fault(
                f"{at}.window_h",
                self.window_h,
                f"is longer than interval_h = {self.interval_h:g}",
                f"Use at most {self.interval_h:g}.",
            )


ManoeuvreKind = Literal[
    "geo-east-west", "geo-north-south", "geo-station-keeping", "leo-drag-make-up", "none"
]


class ManoeuvreClass(Section):
    """Forecast windows as objects of a known class have them.

    ``docs/uncertainty.md`` has the figures; drag make-up depends on the altitude of each object.
    """

    kind: Annotated[ManoeuvreKind, Field(examples=["geo-station-keeping"])]
    """Class of the objects; ``geo-station-keeping`` is both of the other GEO ones, and ``none``
    suits debris."""


ManoeuvrePlan = Manoeuvres | ManoeuvreClass


class ManoeuvreWindow(Section):
    """One forecast window stated by hand; it replaces the drawn ones of that object."""

    object: Annotated[str, Field(examples=["LEO-001"])]
    """Name of the object."""
    start_h: Annotated[float, Field(ge=0, le=8784, examples=[12.0])]
    """When it opens, counted from the epoch of ``[window]``."""
    end_h: Annotated[Hours, Field(examples=[18.0])]
    """When it closes, likewise; within the horizon."""
    probability: Fraction = 1.0
    """Probability that the manoeuvre takes place in it."""
    delta_v_m_s: Speed = 0.5
    """Size of its impulse along track, root mean square."""

    @rule("start_h", "end_h")
    def window_ends_after_start(self, at: str) -> Iterator[Fault]:
        """A stated window lasts for some time."""
        if self.end_h <= self.start_h:
            cure = f"Use more than start_h = {self.start_h:g}."
            yield Fault(f"{at}.end_h", self.end_h, "the window ends before it starts", cure)


def within_horizon(
    start_h: float, end_h: float, horizon_h: float
) -> tuple[float, float, float] | None:
    """The part of a window that falls in the horizon, and its share; ``None`` if no part does.

    A manoeuvre comes at any time of its window alike, so the share is what is left of its
    probability: the rest of it comes before or after the game.
    """
    start, end = max(start_h, 0.0), min(end_h, horizon_h)
    return (start, end, (end - start) / (end_h - start_h)) if start < end else None


class _HasWindows(Protocol):
    @property
    def windows(self) -> tuple[ManoeuvreWindow, ...]: ...


@rule("windows")
def windows_apart(catalog: _HasWindows, at: str) -> Iterator[Fault]:
    """Stated windows of one object do not overlap."""
    by_object = defaultdict(list)
    for index, window in enumerate(catalog.windows):
        if is_sound(window, "object", "start_h", "end_h"):
            by_object[window.object].append((window.start_h, window.end_h, index))
    for spans in by_object.values():
        latest_h, latest = -1.0, -1
        for start_h, end_h, index in sorted(spans):
            if start_h < latest_h:
                yield Fault(
                    f"{at}.windows[{index}]",
                    [start_h, end_h],
                    f"overlaps {at}.windows[{latest}] of the same object",
                    f"Start it at {latest_h:g} h or later, or merge the two.",
                )
            if end_h > latest_h:
                latest_h, latest = end_h, index
