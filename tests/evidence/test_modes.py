"""PPO by action mode: the page says what rows say; the shared network treats candidates alike."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import torch

from evidence.modes import ARMS, MARK, Shared, table_of
from ssa_psro.envs.modes import CANDIDATE_FEATURES
from ssa_psro.game import SUMMARY
from ssa_psro.report.markdown import tables_of

ROOT = Path(__file__).parents[2]


def _stored() -> list[dict[str, str]]:
    with (ROOT / f"figures/{MARK}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_page_has_the_table_of_the_stored_rows() -> None:
    rows = _stored()
    assert {row["arm"] for row in rows} == set(ARMS)
    assert len({row["decisions"] for row in rows}) == 1
    assert tables_of((ROOT / "docs/game.md").read_text("utf-8"))[MARK] == table_of(rows)


def test_the_page_says_what_priorities_lack() -> None:
    page = " ".join((ROOT / "docs/game.md").read_text("utf-8").split())
    means = {
        arm: np.mean([float(row["gain"]) for row in _stored() if row["arm"] == arm]) for arm in ARMS
    }
    flat, shared = means["priority"], means["priority, shared"]
    assert f"gains {means['doctrine']:.2f} by doctrines" in page
    assert f"{flat:.2f} by a flat network of priorities and {shared:.2f} by a shared one" in page


def test_candidates_that_look_alike_get_the_same_priority_wherever_they_stand() -> None:
    torch.manual_seed(1)
    candidates, features = 5, len(CANDIDATE_FEATURES)
    network, rng = Shared(candidates), np.random.default_rng(1)
    summary, each = rng.random(len(SUMMARY)), rng.random((candidates, features))
    order = [3, 0, 4, 1, 2]
    seen = np.stack(
        [np.concatenate([summary, part.ravel()]) for part in (each, each[order])]
    ).astype(np.float32)
    first, second = network.forward_actor(torch.as_tensor(seen)).detach().numpy()
    np.testing.assert_allclose(second, first[order], rtol=1e-5)
    assert np.ptp(first) > 0  # they were told apart by what they look like
