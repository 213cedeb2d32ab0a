"""Policies of every kind for the contract that all of them keep."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ssa_psro.game import FEATURES, SUMMARY, Command, View, priority_command
from ssa_psro.policies import (
    HEURISTICS,
    ConstantDoctrine,
    DoctrineNetwork,
    Mixture,
    Policy,
    make_policy,
)


class Patient:
    """The ten-line policy of the manual: look at what has not been seen for longest."""

    name = "patient"
    constant = False

    def act(self, view: View) -> Command:
        """Priority by age."""
        return priority_command(view.feature("age"))


def some_network(seed: int = 0, hidden: tuple[int, ...] = (16, 8)) -> DoctrineNetwork:
    """A network with random parameters, and a critic that must not matter."""
    rng = np.random.default_rng(seed)
    parameters: dict[str, NDArray[np.float32]] = {}
    widths = (len(SUMMARY), *hidden)
    for layer, (before, after) in enumerate(pairwise(widths)):
        for part in ("actor", "critic"):
            weight = rng.normal(size=(after, before)) / np.sqrt(before)
            parameters[f"{part}.{layer}.weight"] = weight.astype(np.float32)
            parameters[f"{part}.{layer}.bias"] = rng.normal(size=after).astype(np.float32)
    for part, rows in (("actor", len(FEATURES)), ("critic", 1)):
        head = rng.normal(size=(rows, hidden[-1]))
        parameters[f"{part}.head.weight"] = head.astype(np.float32)
        parameters[f"{part}.head.bias"] = rng.normal(size=rows).astype(np.float32)
    parameters["log_std"] = np.zeros(len(FEATURES), np.float32)
    return DoctrineNetwork(f"network-{seed}", parameters)


def some_mixture() -> Mixture:
    """A mixture of all kinds of policies."""
    members = (make_policy("aggressive"), some_network(1), Patient(), make_policy("blinding"))
    return Mixture("mixture", members, np.array([0.3, 0.3, 0.3, 0.1]))


KINDS: dict[str, Callable[[], Policy]] = {
    **HEURISTICS,
    "constant": lambda: ConstantDoctrine("constant", tuple(np.linspace(-1, 1, len(FEATURES)))),
    "network": some_network,
    "user": Patient,
    "mixture": some_mixture,
    "constant mixture": lambda: Mixture(
        "both", (make_policy("random"), make_policy("shielded")), np.array([0.5, 0.5])
    ),
}
