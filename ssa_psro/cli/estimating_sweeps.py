"""What a sweep takes of time, memory and disk, from a calibration at its first and last point.

Points between them are taken to cost their mean. What a process takes to begin, and of memory, is
measured in one of its own. Seconds are of processor time, as in :mod:`ssa_psro.cli.estimating`.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import process_time

from ssa_psro.cli.estimating import calibrated, episode_s, estimate_at, own_bytes, peak_bytes
from ssa_psro.cli.opening import open_arena
from ssa_psro.cli.options import Attack
from ssa_psro.findings.table import Facts
from ssa_psro.findings.wording import duration, plural
from ssa_psro.game import CoverageGame
from ssa_psro.game.engine import KEPT
from ssa_psro.geometry.cache import default_cache_dir, table_path
from ssa_psro.policies import HEURISTICS, make_policy
from ssa_psro.progress import StageProgress
from ssa_psro.study.matches import FRESH
from ssa_psro.study.study import Study
from ssa_psro.sweeps.measuring import played
from ssa_psro.sweeps.plan import TournamentSettings
from ssa_psro.sweeps.reading import LoadedSweep
from ssa_psro.work import Workers
from ssa_psro.work.processes import process_pool

FEWEST = 2
"""Episodes of a pair in a trial."""


@dataclass(frozen=True)
class SweepEstimate:
    """What a sweep takes at most.

    Attributes:
        points: how many there are.
        workers: how many are measured side by side.
        point_s: seconds of processor time of one, on average.
        wall_s: seconds by the clock of all, on a machine that does nothing else.
        memory_bytes: of all processes at the peak.
        disk_bytes: of the sweep's folder.
        cache_bytes: of the tables of all its games, which are kept for others.
    """

    points: int
    workers: int
    point_s: float
    wall_s: float
    memory_bytes: float
    disk_bytes: float
    cache_bytes: float


@dataclass(frozen=True)
class _Cost:
    """What one point takes, and what a process takes that has measured it and no other."""

    seconds: float
    memory_bytes: float
    cache_bytes: float
    tables_s: float
    start_s: float
    process_bytes: float


def estimate_sweep(loaded: LoadedSweep, workers: int, tell: StageProgress) -> SweepEstimate:
    """Calibrate at both ends of the sweep, and work out what all of it takes."""
    sweep, needs = loaded.sweep, loaded.needs
    ends = [sweep.study_at(point) for point in dict.fromkeys((sweep.points[0], sweep.points[-1]))]
    cost = _run if sweep.plan.measure == "run" else _tournament
    costs = [cost(study, loaded, tell) for study in ends]
    hands = min(workers, len(sweep.points))
    point_s = sum(one.seconds for one in costs) / len(costs)
    tables_s = needs.games * max(one.tables_s for one in costs)
    # those that measure start side by side, once this one has read the sweep
    start_s = max(one.start_s for one in costs) * (2 if hands > 1 else 1)
    # a process keeps more games than the one that it was measured with
    each_bytes = max(one.process_bytes for one in costs) + (KEPT - 1) * needs.world_bytes
    each_bytes += needs.memory_bytes
    memory_bytes = max(one.memory_bytes for one in costs)
    if hands > 1:  # this one holds no game then, and less than those that do
        memory_bytes = needs.tables_in(hands) + (hands + 1) * each_bytes
    return SweepEstimate(
        points=len(sweep.points),
        workers=hands,
        point_s=point_s,
        wall_s=start_s + (len(sweep.points) * point_s + tables_s) / hands,
        memory_bytes=memory_bytes,
        disk_bytes=needs.disk_bytes,
        cache_bytes=needs.games * max(one.cache_bytes for one in costs),
    )


def _run(study: Study, loaded: LoadedSweep, tell: StageProgress) -> _Cost:
    attack = Attack.SHORT if loaded.sweep.plan.audited else Attack.NONE
    speed, cache_bytes = calibrated(study, 1, tell)
    found = estimate_at(study, 1, attack, speed, cache_bytes)
    spent = dict(found.processor_s)
    tables_s, _, start_s = spent.pop("tables"), spent.pop("report"), spent.pop("start")
    return _Cost(
        seconds=sum(spent.values()),
        memory_bytes=found.memory_bytes,
        cache_bytes=cache_bytes,
        tables_s=tables_s,
        start_s=start_s,
        process_bytes=speed.process_bytes,
    )


def _tournament(study: Study, loaded: LoadedSweep, tell: StageProgress) -> _Cost:
    """Every pair, then the equilibrium and the best pair on fresh episodes."""
    meeting = loaded.sweep.plan.meeting
    names = list(meeting.policies or HEURISTICS)
    folder, begun = default_cache_dir(), process_time()
    known = folder is not None and table_path(folder, study.scenario).is_file()
    arena = open_arena(study.scenario, 1, tell)
    tables_s = 0.0 if known else process_time() - begun
    tell("calibration", 0.5)
    each_s = episode_s(CoverageGame(arena), make_policy(names[0]), make_policy(names[-1]))
    few = study, meeting.model_copy(update={"episodes": FEWEST})
    begun = process_time()
    _play(few)  # what comes with every point, however few its episodes
    few_s = process_time() - begun
    episodes = (len(names) ** 2 + 2 * FRESH) * max(0, meeting.episodes - FEWEST)
    tell("calibration", 0.8)
    with process_pool(1) as apart:
        ((first_s, process_bytes),) = apart(_play, [few])
    return _Cost(
        seconds=few_s + episodes * each_s,
        memory_bytes=peak_bytes() + loaded.needs.memory_bytes,
        cache_bytes=sum(one.nbytes for one in arena.tables),
        tables_s=tables_s,
        start_s=max(0.0, first_s - few_s),
        process_bytes=process_bytes,
    )


def _play(asked: tuple[Study, TournamentSettings]) -> tuple[float, float]:
    """Play a tournament; what this process has taken of processor time and memory by then."""
    with Workers() as alone:
        played(*asked, alone)
    return process_time(), own_bytes()


def sweep_facts(found: SweepEstimate) -> Facts:
    """What an estimate says, for people."""
    return [
        ("points", f"{found.points:,}, {found.point_s:.2g} s of processor time each"),
        ("by the clock", f"{duration(found.wall_s)} with {plural(found.workers, 'worker')}"),
        ("memory", f"{found.memory_bytes / 1e9:.1f} GB"),
        (
            "disk",
            f"{found.disk_bytes / 1e6:,.1f} MB, and {found.cache_bytes / 1e6:,.0f} MB of tables",
        ),
    ]
