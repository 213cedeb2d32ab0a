"""Episodes with an outcome on file; see ``golden.py`` and ``regenerate_golden.py``."""

from __future__ import annotations

import pytest
from game.golden import load, outcomes

TOLERANCE = 1e-9  # rounding of another processor or mathematics library


def test_no_rule_has_changed_unnoticed() -> None:
    kept, found = load(), outcomes()
    assert found.keys() == kept.keys()
    for episode, numbers in kept.items():
        for name, expected in numbers.items():
            assert found[episode][name] == pytest.approx(expected, abs=TOLERANCE), (
                f"{name} of {episode}; if the rules were changed on purpose, run "
                "`python tests/game/regenerate_golden.py`"
            )
