"""What the package is installed with: a lock with hashes, a bill of materials, known weaknesses.

``python -m evidence.supply lock`` resolves the dependencies and writes each version with the hash
of its file. ``sbom`` writes what this environment holds as CycloneDX. ``audit`` looks every locked
version up in a database of weaknesses, and says of each that it could not look up: not audited.

Results go to ``build/supply/``. A lock is of one platform and one Python, and is made where it is
used::

    python -m evidence.supply lock
    pip install --require-hashes --requirement build/supply/requirements.lock
    pip install --no-deps .
"""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

FOLDER = Path("build", "supply")
LOCK, SBOM, AUDIT = (FOLDER / name for name in ("requirements.lock", "sbom.json", "audit.json"))
CLEAN, WEAK, NOT_AUDITED = 0, 1, 3
"""Exit codes of an audit: all was looked up and is sound, something is not, or nobody knows."""


def main() -> int:
    """Do what the command line asks for; its exit code."""
    parser = ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("what", choices=("lock", "sbom", "audit"))
    FOLDER.mkdir(parents=True, exist_ok=True)
    return {"lock": lock, "sbom": sbom, "audit": audit}[parser.parse_args().what]()


def lock() -> int:
    """Resolve what ``pyproject.toml`` asks for, and write it down."""
    report = FOLDER / "resolved.json"
    options = ("--dry-run", "--ignore-installed", "--quiet", "--report", str(report))
    code = subprocess.run([sys.executable, "-m", "pip", "install", *options, "."]).returncode
    if code == 0:
        lines = sorted(locked(json.loads(report.read_text("utf-8"))))
        LOCK.write_text("\n".join([*lines, ""]), "utf-8")
        print(f"{LOCK}: {len(lines)} packages")
    return code


def locked(report: Mapping[str, Any]) -> Iterator[str]:
    """A line for each package of pip's report but our own, with the hash of its file."""
    for one in report["install"]:
        info, whence = one["metadata"], one["download_info"]
        if "archive_info" in whence:  # a folder, as ours is, has none
            digest = whence["archive_info"]["hashes"]["sha256"]
            yield f"{info['name'].lower()}=={info['version']} --hash=sha256:{digest}"


def sbom() -> int:
    """Write what this environment holds, by cyclonedx-bom."""
    if find_spec("cyclonedx_py") is None:
        print("no bill of materials: pip install cyclonedx-bom", file=sys.stderr)
        return NOT_AUDITED
    options = ("environment", "--output-reproducible", "--output-file", str(SBOM), sys.executable)
    return subprocess.run([sys.executable, "-m", "cyclonedx_py", *options]).returncode


def audit() -> int:
    """Look up what is locked, by pip-audit, and say what came of it."""
    AUDIT.unlink(missing_ok=True)
    for lacking, cure in (
        (find_spec("pip_audit") is None, "pip install pip-audit"),
        (not LOCK.is_file(), "python -m evidence.supply lock"),
    ):
        if lacking:
            print(f"first: {cure}", file=sys.stderr)
    if find_spec("pip_audit") is not None and LOCK.is_file():
        options = ("--disable-pip", "--format", "json", "--output", str(AUDIT))
        line = [sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), *options]
        subprocess.run(line, check=False)
    wanted = LOCK.read_text("utf-8").splitlines() if LOCK.is_file() else []
    found = json.loads(AUDIT.read_text("utf-8")) if AUDIT.is_file() else {"dependencies": []}
    code, lines = verdict([line.split()[0] for line in wanted], found)
    print("\n".join(lines))
    return code


def verdict(wanted: list[str], found: Mapping[str, Any]) -> tuple[int, list[str]]:
    """The exit code, and what is to be said.

    Args:
        wanted: what is locked, as ``name==version``.
        found: pip-audit's document.
    """
    looked_up = {
        f"{one['name']}=={one['version']}": one["vulns"]
        for one in found["dependencies"]
        if "vulns" in one
    }
    weak = {name: [vuln["id"] for vuln in vulns] for name, vulns in looked_up.items() if vulns}
    unknown = [name for name in wanted if name not in looked_up]
    lines = [f"{name}: {', '.join(ids)}" for name, ids in weak.items()]
    lines += [f"{name}: not audited" for name in unknown]
    if not looked_up:
        return NOT_AUDITED, ["not audited: nothing could be looked up"]
    lines.append(f"{len(looked_up)} of {len(wanted)} looked up, {len(weak)} with known weaknesses")
    return (WEAK if weak else NOT_AUDITED if unknown else CLEAN), lines


if __name__ == "__main__":
    sys.exit(main())
