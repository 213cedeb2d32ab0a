"""Gymnasium is told of this package's environments, without this package importing Gymnasium.

Gymnasium 1.0 gave up the entry points by which packages used to announce environments: an id is
known only once somebody has registered it. Importing Gymnasium here would load it for everybody
who wants a report or the help. So the environments are registered now if Gymnasium is there, and
otherwise as soon as anybody imports it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

REGISTRY = "gymnasium.envs.registration"
"""The module of Gymnasium that keeps the ids; it is complete once it has run."""


def announce_environments() -> None:
    """Register the environments now, or when Gymnasium is imported."""
    if REGISTRY in sys.modules:
        _register(sys.modules[REGISTRY])
    elif not any(isinstance(finder, _Awaiting) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Awaiting())


def _register(registry: ModuleType) -> None:
    registry.register(
        id="ssa_psro/Coverage-v0",
        entry_point="ssa_psro.envs.gymnasium_env:CoverageEnv",
        vector_entry_point="ssa_psro.envs.gymnasium_env:CoverageVectorEnv",
    )


class _Awaiting(MetaPathFinder):
    """Finds one module the way it is always found, and registers once it has run."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != REGISTRY:
            return None
        sys.meta_path.remove(self)
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Registering(spec.loader)
        return spec


class _Registering(Loader):
    """Another loader, and the registration after it."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        _register(module)
