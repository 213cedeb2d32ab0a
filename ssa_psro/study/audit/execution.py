"""Auditing the run in a folder, step by step; what has been trained is not trained again."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from ssa_psro.arrays import Seeds
from ssa_psro.games.coverage import Coverage
from ssa_psro.inputs.files import remove_unfinished
from ssa_psro.metagame.intervals import Interval, student_interval
from ssa_psro.metagame.judge import Fixture, Judge, play_all
from ssa_psro.policies import Policy
from ssa_psro.psro import PsroState
from ssa_psro.randomness import episode_seeds
from ssa_psro.scenario import content_hash
from ssa_psro.scenario.identity import RULES_VERSION
from ssa_psro.study.attackers import joined
from ssa_psro.study.audit.curve import findings_of
from ssa_psro.study.audit.document import AGAIN, FORMAT, read_audit, write_audit
from ssa_psro.study.audit.findings import Audit, AuditSettings, Findings, SelfPlayFindings
from ssa_psro.study.audit.responses import SelfPlayJob, as_member, respond, trained_self_play
from ssa_psro.study.audit.subjects import (
    Guests,
    Subject,
    guests_of,
    outcome_of,
    scouted,
    self_play_of,
)
from ssa_psro.study.folder import REPORT, WORK
from ssa_psro.study.holding import one_at_a_time, writing_to
from ssa_psro.study.outcome import stop_rule_of
from ssa_psro.study.policies import restore
from ssa_psro.study.reading import Run, finished_run
from ssa_psro.study.writers import writer_of
from ssa_psro.work import Workers

SCOUTING_EPISODES = 64
"""Episodes that tell who of those at hand attacks and whom responses start from."""


def audit(folder: Path, settings: AuditSettings, workers: Workers) -> Audit:
    """Audit a finished run and write ``audit/audit.json`` into its folder.

    What earlier audits have found about other mixtures stays in the document. It may be killed at
    any moment: what is lost are the responses in training.

    Args:
        folder: of a finished run.
        settings: what is asked for.
        workers: threads that play and processes that train; results do not depend on it. They
            tell the stages ``tables``, ``scout``, ``train`` and ``measure``, and with self-play
            ``self-play``, ``self-play: scout`` and so on.

    Raises:
        RunFolderError: it is no run folder, damaged, made under other rules, not finished, or in
            another process's use; or another run's members cannot be used.
    """
    finished_run(folder)
    guests = [guests_of(Path(other)) for other in settings.members]
    writer = writer_of(together=workers.executor.together)
    with (
        writer.held(folder, lambda: _clear(folder)),
        writer.noted(folder, "an audit", workers.count, AGAIN),
    ):
        asked = sha256(repr(settings).encode()).hexdigest()[:16]
        workers.executor.arrive(folder / WORK, f"audit-{asked}", lambda: False)
        return _audited(folder, settings, guests, workers)


def _clear(folder: Path) -> None:
    with writing_to(folder, AGAIN):
        remove_unfinished(folder, REPORT)


def _audited(
    folder: Path, settings: AuditSettings, guests: list[Guests], workers: Workers
) -> Audit:
    run = finished_run(folder)
    workers.stage("tables")
    game = Coverage(run.scenario)
    game.build(lambda step, share: workers.told(share))
    auditor = _Auditor(run, restore(run), game, guests, settings, workers)
    found = auditor.audit_run(_earlier(run))
    _keep(folder, found)
    if settings.self_play:
        found = replace(found, self_play=auditor.audit_self_play())
        _keep(folder, found)
    return found


def _keep(folder: Path, found: Audit) -> None:
    """Write it, unless one of those who made it together has done so: a report tells of it."""
    with one_at_a_time(folder):
        if read_audit(folder) != found:
            write_audit(folder, found)


def _earlier(run: Run) -> Audit:
    """What has been found about this outcome before, in the format of now."""
    found, best = read_audit(run.folder), run.best_record
    assert best is not None, "a finished run has a best iterate"
    effort = stop_rule_of(run.study).effort(run.records[: best.iteration - 1])
    in_loop = round(run.study.oracle.decisions * effort)
    if found is not None:
        return replace(found, format=FORMAT, in_loop_decisions=in_loop)
    return Audit(
        format=FORMAT,
        scenario=run.scenario.name,
        content_hash=content_hash(run.scenario),
        in_loop_decisions=in_loop,
        rules_version=RULES_VERSION,
    )


@dataclass(frozen=True, eq=False)
class _Auditor:
    run: Run
    state: PsroState[Policy]
    game: Coverage
    guests: list[Guests]
    settings: AuditSettings
    workers: Workers

    def audit_run(self, earlier: Audit) -> Audit:
        """The mixtures asked for, beside what has been found about others."""
        found, record = self._findings(self._outcome, ""), self.run.best_record
        if self.settings.against == "final":
            return replace(earlier, final=found)
        assert record is not None, "a finished run has a best iterate"
        in_loop = record.approx_exploitability
        return replace(earlier, best=replace(found, iteration=record.iteration, in_loop=in_loop))

    def audit_self_play(self) -> SelfPlayFindings:
        """Self-play with as many decisions, both sides together, as all trainings of the run."""
        run, entropy = self.run, self.settings.entropy
        effort = stop_rule_of(run.study).effort
        efforts = sum(
            effort(run.records[:done])
            for done, record in enumerate(run.records)
            if not joined(record)
        )
        trainings = efforts * run.study.responses * (1 if run.study.shared else 2)
        decisions = math.ceil(run.study.oracle.decisions * trainings / 2)
        self.workers.stage("self-play")
        blue, red = trained_self_play(
            SelfPlayJob(
                run.folder,
                self.game,
                run.study.oracle.values,
                decisions,
                self.settings.seed,
                entropy,
            ),
            self.workers,
        )
        subject = self_play_of(self.state, (as_member(blue), as_member(red)), entropy)
        return SelfPlayFindings(
            decisions=decisions,
            seconds=blue.answer.seconds,
            payoffs=self._payoffs(subject),
            findings=self._findings(subject, "self-play: "),
        )

    @property
    def _outcome(self) -> Subject:
        return outcome_of(self.run, self.state, self.settings.against)

    def _findings(self, subject: Subject, prefix: str) -> Findings:
        run, settings, threads = self.run, self.settings, self.workers.in_threads
        judge = self._judge(f"{prefix}scout")
        seeds = episode_seeds(settings.seed, "audit", "scouting", count=SCOUTING_EPISODES)
        known = scouted(subject, self.guests, judge=judge, seeds=seeds, map_cells=threads)
        self.workers.stage(f"{prefix}train")
        responses = respond(run.folder, run.study, subject, known, settings, self.workers)
        return findings_of(
            subject,
            responses,
            known,
            settings,
            judge=self._judge(f"{prefix}measure"),
            choosing=self._seeds("choosing"),
            held_out=self._seeds("held-out"),
            map_cells=threads,
        )

    def _payoffs(self, subject: Subject) -> tuple[Interval, Interval]:
        """What each of the run's mixtures earns against the subject's."""
        judge = self._judge("self-play: measure")
        seeds, ours = self._seeds("held-out"), self._outcome
        fixtures = [
            Fixture[Policy](ours.mixed(0), subject.mixed(1), seeds),
            Fixture[Policy](subject.mixed(0), ours.mixed(1), seeds),
        ]
        blue, red = play_all(judge, fixtures, self.workers.in_threads)
        return student_interval(blue[:, 0]), student_interval(red[:, 1])

    def _seeds(self, purpose: str) -> Seeds:
        count = self.settings.episodes
        return episode_seeds(self.settings.seed, "audit", purpose, count=count)

    def _judge(self, stage: str) -> Judge[Policy]:
        """A judge that stops when the threads it plays in are abandoned; a stage begins."""
        self.workers.stage(stage)
        return self.workers.part_by_part(self.game.judge)
