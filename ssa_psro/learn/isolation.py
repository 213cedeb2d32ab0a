"""Training that leaves no trace: SB3 seeds global generators, and torch takes every core."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch

_NUMPY_SEEDS = 2**32


@contextmanager
def isolated(seed: int) -> Iterator[int]:
    """Seed the global generators and use one torch thread; put everything back afterwards.

    One thread, because several collapse on a busy machine, and sums over another number of
    threads round differently.

    Args:
        seed: any; what the generators get of it is the value of the ``with``.
    """
    # SB3's rollout buffer shuffles with numpy's global generator: there is no other way in.
    before = (random.getstate(), np.random.get_state(), torch.get_rng_state())  # noqa: NPY002
    threads = torch.get_num_threads()
    small = seed % _NUMPY_SEEDS
    try:
        torch.set_num_threads(1)
        random.seed(small)
        np.random.seed(small)  # noqa: NPY002
        torch.manual_seed(small)
        yield small
    finally:
        random.setstate(before[0])
        np.random.set_state(before[1])  # noqa: NPY002
        torch.set_rng_state(before[2])
        torch.set_num_threads(threads)
