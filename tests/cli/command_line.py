"""A game small enough to play in a test, and a way to run commands on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from ssa_psro.cli.app import PROGRAM, build_app

SMALL = """\
name = "small"
description = "Two against two [for tests]"
seed = 7

[window]
epoch = 2026-03-20T00:00:00Z
duration_h = 6
step_s = 600
horizon_days = 0.5

[blue.constellation]
kind = "walker-delta"
altitude_km = 800.0
inclination_deg = 60.0
satellites = 2
planes = 2

[red.constellation]
kind = "walker-delta"
altitude_km = 800.0
inclination_deg = 60.0
satellites = 2
planes = 2
anomaly_deg = 20.0

[[catalog.regimes]]
regime = "LEO"
count = 4
contested = 2
altitude_km = [900.0, 1600.0]
inclination_deg = [45.0, 100.0]

[[catalog.regimes]]
regime = "GEO"
count = 2
contested = 1
altitude_km = [35736.0, 35836.0]
inclination_deg = [0.0, 10.0]

[[catalog.windows]]
object = "LEO-001"
start_h = 1.0
end_h = 3.0

[[catalog.windows]]
object = "LEO-001"
start_h = 3.0
end_h = 5.0

[rules]
contest_period_h = 3.0

[populations]
blue = ["aggressive", "reactive"]
red = ["aggressive"]
"""

WITH_SENSOR = "anomaly_deg = 20.0\n\n[red.sensor]\n"
UNEQUAL = SMALL.replace("anomaly_deg = 20.0", f"{WITH_SENSOR}slew_rate_deg_s = 0.2")
GENERAL_SUM = UNEQUAL.replace("[rules]", '[rules]\npayoff = "general-sum"')
HALF_RIVALS = SMALL.replace("[rules]", "[rules]\nrivalry = 0.5")

_SIDES, _REST = SMALL.split("[[catalog.regimes]]")[0], SMALL[SMALL.index("[rules]") :]
EMPTY = f"{_SIDES}[catalog]\nregimes = []\n\n{_REST}"

BROKEN = {
    "misspelt key": ("planes = 2\n\n", "plaens = 2\n\n", "blue.constellation.plaens"),
    "negative altitude": ("800.0\n", "-800.0\n", "blue.constellation.altitude_km"),
    "planes not dividing": ("planes = 2\n\n", "planes = 3\n\n", "blue.constellation.planes"),
    "unknown policy": ('red = ["aggressive"]', 'red = ["agressive"]', "populations.red[0]"),
    "NaN": ("duration_h = 6", "duration_h = nan", "window.duration_h"),
    "wrong type": ("satellites = 2", 'satellites = "2"', "blue.constellation.satellites"),
    "missing section": (SMALL[SMALL.index("[window]") : SMALL.index("[blue")], "", "window"),
    "overlapping window": ("start_h = 3.0", "start_h = 2.0", "catalog.windows[1]"),
    "empty catalogue": (SMALL, EMPTY, "catalog.regimes"),
    "not TOML": ("[rules]", "[rules", "line"),
}
"""Ways to break the small game: text, its replacement (once), and the key of the fault."""


def broken(way: str) -> tuple[str, str]:
    """The small game broken in one way, and the key of the fault it then has."""
    old, new, key = BROKEN[way]
    assert old in SMALL
    return SMALL.replace(old, new, 1), key


class Outcome:
    """What a command did: exit code, both streams, and stdout read as JSON."""

    def __init__(self, *arguments: str | Path) -> None:
        result = CliRunner().invoke(build_app(), [str(one) for one in arguments], prog_name=PROGRAM)
        self.code, self.out, self.err = result.exit_code, result.stdout, result.stderr
        self.error = result.exception

    @property
    def document(self) -> Any:
        """The JSON document on stdout; NaN and the like are refused."""
        return json.loads(self.out, parse_constant=_refuse)


def run(*arguments: str | Path) -> Outcome:
    """Run one command line in this process."""
    return Outcome(*arguments)


def _refuse(word: str) -> None:
    raise AssertionError(f"{word} is not JSON")
