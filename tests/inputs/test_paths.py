"""Keys of a document by path, with entries of lists."""

from __future__ import annotations

import pytest

from ssa_psro.inputs.paths import put, steps_of, unknown_at, values_at
from ssa_psro.study.study import StudyInFile


def document():
    return {"a": {"b": 1}, "list": [{"c": 1}, {"c": 2}], "none": None}


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("a", ["a"]),
        ("a.b_c", ["a", "b_c"]),
        ("a[0].b", ["a", 0, "b"]),
        ("a[].b[12]", ["a", "[]", "b", 12]),
        ("", None),
        ("a.", None),
        (".a", None),
        ("a..b", None),
        ("a[x]", None),
        ("a[0]b", None),
    ],
)
def test_a_path_is_names_and_places(path, steps):
    assert steps_of(path) == steps


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a.b", [9]),
        ("a.new", [9]),
        ("new.c", [9]),
        ("none.c", [9]),
        ("list[1].c", [9]),
        ("list[].c", [9, 9]),
        ("list[1]", [9]),
    ],
)
def test_what_is_put_is_found_there(path, found):
    changed = document()
    put(changed, path, 9)
    assert values_at(changed, path) == found
    assert path in ("list[1]", "list[].c") or changed["list"][0] == {"c": 1}


@pytest.mark.parametrize("path", ["a.b.c", "list[2].c", "list.c", "a[0]", "a[].b", "a..b"])
def test_what_has_no_place_becomes_a_key_that_nobody_knows(path):
    changed = document()
    put(changed, path, 9)
    assert changed == {**document(), path: 9}
    assert values_at(document(), path) == []


@pytest.mark.parametrize(
    ("path", "cure"),
    [
        ("blue.sensor.denial_range_km", None),
        ("catalog.regimes[0].count", None),
        ("catalog.regimes[].altitude_km[1]", None),
        ("solver.populations", None),
        ("oracle.hidden", None),
        ("rules.denial", None),
        ("blue.sensr.dwell_s", "Did you mean 'sensor'?"),
        ("blue.sensor.dwel_s", "Did you mean 'dwell_s'?"),
        ("rules.denial.x", "'denial' has no keys below it."),
        ("rules[0].denial", "Leave [0] out: there is no list."),
        ("catalog.regimes.count", "Say of which entry: write [0], or [] for all of them"),
        ("a b..", "Write names with points between them"),
    ],
)
def test_a_path_that_no_study_has_is_told_with_its_cure(path, cure):
    found = unknown_at(StudyInFile, path)
    assert found is None if cure is None else found is not None and found.startswith(cure)
