"""The findings of an audit on the disk: ``audit/audit.json`` in a run folder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import count
from pathlib import Path

from ssa_psro.errors import Fault, RunFolderError
from ssa_psro.inputs.documents import write_document
from ssa_psro.metagame.intervals import Interval
from ssa_psro.study.audit.findings import (
    Against,
    Audit,
    AuditSettings,
    CurvePoint,
    Findings,
    ResponseFindings,
    SelfPlayFindings,
)
from ssa_psro.study.folder import SOLUTION, command_to_install
from ssa_psro.study.holding import note, writing_to
from ssa_psro.study.integrity import format_of, reader_of, refuse_traps

FORMAT = 2
"""1: one budget, one pair of mixtures. 2: a curve over budgets for each of several."""

READABLE = (1, 2)
AGAIN = "give the same command again: what has been trained is kept"
STALE = "is about another outcome"
FOLDER = "audit"
DOCUMENT = "audit.json"


def write_audit(folder: Path, found: Audit) -> None:
    """Write the findings; they vouch for the outcome that they are about.

    Raises:
        RunFolderError: the folder cannot be written to.
    """
    with writing_to(folder, AGAIN):
        outcome = sha256((folder / SOLUTION).read_bytes()).hexdigest()
        write_document(folder / FOLDER / DOCUMENT, found, sha256={SOLUTION: outcome})
        note(folder, f"audit written: {DOCUMENT}")


def read_audit(folder: Path) -> Audit | None:
    """The audit in a run folder, of any format; ``None`` if there is none.

    Raises:
        RunFolderError: it is damaged, of another format, or about another outcome; with every
            fault.
    """
    path = folder / FOLDER / DOCUMENT
    if not path.is_file():
        return None
    refuse_traps(folder)
    found, reader = format_of(path), reader_of(folder)
    if found not in (None, *READABLE):
        cure = f"This package reads formats 1 to {FORMAT}. {command_to_install({})}"
        fault = Fault(f"{FOLDER}/{DOCUMENT}: format", found, "is another format", cure)
        raise RunFolderError(str(folder), [fault])
    audit: Audit | None = None
    if found == 1:
        earlier = reader.document(path, Audit1)
        audit = earlier.as_curve() if earlier else None
    else:
        audit = reader.document(path, Audit)
    if SOLUTION in reader.vouched and not reader.faults:
        reader.content(folder / SOLUTION)
        reader.faults = [replace(one, key=reader.key(path), problem=STALE) for one in reader.faults]
    if audit is None or reader.faults:
        cure = "Remove it, and audit the run anew: the responses beside it are kept."
        raise RunFolderError(str(folder), [replace(one, cure=cure) for one in reader.faults])
    return audit


def set_aside(folder: Path) -> None:
    """Keep the audit of a run folder, if there is one, where nobody takes it for a current one."""
    if (folder / FOLDER).is_dir():
        numbered = (folder / f"{FOLDER}.{number}" for number in count(1))
        (folder / FOLDER).rename(next(path for path in numbered if not path.exists()))


@dataclass(frozen=True)
class Settings1:
    """What an audit of format 1 was asked for."""

    against: Against
    decisions: int
    episodes: int
    seed: int
    self_play: bool = False


@dataclass(frozen=True)
class Findings1:
    """What the responses of one budget gained, in format 1."""

    audited: str
    approx_exploitability: Interval
    responses: tuple[ResponseFindings, ...]

    def as_curve(self, asked: Settings1) -> Findings:
        """A curve of one point."""
        responses = [
            replace(one, budget=asked.decisions if one.decisions else 0) for one in self.responses
        ]
        blue, red = (one for one in responses if one.chosen)
        point = CurvePoint(
            budget=asked.decisions,
            trainings=sum(one.budget > 0 for one in responses),
            bound=self.approx_exploitability,
            gains=(blue.gain, red.gain),
            chosen=(blue.name, red.name),
        )
        settings = AuditSettings(asked.against, (asked.decisions,), asked.episodes, asked.seed)
        return Findings(self.audited, settings, (point,), tuple(responses))


@dataclass(frozen=True)
class SelfPlay1:
    """The baseline in format 1."""

    decisions: int
    seconds: float
    payoffs: tuple[Interval, Interval]
    findings: Findings1

    def as_curve(self, asked: Settings1) -> SelfPlayFindings:
        """The same, with a curve of one point."""
        found = self.findings.as_curve(asked)
        return SelfPlayFindings(self.decisions, self.seconds, self.payoffs, found)


@dataclass(frozen=True)
class Audit1:
    """An audit of format 1."""

    scenario: str
    content_hash: str
    settings: Settings1
    iteration: int | None
    in_loop: Interval | None
    in_loop_decisions: int
    run: Findings1
    self_play: SelfPlay1 | None = None
    rules_version: int = 1

    def as_curve(self) -> Audit:
        """The same, with curves of one point."""
        found, baseline = self.run.as_curve(self.settings), self.self_play
        found = replace(found, iteration=self.iteration, in_loop=self.in_loop)
        best = self.settings.against == "best"
        return Audit(
            format=1,
            scenario=self.scenario,
            content_hash=self.content_hash,
            in_loop_decisions=self.in_loop_decisions,
            best=found if best else None,
            final=None if best else found,
            self_play=baseline.as_curve(self.settings) if baseline else None,
            rules_version=self.rules_version,
        )
