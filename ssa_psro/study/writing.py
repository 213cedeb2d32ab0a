"""Making a run folder and adding to it. What is written last is what makes the rest count."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from ssa_psro.errors import Fault, RunFolderError, plain_words, to_paste
from ssa_psro.inputs.documents import document_bytes, write_document
from ssa_psro.inputs.files import appearing, remove_unfinished, write_arrays, write_bytes
from ssa_psro.policies import Policy
from ssa_psro.psro import PsroState
from ssa_psro.scenario import FileReport, content_hash
from ssa_psro.scenario.identity import RULES_VERSION
from ssa_psro.scenario.schema import SIDES
from ssa_psro.study import folder as layout
from ssa_psro.study.attackers import join
from ssa_psro.study.audit.document import set_aside
from ssa_psro.study.folder import Manifest, MemberFile, Session, current_versions
from ssa_psro.study.holding import note, sole_writer, writing_to
from ssa_psro.study.integrity import PAYOFFS, payoffs_digest
from ssa_psro.study.limits import refuse_what_cannot_fit
from ssa_psro.study.outcome import CoverageSeries, Solution, series_to_arrays
from ssa_psro.study.policies import initial_members, store_network
from ssa_psro.study.reading import Run, is_run_folder, standing_of
from ssa_psro.study.study import Override, Study, dump_study, overridden


def create(
    folder: Path,
    study: Study,
    *,
    source: str,
    overrides: Mapping[str, Override] | None = None,
    command: Sequence[str] = (),
    files: Sequence[FileReport] = (),
) -> None:
    """Make the folder of a run that has yet to begin; it appears whole or not at all.

    Args:
        folder: must not exist, or be empty.
        study: what is run, overrides included.
        source: text of its file as given.
        overrides: keys of the file that were given another value, and that value.
        command: the command line.
        files: what became of the files of element sets.

    Raises:
        RunFolderError: there is something already, or the folder cannot be made.
        ScenarioError: this machine has not the memory or the disk for it.
        UsageError: the study names an unknown policy.
    """
    refuse_existing(folder)
    refuse_what_cannot_fit(study, folder, study.name)
    members: dict[str, list[MemberFile]] = {
        side: initial_members(getattr(study.populations, side)) for side in SIDES
    }
    first = {layout.SOURCE: source.encode(), **_first_files(study, members)}
    manifest = Manifest(
        format=layout.FORMAT,
        scenario=study.name,
        content_hash=content_hash(study.scenario),
        seed=study.seed,
        overrides=dict(overrides or {}),
        populations={side: tuple(member.name for member in members[side]) for side in SIDES},
        created=layout.now(),
        command=plain_words(command),
        versions=current_versions(),
        sha256={name: sha256(content).hexdigest() for name, content in first.items()},
        rules_version=RULES_VERSION,
        files=tuple(replace(one, passed_over={}) for one in files),
    )
    _make(folder, first, manifest)


def _first_files(study: Study, members: Mapping[str, Sequence[MemberFile]]) -> dict[str, bytes]:
    """What a new folder holds that its manifest vouches for, by path."""
    files = {layout.SCENARIO: dump_study(study).encode()}
    for side, own in members.items():
        for index, member in enumerate(own):
            path = layout.member_path(Path(), side, index, member.name)
            files[path.as_posix()] = document_bytes(member)
    return files


def _make(folder: Path, files: Mapping[str, bytes], manifest: Manifest) -> None:
    """A folder with these files, at once or not at all."""
    try:
        with appearing(folder) as made:
            for file, content in files.items():
                write_bytes(made / file, content)
            write_document(made / layout.MANIFEST, manifest)
            note(made, f"made, by: {shlex.join(manifest.command)}")
    except OSError as error:
        raise _refusal(folder, f"cannot be made: {error.strerror or error}") from None


def refuse_existing(folder: Path) -> None:
    """Nothing that exists is written over.

    Raises:
        RunFolderError: there is a run folder, a file, or a folder that is not empty.
    """
    if is_run_folder(folder):
        cure = f"Go on with it by: {to_paste('resume', folder)}, or name another --output."
        raise RunFolderError(str(folder), [Fault("the folder", None, "holds a run already", cure)])
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise _refusal(folder, "exists and is no run folder")


def commit(folder: Path, state: PsroState[Policy]) -> None:
    """Add the last iteration of ``state``, or the payoffs before the first one.

    Members and payoffs come first. Without the record, which comes last, they do not count; it
    vouches for them, and for the record before it.

    Raises:
        RunFolderError: the folder cannot be written to.
    """
    record = state.records[-1] if state.records else None
    with writing_to(folder):
        if record is None:
            write_arrays(folder / layout.PAYOFFS, state.table.to_arrays())
            note(folder, "first payoffs written")
            return
        paths = [layout.record_path(folder, record.iteration - 1)] if state.records[1:] else []
        for population, side in zip(state.populations, record.sides, strict=True):
            first = len(population.members) - len(side.responses)
            for index, response in enumerate(side.responses, first):
                path = layout.member_path(folder, population.side, index, response.name)
                store_network(path, population.members[index], record.iteration, response.start)
                paths.append(path)
        write_arrays(folder / layout.PAYOFFS, state.table.to_arrays())
        vouched = {**_digests(folder, paths), PAYOFFS: payoffs_digest(state.table)}
        path = layout.record_path(folder, record.iteration)
        write_document(path, record, sha256=vouched)
        note(folder, f"iteration {record.iteration} committed")


def _digests(folder: Path, paths: Iterable[Path]) -> dict[str, str]:
    """Checksums (hex) of files, by their paths in the folder."""
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in paths
    }


def new_session(
    command: Sequence[str], iterations: int | None = None, attackers: Sequence[str] = ()
) -> Session:
    """A session of this process that begins now.

    Args:
        command: the command line.
        iterations: PSRO iterations at most from now on; as many as before if there is no number.
        attackers: names of responses of the run's audit that join it, see ``study.attackers``.
    """
    versions = current_versions()
    return Session(layout.now(), plain_words(command), versions, iterations, tuple(attackers))


def resumed(run: Run, session: Session) -> Run:
    """``run`` as it is once ``session`` has begun; the disk stays as it is.

    With more iterations it ends as if it had been made with so many. The outcome of a finished run
    counts no more then.

    Raises:
        RunFolderError: it has as many already, or ended because it met its tolerance or
            its responses only repeated members, and nobody new joins.
        ScenarioError: no run may have so many, or this machine has no room for them.
    """
    manifest = replace(run.manifest, resumed=(*run.manifest.resumed, session))
    if session.iterations is None:
        return replace(run, manifest=manifest)
    study = overridden(run.study, {"solver.iterations": session.iterations})
    _refuse_vain_iterations(run, session.iterations, joined=bool(session.attackers))
    refuse_what_cannot_fit(study, run.folder, "command line")
    outcome = (layout.SOLUTION, layout.COVERAGE)
    vouched = {key: one for key, one in manifest.sha256.items() if key not in outcome}
    manifest = replace(manifest, status="running", stopped=None, sha256=vouched)
    return replace(run, manifest=manifest, study=study, solution=None, coverage=None)


def _refuse_vain_iterations(run: Run, iterations: int, *, joined: bool) -> None:
    if run.manifest.stopped == "tolerance" and not joined:
        cure = "Make a run with a smaller solver.tolerance, or --join-attackers of an audit."
        fault = Fault("--iterations", iterations, "would change nothing: tolerance is met", cure)
        raise RunFolderError(str(run.folder), [fault])
    if run.manifest.stopped == "alike" and not joined:
        cure = "Make a run with more oracle.decisions, or --join-attackers of an audit."
        problem = "would change nothing: its responses only repeat members"
        fault = Fault("--iterations", iterations, problem, cure)
        raise RunFolderError(str(run.folder), [fault])
    if iterations <= len(run.records):
        cure = f"Give more than {len(run.records)}."
        fault = Fault("--iterations", iterations, "the run has as many already", cure)
        raise RunFolderError(str(run.folder), [fault])


def resume(run: Run, session: Session) -> Run:
    """Note in the manifest that a run goes on.

    The outcome of a finished run stays on the disk until the new one replaces it.

    Raises:
        RunFolderError: see ``resumed``; or the folder cannot be written to.
        ScenarioError: see ``resumed``.
    """
    going_on = resumed(run, session)
    with writing_to(run.folder):
        if session.attackers:
            join(run, session.attackers)  # while the audit is there, and before the run counts on
        write_document(run.folder / layout.MANIFEST, going_on.manifest)
        note(run.folder, f"resumed, by: {shlex.join(session.command)}")
    return going_on


def clear(folder: Path) -> None:
    """Remove what a killed writer left in a run that is to go on, and set a stale audit aside.

    A finished run is left as it is.

    Raises:
        RunFolderError: the folder cannot be written to.
    """
    *_, finished = standing_of(folder)
    if finished:
        return
    with writing_to(folder):
        remove_unfinished(folder, layout.REPORT)
        set_aside(folder)  # an unfinished run has no outcome that could have been audited


def tidy(folder: Path) -> None:
    """Remove what was being written when the work on a folder was interrupted."""
    with suppress(RunFolderError, OSError), sole_writer(folder):
        remove_unfinished(folder, layout.REPORT)


def finish(run: Run, solution: Solution, coverage: CoverageSeries) -> None:
    """Write the outcome; the manifest, which says that it is there, comes last.

    It vouches for the outcome and for the last record, and so for all of them.

    Raises:
        RunFolderError: the folder cannot be written to.
    """
    folder, done = run.folder, len(list((run.folder / layout.ITERATIONS).glob("*.json")))
    with writing_to(folder):
        write_document(folder / layout.SOLUTION, solution)
        write_arrays(folder / layout.COVERAGE, series_to_arrays(coverage))
        outcome = [folder / layout.SOLUTION, folder / layout.COVERAGE]
        vouched = _digests(folder, [layout.record_path(folder, done), *outcome])
        manifest = replace(
            run.manifest,
            status="finished",
            stopped=solution.stopped,
            sha256={**run.manifest.sha256, **vouched},
        )
        write_document(folder / layout.MANIFEST, manifest)
        note(folder, f"finished: {solution.stopped}")


def _refusal(folder: Path, problem: str) -> RunFolderError:
    cure = "Name another --output."
    return RunFolderError(str(folder), [Fault("the folder", None, problem, cure)])
