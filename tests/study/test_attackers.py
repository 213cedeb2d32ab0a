"""What an audit has found joins the run: which responses, under which names, whatever happens."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from small_runs import ALIKE, SMALL, guess, guess_on, make

from ssa_psro.errors import RunFolderError
from ssa_psro.learn.protocol import OracleRequest
from ssa_psro.metagame.intervals import Interval
from ssa_psro.psro.records import without_durations
from ssa_psro.study import open_run
from ssa_psro.study.attackers import join, strongest, waiting
from ssa_psro.study.audit import settings_of
from ssa_psro.study.audit.document import write_audit
from ssa_psro.study.audit.findings import Audit, CurvePoint, Findings, ResponseFindings
from ssa_psro.study.audit.storage import Question, store
from ssa_psro.study.policies import restore
from ssa_psro.study.verifying import Condition, verify
from ssa_psro.study.writing import new_session, resume, resumed

NOTHING = Interval(0.0, 0.0, 0.0, 6)


def weights_of(seed: int) -> dict[str, np.ndarray]:
    """Of a network drawn at random."""
    one = np.ones(1)
    asked = OracleRequest("blue", 1, "x", (), one[:0], (), one[:0], one[:0], "scratch", seed)
    return dict(guess(asked).member.parameters or {})


def attack(folder: Path, gains: dict[str, list[float]], seeds: list[int]) -> list[Question]:
    """An audit whose responses gain what they are said to, by side; networks are of ``seeds``."""
    run, lines, questions = open_run(folder), [], []
    for side, own in gains.items():
        for number, gain in enumerate(own):
            question = Question("best", side, "cma-es", "heuristic", 10 + number, 1)
            store(folder, question, weights_of(seeds[number]), start="", facts={}, seconds=0.0)
            lines.append(
                ResponseFindings(
                    side,
                    question.name,
                    "cma-es",
                    "heuristic",
                    "",
                    10,
                    0.0,
                    gain,
                    Interval(gain, gain, gain, 6),
                    chosen=False,
                    budget=10,
                )
            )
            questions.append(question)
    points = (CurvePoint(10, len(lines), NOTHING, (NOTHING,), ("x",)),)
    found = Findings("best", settings_of(run.study), points, tuple(lines), 1)
    write_audit(folder, Audit(2, "small", run.manifest.content_hash, 256, best=found))
    return questions


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A run with one population, which met a tolerance that everything meets."""
    text = ALIKE.replace("iterations = 2", "iterations = 5\ntolerance = 1.0\npatience = 2")
    run = guess_on(make(tmp_path_factory.mktemp("shared") / "run", text))
    assert (run.manifest.stopped, len(run.records)) == ("tolerance", 2)
    return run.folder


@pytest.fixture(scope="module")
def separate(tmp_path_factory):
    """A run with two populations."""
    return guess_on(make(tmp_path_factory.mktemp("separate") / "run", SMALL)).folder


def test_the_strongest_that_gain_and_differ_join(shared, tmp_path):
    folder = Path(shutil.copytree(shared, tmp_path / "run"))
    asked = attack(folder, {"both": [0.1, 0.3, 0.3, -0.2]}, seeds=[1, 2, 2, 3])
    names = strongest(open_run(folder))
    assert names == (asked[1].name, asked[0].name), "the best first, of twins one, no loser"


def test_each_side_has_its_own(separate, tmp_path):
    folder = Path(shutil.copytree(separate, tmp_path / "run"))
    asked = attack(folder, {"blue": [0.1, 0.3], "red": [-0.1, -0.2]}, seeds=[1, 2])
    names = strongest(open_run(folder))
    assert names == (asked[1].name,)
    run = guess_on(folder, session=new_session([], 3, names))
    blue, red = run.records[-1].sides
    assert blue.responses[0].start == f"attacker: {names[0]}"
    assert red.responses[0].start == "a guess", "nobody gains in Red's seat: that is trained"


@pytest.mark.parametrize(
    ("gains", "told"),
    [({}, "nobody has attacked"), ({"both": [-0.1]}, "nobody who was trained")],
)
def test_where_nobody_gains_nobody_joins(shared, tmp_path, gains, told):
    folder = Path(shutil.copytree(shared, tmp_path / "run"))
    if gains:
        attack(folder, gains, seeds=[1])
    with pytest.raises(RunFolderError, match=told):
        strongest(open_run(folder))


def test_a_run_that_has_met_its_tolerance_goes_on_with_them(shared, tmp_path):
    folder = Path(shutil.copytree(shared, tmp_path / "run"))
    attack(folder, {"both": [0.1, 0.3]}, seeds=[1, 2])
    with pytest.raises(RunFolderError, match="tolerance is met"):
        resumed(open_run(folder), new_session([], 5))
    session = new_session(["again"], 5, strongest(open_run(folder)))
    run = guess_on(folder, session=session)
    joined = run.records[2].sides[0].responses
    assert [one.name for one in joined] == ["response-3", "response-3.2"]
    assert [one.start for one in joined] == [f"attacker: {name}" for name in session.attackers]
    members = {one.name: one for one in restore(run).populations[0].members}
    for name, seed in (("response-3", 2), ("response-3.2", 1)):
        for key, array in weights_of(seed).items():
            np.testing.assert_array_equal(members[name].parameters[key], array)
    assert not any(one.whole for one in joined), "they were trained for other mixtures"
    assert len(run.records) == 5, "two more responses that do answer have to confirm"
    assert run.manifest.resumed[-1].attackers == session.attackers
    assert run.manifest.stopped == "tolerance"
    assert not (folder / "audit").exists(), "it was of another outcome"
    found = verify(folder)
    assert found.faults == ()
    assert found.files["attackers/003/response-3.safetensors"] is Condition.SOUND


def test_an_interruption_before_they_are_committed_changes_nothing(shared, tmp_path):
    folders = [Path(shutil.copytree(shared, tmp_path / name)) for name in ("whole", "cut")]
    for folder in folders:
        attack(folder, {"both": [0.1, 0.3]}, seeds=[1, 2])
    session = new_session(["again"], 5, strongest(open_run(folders[0])))
    whole = guess_on(folders[0], session=session)
    resume(open_run(folders[1]), session)  # and killed
    assert waiting(open_run(folders[1])).keys() == {"response-3", "response-3.2"}
    cut = guess_on(folders[1])
    assert [without_durations(one) for one in cut.records] == [
        without_durations(one) for one in whole.records
    ]
    assert cut.solution == whole.solution
    assert waiting(cut) == {}


def test_what_nobody_asked_for_does_not_join(shared, tmp_path):
    folder = Path(shutil.copytree(shared, tmp_path / "run"))
    attack(folder, {"both": [0.3]}, seeds=[1])
    run = open_run(folder)
    join(run, strongest(run))  # and killed before the manifest was written
    assert waiting(run) == {}


def test_attackers_that_were_changed_are_refused(shared, tmp_path):
    folder = Path(shutil.copytree(shared, tmp_path / "run"))
    attack(folder, {"both": [0.3]}, seeds=[1])
    resume(open_run(folder), new_session([], 5, strongest(open_run(folder))))
    file = folder / "attackers/003/response-3.safetensors"
    file.write_bytes(file.read_bytes()[:-1] + b"\0")
    with pytest.raises(RunFolderError, match="attackers/003/response-3"):
        guess_on(folder)
    assert len(open_run(folder).records) == 2
