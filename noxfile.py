#!/usr/bin/env -S uv run --script
# /// script
# dependencies = ["nox>=2025.5.1"]
# ///
"""Sessions over the supported Pythons, and over the lowest and highest versions of what is needed.

``nox`` runs the quick ones, ``nox -l`` lists all. Those with a learner install torch, which may
bring several GB.
"""

from __future__ import annotations

import re

import nox

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "venv"

PYTHONS = ["3.11", "3.12", "3.13"]
PROJECT = nox.project.load_toml("pyproject.toml")
NEEDED = PROJECT["project"]["dependencies"]
TEST = nox.project.dependency_groups(PROJECT, "test")
LEARNER = re.compile(r"(torch|stable-baselines3)\b")


def run_tests(session: nox.Session, *options: str) -> None:
    """The tests, or those that the command line names after ``--``."""
    session.run("pytest", "-n", "auto", *options, *session.posargs)


@nox.session(python=PYTHONS, default=False)
def tests(session: nox.Session) -> None:
    """All tests, with the highest versions that there are."""
    session.install("--editable", ".", *TEST)
    run_tests(session)


@nox.session(python=["3.11"], default=False)
def tests_lowest(session: nox.Session) -> None:
    """All tests, with the lowest versions of what ``pyproject.toml`` names."""
    floors = [one.replace(">=", "==") for one in NEEDED + TEST if ">=" in one]
    session.install("--no-deps", "--editable", ".")
    session.install(*floors)
    run_tests(session, "-W", "default")


@nox.session(python=PYTHONS)
def tests_without_learner(session: nox.Session) -> None:
    """All tests but those that train, in an environment without torch."""
    needed = [one for one in NEEDED if not LEARNER.match(one)]
    session.install(*PROJECT["build-system"]["requires"], "editables", *needed, *TEST)
    session.install("--no-deps", "--no-build-isolation", "--editable", ".")
    run_tests(session)


@nox.session
def lint(session: nox.Session) -> None:
    """Style, types and layers."""
    session.install("--editable", ".", *nox.project.dependency_groups(PROJECT, "dev"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("lint-imports")


@nox.session
def docs(session: nox.Session) -> None:
    """The site, into build/docs; a warning is an error."""
    session.install(*nox.project.dependency_groups(PROJECT, "docs"))
    session.run("sphinx-build", "-W", "--keep-going", "docs", "build/docs", *session.posargs)


@nox.session(default=False)
def wheel(session: nox.Session) -> None:
    """The wheel in an environment of its own: its scenarios, and the golden episodes to the bit."""
    session.install(".", *TEST)
    session.run("pytest", "tests/e2e/test_wheel.py", *session.posargs)


@nox.session(default=False)
def supply(session: nox.Session) -> None:
    """A lock with hashes, a bill of materials, and a look-up of known weaknesses."""
    session.install(".", "cyclonedx-bom", "pip-audit")
    for what in ("lock", "sbom"):
        session.run("python", "-m", "evidence.supply", what)
    session.run("python", "-m", "evidence.supply", "audit", success_codes=[0, 3])


@nox.session
def repo_review(session: nox.Session) -> None:
    """What a public checker of scientific Python repositories says of this one."""
    session.install("sp-repo-review[cli]")
    session.run("repo-review", ".", *session.posargs)


if __name__ == "__main__":
    nox.main()
