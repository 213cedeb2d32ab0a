"""Work on a cluster of Ray, which runs already, or on one of this machine that ends with the work.

Ray starts the processes, moves what they need and find, and gives a piece to another process where
one is lost. All there is to do here is to divide the work and to keep the results in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

from ssa_psro.errors import Fault, UsageError
from ssa_psro.work.mapping import map_in_turn, parts_of
from ssa_psro.work.processes import THREAD_LIMITS

T = TypeVar("T")
R = TypeVar("R")

PIECES: Final = 4
"""Into which the short work of one call is divided for each processor of the cluster."""
THREADS: Final = (*THREAD_LIMITS, "NUMBA_NUM_THREADS")
AUTHENTICATION: Final = (
    "Start this command with RAY_AUTH_MODE as the cluster has it (token or disabled), and with the "
    "cluster's token in RAY_AUTH_TOKEN or ~/.ray/auth_token."
)


class OnRay:
    """Every piece of work is a task of one processor; the package must be installed where they run.

    Args:
        address: of a cluster, as ``ray.init`` takes it (``auto``: the one that runs here); without
            one, a cluster of this machine is started.

    Raises:
        UsageError: Ray is not installed, or the cluster cannot be reached.
    """

    together = False

    def __init__(self, address: str | None = None) -> None:
        try:
            import ray
        except ImportError:
            cure = "Install it: pip install 'ssa-psro[ray]'."
            raise UsageError("executor", [Fault("ray", None, "is not installed", cure)]) from None
        self._ray = ray
        environment = {"env_vars": dict.fromkeys(THREADS, "1")}
        try:
            ray.init(
                address=address or "local",
                include_dashboard=None if address else False,
                log_to_driver=False,
                logging_level="ERROR",
                runtime_env=environment,
            )
        except Exception as error:  # of many kinds: no address, nobody there, no token
            problem = f"no cluster can be reached: {str(error).strip().splitlines()[0]}"
            fault = Fault("--address", address, problem, AUTHENTICATION)
            raise UsageError("executor", [fault]) from None
        # a task that is lost with its process or machine is done again, however often that happens
        self._task = ray.remote(num_cpus=1, max_retries=-1)(map_in_turn)
        self._asked: list[Any] = []

    @property
    def processors(self) -> int:
        """Of the whole cluster, now."""
        return max(1, int(self._ray.cluster_resources().get("CPU", 1)))

    def short(self, function: Callable[[T], R], items: list[T], stage: str, /) -> Iterator[R]:
        """In pieces of several items."""
        return self._done(function, items, PIECES * self.processors)

    def long(self, function: Callable[[T], R], items: list[T], stage: str, /) -> Iterator[R]:
        """Each item is a piece."""
        return self._done(function, items, len(items))

    def arrive(self, place: Path, name: str, outdated: Callable[[], bool], /) -> None:
        """Nobody else has to know."""

    def end(self, error: BaseException | None, /) -> None:
        """End what is still being done, and leave the cluster."""
        for one in self._asked:
            self._ray.cancel(one, force=True)
        self._ray.shutdown()

    def _done(self, function: Callable[[T], R], items: list[T], most: int) -> Iterator[R]:
        if not items:
            return
        shared = self._ray.put(function)
        self._asked = [self._task.remote(shared, part) for part in parts_of(items, most)]
        while self._asked:
            try:
                results = self._ray.get(self._asked[0])
            except self._ray.exceptions.RayTaskError as error:
                raise error.cause from None  # what the work itself has raised
            del self._asked[0]
            yield from results
