"""What an audit is asked for, and what it found, in plain numbers that go to JSON and back.

::

    audit/audit.json                          the findings
    audit/AUDITED/SIDE-ORACLE-START.json      a trained response; .safetensors beside it
    audit/self-play/SIDE-self-play.json       a network of the baseline, likewise
    audit.1, audit.2, ...                     audits of outcomes that the run has gone beyond

Trained responses of an audit on the disk, so that an interrupted audit goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Literal

from ssa_psro.errors import Fault, RunFolderError
from ssa_psro.inputs.documents import read_document, write_document
from ssa_psro.inputs.files import read_weights, write_weights
from ssa_psro.learn.protocol import Fact, Weights
from ssa_psro.metagame.intervals import Interval
from ssa_psro.policies import DoctrineNetwork
from ssa_psro.study.folder import weights_path

FORMAT = 1
FOLDER = "audit"
DOCUMENT = "audit.json"
SELF_PLAY = "self-play"

Against = Literal["best", "final"]


@dataclass(frozen=True)
class AuditSettings:
    """What an audit is asked for.

    Attributes:
        against: the mixtures of the ``best`` iterate, or the equilibrium of the ``final`` table.
        decisions: length of each training.
        episodes: on which gains are measured; as many again choose the best response.
        seed: root of all randomness.
        self_play: whether the baseline is trained and audited too.
    """

    against: Against
    decisions: int
    episodes: int
    seed: int
    self_play: bool = False


@dataclass(frozen=True)
class ResponseFindings:
    """One response, and what it gains over its own side's mixture on held-out episodes.

    Attributes:
        side: name of the side it plays.
        name: of the response.
        oracle: what trained it; ``member`` for the best existing policy.
        start_rule: start rule that was asked for; empty for an existing policy.
        start: what training really started from.
        decisions: it was trained for.
        seconds: of training.
        choosing_gain: mean gain on the episodes that chose among the responses.
        gain: on episodes that chose and trained nothing.
        chosen: whether it is the best of its side by ``choosing_gain``.
    """

    side: str
    name: str
    oracle: str
    start_rule: str
    start: str
    decisions: int
    seconds: float
    choosing_gain: float
    gain: Interval
    chosen: bool


@dataclass(frozen=True)
class Findings:
    """What the battery of responses gains over one pair of mixtures.

    Attributes:
        audited: ``best``, ``final`` or ``self-play``.
        approx_exploitability: of the chosen responses: a lower bound of NashConv / 2.
        raw_exploitability: the same from unclamped gains.
        responses: Blue's, then Red's.
    """

    audited: str
    approx_exploitability: Interval
    raw_exploitability: Interval
    responses: tuple[ResponseFindings, ...]


@dataclass(frozen=True)
class SelfPlayFindings:
    """The baseline without a population, at the budget of the run.

    Attributes:
        decisions: of each side, in all.
        seconds: of training.
        payoffs: what the run's Blue mixture earns against self-play's Red, and its Red against
            self-play's Blue.
        findings: the same battery, against self-play's networks.
    """

    decisions: int
    seconds: float
    payoffs: tuple[Interval, Interval]
    findings: Findings


@dataclass(frozen=True)
class Audit:
    """An audit of a run.

    Attributes:
        format: of the document.
        scenario: its name.
        content_hash: of the game.
        settings: what was asked for.
        iteration: whose mixtures were audited; ``None`` for the final equilibrium.
        in_loop: the run's own approximate exploitability of the same mixtures; ``None`` for the
            final equilibrium, which the run does not measure.
        in_loop_decisions: length of each of the run's own trainings.
        run: the findings.
        self_play: the baseline, if it was asked for.
    """

    format: int
    scenario: str
    content_hash: str
    settings: AuditSettings
    iteration: int | None
    in_loop: Interval | None
    in_loop_decisions: int
    run: Findings
    self_play: SelfPlayFindings | None = None


def read_audit(folder: Path) -> Audit | None:
    """The audit in a run folder; ``None`` if there is none.

    Raises:
        RunFolderError: it is damaged; with every fault.
    """
    path = folder / FOLDER / DOCUMENT
    if not path.is_file():
        return None
    faults: list[Fault] = []
    audit = read_document(folder, path, Audit, faults)
    if audit is None:
        raise RunFolderError(str(folder), faults)
    return audit


def set_aside(folder: Path) -> None:
    """Keep the audit of a run folder, if there is one, where nobody takes it for a current one."""
    if (folder / FOLDER).is_dir():
        numbered = (folder / f"{FOLDER}.{number}" for number in count(1))
        (folder / FOLDER).rename(next(path for path in numbered if not path.exists()))


@dataclass(frozen=True)
class Question:
    """What was asked for. The run being finished, the answer is a pure function of it.

    Attributes:
        audited: ``best``, ``final`` or ``self-play``.
        side: name of the side that learned.
        oracle: what trained.
        start_rule: start rule.
        decisions: length of the training.
        seed: root of the audit.
    """

    audited: str
    side: str
    oracle: str
    start_rule: str
    decisions: int
    seed: int

    @property
    def name(self) -> str:
        """Of the response: unique among those to one subject."""
        return f"{self.side}-{self.oracle}-{self.start_rule}"

    def path(self, run: Path) -> Path:
        """Where in a run folder the answer is described."""
        return run / FOLDER / self.audited / f"{self.name}.json"


@dataclass(frozen=True)
class Answer:
    """A trained response, all but its parameters, which stand in the file beside it.

    Attributes:
        question: that it answers.
        start: what training really started from.
        facts: what the oracle noted.
        seconds: of training.
        sha256: of the file of parameters (hex).
    """

    question: Question
    start: str
    facts: Mapping[str, Fact]
    seconds: float
    sha256: str


@dataclass(frozen=True, eq=False)
class Response:
    """An answer with the network that it describes."""

    answer: Answer
    policy: DoctrineNetwork


def store(
    run: Path,
    question: Question,
    weights: Weights,
    *,
    start: str,
    facts: Mapping[str, Fact],
    seconds: float,
) -> None:
    """Write a response: its parameters, then the description that vouches for them."""
    path = question.path(run)
    write_weights(weights_path(path), weights)
    digest = sha256(weights_path(path).read_bytes()).hexdigest()
    write_document(path, Answer(question, start, facts, seconds, digest))


def stored(run: Path, question: Question) -> Response | None:
    """The response to a question; ``None`` if another or none was asked, or it is damaged."""
    path, faults = question.path(run), list[Fault]()
    answer = read_document(run, path, Answer, faults)
    if answer is None or answer.question != question or not weights_path(path).is_file():
        return None
    if sha256(weights_path(path).read_bytes()).hexdigest() != answer.sha256:
        return None
    return Response(answer, DoctrineNetwork(question.name, read_weights(weights_path(path))))
