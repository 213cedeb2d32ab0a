"""What a run takes of time, memory and disk, from a few seconds of calibration on this machine.

1. The tables are made, or found in the cache, where the run will find them too.
2. Some episodes are played, and a figure is drawn.
3. In a process of its own, as in a run, the oracle trains two short responses; what the longer one
   takes more is the cost of a decision, and the rest comes with every response.
4. All that is multiplied by what the study asks for at most.

Seconds are of processor time: how busy the machine is meanwhile does not matter.
"""

from __future__ import annotations

import math
import resource
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import TYPE_CHECKING, Any

import numpy as np

from ssa_psro.cli.opening import open_arena
from ssa_psro.cli.options import Attack, cores
from ssa_psro.cli.output import print_facts, progress
from ssa_psro.game import CoverageGame
from ssa_psro.games.coverage import Coverage
from ssa_psro.geometry.cache import default_cache_dir, table_path
from ssa_psro.learn import make_oracle
from ssa_psro.learn.protocol import Member, OracleRequest
from ssa_psro.policies import HEURISTICS, Policy, make_policy
from ssa_psro.policies.match import play
from ssa_psro.progress import StageProgress
from ssa_psro.randomness import derive_seed, episode_seeds
from ssa_psro.study.audit.findings import BUDGETS
from ssa_psro.study.audit.responses import BATTERY, SHORT
from ssa_psro.study.limits import disk_of, memory_of, sizes
from ssa_psro.study.outcome import RESAMPLES, solver_of
from ssa_psro.study.study import Study
from ssa_psro.work.processes import process_pool

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ssa_psro.findings.table import Facts, Table

EPISODES = 32
"""Played of each kind; and a short training is as long as so many episodes."""
LONGER = 4
"""Of the two trainings, how much longer the second is."""
FIGURES = 21
"""Of a report."""
RIVALS = 4
"""Policies that meet in a review of an earlier iterate, a side."""
SHOWN = 16
"""Policies of a side that stand beside each other in the end: the heuristics, and members."""
LARGEST_TABLE = 40
"""Policies of a side in the table that is solved for calibration."""


@dataclass(frozen=True)
class Speed:
    """What was measured, in seconds of processor time.

    Attributes:
        tables_s: to make the tables; next to nothing if they were there.
        heuristic_s: an episode between constant doctrines.
        member_s: an episode between members as they are trained.
        solve_s: solving a payoff table of ``LARGEST_TABLE`` policies a side.
        start_s: until a process can train.
        response_s: what comes with every response, however short its training.
        decision_s: a decision of a training.
        figure_s: drawing a figure.
        program_bytes: memory of this process.
        process_bytes: memory of a process that trains, without what it shares.
    """

    tables_s: float
    heuristic_s: float
    member_s: float
    solve_s: float
    start_s: float
    response_s: float
    decision_s: float
    figure_s: float
    program_bytes: float
    process_bytes: float

    def training_s(self, decisions: float) -> float:
        """A response of so many decisions."""
        return self.response_s + decisions * self.decision_s


@dataclass(frozen=True)
class Estimate:
    """What a run takes at most, for it may stop before its last iteration.

    Attributes:
        processor_s: seconds of processor time by what they are for.
        wall_s: seconds by the clock on a machine that does nothing else.
        iteration_s: those of an iteration in the middle whose responses are not trained for longer.
        workers: threads and processes.
        memory_bytes: of all processes at the peak.
        disk_bytes: of the run's folder with its report.
        cache_bytes: of the tables, which are kept for other runs of this game.
    """

    processor_s: dict[str, float]
    wall_s: float
    iteration_s: float
    workers: int
    memory_bytes: float
    disk_bytes: float
    cache_bytes: float


def estimate(study: Study, workers: int, audit: Attack, tell: StageProgress) -> Estimate:
    """Calibrate, and work out what a run of ``study`` takes with an audit at its end."""
    return estimate_at(study, workers, audit, *calibrated(study, workers, tell))


