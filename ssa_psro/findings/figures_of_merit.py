"""The figures of merit: what each is called, what it is counted in and how it is defined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Figure:
    """One figure of merit.

    Attributes:
        label: what people read.
        unit: what it is counted in.
        meaning: its definition, in a sentence.
        decimals: that people read.
        brief: whether the table of both sides shows it.
        cut: whether the window cuts what lasts longer, so that all of it is a lower bound.
    """

    label: str
    unit: str
    meaning: str
    decimals: int = 2
    brief: bool = True
    cut: bool = True


SHARE, HOURS = "share, 0 to 1", "h"
_OF_TIME = "share of the window"

FIGURES: Final[Mapping[str, Figure]] = {
    "payoff": Figure("payoff", "payoff", "what the side is paid", 3),
    "score": Figure("coverage score, by weight", SHARE, "what the rules pay it, by weight", 3),
    "custody": Figure(
        "custody, every object alike",
        SHARE,
        f"{_OF_TIME} in custody, mean over objects, unweighted",
        3,
    ),
    "custody_weighted": Figure(
        "custody, by weight", SHARE, f"{_OF_TIME} in custody, mean over objects by weight", 3
    ),
    "contested_custody": Figure(
        "custody, contested alike",
        SHARE,
        f"{_OF_TIME} in custody, mean over contested objects, unweighted",
        3,
    ),
    "held": Figure(
        "contested weight held",
        SHARE,
        f"{_OF_TIME} in which the side has the fresher custody of a contested object (half of a "
        "tie), mean over contested objects by weight",
        3,
    ),
    "lapses": Figure(
        "lapses of custody an object",
        "lapses",
        "times without custody, mean over objects; one that began before the window counts",
    ),
    "lapse_longest_h": Figure(
        "longest lapse [h]", HOURS, "longest time without custody of any object; 0 if none"
    ),
    "time_average_lapse_h": Figure(
        "time-average lapse [h]",
        HOURS,
        "sum of the squares of the lapses over the window, mean over objects",
    ),
    "unseen": Figure(
        "objects never seen", SHARE, "share of the objects without a success in the window", 3
    ),
    "revisit_mean_h": Figure(
        "revisit: mean [h]", HOURS, "mean of all gaps between successes of looks"
    ),
    "revisit_median_h": Figure("  median [h]", HOURS, "median of the same gaps"),
    "revisit_p95_h": Figure("  95 % of gaps up to [h]", HOURS, "their 95th percentile"),
    "revisit_longest_h": Figure("  longest [h]", HOURS, "the longest of them"),
    "revisit_within": Figure(
        "  share of gaps up to {within:g} h", SHARE, "share of them up to the limit given", 3
    ),
    "time_average_gap_h": Figure(
        "time-average gap [h]",
        HOURS,
        "sum of the squares of the gaps over the window, mean over objects",
    ),
    "response_h": Figure(
        "response time [h]",
        HOURS,
        "from a random instant to the next success or the end of the window, mean over objects; "
        "half the time-average gap",
    ),
    "age_h": Figure(
        "age of information [h]",
        HOURS,
        "time since the last success whose result is known, those before the window included, "
        "mean over steps and objects",
        cut=False,
    ),
    "looks": Figure("looks completed", "looks", "looks of which the result was known", 1),
    "hit_rate": Figure("  of these successful", SHARE, "share of them that succeeded", 3),
    "redundant": Figure(
        "  of these redundant",
        SHARE,
        "share of them without which, until the next success, neither custody nor who holds a "
        "contested object would have changed",
        3,
    ),
    "broken_off": Figure(
        "looks lost to denial", "looks", "looks that were broken off by a denial", 1
    ),
    "manoeuvres": Figure(
        "manoeuvres", "manoeuvres", "manoeuvres of the objects in the window", 1, brief=False
    ),
    "noticed": Figure(
        "manoeuvres noticed", SHARE, "share of them that the side noticed in the window", 3
    ),
    "notice_h": Figure(
        "  after, mean [h]",
        HOURS,
        "from the beginning of a manoeuvre's step until the result of the look that showed it, "
        "mean over those noticed",
    ),
    "access": Figure(
        "access by any sensor", SHARE, f"{_OF_TIME} in access, mean over objects; geometry alone", 3
    ),
    "access_2": Figure(
        "  by two or more", SHARE, "the same of two or more sensors at once", 3, brief=False
    ),
    "access_3": Figure(
        "  by three or more", SHARE, "the same of three or more sensors", 3, brief=False
    ),
    "assets": Figure(
        "  sensors, mean", "sensors", "sensors with access, mean over steps and objects"
    ),
    "accesses": Figure(
        "  accesses an object",
        "accesses",
        "times of access by any sensor, mean over objects",
        1,
        brief=False,
    ),
    "blind_mean_h": Figure(
        "  gap, mean [h]", HOURS, "mean of all times without access", 2, brief=False
    ),
    "blind_longest_h": Figure(
        "  longest gap [h]", HOURS, "longest time without access of any object; 0 if none"
    ),
    "time_average_blind_h": Figure(
        "  time-average gap [h]",
        HOURS,
        "sum of the squares of these times over the window, mean over objects",
        brief=False,
    ),
    "observing": Figure("sensors observing", SHARE, "share of the steps with an exposure", 3),
    "slewing": Figure("  slewing, settling", SHARE, "share of the steps before one", 3),
    "denying": Figure("  denying", SHARE, "share of the steps of a denial, turning included", 3),
    "denied": Figure(
        "  denied", SHARE, "share of the steps in which it may not observe, and does not deny", 3
    ),
    "resting": Figure("  resting", SHARE, "share of the steps that its duty cycle demands", 3),
    "protected": Figure(
        "  protected, else idle", SHARE, "share of the steps protected and at nothing else", 3
    ),
    "idle": Figure("  idle", SHARE, "share of the steps at nothing", 3),
    "under_protection": Figure(
        "sensors under protection",
        SHARE,
        "share of the steps protected, whatever else the sensor was at",
        3,
        brief=False,
    ),
    "denials": Figure("denials made", "denials", "denials tried", 1),
    "denials_blocked": Figure(
        "  of these blocked", "denials", "denials that met a protected sensor", 1
    ),
    "times_denied": Figure(
        "denials suffered", "denials", "denials of a sensor that was not protected", 1, brief=False
    ),
    "protections": Figure("protections", "protections", "protections taken", 1),
}
"""Every figure of merit, in the order of tables. Of a group of objects, gaps of all of them count
alike, and counts are sums."""
