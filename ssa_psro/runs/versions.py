"""What a run was made with; a resumed run continues exactly only under the same versions."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

PACKAGES = (
    "ssa-psro",
    "numpy",
    "scipy",
    "numba",
    "torch",
    "stable-baselines3",
    "astropy",
    "boinor",
)
"""The packages that results can depend on."""


def current_versions() -> dict[str, str]:
    """Version of Python and of every package in ``PACKAGES``; nothing is imported."""
    return {"python": platform.python_version(), **{name: _version(name) for name in PACKAGES}}


def changed_versions(then: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """What is not as it was: name -> (version then, version now)."""
    now = current_versions()
    return {
        name: (then.get(name, "absent"), now.get(name, "absent"))
        for name in sorted({*then, *now})
        if then.get(name) != now.get(name)
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"