def estimate_at(
    study: Study, workers: int, audit: Attack, speed: Speed, cache_bytes: float
) -> Estimate:
    """What a run takes on a machine of some speed; see ``calibrated``."""
    solver = study.solver
    hands, seats = min(workers, cores()), 1 if study.shared else 2
    processes = min(workers, seats * study.responses)
    trainings = _trainings(study, audit)
    iterations = [_iteration(study, speed, done) for done in range(solver.iterations)]
    # a run may find less than its tolerance in the first iteration, and confirm that in all others
    decisions = study.oracle.decisions
    longest = round(decisions * (solver.confirmation if solver.tolerance > 0 else 1.0))
    first, later = (
        seats * study.responses * speed.training_s(length) for length in (decisions, longest)
    )
    spent = {
        "start": speed.start_s * (1 + (processes if workers > 1 else 0)),
        "tables": speed.tables_s,
        "training": first + (solver.iterations - 1) * later,
        "payoffs": math.prod(sizes(study, 0)) * solver.episodes_per_cell * speed.heuristic_s
        + sum(iterations),
        "outcome": _outcome_s(study, speed),
        "audit": sum(map(speed.training_s, trainings)) + _attack_s(study, speed, len(trainings)),
        "report": FIGURES * speed.figure_s,
    }
    rounds = math.ceil(seats * study.responses / hands) / (seats * study.responses)
    alone = spent["start"] / (1 + (processes if workers > 1 else 0)) + spent["report"]
    shared = spent["tables"] + spent["payoffs"] + spent["outcome"]
    trained = spent["training"] * rounds
    attack = spent["audit"] / min(hands, max(1, len(trainings)))
    middle = iterations[len(iterations) // 2] / hands + first * rounds
    memory = sum(memory_of(study).values()) + speed.program_bytes
    return Estimate(
        processor_s=spent,
        wall_s=2 * alone + shared / hands + trained + attack,
        iteration_s=middle,
        workers=workers,
        memory_bytes=memory + (processes * speed.process_bytes if workers > 1 else 0.0),
        disk_bytes=sum(disk_of(study).values()),
        cache_bytes=cache_bytes,
    )


def _iteration(study: Study, speed: Speed, done: int) -> float:
    """Seconds of an iteration without its trainings: held-out episodes, payoffs, a solution."""
    solver, before, after = study.solver, sizes(study, done), sizes(study, done + 1)
    # those that may be as good as the best are few; of a side's n about the root of n, measured
    met = sum(study.responses + math.ceil(math.sqrt(count)) for count in before)
    review = 2 * RIVALS / 4  # of every fourth iteration
    cells = math.prod(after) - math.prod(before)
    share = solver.sampled_share if solver.sampler == "reservoir" else 1.0
    episodes = solver.held_out_episodes * (1 + met + review)
    episodes += cells * solver.episodes_per_cell * share
    return episodes * speed.member_s + _solve_s(study, speed, max(after))


def _solve_s(study: Study, speed: Speed, policies: int) -> float:
    """Solving a table of so many policies a side; it takes as long as a product of matrices."""
    return speed.solve_s * (policies / LARGEST_TABLE) ** 3


def _outcome_s(study: Study, speed: Speed) -> float:
    """Seconds from the last iteration to the outcome: intervals, series, matches."""
    solver, last = study.solver, max(sizes(study, study.solver.iterations))
    pairs = 2 + 3 + 4  # the series, looked at step by step; rivalry; seats
    episodes = solver.held_out_episodes * pairs + 2 * SHOWN * min(100, solver.held_out_episodes)
    resamples = RESAMPLES[study.scenario.rules.payoff_kind]
    return episodes * speed.member_s + resamples * _solve_s(study, speed, last)


def _trainings(study: Study, audit: Attack) -> list[int]:
    """Decisions of each training of an audit."""
    if audit == Attack.NONE:
        return []
    seats = 1 if study.shared else 2
    short = audit == Attack.SHORT
    budgets, kinds = ((study.oracle.decisions,), SHORT) if short else (BUDGETS, BATTERY)
    return [budget for budget in budgets for _ in kinds] * seats


def _attack_s(study: Study, speed: Speed, trainings: int) -> float:
    """Seconds of matches of an audit: scouts, then what each response gains."""
    if not trainings:
        return 0.0
    scouts = 64 * sum(sizes(study, study.solver.iterations))
    return (scouts + 2 * study.solver.held_out_episodes * (2 + trainings)) * speed.member_s


def calibrated(study: Study, workers: int, tell: StageProgress) -> tuple[Speed, float]:
    """The speed of this machine in a study's game, and the bytes of its tables."""
    begun = process_time()
    folder = default_cache_dir()
    known = folder is not None and table_path(folder, study.scenario).is_file()
    arena = open_arena(study.scenario, workers, tell)
    tables_s = 0.0 if known else process_time() - begun
    game = CoverageGame(arena)
    tell("calibration", 0.1)
    names = list(study.populations.blue or HEURISTICS)
    # first, so that the process that trains finds the rules compiled, as it will in a run
    heuristic_s = episode_s(game, make_policy(names[0]), make_policy(names[-1]))
    with process_pool(1) as apart:
        (trained,) = apart(_trial, [study])
    tell("calibration", 0.7)
    member_s = episode_s(game, trained.policy, trained.policy)
    tell("calibration", 0.9)
    speed = Speed(
        tables_s=tables_s,
        heuristic_s=heuristic_s,
        member_s=member_s,
        solve_s=_solving_s(study),
        start_s=trained.start_s,
        response_s=trained.response_s,
        decision_s=trained.decision_s,
        figure_s=_figure_s(),
        program_bytes=peak_bytes(),
        process_bytes=trained.own_bytes,
    )
    return speed, float(sum(table.nbytes for table in arena.tables))


@dataclass(frozen=True, eq=False)
class Trial:
    """What a process that trains found out; see ``Speed``."""

    policy: Policy
    start_s: float
    response_s: float
    decision_s: float
    own_bytes: float


def _trial(study: Study) -> Trial:
    """Train two short responses, in a process that has done nothing else."""
    game = Coverage(study.scenario)
    decisions = study.oracle.decisions
    short = min(decisions, EPISODES * study.scenario.window.decisions)
    long = min(decisions, LONGER * short)
    names = study.populations.blue or tuple(HEURISTICS)
    members = [_heuristic(name) for name in names]
    members.append(_trained(study, game, members, 1, environments=2, validation_episodes=2))
    start_s = process_time()
    times = []
    for steps in dict.fromkeys((short, long)):
        begun = process_time()
        last = _trained(study, game, members, steps)
        times.append(process_time() - begun)
    decision_s = max(0.0, (times[-1] - times[0]) / max(1, long - short))
    response_s = max(0.0, times[-1] - long * decision_s)
    return Trial(last.policy, start_s, response_s, decision_s, own_bytes())


def _trained(
    study: Study, game: Coverage, members: list[Member[Policy]], steps: int, **less: int
) -> Member[Policy]:
    """A response to opponents of whom the last plays half of the time; ``less``: other settings."""
    values: dict[str, Any] = {**study.oracle.values, "steps": steps}
    values["environments"] = min(EPISODES, study.oracle.environments)
    oracle = make_oracle(study.oracle.kind, game, values | less, study.seed)
    mixture = np.full(len(members), 0.5 / max(1, len(members) - 1))
    mixture[-1] = 1.0 - mixture[:-1].sum()
    request = OracleRequest[Policy](
        side=0,
        iteration=1,
        name="trial",
        opponents=tuple(members),
        opponent_mixture=mixture,
        learners=tuple(members),
        learner_mixture=mixture,
        learner_scores=np.zeros(len(members)),
        start=study.oracle.start,
        seed=derive_seed(study.seed, "estimate"),
        both=study.shared,
    )
    return oracle(request).member


def _heuristic(name: str) -> Member[Policy]:
    return Member(name, make_policy(name), constant_action=np.array(HEURISTICS[name]().weights))


def episode_s(game: CoverageGame, blue: Policy, red: Policy) -> float:
    """Seconds of processor time of an episode between two policies."""
    seeds = episode_seeds(0, "estimate", count=EPISODES)
    play(game, blue, red, seeds)  # loads what is compiled
    begun = process_time()
    play(game, blue, red, seeds)
    return (process_time() - begun) / EPISODES


def _solving_s(study: Study) -> float:
    """Of a table of random payoffs, which is of the game's kind."""
    rng = np.random.default_rng(0)
    payoffs = rng.normal(size=(LARGEST_TABLE, LARGEST_TABLE))
    payoffs -= payoffs.T if study.shared else 0.0
    other = -payoffs if study.scenario.rules.payoff_kind == "zero-sum" else payoffs.T
    solve = solver_of(study)
    begun = process_time()
    solve(np.stack([payoffs, other], axis=2))
    return process_time() - begun


def _figure_s() -> float:
    """Of a plain figure, once matplotlib is there."""
    from ssa_psro.findings import Column, make_table
    from ssa_psro.report.drawing import Panel, Picture, save

    columns = (Column("x", "", "across"), Column("y", "", "up"))
    table = make_table("estimate", "", columns, [(n, n * n % 7) for n in range(200)])
    panel = Panel(_draw, table)
    picture = Picture("estimate", "An estimate", "", table, (panel, panel), (12.0, 6.0))
    with TemporaryDirectory() as folder:
        save(picture, Path(folder))
        begun = process_time()
        save(picture, Path(folder))
    return process_time() - begun


def _draw(table: Table, ax: Axes) -> None:
    ax.plot(table.numbers("x"), table.numbers("y"), "o-")


def peak_bytes() -> float:
    """Memory of this process at its peak."""
    # getrusage counts what the process had that this one was started from: of a large game, all
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return 1024.0 * _status().get("VmHWM", used)


def own_bytes() -> float:
    """Memory of this process at its peak, without the files that it shares with others."""
    return peak_bytes() - 1024.0 * _status().get("RssFile", 0)


def _status() -> dict[str, int]:
    """What Linux says of the memory of this process, in kB; nothing elsewhere."""
    path = Path("/proc/self/status")
    lines = path.read_text("ascii").splitlines() if path.exists() else []
    words = (line.split() for line in lines if line.endswith(" kB"))
    return {name.removesuffix(":"): int(value) for name, value, _ in words}


def print_estimate(study: Study, workers: int, audit: Attack, *, as_json: bool) -> Estimate:
    """What a run of a study takes at most, printed unless it is for machines."""
    with progress() as tell:
        found = estimate(study, workers, audit, tell)
    if not as_json:
        print_facts("A run takes at most, about", estimate_facts(found))
    return found


def estimate_facts(found: Estimate) -> Facts:
    """What an estimate says, for people."""
    from ssa_psro.findings.wording import duration, plural

    total = sum(found.processor_s.values())
    parts = sorted(found.processor_s.items(), key=lambda one: -one[1])
    most = ", ".join(f"{name} {duration(spent)}" for name, spent in parts if spent > 0.05 * total)
    return [
        ("processor time", f"{duration(total)}: {most}"),
        ("by the clock", f"{duration(found.wall_s)} with {plural(found.workers, 'worker')}"),
        ("an iteration", duration(found.iteration_s)),
        ("memory", f"{found.memory_bytes / 1e9:.1f} GB"),
        (
            "disk",
            f"{found.disk_bytes / 1e6:,.0f} MB, and {found.cache_bytes / 1e6:,.0f} MB of tables",
        ),
    ]
