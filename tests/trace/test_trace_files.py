"""Traces in files: the same again to the last bit, and one clear fault for anything else."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from arenas import make_arena
from game.driving import some_seeds

from ssa_psro.errors import UsageError
from ssa_psro.game import CoverageGame
from ssa_psro.policies import make_policy
from ssa_psro.trace import Trace, record
from ssa_psro.trace.files import load_trace, save_trace


@pytest.fixture(scope="module")
def trace() -> Trace:
    game = CoverageGame(make_arena(3, steps=40))
    return record(game, make_policy("blinding"), make_policy("shielded"), some_seeds(1))[0]


@pytest.fixture
def stored(trace: Trace, tmp_path: Path) -> dict[str, Any]:
    save_trace(tmp_path / "whole.npz", trace)
    with np.load(tmp_path / "whole.npz", allow_pickle=False) as file:
        return dict(file)


def test_what_is_read_is_what_was_written(trace: Trace, tmp_path: Path) -> None:
    assert len(trace.denials.side) > 0
    assert len(trace.protections.side) > 0
    save_trace(tmp_path / "trace.npz", trace)
    found = load_trace(tmp_path / "trace.npz")
    for field in fields(Trace):
        one, other = getattr(trace, field.name), getattr(found, field.name)
        assert type(one) is type(other), field.name
        pairs = [(one, other)] if not isinstance(one, tuple) else zip(one, other, strict=True)
        for a, b in pairs:
            np.testing.assert_array_equal(a, b, field.name)
            assert np.asarray(a).dtype == np.asarray(b).dtype, field.name


@pytest.mark.parametrize(
    ("name", "change", "problem"),
    [
        (
            "format",
            lambda a: a + 1,
            "is of format 2, and this version reads 1. Use the version of ssa-psro that",
        ),
        ("looks.object", lambda a: a + 100, "looks.object is not within 0 to 5"),
        ("looks.result", lambda a: a - 9, "looks.result is not within 0 to 4"),
        ("looks.found", lambda a: a[:-1], "looks.found is float64["),
        ("denials.blocked", lambda a: a.astype(np.int8), "denials.blocked is int8"),
        ("custody", lambda a: a[:, :-1], "custody is bool"),
        ("steps", lambda a: a + 1, "sigma_km is uint8[4, 2, 6, 40], not uint8[4, 2, 6, 41]"),
        ("sigma_km", lambda a: a[:, :, :-1], "sigma_km is uint8[4, 2, 5, 40]"),
        ("epoch", lambda _: np.array("2026-01-01T00:00:00"), "its epoch has no time zone"),
        ("epoch", lambda _: np.array("noon"), "cannot be used"),
        ("epoch", lambda _: np.array("1" * 101), "epoch is <U101[]"),
        ("seed", lambda a: np.array([a, a]), "seed is "),
        ("seed", lambda a: np.array(1.5), "seed is float64[]"),
        ("activity", lambda a: a[0], "activity is uint8[40, 3]"),
    ],
)
def test_what_does_not_fit_is_told(
    stored: dict[str, Any], tmp_path: Path, name: str, change: Any, problem: str
) -> None:
    path = tmp_path / "bad.npz"
    np.savez(path, **{**stored, name: change(stored[name])})
    with pytest.raises(UsageError) as told:
        load_trace(path)
    assert told.value.source == str(path)
    assert len(told.value.faults) == 1
    assert problem in str(told.value)


def test_every_part_is_missed(stored: dict[str, Any], tmp_path: Path) -> None:
    for name in stored:
        np.savez(tmp_path / "bad.npz", **{key: a for key, a in stored.items() if key != name})
        with pytest.raises(UsageError, match=f"has no {name}"):
            load_trace(tmp_path / "bad.npz")


def test_nothing_is_unpickled(stored: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "bad.npz"
    np.savez(path, allow_pickle=True, **{**stored, "custody": np.array([print], dtype=object)})
    with pytest.raises(UsageError, match=r"custody\.npy is no array of numbers or texts"):
        load_trace(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive"])
def test_no_archive_at_all(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.npz"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"1 fault\(s\)"):
        load_trace(path)
    with pytest.raises(UsageError, match="No such file"):
        load_trace(tmp_path / "absent.npz")
