"""``--catalog`` and ``--strict``: other element sets than the scenario's, and what is rejected."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import SMALL, run
from sky_files import EPOCH, SCENARIO, decaying, high, low, several, write_sky

from ssa_psro.catalogs.omm_writing import write_catalog
from ssa_psro.study import open_run
from ssa_psro.study.study import parse_study_json

PLAY = ["play", "--blue", "random", "--red", "aggressive", "--episodes", "2", "--json"]
TOURNAMENT = ["tournament", "--policies", "random,aggressive", "--episodes", "2", "--resamples"]


@pytest.fixture(scope="module", name="sky")
def _sky(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario that names a file of which one object is rejected."""
    return write_sky(tmp_path_factory.mktemp("sky"), [*several()[:4], decaying()])


@pytest.fixture(scope="module", name="other")
def _other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another file of element sets, all of them sound."""
    path = tmp_path_factory.mktemp("other") / "other.xml"
    sets = [low("WIDE", "799501234"), high("FAR", "A0000")]
    write_catalog(path, sets, created=EPOCH)
    return path


def test_rejected_element_sets_are_a_warning(sky: Path) -> None:
    outcome = run("check", sky)
    assert outcome.code == 0
    assert "4: 4 LEO" in outcome.out
    heading, reason = outcome.err.splitlines()
    assert heading.endswith("sky.json: 1 of 5 element sets rejected, 4 used")
    assert "DOOMED [401]: decayed" in reason


def test_many_rejects_are_cut_short_and_whole_in_json(tmp_path: Path) -> None:
    doomed = [decaying(f"DOOMED {k}", f"{401 + k}") for k in range(9)]
    path = write_sky(tmp_path, [*several()[:2], *doomed])
    outcome = run("check", path, "--json")
    assert "… and 6 more" in outcome.err
    assert len(outcome.err.splitlines()) == 5
    (report,) = outcome.document["scenarios"][0]["files"]
    assert [one["name"] for one in report["rejected"]] == [one.name for one in doomed]
    assert (report["records"], report["used"], report["format"]) == (11, 2, "omm-json")


def test_rows_of_csv_files_are_called_rows(tmp_path: Path) -> None:
    facts = "catalog_id,name,radius_m\n101,,1\n4711,,2\n,low 0,3\n"
    (tmp_path / "facts.csv").write_text(facts, "utf-8")
    head = 'path = "sky.json"\n'
    scenario = SCENARIO.replace(head, f'{head}attributes = "facts.csv"\n')
    outcome = run("check", write_sky(tmp_path, scenario=scenario))
    heading, stranger, rival = outcome.err.splitlines()
    assert heading.endswith("facts.csv: 2 of 3 rows rejected, 1 used")
    assert "[4711]: no such object in the catalogue" in stranger
    assert "low 0: rows with the id speak of this object" in rival


@pytest.mark.parametrize("command", [["check"], PLAY, [*TOURNAMENT, "20"], ["run"]], ids=str)
def test_strict_stops_every_command_with_2(sky: Path, command: list[str], tmp_path: Path) -> None:
    first, *rest = command
    outcome = run(first, sky, *rest, "--strict")
    assert outcome.code == 2
    assert "sky.json: record 5 (line 6), DOOMED [401]: decayed" in outcome.err
    assert "1 fault" in outcome.err


def test_strict_is_content_with_sound_files(sky: Path, other: Path) -> None:
    outcome = run("check", sky, "--catalog", other, "--strict")
    assert (outcome.code, outcome.err) == (0, "")
    assert "2: 1 LEO, 1 GEO" in outcome.out


def test_other_catalogue_is_played(sky: Path, other: Path) -> None:
    first, *rest = PLAY
    document = run(first, sky, *rest, "--catalog", other).document
    (report,) = document["files"]
    assert (report["path"], report["used"]) == (str(other), 2)
    assert (
        document["scenario"]["content_hash"]
        != run(first, sky, *rest).document["scenario"]["content_hash"]
    )
    document = run(*TOURNAMENT[:1], sky, *TOURNAMENT[1:], "20", "--json").document
    assert [one["name"] for one in document["files"][0]["rejected"]] == ["DOOMED"]


def test_several_catalogues_are_joined(sky: Path, other: Path) -> None:
    both = ["--catalog", other, "--catalog", sky.parent / "sky.json"]
    (report,) = run("check", sky, *both, "--json").document["scenarios"]
    assert sum(report["objects"].values()) == 6
    assert len(report["files"]) == 2


def test_scenario_without_a_file_takes_no_catalogue(tmp_path: Path, other: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, "utf-8")
    outcome = run("check", path, "--catalog", other)
    assert outcome.code == 2
    assert "--catalog: the scenario takes no catalogue" in outcome.err
    assert "own-catalog.toml" in outcome.err


def test_missing_catalogue_is_a_fault(sky: Path, tmp_path: Path) -> None:
    outcome = run("check", sky, "--catalog", tmp_path / "none.tle")
    assert outcome.code == 2
    assert "no such file" in outcome.err


def test_run_records_the_catalogue_and_holds_its_objects(
    sky: Path, other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ssa_psro.cli.commands.run.carry_through", lambda *args, **options: None)
    outcome = run("run", sky, "--catalog", other, "--seed", "4", "--output", tmp_path / "made")
    assert outcome.code == 0
    made = open_run(tmp_path / "made")
    assert made.manifest.overrides == {"seed": 4, "catalog.path": str(other)}
    assert made.scenario.catalog.names == ("WIDE", "FAR")
    text = (tmp_path / "made" / "scenario.json").read_text("utf-8")
    assert "799501234" in text
    assert parse_study_json(text, "scenario.json") == made.study
    assert (tmp_path / "made" / "scenario.toml").read_text("utf-8") == SCENARIO
