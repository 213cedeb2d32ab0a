"""Randomness as a pure function of its purpose.

A draw is a hash of (episode seed, stream, keys), so the same event has the same luck under every
policy (common random numbers) and no generator state has to be stored or ordered. With a generator,
one draw more or less by one policy would shift all later luck: two policies could not be compared
on the same episode, and the order of work would matter.
The mixing function is the finaliser of SplitMix64 (Steele, Lea & Flood 2014).
"""

from __future__ import annotations

import math

import numpy as np

from ssa_psro.arrays import Floats, Seeds
from ssa_psro.compiled import compiled, entry_point

# Streams: purposes of a draw. Their numbers are part of every result; never give one a new meaning.
START = 1
AGE = 2
DETECT = 3
NOISE = 4
HAPPENS = 5
WHEN = 6
POLICY = 7
MEMBER = 8
SIZE = 9
BRIGHTNESS = 10

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
"""The odd number next to 2^64 divided by the golden ratio, and SplitMix64's two multipliers."""
_TO_UNIT = 2.0**-53


@compiled
def _mix(z: np.uint64) -> np.uint64:
    z = (z ^ (z >> np.uint64(30))) * _FIRST
    z = (z ^ (z >> np.uint64(27))) * _SECOND
    return z ^ (z >> np.uint64(31))


@compiled
def uniform(seed: int, stream: int, i: int, j: int, k: int) -> float:
    """A number in [0, 1) that depends on nothing but its arguments."""
    # Key after key through the whole mixer: each bit of each key changes about half of the bits of
    # the result, and an exchange of two keys gives another number. Sums of uint64 wrap, and should.
    h = _mix(np.uint64(seed) + _GOLDEN)
    h = _mix((h ^ np.uint64(stream)) + _GOLDEN)
    h = _mix((h ^ np.uint64(i)) + _GOLDEN)
    h = _mix((h ^ np.uint64(j)) + _GOLDEN)
    h = _mix((h ^ np.uint64(k)) + _GOLDEN)
    # The upper 53 bits, as many as a double holds: no rounding, so the number is never 1.
    return float(h >> np.uint64(11)) * _TO_UNIT


@compiled
def normal(seed: int, stream: int, i: int, j: int) -> float:
    """A number of the standard normal distribution (Box and Muller 1958), keyed likewise."""
    # the logarithm needs a number above 0, and 1 - u of a u below 1 is one
    distance = math.sqrt(-2.0 * math.log(1.0 - uniform(seed, stream, i, j, 0)))
    return distance * math.cos(2.0 * math.pi * uniform(seed, stream, i, j, 1))


@entry_point
def branch(seeds: Seeds, stream: int, key: int) -> Seeds:
    """``[B]`` new seeds, whose numbers have nothing to do with those of ``seeds``.

    A policy gets such seeds, not the episode's own, with which it could compute its luck ahead.
    """
    branched = np.empty_like(seeds)
    for b in range(seeds.size):
        h = _mix((seeds[b] ^ np.uint64(stream)) + _GOLDEN)
        branched[b] = _mix((h ^ np.uint64(key)) + _GOLDEN)
    return branched


@entry_point
def uniforms(seeds: Seeds, stream: int, i: int, j: int, k: int) -> Floats:
    """``[B]`` the number of each seed."""
    numbers = np.empty(seeds.size)
    for b in range(seeds.size):
        numbers[b] = uniform(seeds[b], stream, i, j, k)
    return numbers
