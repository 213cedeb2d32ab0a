"""A peer's side of a comparison, in the peer's interpreter: one turn whenever it is told to.

``python -I host.py SCRIPT`` reads a task, one line of JSON, and hands it to the script's
function for that work, which returns what does the work once and what makes JSON of an answer.
Then it hears ``turn`` and says how long one took, or ``answer`` and says what came of the last.
Whatever the peer's libraries print goes to the error stream.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import module_from_spec, spec_from_file_location
from time import perf_counter
from typing import Any


def spent_s() -> tuple[float, float]:
    """Processor seconds of this process and of its ended children, and wall seconds."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used), perf_counter()


def load(path: str) -> Any:
    """The script as a module."""
    spec = spec_from_file_location("peer_script", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def versions(packages: tuple[str, ...]) -> dict[str, str]:
    """Of the distributions that matter, as far as they are installed as such."""
    found = {}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "no distribution"
    return found


def main() -> None:
    """Prepare, then answer line by line."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def say(told: Any) -> None:
        out.write(json.dumps(told) + "\n")
        out.flush()

    task = json.loads(sys.stdin.readline())
    try:
        module = load(sys.argv[1])
        run, told = module.WORKS[task["work"]](task)
    except ImportError as error:
        say({"absent": str(error)})
        return
    say({"versions": versions(module.PACKAGES), "python": sys.version.split()[0]})
    answer = None
    for line in sys.stdin:
        if line.strip() == "turn":
            begun = spent_s()
            answer, units = run()
            cpu_s, wall_s = (now - then for now, then in zip(spent_s(), begun, strict=True))
            say({"cpu_s": cpu_s, "wall_s": wall_s, "units": units})
        else:
            say(told(answer))


if __name__ == "__main__":
    main()
