"""Networks of Stable-Baselines3, and their parameters as the rest of the package names them.

Ours are those of ``policies.doctrine``: ``actor.0.weight``, ..., ``actor.head.bias``, the same with
``critic`` (PPO), ``q0`` and ``q1`` (SAC's critics of actions) or ``q`` (values of actions alone),
and ``log_std``: a vector of PPO's, a layer of SAC's. SB3 counts the activation functions as layers
too. Slow copies of networks are not kept: they begin anew as the networks are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from stable_baselines3.common.policies import ActorCriticPolicy, BasePolicy
from torch import Tensor

from ssa_psro.arrays import Singles
from ssa_psro.learn.masked import MaskedActorCritic, Unmasked
from ssa_psro.learn.protocol import Parameters, Task, Weights
from ssa_psro.learn.settings import TrainingSettings
from ssa_psro.learn.training import isolated

ACTIVATIONS = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh}

_BODIES = {
    "mlp_extractor.policy_net": "actor",
    "mlp_extractor.value_net": "critic",
    "q_net.q_net": "q",
    "actor.latent_pi": "actor",
    "critic.qf0": "q0",
    "critic.qf1": "q1",
}
_HEADS = {
    "mlp_extractor.policy_net": {"actor.head": "action_net"},
    "mlp_extractor.value_net": {"critic.head": "value_net"},
    "actor.latent_pi": {"actor.head": "actor.mu", "log_std": "actor.log_std"},
}
"""Heads that SB3 keeps apart from the body; of the other networks, the last layer is the head."""
_COPIES = {"q_net.": "q_net_target.", "critic.": "critic_target."}
_KINDS = ("weight", "bias")
LOG_STD = "log_std"


def options(settings: TrainingSettings, task: Task[Any]) -> dict[str, Any]:
    """SB3's policy options that are the same for all algorithms."""
    fused = {"fused": True} if settings.fused else {}
    common = {
        "activation_fn": ACTIVATIONS[settings.activation],
        "optimizer_kwargs": {"eps": settings.adam_epsilon, **fused},
    }
    if task.kind == "continuous":
        return common
    return common | {  # observations end with a mask
        "features_extractor_class": Unmasked,
        "features_extractor_kwargs": {"actions": int(task.action_space.n)},
    }


def no_learning_rate(progress: float) -> float:
    """For policies that are only looked at."""
    return 0.0


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
    known = policy.state_dict()
    for body, copy in _COPIES.items():
        slow = {copy + name.removeprefix(body): array for name, array in state.items()}
        state |= {name: array.clone() for name, array in slow.items() if name in known}
    policy.load_state_dict(state)


def names_of(policy: BasePolicy) -> dict[str, str]:
    """Our name -> SB3's, of every parameter that is kept."""
    state = policy.state_dict()
    pairs: dict[str, str] = {}
    for body, net in _BODIES.items():
        places = sorted({int(name.split(".")[2]) for name in state if name.startswith(body + ".")})
        if not places:
            continue
        layers = [f"{body}.{place}" for place in places]
        heads = _HEADS.get(body) or {f"{net}.head": layers.pop()}
        pairs |= {f"{net}.{place}": layer for place, layer in enumerate(layers)} | heads
    names = {f"{ours}.{k}": f"{theirs}.{k}" for ours, theirs in pairs.items() for k in _KINDS}
    return {**names, **({LOG_STD: LOG_STD} if LOG_STD in state else {})}


def output_of(
    make: Callable[[], BasePolicy],
    weights: Weights,
    observations: Singles | Tensor,
    output: Callable[[Any, Tensor], Tensor],
) -> Tensor:
    """Of a network of these weights at observations ``[N, ...]``: ``[N, k]``."""
    with isolated(0), torch.no_grad():
        policy = make()
        load_weights(policy, weights)
        return output(policy, torch.as_tensor(observations))


def mean_actions(policy: Any, observations: Tensor) -> Tensor:
    """The means ``[N, D]`` of an actor's numbers, as they are before they are cut off."""
    assert isinstance(policy, ActorCriticPolicy)
    features = policy.extract_features(observations)
    assert isinstance(features, Tensor)
    means: Tensor = policy.action_net(policy.mlp_extractor.forward_actor(features))
    return means


def probabilities(policy: Any, observations: Tensor) -> Tensor:
    """An actor's probabilities ``[N, A]`` of choices, in double precision."""
    assert isinstance(policy, MaskedActorCritic)
    return policy.log_probabilities(observations).double().softmax(dim=1)
