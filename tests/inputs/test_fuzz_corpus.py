"""Every reader against the kept corpus, and what random damage makes of it.

``python -m evidence.fuzz`` searches further, guided by coverage; what it finds is added to
``corpus``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from evidence.fuzz.targets import CORPUS, END, ROOT, TARGETS, refused, seeds

UNSOUND = {"document", "members", "run-folder"}
"""Readers whose kept files are not all sound, since they stand for one part of several."""
DAMAGES = 100
"""Of the kept files of a reader together; at least one of each."""


def damaged(content: bytes, random: np.random.Generator) -> bytes:
    """The bytes after something has happened to them."""
    start = int(random.integers(len(content) + 1))
    length = int(random.geometric(0.1))
    piece = content[start : start + length]
    happened = [
        random.bytes(length),
        b"",
        piece * 3,
        piece[::-1],
        b"\0",
        b"9" * length,
        b'{["(' * length,
        END,
        "\u2028\u00e9".encode(),
    ]
    return (
        content[:start] + happened[int(random.integers(len(happened)))] + content[start + length :]
    )


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_sound_is_read_and_what_is_damaged_read_or_told(name: str, tmp_path: Path) -> None:
    kept, random = seeds(name), np.random.default_rng(15)
    assert kept
    for content in kept:
        told = refused(TARGETS[name], content, tmp_path / "file")
        assert told is None or name in UNSOUND, told
    for content in kept:
        for _ in range(max(1, DAMAGES // len(kept))):
            changed = damaged(content, random)
            for _ in range(int(random.integers(3))):
                changed = damaged(changed, random)
            refused(TARGETS[name], changed, tmp_path / "file")  # raises what no reader may


def test_every_reader_has_its_corpus() -> None:
    assert {one.name for one in CORPUS.iterdir()} | {"run-folder"} == TARGETS.keys()


def test_the_search_runs(tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="only the search itself needs atheris")
    command = [sys.executable, "-m", "evidence.fuzz", "tables", "--seconds", "3"]
    subprocess.run([*command, "--output", str(tmp_path)], check=True, cwd=ROOT, timeout=300)
    found = json.loads((tmp_path / "tables" / "summary.json").read_text())
    assert found["executions"] > 0
    assert not found["crashes"]
