"""The sensors of a scenario: their keys, and presets that approximate real ones.

Each preset says which of its keys stand in public sources and which are assumed for want of any;
``docs/sensors.md`` names the sources. Keys that neither gives keep the default.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, model_validator

from ssa_psro.errors import Fault, did_you_mean
from ssa_psro.inputs.sections import Section, rule
from ssa_psro.scenario.fields import Kilometres


@dataclass(frozen=True)
class SensorPreset:
    """Keys of ``[blue.sensor]`` or ``[red.sensor]`` under one name.

    Attributes:
        summary: what it approximates and where that flies.
        published: keys whose values follow from public figures.
        assumed: keys whose values are guesses that fit the public description.
    """

    summary: str
    published: Mapping[str, float]
    assumed: Mapping[str, float]

    @property
    def keys(self) -> dict[str, float]:
        """All keys that the preset sets."""
        return {**self.published, **self.assumed}


PRESETS: dict[str, SensorPreset] = {
    "sapphire-like": SensorPreset(
        summary="Sapphire (Canada, 2013): deep space from a 786 km Sun-synchronous orbit",
        published={
            "limiting_magnitude": 15.0,
            "brightest_magnitude": 6.0,
            "angular_sigma_arcsec": 6.0,
            "field_of_view_deg": 1.4,
        },
        # 60 + 120 s and a slew of 30° are 240 s an object: the published 360 objects a day
        assumed={"slew_rate_deg_s": 0.5, "settle_s": 60.0, "dwell_s": 120.0, "latency_s": 3600.0},
    ),
    "sapphire-geo-like": SensorPreset(
        summary="Sapphire's payload on a scan mirror, hosted on a geostationary satellite",
        published={
            "limiting_magnitude": 15.0,
            "brightest_magnitude": 6.0,
            "angular_sigma_arcsec": 6.0,
            "field_of_view_deg": 1.4,
        },
        assumed={"slew_rate_deg_s": 1.0, "settle_s": 10.0, "dwell_s": 120.0},
    ),
    "sbv-like": SensorPreset(
        summary="SBV on MSX (USA, 1996): deep space from a 900 km orbit, 8 h a day",
        published={
            "angular_sigma_arcsec": 4.0,
            "field_of_view_deg": 1.4,
            "duty_cycle": 0.33,
        },
        # 82 s a track: the published 350 tracks in the 8 h of a day
        assumed={
            "limiting_magnitude": 15.0,
            "slew_rate_deg_s": 1.0,
            "settle_s": 20.0,
            "dwell_s": 40.0,
            "latency_s": 21_600.0,
        },
    ),
    "neossat-like": SensorPreset(
        summary="NEOSSat (Canada, 2013): deep space from a 785 km Sun-synchronous orbit",
        published={
            "limiting_magnitude": 13.5,
            "sun_exclusion_deg": 45.0,
            "angular_sigma_arcsec": 3.0,
            "field_of_view_deg": 0.85,
        },
        assumed={
            "slew_rate_deg_s": 0.5,
            "settle_s": 120.0,
            "dwell_s": 150.0,
            "duty_cycle": 0.5,
            "latency_s": 21_600.0,
        },
    ),
    "sbss-like": SensorPreset(
        summary="SBSS Block 10 (USA, 2010): gimballed, from a 630 km Sun-synchronous orbit",
        published={},
        assumed={
            "limiting_magnitude": 16.0,
            "slew_rate_deg_s": 3.0,
            "settle_s": 10.0,
            "dwell_s": 60.0,
            "latency_s": 3600.0,
        },
    ),
    "ors-5-like": SensorPreset(
        summary="ORS-5 SensorSat (USA, 2017): the GEO belt from a 600 km equatorial orbit",
        published={},
        assumed={
            "limiting_magnitude": 15.0,
            "limb_exclusion_deg": 20.0,
            "slew_rate_deg_s": 0.2,
            "settle_s": 30.0,
            "dwell_s": 120.0,
            "latency_s": 3600.0,
        },
    ),
}
"""All presets by name; a new one is an entry here and a line in ``docs/sensors.md``."""


def with_preset(sensor: Mapping[str, Any]) -> dict[str, Any]:
    """A sensor's table with its preset replaced by the keys that it stands for.

    Keys stated beside the preset win over it. An unknown preset is left as it stands.
    """
    name = sensor.get("preset")
    if not isinstance(name, str) or name not in PRESETS:
        return dict(sensor)
    return {**PRESETS[name].keys, **{key: sensor[key] for key in sensor if key != "preset"}}


class Sensor(Section):
    """One optical sensor type; every satellite of a side carries one.

    The keys of a preset replace it when the section is read, so that two spellings of one sensor
    are one sensor. ``docs/sensors.md`` says how a detection comes about.
    """

    preset: Annotated[str | None, Field(examples=["sapphire-like"])] = None
    """A named sensor, see ``docs/sensors.md``; it stands for its keys, and keys written beside it
    win."""
    limiting_magnitude: Annotated[float, Field(ge=0, le=25)] = 16.0
    """Apparent magnitude that is detected with probability one half."""
    brightest_magnitude: Annotated[float | None, Field(ge=-30, le=25, examples=[6.0])] = None
    """Brighter objects saturate the detector, and cannot be seen; left out, none does."""
    detection_snr: Annotated[float, Field(ge=3, le=1000)] = 6.0
    """Detection threshold, and so the signal-to-noise ratio at the limiting magnitude. From 3 on,
    noise alone is never taken for an object."""
    sun_exclusion_deg: Annotated[float, Field(ge=0, le=90)] = 30.0
    """Smallest angle between the line of sight and the Sun's centre."""
    moon_exclusion_deg: Annotated[float, Field(ge=0, le=90)] = 10.0
    """Likewise for the Moon's centre; 0 where the Moon does not matter."""
    limb_background: bool = True
    """Whether objects in front of the Earth or its air are hidden."""
    limb_exclusion_deg: Annotated[float, Field(ge=0, le=90)] = 0.0
    """Smallest angle between the line of sight and the Earth's limb, 100 km of air included."""
    max_range_km: Annotated[Kilometres | None, Field(examples=[45000.0])] = None
    """Farther objects cannot be seen; left out, none is too far."""
    denial_range_km: Kilometres = 5000.0
    """An opposing sensor can be denied up to this range."""
    slew_rate_deg_s: Annotated[float, Field(gt=0, le=1000)] = 1.0
    """Speed of turning from one object to the next. An observation takes slew, settling and dwell,
    rounded up to whole steps, and needs access until its end."""
    settle_s: Annotated[float, Field(ge=0, le=604_800)] = 60.0
    """Time to come to rest after turning."""
    dwell_s: Annotated[float, Field(ge=0, le=604_800)] = 600.0
    """Exposure time of one observation."""
    angular_sigma_arcsec: Annotated[float, Field(gt=0, le=36_000)] = 4.0
    """Error of the direction that an observation measures (1 sigma, each axis). Where the object
    states ``measurement_sigma_km``, that counts instead."""
    field_of_view_deg: Annotated[float, Field(gt=0, le=180)] = 1.4
    """Full width of the field of view. An object is found if it is not farther than half of it from
    where it is expected."""
    latency_s: Annotated[float, Field(ge=0, le=604_800)] = 0.0
    """What an observation found is known so long after its end, in whole steps; it counts from when
    it was made."""
    duty_cycle: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Largest share of the time that a sensor is at work: it rests after every observation."""

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, table: Any) -> Any:
        """Replace the preset by its keys."""
        return cls.spelt_out(table) if isinstance(table, dict) else table

    @classmethod
    def spelt_out(cls, table: Mapping[str, Any]) -> Mapping[str, Any]:
        """The table with its preset replaced by the keys that it stands for."""
        return with_preset(table)

    @rule("preset")
    def preset_is_known(self, at: str) -> Iterator[Fault]:
        """A preset that is known has been replaced by its keys already."""
        if self.preset is not None:
            cure = did_you_mean(self.preset, PRESETS)
            yield Fault(f"{at}.preset", self.preset, "no such sensor preset", cure)

    @rule("brightest_magnitude", "limiting_magnitude")
    def something_is_bright_enough(self, at: str) -> Iterator[Fault]:
        """There are magnitudes between the brightest and the faintest."""
        brightest, faintest = self.brightest_magnitude, self.limiting_magnitude
        if brightest is not None and brightest >= faintest:
            yield Fault(
                f"{at}.brightest_magnitude",
                brightest,
                f"nothing is fainter than it and brighter than limiting_magnitude = {faintest:g}",
                f"Use less than {faintest:g}; brighter objects have smaller magnitudes.",
            )

    @rule("limb_exclusion_deg", "limb_background")
    def limb_matters_where_it_is_kept_from(self, at: str) -> Iterator[Fault]:
        """A sensor that sees objects in front of the Earth need not keep away from its limb."""
        if self.limb_exclusion_deg > 0 and not self.limb_background:
            yield Fault(
                f"{at}.limb_exclusion_deg",
                self.limb_exclusion_deg,
                "contradicts limb_background = false",
                "Use 0, or limb_background = true.",
            )
