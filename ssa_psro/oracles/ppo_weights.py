"""A learner's parameters as the rest of the package names them, and as SB3 does.

Ours are those of ``policies.doctrine``: ``actor.0.weight``, ..., ``actor.head.weight``, the same
with ``critic``, and ``log_std``. SB3 counts the activation functions as layers too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from stable_baselines3.common.policies import ActorCriticPolicy

from ssa_psro.envs.modes import Doctrine
from ssa_psro.game import CoverageGame
from ssa_psro.oracles.isolation import isolated

LOG_STD: Final = "log_std"
_BODY: Final = {"actor": "mlp_extractor.policy_net", "critic": "mlp_extractor.value_net"}
_HEAD: Final = {"actor": "action_net", "critic": "value_net"}


def network_options(hidden: Sequence[int], log_std: float) -> dict[str, Any]:
    """SB3's policy options: two tanh networks, actor and critic, that share nothing.

    Args:
        hidden: widths of the hidden layers of either.
        log_std: initial log standard deviation of every action.
    """
    widths = list(hidden)
    return {
        "net_arch": {"pi": widths, "vf": widths},
        "activation_fn": torch.nn.Tanh,
        "log_std_init": log_std,
    }


def fresh_parameters(
    game: CoverageGame, hidden: Sequence[int], log_std: float, seed: int
) -> dict[str, NDArray[np.float32]]:
    """SB3's initialisation: orthogonal bodies, an actor's head near 0, biases of 0."""
    mode = Doctrine(game, 0)
    with isolated(seed):
        policy = ActorCriticPolicy(
            mode.observation_space,
            mode.action_space,
            lambda progress: 0.0,
            **network_options(hidden, log_std),
        )
    return to_parameters(policy)


def to_parameters(policy: ActorCriticPolicy) -> dict[str, NDArray[np.float32]]:
    """Copies of all parameters of an SB3 policy under our names."""
    state = policy.state_dict()
    layers = sum(name.startswith(_BODY["actor"]) for name in state) // 2
    return {name: state[_in_sb3(name)].cpu().numpy().copy() for name in _names(layers)}


def load_parameters(policy: ActorCriticPolicy, parameters: Mapping[str, NDArray[Any]]) -> None:
    """Overwrite all parameters of an SB3 policy; names and shapes must fit."""
    policy.load_state_dict(
        {
            _in_sb3(name): torch.from_numpy(np.array(array, dtype=np.float32))
            for name, array in parameters.items()
        }
    )


def _names(hidden_layers: int) -> list[str]:
    layers = [*map(str, range(hidden_layers)), "head"]
    kinds = ("weight", "bias")
    return [f"{net}.{layer}.{kind}" for net in _BODY for layer in layers for kind in kinds] + [
        LOG_STD
    ]


def _in_sb3(name: str) -> str:
    if name == LOG_STD:
        return name
    net, layer, kind = name.split(".")
    return f"{_HEAD[net]}.{kind}" if layer == "head" else f"{_BODY[net]}.{2 * int(layer)}.{kind}"
