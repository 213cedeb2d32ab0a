"""Seeds keyed by purpose.

Every random number in the package comes from a root seed and a purpose ("oracle", 3, "blue"),
so a result depends neither on the order of the work nor on the number of workers.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

SEED_BITS = 63


def derive_seed(root: int, *purpose: str | int) -> int:
    """A seed in [0, 2**63) that is a pure function of ``root`` and ``purpose``."""
    key = "/".join(str(part) for part in (root, *purpose))
    digest = blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - SEED_BITS)


def generator(root: int, *purpose: str | int) -> np.random.Generator:
    """A fresh numpy generator for one purpose."""
    return np.random.default_rng(derive_seed(root, *purpose))


def episode_seeds(root: int, *purpose: str | int, count: int) -> NDArray[np.uint64]:
    """Seeds of ``count`` episodes: ``[count]`` uint64. A longer list extends a shorter one."""
    return np.array(
        [derive_seed(root, *purpose, episode) for episode in range(count)], dtype=np.uint64
    )
