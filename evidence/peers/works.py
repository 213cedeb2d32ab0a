"""What is compared with whom: each work defined once, and who does it beside this package."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from evidence.peers import access, joint_step, nash, nash_conv, race, states
from evidence.peers.turns import Prepare, Task


@dataclass(frozen=True)
class Work:
    """A piece of work that several programs can do.

    Attributes:
        key: its name.
        unit: what is counted.
        definition: the same for all who do it, to the last condition.
        task: as JSON, for both sides.
        own: how this package does it.
        disagreement: from both sides' told answers, by name of the measure with its unit.
        against: what the disagreement is measured against.
        least_s: processor time of one of our turns, which repeats the work as often as that takes.
        race: answers are curves of PSRO, and the time that counts is that to an equal NashConv.
    """

    key: str
    unit: str
    definition: str
    task: Callable[[], Task]
    own: Prepare
    disagreement: Callable[[Any, Any], dict[str, float]]
    against: str
    least_s: float = 0.5
    race: bool = False


@dataclass(frozen=True)
class Comparison:
    """One work beside one peer.

    Attributes:
        peer: the program's name.
        environment: what ``--python NAME=PATH`` calls its interpreter.
        script: in ``there/``.
        work: what both do.
        how: how the peer is asked, the fastest way that its documentation has.
        differs: what theirs does that ours does not, and the other way round.
        aim: the ratio that is wanted, if one is.
    """

    peer: str
    environment: str
    script: str
    work: Work
    how: str
    differs: str = ""
    aim: float | None = None

    @property
    def key(self) -> str:
        """The work and whose."""
        return f"{self.work.key}/{self.environment}"


SIGHT = Work(
    key="sight",
    unit="sensor-target pair over 24 h",
    definition=(
        "12 sensors in LEO and 20 targets in LEO, MEO, GEO and HEO by SGP4 from the OMMs of "
        "tests/reference/data/access_elements.json, 24 h from 2026-03-20 UTC; all intervals in "
        "which the range is at most 45,000 km and the line of sight stays 100 km above the WGS 84 "
        "ellipsoid, by samples every 30 s; no light, no instruments; reading the elements excluded"
    ),
    task=access.sight_task,
    own=access.sight,
    disagreement=access.disagreement,
    against="the peer's intervals, ends in s",
)
ONE_SENSOR = replace(
    SIGHT,
    key="sight-one",
    definition=f"{SIGHT.definition}; the first sensor and all targets alone (20 pairs)",
    task=access.one_sensor_task,
)
SITES = Work(
    key="sites",
    unit="site-satellite pair over 24 h",
    definition=(
        "3 sites on the WGS 84 ellipsoid and the 32 satellites of the sight comparison, 24 h from "
        "2026-03-20 UTC; all intervals in which the satellite is 10 degrees above the horizon, "
        "without refraction, by samples every 60 s, ends to 1 ms"
    ),
    task=access.sites_task,
    own=access.sites,
    disagreement=access.disagreement,
    against="the peer's intervals, ends in s",
)
TEME = Work(
    key="states-teme",
    unit="position",
    definition=(
        "SGP4 positions in TEME of 32 element sets every 300 s of a day (9,248 positions), "
        "objects and times prepared before"
    ),
    task=states.teme_task,
    own=states.states,
    disagreement=states.disagreement,
    against="the peer's positions, in m; our SGP4 is sgp4's compiled code",
)
GCRS = Work(
    key="states-gcrs",
    unit="position",
    definition="the same positions, turned into GCRS (GCRF)",
    task=states.gcrs_task,
    own=states.states,
    disagreement=states.disagreement,
    against="the peer's positions, in m",
)

JOINT_STEP = Work(
    key="joint-step",
    unit="joint step of 24 sensors and 60 objects",
    definition=(
        "every one of 24 sensors takes one random decision and the world goes on: here a step of "
        "300 s of scenarios/contested-72h.toml, whole episodes of two random policies side by "
        "side, access tables made before; in BSK-RL 24 imagers and 60 spacecraft as targets, the "
        "default settings, until the first imager is done, 300 s at most"
    ),
    task=joint_step.task,
    own=joint_step.joint_step,
    disagreement=joint_step.disagreement,
    against="the peer's integrated positions of 60 objects in LEO, after the first turn, in km",
)

NASH = {
    size: Work(
        key=f"nash-{size}",
        unit=f"game of {size} x {size}",
        definition=(
            f"mixtures of both players in zero-sum games of {size} x {size} normal payoffs, in "
            "floats; making the games excluded"
        ),
        task=nash.tasks[size],
        own=nash.solve,
        disagreement=partial(nash.disagreement, size),
        against="the games themselves: gaps relative to the range of payoffs",
        least_s=0.2,
    )
    for size in nash.SIZES
}
NASH_CONV = {
    game: Work(
        key=f"nash-conv-{game}",
        unit="NashConv",
        definition=f"NashConv of the same random policies in {game}; loading the game excluded",
        task=nash_conv.tasks[game],
        own=nash_conv.answer,
        disagreement=nash_conv.disagreement,
        against="the peer's number",
        least_s=0.2,
    )
    for game in nash_conv.GAMES
}
RACE = {
    game: Work(
        key=f"psro-{game}",
        unit="run to the peer's lowest NashConv",
        definition=(
            f"PSRO with exact best responses and Nash mixtures on {game} from uniform policies; "
            "processor time until NashConv of the mixtures is at the lowest that the peer comes "
            f"to in {race.GAMES[game]} iterations (ours: and stays there), measuring and loading "
            "excluded"
        ),
        task=race.tasks[game],
        own=race.psro,
        disagreement=race.disagreement,
        against="exact NashConv, each by its own program",
        least_s=0.0,
        race=True,
    )
    for game in race.GAMES
}
RACE["matrix"] = replace(
    RACE["kuhn"],
    key="psro-matrix",
    definition=(
        f"double oracle on a zero-sum game of {race.MATRIX_SIZE} x {race.MATRIX_SIZE} normal "
        "payoffs from the first action of both; processor time until NashConv is at the lowest "
        f"that the peer comes to in {race.MATRIX_ITERATIONS} iterations (ours: and stays there)"
    ),
    task=race.matrix_task,
)

ONE_BY_ONE = "each satellite by itself, all times in one call"
COMPARISONS: tuple[Comparison, ...] = (
    Comparison(
        "BSK-RL",
        "bsk-rl",
        "with_bsk_rl.py",
        JOINT_STEP,
        "ConstellationTasking with ImageRSO, RSOTargets and RSOImageReward",
        "theirs integrates, every second, orbits in a gravity field of degree 10 with the Sun's, "
        "drag, attitude with reaction wheels and thrusters, pointing and rates under control, "
        "panels, battery, storage, eclipses, and holds a target 10 s before an image counts; "
        "ours looks up tables of mean J2 orbits, has no power, storage, drag or wheels, and turns "
        "sensors at a constant rate; ours has magnitudes, exclusion of Sun, Moon and limb, chance "
        "of detection, growing uncertainty and an opponent who denies, which that setting lacks",
        aim=10_000.0,
    ),
    Comparison(
        "TAT-C",
        "tatc",
        "with_tatc.py",
        SIGHT,
        "collect_space_observations, all pairs in one call",
        "theirs also finds the closest approach of every interval; ours asks SGP4 every 60 s and "
        "interpolates by splines (1.5 m)",
        aim=20.0,
    ),
    Comparison(
        "Skyfield",
        "skyfield",
        "with_skyfield.py",
        ONE_SENSOR,
        "searchlib.find_discrete a pair, the condition vectorised over times",
        "the condition is ours to write: Skyfield has none of sight between satellites",
    ),
    Comparison(
        "Orekit",
        "orekit",
        "with_orekit.py",
        ONE_SENSOR,
        "InterSatDirectViewDetector and RelativeDistanceDetector, all targets on one propagation",
        "theirs finds ends by root finding on a continuous function, so it can find intervals "
        "between samples",
    ),
    Comparison(
        "brahe",
        "brahe",
        "with_brahe.py",
        SITES,
        "location_accesses, all pairs in one call, one thread",
        "theirs also tells azimuths, elevations and directions of every window; it has no access "
        "between satellites",
        aim=1.0,
    ),
    Comparison(
        "Skyfield",
        "skyfield",
        "with_skyfield.py",
        SITES,
        "find_events a pair",
        "theirs knows UT1 (from its own table) and also finds culminations; it steps by the orbit",
    ),
    Comparison(
        "Orekit",
        "orekit",
        "with_orekit.py",
        SITES,
        "ElevationDetector, all sites on one propagation, without Earth orientation files",
        "theirs finds ends by root finding",
    ),
    Comparison(
        "sgp4",
        "sgp4",
        "with_sgp4.py",
        TEME,
        "SatrecArray.sgp4, one call",
        "theirs makes velocities, too; ours calls this very code and checks every position",
    ),
    Comparison(
        "brahe",
        "brahe",
        "with_brahe.py",
        TEME,
        f"SGPPropagator.states, {ONE_BY_ONE}",
        "theirs makes velocities, too",
    ),
    Comparison(
        "Orekit",
        "orekit",
        "with_orekit.py",
        TEME,
        "TLEPropagator.getPosition, a call from Python for each position",
    ),
    Comparison(
        "brahe",
        "brahe",
        "with_brahe.py",
        GCRS,
        f"states_gcrf, {ONE_BY_ONE}",
        "theirs makes velocities, too",
    ),
    Comparison(
        "Skyfield",
        "skyfield",
        "with_skyfield.py",
        GCRS,
        f"EarthSatellite.at, {ONE_BY_ONE}",
        "theirs makes velocities, too",
    ),
    Comparison(
        "Orekit",
        "orekit",
        "with_orekit.py",
        GCRS,
        "TLEPropagator.getPosition, a call from Python for each position",
    ),
    *(
        Comparison(
            "OpenSpiel",
            "open-spiel",
            "with_open_spiel.py",
            one,
            "lp_solver.solve_zero_sum_matrix_game",
            "theirs goes through cvxpy",
            aim=1.0,
        )
        for one in NASH.values()
    ),
    *(
        Comparison(
            "nashpy",
            "nashpy",
            "with_nashpy.py",
            one,
            "Game.linear_program",
            "two calls of scipy's linprog",
        )
        for one in NASH.values()
    ),
    *(
        Comparison(
            "pygambit",
            "pygambit",
            "with_pygambit.py",
            one,
            "nash.lp_solve in floats",
            "GPL, hence in a process of its own",
        )
        for one in NASH.values()
    ),
    *(
        Comparison(
            "OpenSpiel",
            "open-spiel",
            "with_open_spiel.py",
            one,
            "pyspiel.nash_conv",
            "theirs walks its states, ours a tree flattened when the game is loaded",
        )
        for one in NASH_CONV.values()
    ),
    *(
        Comparison(
            "OpenSpiel psro_v2",
            "open-spiel",
            "with_open_spiel.py",
            one,
            "PSROSolver with BestResponseOracle, its example's defaults, Nash for mixtures",
            "theirs estimates each payoff by 1,000 episodes in Python, ours are exact",
            aim=5.0,
        )
        for one in (RACE[game] for game in race.GAMES)
    ),
    Comparison(
        "psrolab",
        "psrolab",
        "with_psrolab.py",
        RACE["matrix"],
        "run_psro with ExactMatrixOracle and NashSolverLP",
        "ours also keeps intervals of every payoff and gain and a record of each iteration",
    ),
)

NOT_COMPARED = {
    "OrbitalGym": (
        "0.1.0 needs Python 3.12 and plays other games: a few craft that steer near one another, "
        "without a catalogue, sensors or custody; no unit of work is the same"
    ),
    "MALib": (
        "0.1.0 requires pickle5, mujoco_py and pygame 2.1.0, which do not build on Python 3.11; "
        "malib on PyPI is another project"
    ),
    "GMAT": "comes as an installer of its own, not as a package",
}
"""Peers that are known and have no row of figures, with the reason."""
