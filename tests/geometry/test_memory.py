"""What a game takes of memory: what its scenario says, from the first table to the last step."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from skies import catalog, regime, scenario, walker, window

from ssa_psro.scenario.schema import Scenario, Side

pytestmark = pytest.mark.slow

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


BUILT = """
import sys
from pathlib import Path

from ssa_psro.geometry import build_arena
from ssa_psro.scenario import Scenario

game = Scenario.model_validate_json(Path(sys.argv[1]).read_text("utf-8"))
arena = build_arena(game, cache_dir=Path(sys.argv[2]) if sys.argv[2:] else None)
status = Path("/proc/self/status").read_text("ascii").splitlines()
print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""


def measured_bytes(game: Scenario, folder: Path, program: str = PEAK, *more: Path) -> float:
    """Peak of the memory that a new process has in use, which builds and plays ``game``."""
    path = folder / "game.json"
    path.write_text(game.model_dump_json(), "utf-8")
    command = [sys.executable, "-c", program, str(path), *map(str, more)]
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


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_what_goes_to_disk_is_never_whole_in_memory(tmp_path: Path) -> None:
    """Who sees what is 138 MB here: a build that keeps it in memory takes so much more."""
    game, quality_bytes = many(1000, 24), 2880 * 2 * 24 * 1000
    measured_bytes(game, tmp_path, BUILT)  # compiles what is not yet
    kept = measured_bytes(game, tmp_path, BUILT)
    written = measured_bytes(game, tmp_path, BUILT, tmp_path / "cache")
    assert kept - written > 0.6 * quality_bytes
