"""The front door: a study from a file and what the commands do with it, for notebooks and scripts.

The package offers these functions under its own name: ``ssa_psro.load`` is ``ssa_psro.front.load``.

Every function takes a path or what another one returned, and policies by name or as objects. What
it computes is what the command of the same name computes, with the same seed.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssa_psro.errors import Fault, UsageError, as_integer, did_you_mean
from ssa_psro.found import FoundMatch, FoundTournament
from ssa_psro.policies import HEURISTICS, Policy, make_policy
from ssa_psro.report import writing
from ssa_psro.scenario.changes import Changes
from ssa_psro.scenario.shipped import shipped_scenarios, shipped_sweeps
from ssa_psro.study import Run, Study, open_run
from ssa_psro.study.matches import measure_match, play_all_pairs
from ssa_psro.study.study import (
    LoadedStudy,
    Override,
    dump_study,
    load_study,
    moved,
    overridden,
)
from ssa_psro.trace.gaps import WITHIN_H
from ssa_psro.work import Workers

if TYPE_CHECKING:
    from ssa_psro.study.audit import Audit
    from ssa_psro.study.audit.findings import Against
    from ssa_psro.sweeps.folder import SweepStanding

GIVEN_FROM_PYTHON = "# Given from Python, without a file: scenario.json has all of it.\n"
"""What stands in place of the scenario file of a run that had none."""


def load(
    source: str | Path | Study,
    *,
    catalog: str | Path | Sequence[str | Path] = (),
    start: datetime | str | None = None,
    duration_h: float | None = None,
    overrides: Mapping[str, Override] | None = None,
) -> Study:
    """A study from a scenario file, changed on the way in.

    Args:
        source: path of a file, the name of a shipped scenario such as ``quickstart``, or a study.
        catalog: file or files of element sets in place of those that a file names.
        start: when every episode begins, exactly; text as in 2026-03-20T06:00Z.
        duration_h: length of an episode.
        overrides: other values by key, such as ``{"oracle.start": "scratch"}``.

    Raises:
        ScenarioError: with every fault.
        UsageError: no such shipped scenario, or a catalogue for a study that has been read already.
    """
    files = [catalog] if isinstance(catalog, (str, Path)) else list(catalog)
    changes = Changes(tuple(map(Path, files)), start, duration_h)
    if not isinstance(source, Study):
        study = load_study(_file_of(source), changes).study
    elif files:
        cure = "Give load the path of the scenario file and the catalogue together."
        raise UsageError("load", [Fault("catalog", None, "the study is read already", cure)])
    else:
        study = moved(source, changes) if changes.window else source
    return overridden(study, overrides, "load") if overrides else study


def play(
    study: str | Path | Study,
    blue: str | Policy,
    red: str | Policy,
    *,
    episodes: int = 20,
    seed: int | None = None,
    workers: int = 1,
    within_h: float = WITHIN_H,
) -> FoundMatch:
    """Play one policy against another.

    Args:
        study: a study, or the path of one.
        blue: Blue's policy, or the name of a heuristic.
        red: Red's.
        episodes: two or more.
        seed: root of all randomness; the study's, if not given.
        workers: threads at most; the result does not depend on it.
        within_h: up to what length a gap between successes counts as short.

    Raises:
        ScenarioError: the file is at fault.
        UsageError: an unknown policy, or fewer than two episodes.
    """
    study, (one, other) = load(study), _players([blue, red])
    if not 0.0 <= within_h < inf:
        fault = Fault("within_h", within_h, "is no such time", "Give hours, 0 or more.")
        raise UsageError("play", [fault])
    with _hands(workers) as hands:
        measured = measure_match(
            study.scenario,
            one,
            other,
            seed=_seed(study, seed),
            episodes=_episodes(episodes),
            workers=hands,
            within_h=within_h,
        )
    return FoundMatch(study, (one, other), measured)


def policy(run: str | Path | Run, name: str) -> Policy:
    """A policy of a run, ready to be played in any game.

    Args:
        run: a run, or its folder.
        name: of a member, such as ``blue-1``; or ``blue`` or ``red``, for the mixture of that side
            in the best iterate of a finished run.

    Raises:
        RunFolderError: it is no run folder, damaged, or made under other rules.
        UsageError: it has no such policy.
    """
    from ssa_psro.study.players import policy_of

    return policy_of(run if isinstance(run, Run) else open_run(run), name)


def tournament(
    study: str | Path | Study,
    policies: Sequence[str | Policy] | None = None,
    *,
    episodes: int = 50,
    resamples: int = 200,
    seed: int | None = None,
    workers: int = 1,
) -> FoundTournament:
    """Play policies against each other, on the same episodes, and solve the meta-game.

    Args:
        study: a study, or the path of one.
        policies: two or more, or names of heuristics; all heuristics, if not given.
        episodes: of every pair, two or more.
        resamples: bootstrap tables behind the intervals of the equilibrium.
        seed: root of all randomness; the study's, if not given.
        workers: threads at most; the result does not depend on it.

    Raises:
        ScenarioError: the file is at fault.
        UsageError: unknown policies, a name twice, or too few policies or episodes.
        SolverError: the meta-solver could not certify its answer.
    """
    study, players = load(study), _players(list(HEURISTICS) if policies is None else policies)
    with _hands(workers) as hands:
        played = play_all_pairs(
            study.scenario,
            players,
            seed=_seed(study, seed),
            episodes=_episodes(episodes),
            resamples=as_integer("tournament", "resamples", resamples, 1),
            workers=hands,
        )
    return FoundTournament(study, played)


def solve(study: str | Path | Study, output: str | Path, *, workers: int = 1) -> Run:
    """Solve a study by PSRO into a run folder; one that is there already is carried on.

    Args:
        study: a study, or the path of one.
        output: the run folder; a run of another study in it is refused.
        workers: threads and processes at most; the result does not depend on it.

    Raises:
        ScenarioError: the file is at fault.
        RunFolderError: the folder holds something else or a run made under other rules, or another
            process works on it.
        UsageError: it holds a run of another study.
        SolverError: the meta-solver could not certify an answer.
    """
    from ssa_psro.study.reading import is_run_folder, refuse_other_rules
    from ssa_psro.study.solve import execute
    from ssa_psro.study.writing import create

    hands = _hands(workers)
    folder, path = Path(output), None if isinstance(study, Study) else _file_of(study)
    opened = LoadedStudy(study, ()) if isinstance(study, Study) else load_study(_file_of(study))
    asked = opened.study
    if is_run_folder(folder):
        held = open_run(folder)
        refuse_other_rules(held)
        if dump_study(held.study) != dump_study(asked):
            cure = "Name another folder, or open this one with open_run."
            fault = Fault("output", str(folder), "holds a run of another study", cure)
            raise UsageError("solve", [fault])
    else:
        text = GIVEN_FROM_PYTHON if path is None else path.read_text("utf-8-sig")
        create(folder, asked, source=text, command=sys.argv, files=opened.files)
    with hands:
        return execute(folder, workers=hands)


def sweep(
    file: str | Path,
    output: str | Path,
    *,
    seeds: Sequence[int] | None = None,
    quantity: str | None = None,
    workers: int = 1,
) -> SweepStanding:
    """Measure a scenario at many values of its keys; what is there already is not measured again.

    Args:
        file: path of a sweep file, or the name of a shipped sweep such as ``denial``.
        output: its folder, which gets ``sweep.csv`` and ``map.png``; another sweep in it is
            refused.
        seeds: of every point; the file's, if not given.
        quantity: that the map shows, alone or with whose it is as in ``share: blinding``.
        workers: processes at most; the result does not depend on it.

    Returns:
        What was found at every point, and which failed: see its ``found``, ``failures``,
        ``missing`` and ``rows()``.

    Raises:
        SweepError: the file is at fault, or this machine has not the memory or the disk for it.
        RunFolderError: the folder holds something else, or another process works on it.
        UsageError: no such shipped sweep, or no such quantity.
    """
    from ssa_psro.sweeps.figure import draw_map
    from ssa_psro.sweeps.folder import prepare
    from ssa_psro.sweeps.measuring import refuse_unknown
    from ssa_psro.sweeps.reading import load_sweep
    from ssa_psro.sweeps.running import carry_out

    hands, loaded = _hands(workers), load_sweep(_file_of(file, shipped_sweeps(), "sweep"), seeds)
    refuse_unknown(quantity, loaded.sweep.plan.measure)
    prepare(Path(output), loaded, command=sys.argv, workers=workers)
    with hands:
        standing = carry_out(Path(output), hands)
    draw_map(standing, Path(output), quantity)
    return standing


def audit(
    run: str | Path | Run,
    *,
    against: Against = "best",
    budgets: Sequence[int] | None = None,
    members: Sequence[str | Path] = (),
    episodes: int | None = None,
    seed: int | None = None,
    self_play: bool = False,
    entropy: float = 0.0,
    workers: int = 1,
) -> Audit:
    """Attack a finished run's outcome from outside, with responses of several oracles.

    Args:
        run: a finished run, or its folder.
        against: the mixtures of the ``best`` iterate, or the equilibrium of the ``final`` table.
        budgets: decisions of each training, for every oracle and start; 50,000, 200,000 and
            800,000, if not given.
        members: folders of other runs, whose members attack too.
        episodes: on which gains are measured; the run's held-out episodes, if not given.
        seed: root of all randomness; the run's, if not given.
        self_play: whether the baseline is trained and audited too.
        entropy: weight of the entropy bonus of self-play's PPO, 0 or more.
        workers: threads and processes at most; the result does not depend on it.

    Raises:
        RunFolderError: it is no run folder, damaged, made under other rules, not finished, or in
            another process's use; or another run's members cannot be used.
        UsageError: fewer than two episodes, or a budget below one decision.
    """
    from ssa_psro.study.audit import settings_of
    from ssa_psro.study.audit.execution import audit as audit_folder

    opened = run if isinstance(run, Run) else open_run(run)
    settings = settings_of(
        opened.study,
        against=against,
        budgets=budgets,
        members=[str(other) for other in members],
        episodes=episodes,
        seed=seed,
        self_play=self_play,
        entropy=entropy,
    )
    with _hands(workers) as hands:
        return audit_folder(opened.folder, settings, hands)


def write_report(run: str | Path | Run) -> Path:
    """Write a run's report into its folder and return its page.

    Raises:
        RunFolderError: it is no run folder, damaged, or nothing has been played yet.
        SolverError: the meta-solver could not certify an answer for an unfinished run.
    """
    return writing.write_report(run.folder if isinstance(run, Run) else Path(run))


def _file_of(
    source: str | Path, shipped: Mapping[str, Path] | None = None, kind: str = "scenario"
) -> Path:
    """The path itself, or the shipped file of that name, beside the package or inside it."""
    path, name = Path(source), str(source)
    if path.exists() or path.suffix or len(path.parts) != 1:
        return path
    known = shipped_scenarios() if shipped is None else shipped
    if name not in known:
        problem = f"neither a file nor a shipped {kind}"
        raise UsageError("load", [Fault("source", name, problem, did_you_mean(name, known))])
    return known[name]


def _players(wanted: Sequence[Any]) -> list[Policy]:
    faults = []
    for one in wanted:
        if isinstance(one, str) and one not in HEURISTICS:
            cure = did_you_mean(one, HEURISTICS)
            faults.append(Fault("policy", one, "not one of the heuristics", cure))
        elif not isinstance(one, (str, Policy)):
            cure = "Give a heuristic's name, or an object with name, constant and act(view)."
            faults.append(Fault("policy", repr(one), "no policy", cure))
    if faults:
        raise UsageError("policies", faults)
    return [make_policy(one) if isinstance(one, str) else one for one in wanted]


def _hands(workers: int) -> Workers:
    return Workers(as_integer("workers", "workers", workers, 1))


def _seed(study: Study, seed: int | None) -> int:
    return study.seed if seed is None else as_integer("seed", "seed", seed, 0)


def _episodes(episodes: int) -> int:
    """As many as an interval needs, or more."""
    return as_integer("episodes", "episodes", episodes, 2)
