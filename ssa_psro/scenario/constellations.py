"""Constellations as scenarios state them: a pattern, orbits, element sets, or a file of these."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ssa_psro.scenario.element_sets import ElementSet, Paths, Selection
from ssa_psro.scenario.fields import Degrees, Eccentricity, Inclination, Items, Section, Seed


class Walker(Section):
    """A Walker constellation i:t/p/f (Walker 1984): delta spreads its nodes over 360°, star 180°.

    Satellite k of plane j stands at ``anomaly_deg + 360 k p/t + 360 j f/t`` along its orbit.
    """

    kind: Literal["walker-delta", "walker-star"]
    altitude_km: Annotated[float, Field(ge=200, le=60_000, examples=[800.0])]
    inclination_deg: Annotated[Inclination, Field(examples=[60.0])]
    satellites: Annotated[int, Field(ge=1, le=10_000)] = 12
    planes: Annotated[int, Field(ge=1, le=10_000)] = 6
    phasing: Annotated[int, Field(ge=0, lt=10_000)] = 1
    raan_deg: Degrees = 0.0
    anomaly_deg: Degrees = 0.0

    @property
    def count(self) -> int:
        """Number of satellites."""
        return self.satellites


class Elements(Section):
    """Osculating Keplerian elements at the window's epoch, in its true equator and mean equinox."""

    semi_major_axis_km: Annotated[float, Field(ge=6578, le=100_000, examples=[7178.137])]
    eccentricity: Eccentricity = 0.0
    inclination_deg: Annotated[Inclination, Field(examples=[60.0])]
    raan_deg: Degrees = 0.0
    argument_of_perigee_deg: Degrees = 0.0
    mean_anomaly_deg: Degrees = 0.0


class StatedConstellation(Section):
    """A constellation given satellite by satellite, by Keplerian elements."""

    kind: Literal["elements"]
    satellites: Annotated[Items[Elements], Field(min_length=1)]

    @property
    def count(self) -> int:
        """Number of satellites."""
        return len(self.satellites)


class ElementSetConstellation(Section):
    """A constellation given satellite by satellite, by element sets for SGP4."""

    kind: Literal["element-sets"]
    satellites: Annotated[Items[ElementSet], Field(min_length=1)]

    @property
    def count(self) -> int:
        """Number of satellites."""
        return len(self.satellites)


class FileConstellation(Section):
    """The satellites of files of element sets; loading puts the element sets in their place."""

    kind: Literal["file"]
    path: Paths
    seed: Seed = 1
    select: Selection = Selection()


Constellation = Annotated[
    Walker | StatedConstellation | ElementSetConstellation, Field(discriminator="kind")
]
ConstellationInFile = Annotated[
    Walker | StatedConstellation | ElementSetConstellation | FileConstellation,
    Field(discriminator="kind"),
]
