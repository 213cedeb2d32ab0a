"""Named sensors: approximations of real ones from public figures.

Each says which of its keys stand in the public sources and which are assumed for want of any;
``docs/sensors.md`` names the sources. Keys that neither gives keep the schema's default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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
        published={"limiting_magnitude": 15.0, "brightest_magnitude": 6.0},
        # 60 + 120 s and a slew of 30° are 240 s an object: the published 360 objects a day
        assumed={"slew_rate_deg_s": 0.5, "settle_s": 60.0, "dwell_s": 120.0},
    ),
    "sapphire-geo-like": SensorPreset(
        summary="Sapphire's payload on a scan mirror, hosted on a geostationary satellite",
        published={"limiting_magnitude": 15.0, "brightest_magnitude": 6.0},
        assumed={"slew_rate_deg_s": 1.0, "settle_s": 10.0, "dwell_s": 120.0},
    ),
    "neossat-like": SensorPreset(
        summary="NEOSSat (Canada, 2013): deep space from a 785 km Sun-synchronous orbit",
        published={"limiting_magnitude": 13.5, "sun_exclusion_deg": 45.0},
        assumed={"slew_rate_deg_s": 0.5, "settle_s": 120.0, "dwell_s": 150.0},
    ),
    "sbss-like": SensorPreset(
        summary="SBSS Block 10 (USA, 2010): gimballed, from a 630 km Sun-synchronous orbit",
        published={},
        assumed={
            "limiting_magnitude": 16.0,
            "slew_rate_deg_s": 3.0,
            "settle_s": 10.0,
            "dwell_s": 60.0,
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
