"""From the files of a run folder to policies that can be played, and back."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from ssa_psro.errors import Fault, RunFolderError, did_you_mean
from ssa_psro.game import FEATURES, SUMMARY
from ssa_psro.inputs.documents import FROM_BACKUP, write_document
from ssa_psro.inputs.files import read_weights, write_weights
from ssa_psro.learn.protocol import Member, OracleResult
from ssa_psro.policies import HEURISTICS, ConstantDoctrine, DoctrineNetwork, Policy, make_policy
from ssa_psro.policies.doctrine import widened
from ssa_psro.psro import Population, PsroState
from ssa_psro.study import folder as layout
from ssa_psro.study.folder import MemberFile
from ssa_psro.study.integrity import FolderReader
from ssa_psro.study.reading import Run, refuse_other_rules


def initial_members(names: Sequence[str]) -> list[MemberFile]:
    """The heuristics of these names, or all of them if there are none, as they are now.

    Raises:
        UsageError: a name is unknown.
    """
    return [
        MemberFile(name, "heuristic", doctrine=_doctrine(make_policy(name).weights))
        for name in names or HEURISTICS
    ]


def store_network(path: Path, member: Member[Policy], iteration: int, start: str) -> None:
    """Write a trained member: its parameters, then the description that vouches for them.

    Args:
        path: of the description.
        member: its policy is a doctrine network.
        iteration: that trained it.
        start: what training started from.
    """
    assert isinstance(member.policy, DoctrineNetwork), f"{member.name} cannot be stored"
    weights = layout.weights_path(path)
    write_weights(weights, member.policy.parameters)
    digest = sha256(weights.read_bytes()).hexdigest()
    write_document(
        path, MemberFile(member.name, "doctrine-network", iteration, start, sha256=digest)
    )


def read_network(reader: FolderReader, path: Path) -> OracleResult[Policy] | None:
    """A network that nobody was asked for; ``None``, and faults of the reader, if it is damaged.

    Args:
        reader: of the run folder.
        path: of the description.
    """
    file = reader.document(path, MemberFile)
    member = None if file is None else _network(reader.key(path), path, file, reader.faults)
    if file is None or member is None:
        return None
    return OracleResult(member, file.start or "", asked=False)


def restore(run: Run) -> PsroState[Policy]:
    """The state of a run with policies that can be played.

    Raises:
        RunFolderError: the run was made under other rules; or parameters are damaged or made for
            other features, with every fault.
    """
    refuse_other_rules(run)
    faults: list[Fault] = []
    populations = []
    for described in run.state.populations:
        members = []
        for index, member in enumerate(described.members):
            path = layout.member_path(run.folder, described.side, index, member.name)
            restored = _restored(run.folder, path, member.policy, faults)
            members += [] if restored is None else [restored]
        populations.append((described.side, tuple(members)))
    if faults:
        raise RunFolderError(str(run.folder), faults)
    blue, red = (Population(side, members) for side, members in populations)
    return PsroState((blue, red), run.table, run.records)


def _doctrine(weights: np.ndarray) -> dict[str, float]:
    return {
        feature: float(weight)
        for feature, weight in zip(FEATURES, weights, strict=True)
        if weight != 0.0
    }


def _restored(
    folder: Path, path: Path, file: MemberFile, faults: list[Fault]
) -> Member[Policy] | None:
    key = str(path.relative_to(folder))
    if file.kind == "heuristic":
        return _heuristic(key, file, faults)
    return _network(str(layout.weights_path(path).relative_to(folder)), path, file, faults)


def _heuristic(key: str, file: MemberFile, faults: list[Fault]) -> Member[Policy] | None:
    doctrine = file.doctrine or {}
    unknown = [name for name in doctrine if name not in FEATURES]
    faults += [
        Fault(f"{key}: doctrine", name, "is no feature", did_you_mean(name, FEATURES))
        for name in unknown
    ]
    if unknown:
        return None
    weights = tuple(float(doctrine.get(feature, 0.0)) for feature in FEATURES)
    policy = ConstantDoctrine(file.name, weights)
    return Member(file.name, policy, constant_action=np.array(weights))


def _network(key: str, path: Path, file: MemberFile, faults: list[Fault]) -> Member[Policy] | None:
    weights = layout.weights_path(path)
    try:
        if sha256(weights.read_bytes()).hexdigest() != file.sha256:
            raise ValueError("it is not the file that was written")
        policy = DoctrineNetwork(file.name, widened(read_weights(weights)))
        doctrine = policy.weights(np.zeros((1, len(SUMMARY)), np.float32))
        if doctrine.shape != (1, len(FEATURES)):
            raise ValueError(f"it weighs {doctrine.shape[1]} features, not {len(FEATURES)}")
    except Exception as error:  # safetensors and numpy raise many kinds on foreign content
        faults.append(Fault(key, None, f"cannot be used: {error}", FROM_BACKUP))
        return None
    return Member(file.name, policy, parameters=policy.parameters)
