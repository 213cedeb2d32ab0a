"""A learner's parameters as the rest of the package names them, and as SB3 does.

Ours are ``actor.0.weight``, ..., ``actor.head.bias``, the same with ``critic``, and for Q-learning
with ``q``. SB3 counts the activation functions as layers too. The slow copy of a Q-network is not
kept: it begins anew as the network is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from stable_baselines3.common.policies import BasePolicy

from ssa_psro.learn.training import Parameters

_BODIES = {
    "actor": "mlp_extractor.policy_net",
    "critic": "mlp_extractor.value_net",
    "q": "q_net.q_net",
}
_HEADS = {"actor": "action_net", "critic": "value_net"}
_COPIES = {"q_net.q_net": "q_net_target.q_net"}
_KINDS = ("weight", "bias")


def to_weights(policy: BasePolicy) -> Parameters:
    """Copies of all parameters of an SB3 policy under our names."""
    state = policy.state_dict()
    return {ours: state[theirs].cpu().numpy().copy() for ours, theirs in names_of(policy).items()}


def load_weights(policy: BasePolicy, weights: Mapping[str, NDArray[Any]]) -> None:
    """Overwrite all parameters of an SB3 policy; names and shapes must fit."""
    state = {
        theirs: torch.from_numpy(np.array(weights[ours], dtype=np.float32))
        for ours, theirs in names_of(policy).items()
    }
    for body, copy in _COPIES.items():
        slow = {name.replace(body, copy): array.clone() for name, array in state.items()}
        state |= {name: array for name, array in slow.items() if name.startswith(copy)}
    policy.load_state_dict(state)


def names_of(policy: BasePolicy) -> dict[str, str]:
    """Our name -> SB3's, of every parameter that is kept."""
    state = policy.state_dict()
    pairs: dict[str, str] = {}
    for net, body in _BODIES.items():
        inside = sorted({int(name.split(".")[2]) for name in state if name.startswith(body + ".")})
        layers = [f"{body}.{place}" for place in inside]
        layers += [_HEADS[net]] if layers and net in _HEADS else []
        places = [*map(str, range(len(layers) - 1)), "head"] if layers else []
        pairs |= {f"{net}.{place}": layer for place, layer in zip(places, layers, strict=True)}
    return {f"{ours}.{k}": f"{theirs}.{k}" for ours, theirs in pairs.items() for k in _KINDS}
