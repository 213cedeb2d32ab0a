"""Samplers: which episodes of a payoff table are played, and what stands for those that are not.

`SAMPLERS` names them all; a sampler's module is imported when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from ssa_psro.errors import Fault, UsageError, did_you_mean
from ssa_psro.metagame.sampling.protocol import Sampler, SamplingOptions

__all__ = ["SAMPLERS", "Sampler", "SamplingOptions", "make_sampler"]

_HERE = "ssa_psro.metagame.sampling"

SAMPLERS: dict[str, tuple[str, str]] = {
    "full": (f"{_HERE}.protocol", "full_sampler"),
    "reservoir": (f"{_HERE}.reservoir", "reservoir_sampler"),
    "adaptive": (f"{_HERE}.adaptive", "adaptive_sampler"),
}
"""Name of each sampler: the module and the function that makes it from ``SamplingOptions``."""


def make_sampler(name: str, options: SamplingOptions) -> Sampler:
    """The sampler of that name.

    Raises:
        UsageError: no such sampler, and the nearest name is suggested; or an option it needs is
            out of range.
    """
    if name not in SAMPLERS:
        fault = Fault("sampler", name, "no such sampler", did_you_mean(name, SAMPLERS))
        raise UsageError("samplers", [fault])
    module, function = SAMPLERS[name]
    return cast(Callable[[SamplingOptions], Sampler], getattr(import_module(module), function))(
        options
    )
