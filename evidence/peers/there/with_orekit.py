"""Orekit by jpype: positions of a catalogue, windows of ground sites, sight between satellites.

Events are found in Java: all detectors of one satellite watch one propagation of it. Positions are
asked instant by instant from Python, since nothing in Orekit answers for an array of times.
Leap seconds are stated here; without its data files Orekit takes UT1 = UTC and no polar motion.
"""

from __future__ import annotations

from datetime import datetime
from math import radians, tau
from typing import Any

import jpype
import orekit_jpype

orekit_jpype.initVM()

from java.util import ArrayList, Arrays  # noqa: E402  only a running Java has it
from org.orekit.bodies import GeodeticPoint, OneAxisEllipsoid  # noqa: E402
from org.orekit.frames import FramesFactory, TopocentricFrame  # noqa: E402
from org.orekit.propagation.analytical.tle import TLE, TLEPropagator  # noqa: E402
from org.orekit.propagation.events import (  # noqa: E402
    BooleanDetector,
    ElevationDetector,
    EventsLogger,
    InterSatDirectViewDetector,
    RelativeDistanceDetector,
)
from org.orekit.propagation.events.handlers import ContinueOnEvent  # noqa: E402
from org.orekit.time import (  # noqa: E402
    AbsoluteDate,
    DateComponents,
    OffsetModel,
    TimeScalesFactory,
    UTCTAIOffsetsLoader,
)
from org.orekit.utils import Constants, IERSConventions  # noqa: E402

PACKAGES = ("orekit-jpype", "jpype1")


@jpype.JImplements(UTCTAIOffsetsLoader)
class LeapSeconds:
    """UTC as it has been since 2017, and as it began."""

    @jpype.JOverride  # type: ignore[untyped-decorator]
    def loadOffsets(self) -> Any:  # noqa: N802  Orekit's name
        """TAI - UTC by day."""
        offsets = ArrayList()
        offsets.add(OffsetModel(DateComponents(1972, 1, 1), 10))
        offsets.add(OffsetModel(DateComponents(2017, 1, 1), 37))
        return offsets


TimeScalesFactory.addUTCTAIOffsetsLoader(LeapSeconds())
UTC = TimeScalesFactory.getUTC()


def epoch(text: str) -> Any:
    """An instant of UTC."""
    at = datetime.fromisoformat(text)
    second = at.second + at.microsecond / 1e6
    return AbsoluteDate(at.year, at.month, at.day, at.hour, at.minute, second, UTC)


def tle(fields: dict[str, Any]) -> Any:
    """An OMM's element set, in SI units as Orekit takes it."""
    angles = ("INCLINATION", "ARG_OF_PERICENTER", "RA_OF_ASC_NODE", "MEAN_ANOMALY")
    return TLE(
        int(fields["NORAD_CAT_ID"]),
        jpype.JChar("U"),
        2026,
        1,
        "A",
        0,
        1,
        epoch(fields["EPOCH"]),
        fields["MEAN_MOTION"] * tau / 86400.0,
        0.0,
        0.0,
        float(fields["ECCENTRICITY"]),
        *(radians(fields[name]) for name in angles),
        1,
        float(fields["BSTAR"]),
        UTC,
    )


def propagator(fields: dict[str, Any]) -> Any:
    """SGP4 for one OMM."""
    return TLEPropagator.selectExtrapolator(tle(fields))


def states(task: dict[str, Any]) -> tuple[Any, Any]:
    """Propagators and dates outside the measurement, which makes positions in TEME or GCRF."""
    frame = {"TEME": FramesFactory.getTEME, "GCRS": FramesFactory.getGCRF}[task["frame"]]()
    satellites = [propagator(one) for one in task["elements"]]
    start = epoch(task["start"])
    dates = [start.shiftedBy(float(second)) for second in task["times_s"]]

    def run() -> tuple[Any, int]:
        found = [[one.getPosition(date, frame) for date in dates] for one in satellites]
        return found, len(dates) * len(satellites)

    def told(found: Any) -> Any:
        return [
            [[at.getX() / 1e3, at.getY() / 1e3, at.getZ() / 1e3] for at in one[:: task["every"]]]
            for one in found
        ]

    return run, told


