"""Barriers and steepness of payoffs that are known, and of a small run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from experiments.test_experiment_runs import DQN

from evidence.barrier import (
    TEMPERATURES,
    TEMPERED,
    barrier,
    draw_entropy,
    entropy_table_of,
    law_of,
    rows_of,
    steepness,
    table_of,
    weighted,
)
from ssa_psro.experiments.plan_reading import parse_plan


def point(*numbers: float) -> dict[str, np.ndarray]:
    return {"weight": np.array(numbers, dtype=np.float32)}


def test_a_straight_way_has_no_barrier_and_a_valley_has_its_depth() -> None:
    ends = point(0.0), point(1.0)
    assert barrier(*ends, lambda one: 3.0 * one["weight"][0]) == pytest.approx(0.0, abs=1e-6)
    valley = barrier(*ends, lambda one: 4.0 * (one["weight"][0] - 0.5) ** 2)
    assert valley == pytest.approx(1.0)  # from 1 at both ends to 0 halfway
    assert barrier(*ends, lambda one: -((one["weight"][0] - 0.5) ** 2)) == pytest.approx(0.0)


def test_the_fused_point_is_the_weighted_sum() -> None:
    fused = weighted([point(1.0, 0.0), point(0.0, 4.0)], [0.25, 0.75])
    np.testing.assert_allclose(fused["weight"], [0.25, 3.0])
    assert fused["weight"].dtype == np.float32


def test_steps_have_the_length_asked_for() -> None:
    lost = steepness(
        point(3.0, 4.0),
        0.1,
        lambda one: -float(np.sum((one["weight"] - [3.0, 4.0]) ** 2)),
        np.random.default_rng(1),
    )
    assert lost == pytest.approx((0.1 * 5.0) ** 2, rel=1e-4)


def test_the_law_is_the_slope_of_each_seed_through_the_origin() -> None:
    rows = [
        {"arm": "one", "what": TEMPERED, "seed": seed, "entropy": x, "value": slope * x}
        for seed, slope in ((1, -0.2), (2, -0.4))
        for x in (0.1, 0.6, 2.2)
    ]
    assert law_of(rows).mean == pytest.approx(-0.3)
    bins = entropy_table_of(rows).splitlines()[2:]
    first = [line.split("|")[1].strip() for line in bins]
    assert first == ["0 to 0.25", "0.5 to 1", "2 to 2.5", "a nat, fitted"]
    assert "-0.180" in bins[1]  # the mean of -0.12 and -0.24


def test_a_run_is_measured_where_its_mixtures_are_spread(tmp_path: Path) -> None:
    plan = parse_plan(DQN.replace("batch = 16", "batch = 16, learning_rate = 0.01"), "test")
    plan = plan.model_copy(update={"iterations": 8})
    rows = list(rows_of(plan, plan.arm("inherit-last"), 1))
    assert rows, "no mixture of two trained members"
    by_kind = {row["what"] for row in rows}
    assert {"member to member", "fused point, steps of 0.1"} <= by_kind
    pairs = sum(row["what"] == "member to member" for row in rows)
    assert f"({pairs} in 1) |" in table_of(rows)

    tempered = [row for row in rows if row["what"] == TEMPERED]
    assert len(tempered) % len(TEMPERATURES) == 0
    one_set = tempered[: len(TEMPERATURES)]
    spread = [row["entropy"] for row in one_set]
    assert spread == sorted(spread), "a higher temperature spreads a mixture"
    assert one_set[0]["value"] == pytest.approx(0.0, abs=0.05), "one member is its own fused point"
    draw_entropy([*rows, *({**row, "seed": 2} for row in rows)], tmp_path / "entropy.png")
    assert (tmp_path / "entropy.png").stat().st_size > 10_000
