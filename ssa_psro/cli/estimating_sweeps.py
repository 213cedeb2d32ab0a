"""What a sweep takes of time, memory and disk, from a calibration at its first and last point.

Points between them are taken to cost their mean. Seconds are of processor time, as in
:mod:`ssa_psro.cli.estimating`.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import process_time

from ssa_psro.cli.estimating import episode_s, estimate, peak_bytes
from ssa_psro.cli.opening import open_arena
from ssa_psro.cli.options import Attack
from ssa_psro.findings.table import Facts
from ssa_psro.findings.wording import duration, plural
from ssa_psro.game import CoverageGame
from ssa_psro.geometry.cache import default_cache_dir, table_path
from ssa_psro.policies import HEURISTICS, make_policy
from ssa_psro.progress import StageProgress
from ssa_psro.study.matches import FRESH
from ssa_psro.study.study import Study
from ssa_psro.sweeps.measuring import played
from ssa_psro.sweeps.reading import LoadedSweep
from ssa_psro.work import Workers

START_S = 3.0
"""Until a process can measure (measured)."""
FEWEST = 2
"""Episodes of a pair in a trial."""
PROCESS_BYTES = 250e6
"""Of a process that plays a tournament, without what it shares (measured)."""


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
    """What one point takes."""

    seconds: float
    memory_bytes: float
    cache_bytes: float
    tables_s: float


def estimate_sweep(loaded: LoadedSweep, workers: int, tell: StageProgress) -> SweepEstimate:
    """Calibrate at both ends of the sweep, and work out what all of it takes."""
    sweep, needs = loaded.sweep, loaded.needs
    ends = [sweep.study_at(point) for point in dict.fromkeys((sweep.points[0], sweep.points[-1]))]
    cost = _run if sweep.plan.measure == "run" else _tournament
    costs = [cost(study, loaded, tell) for study in ends]
    hands = min(workers, len(sweep.points))
    point_s = sum(one.seconds for one in costs) / len(costs)
    tables_s = needs.games * max(one.tables_s for one in costs)
    start_s = START_S * (1 + (hands if hands > 1 else 0))
    alone = max(one.memory_bytes for one in costs)
    return SweepEstimate(
        points=len(sweep.points),
        workers=hands,
        point_s=point_s,
        wall_s=start_s + (len(sweep.points) * point_s + tables_s) / hands,
        memory_bytes=alone + (hands * (PROCESS_BYTES + needs.memory_bytes) if hands > 1 else 0.0),
        disk_bytes=needs.disk_bytes,
        cache_bytes=needs.games * max(one.cache_bytes for one in costs),
    )


def _run(study: Study, loaded: LoadedSweep, tell: StageProgress) -> _Cost:
    attack = Attack.SHORT if loaded.sweep.plan.audited else Attack.NONE
    found = estimate(study, 1, attack, tell)
    spent = dict(found.processor_s)
    tables_s, _, _ = spent.pop("tables"), spent.pop("report"), spent.pop("start")
    return _Cost(sum(spent.values()), found.memory_bytes, found.cache_bytes, tables_s)


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
    begun = process_time()
    with Workers() as alone:  # what comes with every point, however few its episodes
        played(study, meeting.model_copy(update={"episodes": FEWEST}), alone)
    episodes = (len(names) ** 2 + 2 * FRESH) * max(0, meeting.episodes - FEWEST)
    seconds = process_time() - begun + episodes * each_s
    memory = peak_bytes() + loaded.needs.memory_bytes
    return _Cost(seconds, memory, sum(one.nbytes for one in arena.tables), tables_s)


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