def _earth() -> Any:
    frame = FramesFactory.getITRF(IERSConventions.IERS_2010, True)
    return OneAxisEllipsoid(
        Constants.WGS84_EARTH_EQUATORIAL_RADIUS, Constants.WGS84_EARTH_FLATTENING, frame
    )


def _set(detector: Any, task: dict[str, Any]) -> Any:
    handled = detector.withHandler(ContinueOnEvent())
    return handled.withMaxCheck(float(task["sample_s"])).withThreshold(float(task["tolerance_s"]))


def _watched(one: Any, detectors: list[Any], start: Any, end: Any) -> list[list[list[float]]]:
    """When each detector of one satellite is positive, from one propagation."""
    loggers = [EventsLogger() for _ in detectors]
    one.clearEventsDetectors()
    for logger, detector in zip(loggers, detectors, strict=True):
        one.addEventDetector(logger.monitorDetector(detector))
    first = one.propagate(start)
    positive = [detector.g(first) > 0.0 for detector in detectors]
    for logger in loggers:
        logger.clearLoggedEvents()
    one.propagate(start, end)
    duration_s = end.durationFrom(start)
    return [
        _pairs(
            [at.getDate().durationFrom(start) for at in logger.getLoggedEvents()], is_in, duration_s
        )
        for logger, is_in in zip(loggers, positive, strict=True)
    ]


def _pairs(edges: list[float], is_in: bool, end_s: float) -> list[list[float]]:
    edges = [0.0, *edges] if is_in else edges
    edges = [*edges, end_s] if len(edges) % 2 else edges
    return [list(pair) for pair in zip(edges[::2], edges[1::2], strict=True)]


def sites(task: dict[str, Any]) -> tuple[Any, Any]:
    """Elevation of satellites above ground sites."""
    earth, start = _earth(), epoch(task["start"])
    end = start.shiftedBy(3600.0 * task["hours"])
    satellites = [propagator(one) for one in task["elements"]]
    names = [one["OBJECT_NAME"] for one in task["elements"]]
    places = [
        TopocentricFrame(
            earth,
            GeodeticPoint(radians(one["latitude_deg"]), radians(one["longitude_deg"]), 0.0),
            one["name"],
        )
        for one in task["sites"]
    ]
    lowest = radians(task["elevation_deg"])

    def run() -> tuple[Any, int]:
        found = []
        for name, one in zip(names, satellites, strict=True):
            detectors = [
                _set(ElevationDetector(place).withConstantElevation(lowest), task)
                for place in places
            ]
            for site, pairs in zip(
                task["sites"], _watched(one, detectors, start, end), strict=True
            ):
                found += [[site["name"], name, *pair] for pair in pairs]
        return found, len(satellites) * len(places)

    return run, lambda found: found


def sight(task: dict[str, Any]) -> tuple[Any, Any]:
    """Range and line of sight between satellites."""
    earth, start = _earth(), epoch(task["start"])
    end = start.shiftedBy(3600.0 * task["hours"])
    satellites = [propagator(one) for one in task["elements"]]
    others = [propagator(one) for one in task["elements"]]
    names = [one["OBJECT_NAME"] for one in task["elements"]]
    first = task["sensors"]

    def detector(target: Any) -> Any:
        view = InterSatDirectViewDetector(earth, target).withSkimmingAltitude(1e3 * task["air_km"])
        far = RelativeDistanceDetector(target, 1e3 * task["largest_range_km"])
        near = BooleanDetector.notCombine(_set(far, task))
        return _set(BooleanDetector.andCombine(Arrays.asList(_set(view, task), near)), task)

    def run() -> tuple[Any, int]:
        found = []
        for name, one in zip(names[:first], satellites[:first], strict=True):
            detectors = [detector(target) for target in others[first:]]
            for other, pairs in zip(
                names[first:], _watched(one, detectors, start, end), strict=True
            ):
                found += [[name, other, *pair] for pair in pairs]
        return found, first * (len(names) - first)

    return run, lambda found: found


WORKS = {"sight": sight, "sites": sites, "states": states}
