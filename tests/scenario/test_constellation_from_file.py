"""Constellations that scenarios take from files of element sets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sky_files import SCENARIO, decaying, several, write_sky

from ssa_psro.errors import ScenarioError
from ssa_psro.scenario import dump_scenario, is_symmetric, parse_scenario_json
from ssa_psro.scenario.schema import ElementSetConstellation
from ssa_psro.study import load_study

WALKER = SCENARIO[SCENARIO.index("[red.constellation]") : SCENARIO.index("[catalog]")]
FROM_FILE = '[red.constellation]\nkind = "file"\npath = "sky.json"\n'


def with_red(keys: str) -> str:
    """The scenario with a Red that flies some of the file's satellites."""
    return SCENARIO.replace(WALKER, f"{FROM_FILE}{keys}\n\n")


def test_either_side_may_be_a_real_constellation(tmp_path: Path) -> None:
    path = write_sky(tmp_path, scenario=with_red('select.names = ["LOW*"]\nselect.count = 4'))
    loaded = load_study(path)
    red = loaded.scenario.red.constellation
    assert isinstance(red, ElementSetConstellation)
    assert red.count == 4
    assert {one.name for one in red.satellites} < {one.name for one in several()}
    assert not is_symmetric(loaded.scenario)
    assert [report.key for report in loaded.files] == ["catalog.path", "red.constellation.path"]
    (tmp_path / "sky.json").unlink()
    assert parse_scenario_json(dump_scenario(loaded.scenario), "json") == loaded.scenario


def test_faults_of_a_side_are_named_as_its(tmp_path: Path) -> None:
    path = write_sky(tmp_path, scenario=with_red('select.names = ["STARLINK*"]'))
    with pytest.raises(ScenarioError) as caught:
        load_study(path)
    (fault,) = caught.value.faults
    assert (fault.key, fault.value) == ("red.constellation.select.names", "STARLINK*")


def test_satellites_that_decay_are_rejected(tmp_path: Path) -> None:
    path = write_sky(
        tmp_path, [*several(), decaying()], scenario=with_red('select.ids = ["101", "102", "401"]')
    )
    loaded = load_study(path)
    assert loaded.scenario.red.constellation.count == 2
    assert [one.name for one in loaded.files[1].rejected] == ["DOOMED"]


def test_sides_with_the_same_satellites_are_refused(tmp_path: Path) -> None:
    both = with_red("").replace(
        SCENARIO[SCENARIO.index("[blue.constellation]") : SCENARIO.index("[red.constellation]")],
        FROM_FILE.replace("red", "blue") + "\n",
    )
    with pytest.raises(ScenarioError, match=r"puts LOW 0 within 1 km of Blue's LOW 0, and 9 more"):
        load_study(write_sky(tmp_path, scenario=both))


def test_window_that_a_missing_catalogue_should_move_is_held_against_nobody(
    tmp_path: Path,
) -> None:
    later = [replace(one, epoch=one.epoch + timedelta(days=90)) for one in several()]
    text = with_red("").replace(
        '[catalog]\nkind = "file"\npath = "sky.json"',
        '[catalog]\nkind = "file"\npath = "skie.json"\nsets_epoch = true',
    )
    with pytest.raises(ScenarioError) as caught:
        load_study(write_sky(tmp_path, later, scenario=text))
    assert [fault.key for fault in caught.value.faults] == ["catalog.path"]
