"""``ssa-psro export``: what it writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import run
from sky_files import SCENARIO, write_sky

from ssa_psro.game import game_of
from ssa_psro.policies import make_policy
from ssa_psro.randomness import episode_seeds
from ssa_psro.scenario import load_scenario
from ssa_psro.trace import record
from ssa_psro.trace.files import save_trace

EPISODE = ("--blue", "aggressive", "--red", "reactive")


@pytest.fixture(scope="module", name="sky")
def _sky(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario on ten element sets."""
    return write_sky(tmp_path_factory.mktemp("sky"), scenario=SCENARIO)


def test_one_message_a_body_from_the_start_to_the_end(sky: Path, tmp_path: Path) -> None:
    when = ("--start", "2026-03-20T06:00Z", "--duration", "3")
    outcome = run("export", sky, "--format", "oem", "--output", tmp_path / "made", *when)
    assert outcome.code == 0, outcome.error or outcome.err
    assert outcome.out.startswith("10 of 10 element sets used, chosen so: all;")
    assert f"14 files in {tmp_path / 'made'}" in outcome.out
    text = (tmp_path / "made" / "object-10.oem").read_text("ascii")
    assert "START_TIME = 2026-03-20T06:00:00.000\nSTOP_TIME = 2026-03-20T09:00:00.000" in text


def test_an_episode_is_the_first_that_play_has(sky: Path, tmp_path: Path) -> None:
    asked = (sky, *EPISODE, "--seed", "3")
    outcome = run("export", *asked, "--format", "czml", "--output", tmp_path, "--json")
    (path,) = outcome.document["written"]
    assert any("polyline" in one for one in json.loads(Path(path).read_text("utf-8")))
    run("export", *asked, "--format", "csv", "--output", tmp_path)
    rows = (tmp_path / "looks.csv").read_text("utf-8").splitlines()[1:]
    assert rows
    again = run("export", *asked, "--format", "csv", "--output", tmp_path / "again")
    assert again.code == 0
    assert (tmp_path / "again" / "looks.csv").read_text("utf-8").splitlines()[1:] == rows


def test_a_saved_episode_is_exported_as_if_it_were_played(sky: Path, tmp_path: Path) -> None:
    scenario = load_scenario(sky)
    policies = make_policy("aggressive"), make_policy("reactive")
    (trace,) = record(game_of(scenario), *policies, episode_seeds(3, "play", count=1))
    save_trace(tmp_path / "trace.npz", trace)
    asked = ("export", sky, "--format", "czml", "--output")
    saved = run(*asked, tmp_path / "saved", "--trace", tmp_path / "trace.npz")
    played = run(*asked, tmp_path / "played", *EPISODE, "--seed", "3")
    assert (saved.code, played.code) == (0, 0), saved.err
    both = [(tmp_path / name / "from-files.czml").read_bytes() for name in ("saved", "played")]
    assert both[0] == both[1]
    other = run(*asked, tmp_path / "x", "--trace", tmp_path / "trace.npz", "--duration", "3")
    assert other.code == 2
    assert "--trace: is of another game: 36 steps, and not 18" in other.err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--format", "csv", "--blue", "random"), "--red: an episode has two policies"),
        (("--format", "oem", *EPISODE), "--format: has orbits only"),
        (("--format", "csv", "--trace", "x.npz", *EPISODE), "--trace: the episode is played"),
        (("--format", "csv", "--trace", "x.npz"), "x.npz"),
        (("--format", "csv", "--blue", "rnadom", "--red", "random"), "Did you mean 'random'?"),
        (("--format", "csv", "--blue", "", "--red", "random"), "--blue: "),
        (("--format", "csv", "--duration", "7"), "--duration: is no multiple"),
        (("--format", "stk"), "'stk' is not one of"),
    ],
)
def test_what_cannot_be_exported_is_refused(
    sky: Path, tmp_path: Path, options: tuple[str, ...], told: str
) -> None:
    outcome = run("export", sky, "--output", tmp_path / "made", *options)
    assert outcome.code == 2
    assert told in " ".join(outcome.err.split())
    assert not (tmp_path / "made").exists()
