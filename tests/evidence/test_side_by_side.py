"""The comparison with OpenSpiel's psro_v2: our side, what the other prints, who reaches what when.

The other program itself needs an environment that tests do not have.
"""

from __future__ import annotations

import sys
import venv
from dataclasses import replace

import pytest

from evidence.peers.psro_v2.__main__ import main
from evidence.peers.psro_v2.figure import draw
from evidence.peers.psro_v2.own import SETTINGS, rows
from evidence.peers.psro_v2.programs import COLUMNS, OWN, PEER, measured, parsed, peer_description
from evidence.peers.psro_v2.summary import comparison, first_reach, lasting_reach, summary_of
from ssa_psro.errors import UsageError
from ssa_psro.experiments.running import read_rows
from ssa_psro.report.csv_files import write_rows

HEADER = ",".join(COLUMNS)
PRINTED = [
    HEADER,
    "0,10.5,9.0,0.0,0.0,4,5.2",
    "1,20.5,18.0,21.0,53.5,16,2.9",
    "2,30.5,27.0,42.0,107.0,36,3.1",
]
SMALL = replace(SETTINGS, steps=256, environments=32, rollout_steps=128, hidden=(16,))
UNIFORM_KUHN = 2 * 0.4583333333
"""NashConv of uniform play, twice the exploitability that OpenSpiel gives."""


def curve(program, nash_convs, wall_s=10.0):
    """An iteration takes ``wall_s``, and half as much processor time."""
    return [
        {
            "program": program,
            "seed": 1,
            "iteration": number,
            "wall_s": wall_s * (number + 1),
            "cpu_s": wall_s / 2 * (number + 1),
            "episodes_per_player": 100.0 * number,
            "steps_per_player": 250.0 * number,
            "table_episodes": 0.0,
            "nash_conv": found,
        }
        for number, found in enumerate(nash_convs)
    ]


THEIRS = curve(PEER, [5.2, 3.0, 2.5, 2.7])
OURS = curve(OWN, [4.7, 2.6, 1.2, 1.6], wall_s=1.0)


@pytest.mark.learner
def test_our_side_prints_a_line_an_iteration_with_all_columns():
    found = list(rows("kuhn", 2, SMALL, seed=1))
    assert [tuple(row) for row in found] == [COLUMNS] * 3
    assert found[0]["nash_conv"] == pytest.approx(UNIFORM_KUHN, abs=1e-9)
    assert [row["steps_per_player"] for row in found] == [0, 256, 512]
    for key in ("wall_s", "cpu_s", "episodes_per_player"):
        assert found[0][key] < found[1][key] < found[2][key]


@pytest.mark.learner
def test_our_side_repeats_exactly_but_for_durations():
    once, again = (
        [row | {"wall_s": None, "cpu_s": None} for row in rows("kuhn", 1, SMALL, seed=3)]
        for _ in range(2)
    )
    assert once == again


def test_lines_become_numbers():
    found = parsed(PRINTED)
    assert [row["iteration"] for row in found] == [0, 1, 2]
    assert found[1]["nash_conv"] == 2.9
    assert found[2]["steps_per_player"] == 107.0


@pytest.mark.parametrize(
    "lines", [["iteration,nash_conv", "0,1.0"], [HEADER, "0,1.0"], [HEADER, "0,a,b,c,d,e,f"], []]
)
def test_anything_else_is_refused(lines):
    with pytest.raises(UsageError, match="printed"):
        parsed(lines)


def test_the_first_iteration_at_or_below_counts_even_if_a_later_one_is_above():
    assert first_reach(OURS, 2.6) == {
        "iteration": 1,
        "wall_s": 2.0,
        "cpu_s": 1.0,
        "episodes_per_player": 100.0,
        "steps_per_player": 250.0,
    }
    assert first_reach(OURS, 1.0) is None


def test_a_curve_that_rises_again_is_there_for_good_only_later():
    jumping = curve(OWN, [4.7, 2.2, 6.1, 2.2, 2.1], wall_s=1.0)
    assert first_reach(jumping, 2.6)["iteration"] == 1
    assert lasting_reach(jumping, 2.6)["iteration"] == 3
    assert lasting_reach(jumping, 2.1)["iteration"] == 4
    assert lasting_reach(jumping[:3], 2.6) is None
    found = comparison(THEIRS, jumping, 2.6)
    assert (found["wall_ratio"], found["lasting_wall_ratio"]) == (15.0, 7.5)


def test_ratios_are_of_the_times_to_the_same_nash_conv():
    found = comparison(THEIRS, OURS, 2.6)
    assert (found["wall_ratio"], found["cpu_ratio"]) == (15.0, 15.0)
    assert not found["ratios_are_lower_bounds"]


def test_a_peer_that_never_gets_there_gives_a_lower_bound():
    found = comparison(THEIRS, OURS, 2.0)
    assert found[PEER] is None
    assert found["ratios_are_lower_bounds"]
    assert found["wall_ratio"] == pytest.approx(40.0 / 3.0, abs=0.01)


def test_no_ratio_where_we_never_get_there():
    assert comparison(OURS, THEIRS, 1.5)["wall_ratio"] is None


def test_a_summary_tells_lowest_and_last():
    (found,) = summary_of([*THEIRS, *OURS])
    assert found[OWN]["lowest_exploitability"] == pytest.approx(0.6)
    assert found[OWN]["lowest_at_iteration"] == 2
    assert found[OWN]["exploitability"] == pytest.approx(0.8)
    assert found["below_published_ppo"] == {"exploitability": True, "lowest_exploitability": True}
    assert found["to_peers_lowest"]["nash_conv"] == 2.5
    assert found["all_iterations_of_peer"] == {"wall_ratio": 20.0, "cpu_ratio": 20.0}


def test_the_figure_is_a_picture(tmp_path):
    draw([*THEIRS, *OURS], tmp_path / "curve.png")
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")


def test_an_interpreter_without_the_packages_is_told_what_to_install(tmp_path):
    venv.create(tmp_path / "bare", with_pip=False)
    (python,) = (tmp_path / "bare").glob("*/python")
    with pytest.raises(UsageError, match=r"No module named .*pip install open_spiel.*cvxpy.*rlax"):
        peer_description(python)


def test_an_interpreter_that_does_not_exist_ends_with_a_clear_message(tmp_path, capsys):
    command = ["--peer-python", str(tmp_path / "none"), "--output", str(tmp_path / "out")]
    assert main(command) == 2
    assert "Give the path of a Python interpreter" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_program_that_fails_half_way_is_an_error():
    failing = f"print({HEADER!r}); raise ArithmeticError('half way')"
    with pytest.raises(UsageError, match="half way"):
        measured([sys.executable, "-c", failing])


def test_lines_are_heard_as_they_come():
    heard: list[str] = []
    found = measured([sys.executable, "-c", f"print({chr(10).join(PRINTED)!r})"], heard.append)
    assert heard == PRINTED
    assert len(found) == 3


def test_what_is_written_can_be_read_again(tmp_path):
    write_rows(tmp_path / "curve.csv", [*THEIRS, *OURS])
    assert list(read_rows(tmp_path / "curve.csv")) == [*THEIRS, *OURS]
