"""``check``: faults of every file with a cure, a summary of what is sound."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command_line import BROKEN, SMALL, WITH_SENSOR, broken, run

from ssa_psro.scenario import content_hash, load_scenario


@pytest.mark.parametrize("way", BROKEN)
@pytest.mark.parametrize(
    "command", [["check"], ["tournament"], ["play", "--blue", "random", "--red", "random"]]
)
def test_broken_file_exits_2_and_names_the_fault(
    way: str, command: list[str], tmp_path: Path
) -> None:
    text, key = broken(way)
    path = tmp_path / "broken.toml"
    path.write_text(text, "utf-8")
    outcome = run(*command, path)
    assert outcome.code == 2
    assert isinstance(outcome.error, SystemExit)
    assert outcome.out == ""
    heading, fault, cure = outcome.err.splitlines()
    assert heading == f"{path}: 1 fault"
    assert fault.startswith(f"  {key}")
    assert cure.startswith("    ")
    assert cure.endswith((".", "?"))


def test_sound_file_is_summed_up(small: Path) -> None:
    outcome = run("check", small)
    assert (outcome.code, outcome.err) == (0, "")
    assert "sound" in outcome.out
    assert "small: Two against two [for tests]" in outcome.out
    assert "2 satellites in 2 planes, 800 km, 60°" in outcome.out
    assert "6: 4 LEO, 2 GEO" in outcome.out
    assert "3: 2 LEO, 1 GEO" in outcome.out
    assert content_hash(load_scenario(small))[:12] in outcome.out


def test_a_description_moves_no_terminal(small: Path, tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    told = 'description = "red \\\\u001b[31mas can be"\n'
    path.write_text(re.sub(r"description = .*\n", told, small.read_text("utf-8")), "utf-8")
    out = run("check", path).out
    assert "\x1b" not in out
    assert "red [31mas can be" in out


def test_all_files_are_reported_though_one_is_at_fault(small: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(SMALL.replace("planes = 2", "planes = 3"), "utf-8")
    outcome = run("check", bad, small, "--json", tmp_path / "none.toml")
    assert outcome.code == 2
    first, second, third = outcome.document["scenarios"]
    assert [first["ok"], second["ok"], third["ok"]] == [False, True, False]
    assert [fault["key"] for fault in first["faults"]] == [
        "blue.constellation.planes",
        "red.constellation.planes",
    ]
    assert first["faults"][0]["value"] == 3
    assert second["content_hash"] == content_hash(load_scenario(small))
    assert third["faults"][0]["problem"] == "no such file"
    assert "2 faults" in outcome.err


def test_value_that_json_cannot_say_is_text(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(SMALL.replace("duration_h = 6", "duration_h = nan"), "utf-8")
    (report,) = run("check", bad, "--json").document["scenarios"]
    assert report["faults"][0]["value"] == "nan"


def test_symmetric_is_told_from_unequal(small: Path, unequal: Path) -> None:
    reports = run("check", small, unequal, "--json").document["scenarios"]
    assert [report["symmetric"] for report in reports] == [True, False]


def test_geometry_shows_access_of_both_sides(small: Path) -> None:
    outcome = run("check", small, "--geometry")
    assert outcome.code == 0
    for line in ("Blue LEO", "Blue GEO", "Red LEO", "Red GEO"):
        assert line in outcome.out
    assert "MEO" not in outcome.out


def test_geometry_numbers_agree_with_the_tables(small: Path) -> None:
    from ssa_psro.geometry import build_arena

    (report,) = run("check", small, "--geometry", "--json").document["scenarios"]
    arena = build_arena(load_scenario(small))
    quality = arena.tables.quality[:, 1, :, :4]  # Red's, of the four LEO objects
    red = report["geometry"]["red"]["regimes"]["LEO"]
    assert red["objects"] == 4
    assert red["share"] == pytest.approx((quality > 0).mean())
    assert red["accessible_per_sensor"] == pytest.approx((quality > 0).sum(axis=2).mean())
    assert red["quality"] == pytest.approx(quality[quality > 0].mean() / 255)


def test_blind_and_harmless_sides_are_remarked_upon(tmp_path: Path) -> None:
    path = tmp_path / "blind.toml"
    sensor = f"{WITH_SENSOR}limiting_magnitude = 3.0\ndenial_range_km = 1.0"
    path.write_text(SMALL.replace("anomaly_deg = 20.0", sensor), "utf-8")
    with pytest.warns(UserWarning, match=r"Never with access to any object: Red's sensors \(all\)"):
        outcome = run("check", path, "--geometry")
    assert outcome.code == 0
    assert "Red never has access to 2 of 2 GEO objects: GEO-001, GEO-002." in outcome.out
    assert "The rules allow denial, but Red never has a sensor in reach" in outcome.out
    assert "Blue never has access" not in outcome.out
