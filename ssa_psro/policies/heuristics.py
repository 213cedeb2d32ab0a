"""The heuristics by name: each is a constant doctrine, a dataclass whose fields are its weights.

To add one, write its class below and enter it in ``HEURISTICS``; the contract tests, scenario
files, tournaments and lists then know it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import ClassVar, Final

import numpy as np

from ssa_psro.arrays import Floats
from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.game.columns import FEATURES
from ssa_psro.game.command import Command, doctrine_command
from ssa_psro.game.engine import View


@dataclass(frozen=True)
class Heuristic:
    """Base of the heuristics: each dataclass field is the weight of the feature it is named after.

    Features that are not fields have weight 0.
    """

    name: ClassVar[str]
    constant: ClassVar[bool] = True

    @property
    def weights(self) -> Floats:
        """``[D]`` the doctrine, in the order of ``FEATURES``."""
        weights = np.zeros(len(FEATURES))
        for field in fields(self):
            weights[FEATURES.index(field.name)] = getattr(self, field.name)
        return weights

    def act(self, view: View) -> Command:
        """The same weights for every episode."""
        return doctrine_command(np.tile(self.weights, (view.batch, 1)))


@dataclass(frozen=True)
class Random(Heuristic):
    """Uniform random tasking: the baseline every other policy must beat.

    Observations, denials and protections are all equally likely. Where sensors have more looks than
    objects need, it keeps custody as well as anybody; where looks are scarce, it loses to everybody
    who keeps looking.
    """

    name: ClassVar[str] = "random"
    noise: float = 1.0


@dataclass(frozen=True)
class Distributed(Heuristic):
    """Spread observations evenly over all objects, with little slewing.

    Good where most of the weight is uncontested and nobody denies. Contested objects it loses to
    whoever cares for them more.
    """

    name: ClassVar[str] = "distributed"
    observe: float = 0.3
    age: float = 0.5
    slew: float = -0.3


@dataclass(frozen=True)
class Aggressive(Heuristic):
    """High revisit on contested objects; gaps elsewhere are accepted.

    Good against whoever spreads looks evenly, where a contest is settled by who looked last. Alone,
    or against its like, it leaves a third of the custody that there is to gaps elsewhere.
    """

    name: ClassVar[str] = "aggressive"
    observe: float = 0.05
    contested: float = 0.4
    contested_age: float = 0.6
    uncertainty: float = 0.2


@dataclass(frozen=True)
class Reactive(Heuristic):
    """Concentrate on the objects that have been dark for longest.

    Good for the whole catalogue: against its like it keeps more custody than any other in
    ``contested-72h``, and where looks are plenty nobody earns more. Not good where a few objects
    matter most or are lost much faster than others, nor against blinding.
    """

    name: ClassVar[str] = "reactive"
    age: float = 1.0
    lost: float = 0.2


@dataclass(frozen=True)
class Predictive(Heuristic):
    """Observe objects before and during their predicted manoeuvre windows.

    Good where forecast manoeuvres are what loses objects: those of satellites that are kept track
    of. Where uncertainty grows fast by itself, as in ``contested-72h``, the looks into windows are
    missed elsewhere, and it knows nothing of manoeuvres that nobody forecasts but their rate.
    """

    name: ClassVar[str] = "predictive"
    age: float = 0.5
    forecast: float = 0.4
    suspected: float = 0.8


@dataclass(frozen=True)
class MostRecentlyActive(Heuristic):
    """Observe the object that was last seen to have manoeuvred; before any was, the oldest.

    Good where one look does not make an orbit again and looks are plenty. Where they are scarce it
    stays with a few objects, and the others are lost: against its like it keeps 0.69 of custody in
    ``contested-72h``, where ``reactive`` keeps 0.87.
    """

    name: ClassVar[str] = "most-recently-active"
    active: float = 1.0
    age: float = 0.05


@dataclass(frozen=True)
class Information(Heuristic):
    """Take the observation that is expected to remove most weighted uncertainty.

    Good where looks are scarce: the strongest that only looks in ``contested-72h``, both for the
    catalogue and in the contest. Not against blinding, and of little use where nothing is uncertain
    enough to tell objects apart.
    """

    name: ClassVar[str] = "information"
    information: float = 1.0
    quality: float = 0.1
    slew: float = -0.1


@dataclass(frozen=True)
class LowOrbitFirst(Heuristic):
    """Specialise in low orbits; look higher with what capacity is left.

    Good where most of the weight is low and hard to keep. It gives up the contest elsewhere.
    """

    name: ClassVar[str] = "low-orbit-first"
    low_orbit: float = 0.2
    contested_age: float = 0.5
    uncertainty: float = 0.4


@dataclass(frozen=True)
class HighOrbitFirst(Heuristic):
    """Specialise in high orbits; look lower with what capacity is left.

    Good where most of the weight is high, such as in the GEO belt. Access to high orbits is plenty,
    so elsewhere it spends looks where few are needed: the weakest in ``contested-72h``.
    """

    name: ClassVar[str] = "high-orbit-first"
    high_orbit: float = 0.2
    contested_age: float = 0.5
    uncertainty: float = 0.4


@dataclass(frozen=True)
class Blinding(Heuristic):
    """Deny the opposing sensors that threaten contested objects; observe in between.

    Good where denial reaches far and lasts long against what a look takes: in ``contested-72h`` it
    beats whoever only looks, and loses to ``shielded``. Against its like both lose the catalogue
    (custody 0.06), and where denial is short or looks are plenty it wastes slots.
    """

    name: ClassVar[str] = "blinding"
    deny: float = 0.3
    threat: float = 1.0
    contested_age: float = 0.5
    uncertainty: float = 0.3
    observe: float = 0.05


@dataclass(frozen=True)
class Shielded(Heuristic):
    """Protect the sensors that can be denied, then observe like the information policy.

    Good against blinding, and not against anybody else: protection takes slots and sensitivity.
    """

    name: ClassVar[str] = "shielded"
    protect: float = 0.3
    exposure: float = 1.0
    harassed: float = 0.5
    information: float = 1.0
    quality: float = 0.1


HEURISTICS: Final[Mapping[str, type[Heuristic]]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Random,
            Distributed,
            Aggressive,
            Reactive,
            Predictive,
            MostRecentlyActive,
            Information,
            LowOrbitFirst,
            HighOrbitFirst,
            Blinding,
            Shielded,
        )
    }
)
"""The shipped heuristics by name; their defaults are meant for the shipped scenarios."""


def make_policy(name: str) -> Heuristic:
    """The heuristic of that name, with its default weights.

    Raises:
        UsageError: there is none; the nearest name is suggested.
    """
    if name not in HEURISTICS:
        cure = did_you_mean(name, HEURISTICS)
        raise UsageError("policy", [Fault("policy", name, "is not a known policy", cure)])
    return HEURISTICS[name]()
