"""The chance of the reference: splitmix64, keyed; and its rounding of durations."""

from __future__ import annotations

import numpy as np
import pytest
from reference.reference_state import GOLDEN, MASK, mix, uniform, whole_steps


def test_mix_is_splitmix64() -> None:
    # First three outputs for seed 0 of the public-domain C code by Vigna (2015).
    states = [GOLDEN * count & MASK for count in (1, 2, 3)]
    expected = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    assert [mix(state) for state in states] == expected


def test_uniform_depends_on_every_key_and_looks_uniform() -> None:
    base = (5, 3, 0, 1, 2)
    variants = {uniform(*base)}
    for position in range(5):
        variants.add(uniform(*[key + 10 * (i == position) for i, key in enumerate(base)]))
    assert len(variants) == 6
    draws = [uniform(9, 3, 1, n, t) for n in range(40) for t in range(50)]
    assert np.mean(draws) == pytest.approx(0.5, abs=0.03)
    assert 0 <= min(draws) < 0.01 < 0.99 < max(draws) < 1


def test_uniform_wraps_at_64_bit() -> None:
    assert uniform(MASK, 1, 0, 0, 0) != uniform(0, 1, 0, 0, 0)
    assert 0 <= uniform(MASK, 1, 0, 0, 0) < 1


@pytest.mark.parametrize(
    ("duration_s", "steps"), [(0, 0), (1, 1), (300, 1), (300.0000000001, 1), (301, 2), (1800, 6)]
)
def test_whole_steps_round_up(duration_s: float, steps: int) -> None:
    assert whole_steps(duration_s, 300) == steps
