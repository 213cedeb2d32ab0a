"""The mutation command on a module of one rule: what tests see, and what they do not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from evidence import mutation

ROOT = Path(__file__).parents[2]

RULE = """
def pays(weight, limit=2):
    if weight > limit:
        return weight * 3
    return 0
"""
TEST = """
from rule import pays

def test_pays():
    assert pays(5) == 15
    assert pays(1) == 0
    assert pays(3, limit=2) == 9
"""


@pytest.mark.parametrize("name", mutation.TARGETS)
def test_targets_name_what_there_is(name: str) -> None:
    target = mutation.TARGETS[name]
    assert target.modules
    for path in (*target.modules, *target.tests):
        assert (ROOT / path).exists(), path


@pytest.mark.slow
def test_survivors_are_what_no_test_notices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rule.py").write_text(RULE)
    (tmp_path / "test_rule.py").write_text(TEST)
    subprocess.run(["git", "init", "--quiet"], check=True)
    target = mutation.Target(("rule.py",), ("test_rule.py",))
    folder = tmp_path / "found"
    assert mutation.report(folder) == "found: not begun"
    mutation.mutate(target, folder)
    found = mutation.report(folder)
    # exactly at the limit, one below it, and what a lost case pays are never asked for
    assert "-    if weight > limit:\n    +    if weight >= limit:" in found
    assert "+        return weight / 3" not in found
    assert "+    if not weight > limit:" not in found
    assert found.startswith("rule.py: ")
    assert "0 pending" in found
    (tmp_path / "test_rule.py").write_text(f"{TEST}    assert pays(2) == 0\n")
    mutation.mutate(target, folder, again=True)
    assert "weight >= limit" not in mutation.report(folder)
    assert (tmp_path / "rule.py").read_text() == RULE
    assert (folder / "tree" / "rule.py").read_text() == RULE


def test_tests_that_fail_by_themselves_are_no_judges(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rule.py").write_text(RULE)
    (tmp_path / "test_rule.py").write_text("def test_rule():\n    assert False\n")
    subprocess.run(["git", "init", "--quiet"], check=True)
    with pytest.raises(RuntimeError, match="fails without any mutation"):
        mutation.mutate(mutation.Target(("rule.py",), ("test_rule.py",)), tmp_path / "found")
