"""Rules that span several keys of a sensor, written like those of ``rules.py``."""

from __future__ import annotations

from collections.abc import Iterator

from ssa_psro.errors import Fault, did_you_mean
from ssa_psro.scenario.presets import PRESETS
from ssa_psro.scenario.schema import Sensor


def preset_is_known(sensor: Sensor, at: str) -> Iterator[Fault]:
    """A preset that is known has been replaced by its keys already."""
    if sensor.preset is not None:
        cure = did_you_mean(sensor.preset, PRESETS)
        yield Fault(f"{at}.preset", sensor.preset, "no such sensor preset", cure)


def something_is_bright_enough(sensor: Sensor, at: str) -> Iterator[Fault]:
    """There are magnitudes between the brightest and the faintest."""
    brightest, faintest = sensor.brightest_magnitude, sensor.limiting_magnitude
    if brightest is not None and brightest >= faintest:
        yield Fault(
            f"{at}.brightest_magnitude",
            brightest,
            f"nothing is fainter than it and brighter than limiting_magnitude = {faintest:g}",
            f"Use less than {faintest:g}; brighter objects have smaller magnitudes.",
        )


def limb_matters_where_it_is_kept_from(sensor: Sensor, at: str) -> Iterator[Fault]:
    """A sensor that sees objects in front of the Earth need not keep away from its limb."""
    if sensor.limb_exclusion_deg > 0 and not sensor.limb_background:
        yield Fault(
            f"{at}.limb_exclusion_deg",
            sensor.limb_exclusion_deg,
            "contradicts limb_background = false",
            "Use 0, or limb_background = true.",
        )
