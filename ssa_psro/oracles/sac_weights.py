"""A SAC learner's parameters as the rest of the package names them, and as SB3 does.

Ours are ``actor.0.weight``, ..., ``actor.head.weight`` as in ``policies.doctrine``, ``squash``,
``log_std.weight`` and ``log_std.bias`` of the layer that chooses how much to explore, and the
critics ``q0.0.weight``, ..., ``q1.head.bias``. The critics' slow copies are not kept: they begin
anew as the critics are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from stable_baselines3.sac.policies import SACPolicy

from ssa_psro.envs.modes import Doctrine
from ssa_psro.game import CoverageGame
from ssa_psro.oracles.isolation import isolated
from ssa_psro.oracles.training import Parameters
from ssa_psro.policies.doctrine import SQUASH

CRITICS: Final = ("q0", "q1")
_KINDS: Final = ("weight", "bias")


def network_options(hidden: Sequence[int]) -> dict[str, Any]:
    """SB3's policy options: tanh networks, an actor and two critics, that share nothing.

    Args:
        hidden: widths of the hidden layers of each.
    """
    return {
        "net_arch": {"pi": list(hidden), "qf": list(hidden)},
        "activation_fn": torch.nn.Tanh,
        "n_critics": len(CRITICS),
    }


def fresh_parameters(game: CoverageGame, hidden: Sequence[int], seed: int) -> Parameters:
    """SB3's initialisation."""
    mode = Doctrine(game, 0)
    with isolated(seed):
        policy = SACPolicy(
            mode.observation_space,
            mode.action_space,
            lambda progress: 0.0,
            **network_options(hidden),
        )
    return to_parameters(policy)


def to_parameters(policy: SACPolicy) -> Parameters:
    """Copies of all parameters of an SB3 policy under our names."""
    state = policy.state_dict()
    arrays = {
        ours: state[theirs].cpu().numpy().copy()
        for ours, theirs in _names(_hidden_layers(policy)).items()
    }
    return {**arrays, SQUASH: np.ones(1, np.float32)}


def load_parameters(policy: SACPolicy, parameters: Mapping[str, NDArray[Any]]) -> None:
    """Overwrite all parameters of an SB3 policy; names and shapes must fit."""
    state = {
        theirs: torch.from_numpy(np.array(parameters[ours], dtype=np.float32))
        for ours, theirs in _names(_hidden_layers(policy)).items()
    }
    copies = {
        name.replace("critic.", "critic_target.", 1): array.clone()
        for name, array in state.items()
        if name.startswith("critic.")
    }
    policy.load_state_dict({**state, **copies})


def _hidden_layers(policy: SACPolicy) -> int:
    return sum(name.startswith("actor.latent_pi") for name in policy.state_dict()) // 2


def _names(hidden_layers: int) -> dict[str, str]:
    """Our name -> SB3's, which counts the activation functions as layers too."""
    layers = range(hidden_layers)
    pairs = {f"actor.{layer}": f"actor.latent_pi.{2 * layer}" for layer in layers}
    pairs |= {"actor.head": "actor.mu", "log_std": "actor.log_std"}
    for number, critic in enumerate(CRITICS):
        pairs |= {f"{critic}.{layer}": f"critic.qf{number}.{2 * layer}" for layer in layers}
        pairs[f"{critic}.head"] = f"critic.qf{number}.{2 * hidden_layers}"
    return {f"{ours}.{k}": f"{theirs}.{k}" for ours, theirs in pairs.items() for k in _KINDS}
