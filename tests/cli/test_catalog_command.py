"""``catalog``: files of element sets summed up, and generated."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import run

from ssa_psro.catalogs import read_catalog
from ssa_psro.catalogs.particulars import read_attributes, read_forecasts
from ssa_psro.cli.app import names_in
from ssa_psro.cli.commands import catalog

GROUP = "catalog"
COMMANDS = names_in(catalog)
MAKE = (GROUP, "generate", "--regime", "LEO:12", "--regime", "geo:5", "--seed", "3", "--output")


@pytest.fixture(scope="module", name="mix")
def _mix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("catalogs") / "mix.json"
    assert run(*MAKE, path).code == 0
    return path


@pytest.fixture(scope="module", name="damaged")
def _damaged(mix: Path) -> Path:
    """Twelve records of the mix with a broken inclination."""
    path = mix.with_name("damaged.json")
    lines = mix.read_text("utf-8").splitlines(keepends=True)
    head = [line.replace('"INCLINATION": ', '"INCLINATION": 9') for line in lines[1:13]]
    path.write_text("".join([lines[0], *head, *lines[13:]]), "utf-8")
    return path


def test_every_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.tle").write_text("", "utf-8")
    outcome = run("catalog", "summarize", tmp_path / "none.tle", tmp_path / "empty.tle")
    assert outcome.code == 2
    assert "none.tle: the file: no such file" in outcome.err
    assert "empty.tle: the file: is empty" in outcome.err


def test_a_place_that_cannot_be_written_costs_nothing_that_is_there(tmp_path: Path) -> None:
    made = tmp_path / "r.json"
    made.write_text("precious", "utf-8")
    asked = ("catalog", "generate", "--regime", "GEO:3", "--output", made)
    outcome = run(*asked, "--attributes", "/proc/nowhere/x.csv")
    assert (outcome.code, made.read_text("utf-8")) == (2, "precious")


def test_help_of_the_group_names_its_commands() -> None:
    outcome = run(GROUP, "--help")
    assert outcome.code == 0
    for name in COMMANDS:
        assert f"│ {name} " in outcome.out
    assert f"│ {GROUP} " in run("--help").out


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_its_commands_has_examples(name: str) -> None:
    outcome = run(GROUP, name, "--help")
    assert outcome.code == 0
    assert f"$ ssa-psro {GROUP} {name}" in outcome.out


def test_a_sound_file_is_summed_up_by_regime(mix: Path) -> None:
    outcome = run(GROUP, "summarize", mix, "--epoch", "2026-03-20", "--strict")
    assert (outcome.code, outcome.err) == (0, "")
    assert "17 objects in omm-json, no records rejected" in outcome.out
    rows = [line.split() for line in outcome.out.splitlines()]
    assert [row[:2] for row in rows if row and row[0] in ("LEO", "GEO")] == [
        ["LEO", "12"],
        ["GEO", "5"],
    ]
    assert "ages at 2026-03-20 00:00" in outcome.out


def test_the_first_rejected_records_are_shown_and_all_on_request(damaged: Path) -> None:
    few, all_ = (run(GROUP, "summarize", damaged, *more) for more in ([], ["--all-rejects"]))
    assert few.code == all_.code == 0
    assert few.out.count("\nrecord ") == 10
    assert "2 more: --all-rejects lists them" in few.out
    assert all_.out.count("\nrecord ") == 12
    assert "more: --all-rejects" not in all_.out
    assert "INCLINATION" in few.out


def test_strict_ends_with_exit_code_2(damaged: Path, mix: Path) -> None:
    outcome = run(GROUP, "summarize", mix, damaged, "--strict")
    assert outcome.code == 2
    assert "17 objects" in outcome.out
    assert "5 objects in omm-json, 12 records rejected" in outcome.out


def test_json_has_every_rejected_record_and_nothing_else_is_printed(damaged: Path) -> None:
    outcome = run(GROUP, "summarize", damaged, "--json", "--epoch", "2026-03-20T00:00:00")
    assert outcome.code == 0
    (document,) = outcome.document["catalogs"]
    assert document["format"] == "omm-json"
    assert document["objects"] == 5
    assert list(document["regimes"]) == ["GEO"]
    ages = document["regimes"]["GEO"]["age_days"]
    assert 0.0 <= ages["newest"] <= ages["median"] <= ages["oldest"] <= 1.5
    assert len(document["rejected"]) == 12
    first = document["rejected"][0]
    assert set(first) == {"place", "name", "catalog_id", "problem", "cure"}
    assert first["place"] == "record 1 (line 2)"


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["summarize", "none.tle"], "no such file"),
        (["summarize", "{mix}", "--epoch", "yesterday"], "2026-03-20T06:00:00"),
        (["generate", "--regime", "LE0:4", "--seed", "1", "--output", "x.json"], "LEO"),
        (["generate", "--regime", "LEO", "--seed", "1", "--output", "x.json"], "LEO:60"),
        (["generate", "--regime", "LEO:0", "--seed", "1", "--output", "x.json"], "LEO:60"),
        (["generate", "--regime", "LEO:²", "--seed", "1", "--output", "x.json"], "LEO:60"),
        (["generate", "--regime", "LEO:4", "--seed", "1", "--output", "x.tle"], ".json"),
        (["generate", "--regime", "LEO:4", "--output", "x.json"], "--seed"),
        (["generate", "--regime", "LEO:4", "--seed", "1", "--output", "{mix}/x.json"], "written"),
        (["sumarize", "x"], "summarize"),
    ],
)
def test_unusable_command_lines_end_with_exit_code_2_and_a_hint(
    arguments: list[str], hint: str, mix: Path
) -> None:
    outcome = run(GROUP, *(one.replace("{mix}", str(mix)) for one in arguments))
    assert outcome.code == 2
    assert isinstance(outcome.error, SystemExit)
    assert outcome.out == ""
    assert hint in outcome.err


def test_all_faults_of_the_mix_come_at_once() -> None:
    line = ["--regime", "LE0:4", "--regime", "GEO:x", "--seed", "1", "--output", "x.json"]
    outcome = run(GROUP, "generate", *line)
    assert "2 faults" in outcome.err


@pytest.mark.parametrize("ending", [".json", ".csv", ".xml", ".kvn"])
def test_what_is_generated_is_the_same_in_every_notation(
    ending: str, mix: Path, tmp_path: Path
) -> None:
    path = tmp_path / f"mix{ending}"
    outcome = run(*MAKE, path)
    assert outcome.code == 0
    assert "17 objects: 12 LEO, 5 GEO" in outcome.out
    assert read_catalog(path).accepted == read_catalog(mix).accepted


def test_one_file_is_not_written_twice(tmp_path: Path) -> None:
    path = tmp_path / "mix.csv"
    options = ("--regime", "GEO:2", "--epoch", "2026-03-20T00:00:00Z", "--seed", "1")
    outcome = run("catalog", "generate", *options, "--output", path, "--attributes", path)
    assert outcome.code == 2
    assert "--attributes" in outcome.err
    assert "is named twice" in outcome.err
    assert not path.exists()


def test_attributes_and_windows_are_written_beside(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("mix.csv", "attributes.csv", "windows.csv")]
    more = ("--attributes", paths[1], "--windows", paths[2], "--first-id", "799501234", "--json")
    outcome = run(*MAKE, paths[0], *more)
    assert outcome.code == 0
    assert [one["file"] for one in outcome.document["files"]] == [str(path) for path in paths]
    assert outcome.document["regimes"] == {"LEO": 12, "GEO": 5}
    sets = read_catalog(paths[0]).accepted
    assert [row.catalog_id for row in read_attributes(paths[1])] == [one.catalog_id for one in sets]
    assert sets[0].catalog_id == "799501234"
    assert read_forecasts(paths[2])


def test_epoch_and_seed_make_the_difference(mix: Path, tmp_path: Path) -> None:
    path = tmp_path / "mix.json"
    base = (GROUP, "generate", "--regime", "LEO:12", "--regime", "GEO:5", "--output", path)
    texts = set()
    for more in (["--seed", "3"], ["--seed", "4"], ["--seed", "3", "--epoch", "2026-06-01"]):
        assert run(*base, *more).code == 0
        texts.add(path.read_text("utf-8"))
    assert len(texts) == 3
    assert mix.read_text("utf-8") in texts
