"""Locks and audits: hashes of everything, and nothing called sound that nobody has looked up."""

from __future__ import annotations

from typing import Any

import pytest

from evidence.supply import CLEAN, NOT_AUDITED, WEAK, locked, verdict

WANTED = ["numpy==2.4.0", "torch==2.13.0+cpu"]


def dependency(name: str, *ids: str) -> dict[str, Any]:
    """What pip-audit says of a package that it has looked up."""
    package, version = name.split("==")
    return {"name": package, "version": version, "vulns": [{"id": one} for one in ids]}


def test_lock_has_every_package_but_our_own() -> None:
    def resolved(name: str, whence: dict[str, Any]) -> dict[str, Any]:
        return {"metadata": {"name": name, "version": "1.2"}, "download_info": whence}

    hashed = {"url": "anywhere", "archive_info": {"hashes": {"sha256": "ab12"}}}
    report = {
        "install": [resolved("PyErfa", hashed), resolved("ssa-psro", {"url": ".", "dir_info": {}})]
    }
    assert list(locked(report)) == ["pyerfa==1.2 --hash=sha256:ab12"]


@pytest.mark.parametrize(
    ("found", "code", "said"),
    [
        ([], NOT_AUDITED, "not audited: nothing could be looked up"),
        ([{"name": "numpy", "skip_reason": "not found"}], NOT_AUDITED, "not audited"),
        ([dependency(WANTED[0])], NOT_AUDITED, f"{WANTED[1]}: not audited"),
        ([dependency(name) for name in WANTED], CLEAN, "2 of 2 looked up, 0 with known weaknesses"),
        ([dependency(WANTED[0], "CVE-1", "CVE-2")], WEAK, "numpy==2.4.0: CVE-1, CVE-2"),
    ],
)
def test_audit_says_what_it_could_not_look_up(
    found: list[dict[str, Any]], code: int, said: str
) -> None:
    given, lines = verdict(WANTED, {"dependencies": found})
    assert given == code
    assert any(said in line for line in lines)
