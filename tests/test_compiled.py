"""How the rules are compiled: callable from Python, and compiled anew when any rule changes."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from arenas import make_arena
from game.driving import random_command, snapshot, some_seeds
from numba.core.caching import CacheImpl, IndexDataCacheFile

from ssa_psro import compiled
from ssa_psro.game import CoverageGame, State, turn
from ssa_psro.game.features import harassment
from ssa_psro.game.scoring import contest_credit
from ssa_psro.game.state import elapsed_share

SOURCE = """
from ssa_psro.compiled import compiled, entry_point

@compiled
def twice(x):
    return 2 * x

@entry_point
def four_times(x):
    return twice(twice(x))
"""


def load(path: Path) -> Any:
    """The module's entry point, decorated afresh as a new process would."""
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.four_times


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "some_rules.py"
    path.write_text(SOURCE)
    return path


def hits_after_call(path: Path) -> int:
    """How often a fresh load of the module finds its code on disk."""
    function = load(path)
    assert function(3) == 12
    return sum(function.stats.cache_hits.values())


def test_compiled_code_is_found_again(source: Path) -> None:
    assert [hits_after_call(source) for _ in range(2)] == [0, 1]


def test_other_rules_mean_other_code(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hits_after_call(source)
    monkeypatch.setattr(compiled, "RULES_DIGEST", "changed")
    assert [hits_after_call(source) for _ in range(2)] == [0, 1]


def test_damaged_code_is_compiled_anew(source: Path) -> None:
    hits_after_call(source)
    kept = [*source.parent.rglob("*.nbi"), *source.parent.rglob("*.nbc")]
    assert len(kept) == 2
    for path in kept:
        for damage in (b"", path.read_bytes()[:-9], b"no pickle"):
            path.write_bytes(damage)
            assert [hits_after_call(source) for _ in range(2)] == [0, 1]


def test_code_that_cannot_be_kept_is_compiled_anew(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(IndexDataCacheFile, "_save_data", full)
    assert [hits_after_call(source) for _ in range(2)] == [0, 0]


def test_without_a_folder_to_keep_code_in_it_is_said_in_one_sentence(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CacheImpl, "_locator_classes", [])
    with pytest.warns(UserWarning, match="compiled anew in every process") as warned:
        assert hits_after_call(source) == 0
    assert len(warned) == 1


def test_the_digest_reads_every_module(tmp_path: Path) -> None:
    folders = (tmp_path / "one", tmp_path / "two")
    for folder in folders:
        folder.mkdir()
        (folder / "a.py").write_text("x = 1\n")
        (folder / "b.py").write_text("y = 1\n")
    before = compiled._digest(*folders)
    assert compiled._digest(*folders) == before
    (folders[1] / "b.py").write_text("y = 2\n")
    assert compiled._digest(*folders) != before


def test_rules_are_plain_functions_to_python() -> None:
    assert contest_credit(3.0, 1.0, 2.0) == pytest.approx(0.9)
    assert elapsed_share(2.0, 10.0, 4) == pytest.approx(0.25)
    assert harassment(4.0, 10, 0.5) == pytest.approx(0.25)


@pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")
def test_the_uncompiled_rules_play_the_same_episode() -> None:
    """The same Python text, interpreted, must give bit for bit what the compiler made of it."""
    game, rng = CoverageGame(make_arena(3, steps=16, objects=4)), np.random.default_rng(0)
    fast = game.start(some_seeds(3))
    slow: State = snapshot(fast)
    for _ in range(4):
        orders = [random_command(game, rng, 3) for _ in range(2)]
        game.advance(fast, orders[0], orders[1], steps=4)
        turn.advance.py_func(game.world, slow, orders[0], orders[1], 0, 3, 4)
    for name, one, other in zip(State._fields, fast, slow, strict=True):
        np.testing.assert_array_equal(one, other, err_msg=name)
