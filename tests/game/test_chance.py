"""The game's chance: a hash that must never change, and must look like independent luck."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.reference_state import uniform as reference_uniform
from scipy import stats

from ssa_psro.game import chance

KEYS = st.integers(0, 2**40)
STREAMS = {
    "START": 1,
    "AGE": 2,
    "DETECT": 3,
    "NOISE": 4,
    "HAPPENS": 5,
    "WHEN": 6,
    "POLICY": 7,
    "MEMBER": 8,
    "SIZE": 9,
    "BRIGHTNESS": 10,
}
"""Purposes of a draw; their numbers are part of every result."""
SEEDS = np.arange(20_000, dtype=np.uint64)

GOLDEN = [
    # (seed, stream, i, j, k) -> number, by the arbitrary-precision code in tests/reference, whose
    # mixing function is checked there against Vigna's published output of SplitMix64.
    ((0, 1, 0, 0, 0), 0.9752873302169826),
    ((1, 3, 1, 5, 17), 0.33864723869817503),
    ((2**63 - 1, 4, 0, 83, 863), 0.37247884445399193),
    ((2**64 - 1, 7, 1, 0, 0), 0.996361308247432),
]


def number(seed: int, *keys: int) -> float:
    return float(chance.uniforms(np.array([seed], dtype=np.uint64), *keys)[0])


@pytest.mark.parametrize(("key", "expected"), GOLDEN)
def test_golden_values(key: tuple[int, ...], expected: float) -> None:
    assert number(*key) == expected


@given(
    seed=st.integers(0, 2**64 - 1),
    stream=st.sampled_from([*STREAMS.values()]),
    i=KEYS,
    j=KEYS,
    k=KEYS,
)
def test_equals_the_slow_definition(seed: int, stream: int, i: int, j: int, k: int) -> None:
    assert number(seed, stream, i, j, k) == reference_uniform(seed, stream, i, j, k)


def test_plain_python_gives_the_compiled_number() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # numpy warns when a scalar wraps around
        plain = chance.uniform(np.uint64(7), chance.DETECT, 1, 2, 3)
    assert plain == number(7, chance.DETECT, 1, 2, 3)


def test_every_stream_keeps_its_number() -> None:
    found = {name: one for name, one in vars(chance).items() if name.isupper() and name[0] != "_"}
    assert found == STREAMS
    assert len(set(STREAMS.values())) == len(STREAMS)


def test_branched_seeds_tell_nothing_of_their_origin() -> None:
    """A policy that draws as chance does, from the seeds of its view, cannot foresee chance."""
    blue, red = (chance.branch(SEEDS, chance.POLICY, side) for side in (0, 1))
    luck = [chance.uniforms(seeds, chance.DETECT, 0, 3, 5) for seeds in (SEEDS, blue, red)]
    assert len(np.unique(np.concatenate([SEEDS, blue, red]))) == 3 * SEEDS.size
    correlations = np.corrcoef(luck)[np.triu_indices(3, 1)]
    assert np.abs(correlations).max() < 4 / np.sqrt(SEEDS.size)


@pytest.mark.parametrize("stream", STREAMS.values())
def test_uniform_over_seeds(stream: int) -> None:
    numbers = chance.uniforms(SEEDS, stream, 1, 2, 3)
    assert numbers.min() >= 0
    assert numbers.max() < 1
    assert stats.kstest(numbers, "uniform").pvalue > 1e-3


def test_uniform_over_the_keys_of_one_episode() -> None:
    seed = SEEDS[5:6]
    numbers = [
        chance.uniforms(seed, chance.DETECT, 0, n, t)[0] for n in range(60) for t in range(99)
    ]
    assert stats.kstest(numbers, "uniform").pvalue > 1e-3


def test_no_key_tells_anything_about_another() -> None:
    """Correlations between neighbours in every key stay within sampling noise (5 sigma)."""
    base = (chance.DETECT, 0, 1, 1)
    columns = [chance.uniforms(SEEDS, *base), chance.uniforms(SEEDS + np.uint64(1), *base)]
    for position in range(4):
        keys = tuple(key + (index == position) for index, key in enumerate(base))
        columns.append(chance.uniforms(SEEDS, *keys))
    correlation = np.corrcoef(columns) - np.eye(len(columns))
    assert np.abs(correlation).max() < 5 / np.sqrt(SEEDS.size)
