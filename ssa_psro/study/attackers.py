"""What an audit has found joins the run that it attacked, as the responses of one more iteration.

::

    attackers/NNN/NAME.json     a response of iteration NNN that nobody need train; .safetensors

They are put there before the run goes on, so that it may be killed at any moment: the iteration has
them for its responses, whoever carries it out. What they gain over its mixtures is measured, but
they were trained for others, so that it is no evidence of how little is left. They are answered
from then on, and the iterate that they attacked is judged by them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

from ssa_psro.errors import Fault, RunFolderError, to_paste
from ssa_psro.learn.protocol import Member, Oracle, OracleRequest, OracleResult
from ssa_psro.policies import Policy
from ssa_psro.psro.loop import RESPONSE, response_names
from ssa_psro.psro.records import BOTH, IterationRecord
from ssa_psro.scenario.schema import SIDES
from ssa_psro.study.audit.document import read_audit
from ssa_psro.study.audit.storage import earlier
from ssa_psro.study.folder import ATTACKER, ATTACKERS
from ssa_psro.study.integrity import reader_of
from ssa_psro.study.policies import read_network, store_network
from ssa_psro.study.reading import Run

BEST = "best"
"""The subject whose attackers join: the iterate to use."""
OPTION = "--join-attackers"


def strongest(run: Run) -> tuple[str, ...]:
    """Names of the audit's best responses, of each side as many as join in an iteration.

    They are the best on the episodes that chose among them, and gain on those that measured; of
    several that play alike, one.

    Raises:
        RunFolderError: nobody has attacked the iterate to use, or nobody who was trained gains.
    """
    audit = read_audit(run.folder)
    found = audit.best if audit is not None else None
    if found is None:
        raise _refusal(run, "nobody has attacked its outcome", to_paste("audit", run.folder))
    kept = {one.name: one for one in earlier(run.folder, BEST, ())}
    names: list[str] = []
    for side in found.sides:
        gaining = sorted(
            (
                one
                for one in found.responses
                if one.side == side and one.name in kept and one.gain.mean > 0.0
            ),
            key=lambda one: -one.choosing_gain,
        )
        first: dict[str, str] = {}
        for one in gaining:
            first.setdefault(kept[one.name].answer.sha256, one.name)
        names += list(first.values())[: run.study.responses]
    if not names:
        longer = to_paste("audit", run.folder, "--budgets", "1600k")
        raise _refusal(run, "nobody who was trained to attack it gains", longer)
    return tuple(names)


def join(run: Run, names: Sequence[str]) -> None:
    """Put responses of the audit where the next iteration finds them.

    Args:
        run: whose folder is held.
        names: of responses, from ``strongest``.
    """
    found = {one.name: one for one in earlier(run.folder, BEST, ())}
    iteration = len(run.records) + 1
    # those of a command that was killed before the manifest named them
    rmtree(_folder(run.folder, iteration), ignore_errors=True)
    for side, called in _expected(run, iteration).items():
        own = [found[name] for name in names if found[name].answer.question.side == side]
        for name, one in zip(called, own, strict=False):
            member = Member[Policy](name, one.policy, parameters=one.policy.parameters)
            path = _folder(run.folder, iteration) / f"{name}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            store_network(path, member, iteration, _told(one.name))


def waiting(run: Run) -> dict[str, OracleResult[Policy]]:
    """The responses of the next iteration that nobody need train, by name.

    Raises:
        RunFolderError: they are damaged, with every fault.
    """
    iteration, reader = len(run.records) + 1, reader_of(run.folder)
    paths = sorted(_folder(run.folder, iteration).glob("*.json"))
    found = {path.stem: read_network(reader, path) for path in paths}
    if reader.faults:
        raise RunFolderError(str(run.folder), reader.faults)
    # a command that was killed before the manifest said so has put some there that nobody asked for
    asked = {_told(name) for session in run.manifest.resumed for name in session.attackers}
    return {name: one for name, one in found.items() if one is not None and one.start in asked}


@dataclass(frozen=True, eq=False)
class JoiningOracle:
    """An ``Oracle`` that answers with what is waiting, and trains what is not.

    Attributes:
        oracle: that trains.
        waiting: responses by name.
    """

    oracle: Oracle[Policy]
    waiting: Mapping[str, OracleResult[Policy]]

    def __call__(self, request: OracleRequest[Policy], /) -> OracleResult[Policy]:
        """The response of that name."""
        found = self.waiting.get(request.name)
        return self.oracle(request) if found is None else found


def _expected(run: Run, iteration: int) -> dict[str, list[str]]:
    """Names of the iteration's responses, by the side that an audit calls theirs."""
    study = run.study
    sides = {BOTH: RESPONSE} if study.shared else {side: side for side in SIDES}
    return {
        side: response_names(named, iteration, study.responses) for side, named in sides.items()
    }


def _told(name: str) -> str:
    """What a response of the run says of its start."""
    return f"{ATTACKER}{name}"


def joined(record: IterationRecord) -> bool:
    """Whether what joined in an iteration had been trained by an attack, and not by the run."""
    return any(one.start.startswith(ATTACKER) for side in record.sides for one in side.responses)


def _folder(run: Path, iteration: int) -> Path:
    return run / ATTACKERS / f"{iteration:03d}"


def _refusal(run: Run, problem: str, cure: str) -> RunFolderError:
    return RunFolderError(str(run.folder), [Fault(OPTION, None, problem, f"First: {cure}")])
