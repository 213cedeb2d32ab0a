"""Files as users break them: every fault is named with its path and a cure, and nothing more."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from documents import VALID

from ssa_psro.errors import Fault, InputError, ScenarioError
from ssa_psro.study import load_study


@dataclass(frozen=True)
class Broken:
    """One way to break a file: text to replace, and the fault that must be reported."""

    old: str
    new: str
    key: str
    value: object
    problem: str
    cure: str


EMPTY_CATALOG = VALID[: VALID.index("[[catalog.regimes]]")] + "[catalog]\nregimes = []\n"

BROKEN = {
    "misspelt key": Broken(
        "planes = 6",
        "plaens = 6",
        "blue.constellation.plaens",
        6,
        "unknown key",
        "Did you mean 'planes'?",
    ),
    "negative altitude": Broken(
        "altitude_km = 800.0",
        "altitude_km = -800.0",
        "blue.constellation.altitude_km",
        -800.0,
        "must be at least 200",
        "altitude_km = 800.0",
    ),
    "planes not dividing satellites": Broken(
        "planes = 6",
        "planes = 5",
        "blue.constellation.planes",
        5,
        "must divide satellites = 12",
        "Use 1, 2, 3, 4, 6 or 12.",
    ),
    "unknown policy": Broken(
        'red = ["aggressive"]',
        'red = ["agressive"]',
        "populations.red[0]",
        "agressive",
        "not one of the known policies",
        "Did you mean 'aggressive'?",
    ),
    "NaN": Broken(
        "duration_h = 24",
        "duration_h = nan",
        "window.duration_h",
        pytest.approx(float("nan"), nan_ok=True),
        "must be a finite number",
        "duration_h = 72.0",
    ),
    "wrong type": Broken(
        "satellites = 12",
        'satellites = "12"',
        "blue.constellation.satellites",
        "12",
        "must be a whole number without quotes",
        "satellites = 12",
    ),
    "missing section": Broken(
        "[window]\nepoch = 2026-03-20T00:00:00Z\nduration_h = 24\nhorizon_days = 2\n",
        "",
        "window",
        None,
        "section is missing",
        "Add [window] with epoch = 2026-03-20T00:00:00Z.",
    ),
    "overlapping window": Broken(
        "start_h = 6.0",
        "start_h = 5.0",
        "catalog.windows[1]",
        [5.0, 9.0],
        "overlaps catalog.windows[0] of the same object",
        "Start it at 6 h or later, or merge the two.",
    ),
    "empty catalogue": Broken(
        VALID,
        EMPTY_CATALOG,
        "catalog.regimes",
        None,
        "the catalogue is empty",
        "Give at least one [[catalog.regimes]] a count of 1 or more.",
    ),
    "not TOML": Broken(
        "[red.constellation]",
        "[red.constellation",
        "line 15, column 19",
        None,
        "not TOML",
        "Mend the file at, or just before, this place",
    ),
}


def faults_of(text: str, folder: Path) -> tuple[Fault, ...]:
    """What loading a file with this text reports."""
    path = folder / "broken.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_study(path)
    assert caught.value.source == str(path)
    return caught.value.faults


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_fault_is_named_with_path_value_and_cure(broken: Broken, tmp_path: Path) -> None:
    assert VALID.count(broken.old) == 1
    (fault,) = faults_of(VALID.replace(broken.old, broken.new), tmp_path)
    assert fault.key == broken.key
    assert fault.value == broken.value
    assert broken.problem in fault.problem
    assert broken.cure in fault.cure


def test_valid_file_loads(tmp_path: Path) -> None:
    path = tmp_path / "valid.toml"
    path.write_text(VALID, "utf-8")
    assert load_study(path).study.name == "small"


TEN_FAULTS = {
    'name = "small"': ('name = "no spaces"', "name"),
    "duration_h = 24": ("duration_h = inf", "window.duration_h"),
    "horizon_days = 2": ("horizon_day = 2", "window.horizon_day"),
    "altitude_km = 800.0": ("altitude_km = -800.0", "blue.constellation.altitude_km"),
    "planes = 6": ("planes = 5", "blue.constellation.planes"),
    "semi_major_axis_km = 7178.0, inclination_deg = 65.0 }": (
        "semi_major_axis_km = 7178.0 }",
        "red.constellation.satellites[0].inclination_deg",
    ),
    "contested = 4": ("contested = 11", "catalog.regimes[0].contested"),
    "inclination_deg = [0.0, 10.0]": (
        "inclination_deg = 10.0",
        "catalog.regimes[1].inclination_deg",
    ),
    "start_h = 6.0": ("start_h = 5.0", "catalog.windows[1]"),
    'red = ["aggressive"]': ('red = ["agressive"]', "populations.red[0]"),
}


def test_ten_faults_are_reported_at_once(tmp_path: Path) -> None:
    text = VALID
    for old, (new, _) in TEN_FAULTS.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    faults = faults_of(text, tmp_path)
    assert {fault.key for fault in faults} == {key for _, key in TEN_FAULTS.values()}
    assert len(faults) == 10


def test_error_text_shows_every_fault(tmp_path: Path) -> None:
    text = VALID.replace("planes = 6", "planes = 5").replace("contested = 4", "contested = 11")
    error = ScenarioError("x.toml", faults_of(text, tmp_path))
    assert isinstance(error, InputError)
    assert "x.toml: 2 fault(s)" in str(error)
    assert "blue.constellation.planes: must divide satellites = 12 (found 5)." in str(error)
    assert "catalog.regimes[0].contested: exceeds count = 10 (found 11)." in str(error)


UNREADABLE: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "missing file": (lambda path: None, "no such file", "Did you mean 'quickstart.toml'?"),
    "folder": (Path.mkdir, "is a folder", "Name a scenario file inside it"),
    "not UTF-8": (lambda path: path.write_bytes(b"a = 1\nb = '\xff'\n"), "line 2", "UTF-8"),
    "too large": (lambda path: path.write_bytes(b"#" * 10_000_001), "larger than 10 MB", "TOML"),
    "endless": (lambda path: path.symlink_to("/dev/zero"), "is a device", "TOML"),
    "pipe": (os.mkfifo, "is a pipe", "TOML"),
    "dotted": (lambda path: path.write_text("a." * 40_000 + "a = 1"), "deep", "levels"),
    "dotted in quotes": (lambda path: path.write_text("'a' . " * 33 + "a = 1"), "deep", "levels"),
    "tables in tables": (lambda path: path.write_text("a = " + "[" * 33 + "]" * 33), "deep", "few"),
    "long list": (lambda path: path.write_text(f"a = [{'1,' * 100_001}]"), "100000", "fewer"),
    "hex": (lambda path: path.write_text("seed = 0x" + "f" * 9999), "too many digits", "smaller"),
    "link to itself": (lambda path: path.symlink_to(path), "cannot be read", "readable"),
    "nested too deeply": (lambda path: path.write_text("a = " + "[" * 100_000), "deep", "levels"),
    "huge number": (
        lambda path: path.write_text("a = " + "9" * 5000),
        "too many digits",
        "smaller",
    ),
    "more than 64 bits": (lambda path: path.write_text(f"a = {2**64}"), "too many", "smaller"),
}


@pytest.mark.parametrize(("make", "problem", "cure"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_unreadable_file_is_one_clear_fault(
    make: Callable[[Path], None], problem: str, cure: str, tmp_path: Path
) -> None:
    (tmp_path / "quickstart.toml").write_text(VALID)
    path = tmp_path / "quikstart.toml"
    make(path)
    with pytest.raises(ScenarioError) as caught:
        load_study(path)
    (fault,) = caught.value.faults
    assert problem in fault.problem
    assert cure in fault.cure


def test_of_very_many_faults_the_first_are_told(tmp_path: Path) -> None:
    sections = "".join(f"[unknown-{number}]\n" for number in range(20_000))
    windows = "".join(
        f'[[catalog.windows]]\nobject = "{number}"\nstart_h = 0.0\nend_h = 1.0\n'
        for number in range(20_000)
    )
    faults = faults_of(VALID + sections, tmp_path)
    assert [fault.key for fault in faults[:-1]] == [f"unknown-{number}" for number in range(100)]
    assert faults[-1].problem == "has more faults than these"
    assert (
        len(faults_of(VALID.replace("[populations]", f"{windows}[populations]"), tmp_path)) == 101
    )


def test_what_is_long_is_shown_shortened(tmp_path: Path) -> None:
    path = tmp_path / "long.toml"
    path.write_text(f"{VALID}{'x' * 9999} = '{'y' * 9999}'\n[{'z' * 9999}]\n")
    with pytest.raises(ScenarioError) as caught:
        load_study(path)
    assert len(caught.value.faults) == 2
    assert len(str(caught.value)) < 2000


def test_a_dotted_text_is_no_dotted_key(tmp_path: Path) -> None:
    path = tmp_path / "dotted.toml"
    path.write_text(f'description = "{"a.b." * 5} {"a" * 9999}"\n{VALID}')
    assert load_study(path).study.name == "small"


def test_missing_folder_and_impossible_name_are_faults(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no such folder"):
        load_study(tmp_path / "none" / "x.toml")
    with pytest.raises(ScenarioError, match="cannot be read"):
        load_study("a\0b")


def test_byte_order_mark_of_windows_editors_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "marked.toml"
    path.write_bytes(b"\xef\xbb\xbf" + VALID.encode())
    assert load_study(path).study.name == "small"
