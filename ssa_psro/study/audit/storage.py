"""Trained responses of an audit on the disk.

::

    audit/audit.json                              the findings
    audit/AUDITED/SIDE-ORACLE-START-BUDGET-SEED.json    a response; .safetensors beside it
    audit/self-play/SIDE-self-play-scratch-N-SEED.json  a network of the baseline, likewise;
                                                        self-play-X: with an entropy bonus of X
    audit.1, audit.2, ...                               of outcomes that the run has gone beyond

So an interrupted audit goes on, and one with more budgets, another seed, or against other mixtures,
adds to what is there: what has once been found attacks in every later audit of the same mixtures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ssa_psro.inputs.documents import write_document
from ssa_psro.inputs.files import read_weights, write_weights
from ssa_psro.learn.protocol import Fact, Weights
from ssa_psro.policies import DoctrineNetwork
from ssa_psro.study.audit.document import AGAIN, FOLDER
from ssa_psro.study.folder import weights_path
from ssa_psro.study.holding import writing_to
from ssa_psro.study.integrity import reader_of

SELF_PLAY = "self-play"


def self_play_named(entropy: float) -> str:
    """What self-play's networks are called, by the weight of its entropy bonus."""
    return f"{SELF_PLAY}-{entropy:g}" if entropy else SELF_PLAY


@dataclass(frozen=True)
class Question:
    """What was asked for. The run being finished, the answer is a pure function of it.

    Attributes:
        audited: ``best``, ``final``, or what ``self_play_named`` says.
        side: name of the side that learned; ``both`` where one response plays both seats.
        oracle: what trained.
        start_rule: start rule.
        decisions: length of the training, at most.
        seed: root of the audit.
        origin: digest of another run's member that alone may be started from; empty otherwise.
    """

    audited: str
    side: str
    oracle: str
    start_rule: str
    decisions: int
    seed: int
    origin: str = ""

    @property
    def purpose(self) -> str:
        """What its chance is keyed by, beside the seed."""
        start = self.origin or self.start_rule
        return f"{self.side}-{self.oracle}-{start}-{self.decisions}"

    @property
    def name(self) -> str:
        """Of the response: unique among those to one subject."""
        return f"{self.purpose}-{self.seed}"

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

    @property
    def name(self) -> str:
        """Of the question."""
        return self.answer.question.name


def store(
    run: Path,
    question: Question,
    weights: Weights,
    *,
    start: str,
    facts: Mapping[str, Fact],
    seconds: float,
) -> None:
    """Write a response: its parameters, then the description that vouches for them.

    Raises:
        RunFolderError: the folder cannot be written to.
    """
    path = question.path(run)
    with writing_to(run, AGAIN):
        write_weights(weights_path(path), weights)
        digest = sha256(weights_path(path).read_bytes()).hexdigest()
        write_document(path, Answer(question, start, facts, seconds, digest))


def stored(run: Path, question: Question) -> Response | None:
    """The response to a question; ``None`` if another or none was asked, or it is damaged."""
    found = _read(run, question.path(run))
    return found if found is not None and found.answer.question == question else None


def earlier(run: Path, audited: str, asked: Sequence[Question]) -> list[Response]:
    """The responses of earlier audits to one subject, by name.

    Args:
        run: a run folder.
        audited: the subject.
        asked: what is asked for now, which is not among them; nor is what is damaged.
    """
    found = (_read(run, path) for path in sorted((run / FOLDER / audited).glob("*.json")))
    return [
        one
        for one in found
        if one is not None
        and one.answer.question.oracle != SELF_PLAY
        and one.answer.question not in asked
    ]


def _read(run: Path, path: Path) -> Response | None:
    reader = reader_of(run)
    answer = reader.document(path, Answer)
    if answer is None:
        return None
    weights = weights_path(path)
    reader.vouch({reader.key(weights): answer.sha256})
    if reader.content(weights) is None:
        return None
    return Response(answer, DoctrineNetwork(answer.question.name, read_weights(weights)))
