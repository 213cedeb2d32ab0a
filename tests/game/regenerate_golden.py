"""Play the golden episodes anew: ``python tests/game/regenerate_golden.py``.

Do so only when a rule was changed on purpose, and say which in the changelog.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from game.golden import PATH, outcomes, save

if __name__ == "__main__":
    save(outcomes())
    print(f"wrote {PATH}")
