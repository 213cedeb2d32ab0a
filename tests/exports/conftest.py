"""One traced episode on element sets and Walker satellites, which the tests of exports share."""

from __future__ import annotations

import numpy as np
import pytest
from sky_files import SCENARIO, eccentric, high, low, several, write_sky

from ssa_psro.exports.ephemeris import Ephemeris, ephemeris_of
from ssa_psro.game import CoverageGame
from ssa_psro.geometry import Arena, build_arena
from ssa_psro.policies import make_policy
from ssa_psro.scenario import load_scenario
from ssa_psro.trace import Trace, record

FLOWN = (
    low("LOW", "101", designator="1998-067A"),
    high("Höhe 2", "A0000"),
    eccentric(),
    *several()[1:6],
)


@pytest.fixture(scope="session", name="arena")
def _arena(tmp_path_factory: pytest.TempPathFactory) -> Arena:
    """Two satellites a side, in reach of each other, and eight element sets."""
    text = SCENARIO.replace("raan_deg = 90.0", "anomaly_deg = 20.0")
    scenario = load_scenario(write_sky(tmp_path_factory.mktemp("sky"), FLOWN, scenario=text))
    return build_arena(scenario, cache_dir=None)


@pytest.fixture(scope="session", name="trace")
def _trace(arena: Arena) -> Trace:
    """An episode that does not begin with the horizon."""
    seeds = np.array([11], dtype=np.uint64)
    policies = make_policy("blinding"), make_policy("shielded")
    (trace,) = record(CoverageGame(arena), *policies, seeds)
    assert trace.start_step > 0
    return trace


@pytest.fixture(scope="session", name="ephemeris")
def _ephemeris(arena: Arena, trace: Trace) -> Ephemeris:
    """Of that episode."""
    return ephemeris_of(arena.scenario, trace.start_step, trace.steps)
