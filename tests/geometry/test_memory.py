"""What a game takes of memory: what its scenario says, from the first table to the last step."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from skies import catalog, regime, scenario, walker, window

from ssa_psro.scenario.schema import Scenario, Side

PEAK = """
import sys
from pathlib import Path

from ssa_psro.game.engine import game_of
from ssa_psro.policies import make_policy, play
from ssa_psro.randomness import episode_seeds
from ssa_psro.scenario import Scenario

game = game_of(Scenario.model_validate_json(Path(sys.argv[1]).read_text("utf-8")))
seeds = episode_seeds(1, "memory", count=8)
play(game, make_policy("information"), make_policy("random"), seeds)
status = Path("/proc/self/status").read_text("ascii").splitlines()
print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""


def measured_bytes(game: Scenario, folder: Path) -> float:
    """Peak of the memory that a new process has in use, which builds and plays ``game``."""
    path = folder / "game.json"
    path.write_text(game.model_dump_json(), "utf-8")
    command = [sys.executable, "-c", PEAK, str(path)]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    return 1024.0 * float(told.stdout)


def many(objects: int, satellites: int) -> Scenario:
    """So many objects and sensors a side, over ten days."""
    sides = {
        name: Side(constellation=walker(satellites=satellites, raan_deg=degrees))
        for name, degrees in (("blue", 0.0), ("red", 20.0))
    }
    objects_of = regime(count=objects, contested=objects // 4)
    return scenario(catalog=catalog(objects_of), window=window(horizon_days=10.0), **sides)


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize(("objects", "satellites"), [(2000, 12), (200, 96)])
def test_memory_is_counted_within_a_fifth(
    objects: int, satellites: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of games that are not small beside the libraries, whose size differs between installations.

    Less what compiling the rules takes, which a process that has to do it pays for once.
    """
    game, built = many(objects, satellites), []
    for cache in ("first", "second"):
        monkeypatch.setenv("SSA_PSRO_CACHE", str(tmp_path / cache))
        built.append(measured_bytes(game, tmp_path))
    found = measured_bytes(game, tmp_path)
    assert max(min(built), found) == pytest.approx(game.memory_bytes, rel=0.2)
