"""Auditing the run in a folder, step by step; what has been trained is not trained again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ssa_psro.arrays import Seeds
from ssa_psro.games.coverage import Coverage
from ssa_psro.inputs.documents import write_document
from ssa_psro.inputs.files import remove_unfinished
from ssa_psro.metagame.intervals import Interval, student_interval
from ssa_psro.metagame.judge import Fixture, Judge, play_all
from ssa_psro.policies import Policy
from ssa_psro.psro import PsroState
from ssa_psro.randomness import episode_seeds
from ssa_psro.scenario import content_hash
from ssa_psro.study.audit.responses import (
    Subject,
    as_member,
    findings_of,
    outcome_of,
    respond,
    self_play_of,
    trained_self_play,
)
from ssa_psro.study.audit.storage import (
    DOCUMENT,
    FOLDER,
    FORMAT,
    Audit,
    AuditSettings,
    Findings,
    SelfPlayFindings,
)
from ssa_psro.study.folder import sole_writer
from ssa_psro.study.policies import restore
from ssa_psro.study.reading import Run, finished_run
from ssa_psro.work import Workers

SCORING_EPISODES = 32
"""Episodes that tell which heuristic a response to self-play starts from."""


def audit(folder: Path, settings: AuditSettings, workers: Workers) -> Audit:
    """Audit a finished run and write ``audit/audit.json`` into its folder.

    It may be killed at any moment: what is lost are the responses in training.

    Args:
        folder: of a finished run.
        settings: what is asked for.
        workers: threads that play and processes that train; results do not depend on it. They
            tell the stages ``tables``, ``train`` and ``measure``, and with self-play ``self-play``,
            ``self-play: train`` and ``self-play: measure``.

    Raises:
        RunFolderError: it is no run folder, damaged, not finished, or in another process's use.
    """
    with sole_writer(finished_run(folder).folder):
        run = finished_run(folder)
        (folder / FOLDER).mkdir(exist_ok=True)
        remove_unfinished(folder / FOLDER)
        workers.stage("tables")
        game = Coverage(run.scenario)
        game.build(lambda step, share: workers.told(share))
        auditor = _Auditor(run, restore(run), game, settings, workers)
        found = auditor.audit_run()
        write_document(folder / FOLDER / DOCUMENT, found)
        if settings.self_play:
            found = replace(found, self_play=auditor.audit_self_play())
            write_document(folder / FOLDER / DOCUMENT, found)
    return found


@dataclass(frozen=True, eq=False)
class _Auditor:
    run: Run
    state: PsroState[Policy]
    game: Coverage
    settings: AuditSettings
    workers: Workers

    def audit_run(self) -> Audit:
        run, best = self.run, self.settings.against == "best"
        record = run.best_record if best else None
        return Audit(
            format=FORMAT,
            scenario=run.scenario.name,
            content_hash=content_hash(run.scenario),
            settings=self.settings,
            iteration=record.iteration if record else None,
            in_loop=record.approx_exploitability if record else None,
            in_loop_decisions=run.study.oracle.decisions,
            run=self._findings(self._outcome, ""),
        )

    def audit_self_play(self) -> SelfPlayFindings:
        """Self-play with as many decisions a side as all trainings of the run had."""
        run, seed = self.run, self.settings.seed
        decisions = run.study.oracle.decisions * len(run.records)
        self.workers.stage("self-play")
        blue, red = trained_self_play(
            run.folder,
            self.game,
            run.study.oracle.values,
            decisions=decisions,
            seed=seed,
            on_share=self.workers.told,
        )
        judge = self._judge("self-play: measure")
        subject = self_play_of(
            self.state,
            (as_member(blue), as_member(red)),
            judge=judge,
            seeds=episode_seeds(seed, "audit", "scores", count=SCORING_EPISODES),
            map_cells=self.workers.in_threads,
        )
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
        run, settings = self.run, self.settings
        self.workers.stage(f"{prefix}train")
        responses = respond(run.folder, run.study, subject, settings, self.workers)
        judge = self._judge(f"{prefix}measure")
        return findings_of(
            subject,
            responses,
            judge=judge,
            choosing=self._seeds("choosing"),
            held_out=self._seeds("held-out"),
            map_cells=self.workers.in_threads,
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
