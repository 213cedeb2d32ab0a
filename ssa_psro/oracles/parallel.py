"""Training the responses of both sides at once, each in a process of its own.

What travels is the oracle and its request, not the tables: a worker builds its game from the
table cache, once. Workers are spawned, so that they inherit no threads, and they live until the
pool is closed, because importing torch takes seconds.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Final

from ssa_psro.metagame.judge import Mapper, map_in_turn

SIDES: Final = 2
THREAD_LIMITS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@contextmanager
def oracle_pool(workers: int) -> Iterator[Mapper]:
    """A map for ``run_psro(map_oracles=...)``.

    Like every program that spawns processes, a script must guard its work by
    ``if __name__ == "__main__":``.

    Args:
        workers: processes at most; two are of use, and 1 trains in this process, in turn.
    """
    if workers < SIDES:
        yield map_in_turn
        return
    others = set(multiprocessing.active_children())
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(SIDES, mp_context=context, initializer=_prepare_worker) as pool:
        try:
            yield pool.map
        except BaseException:  # nobody waits any more for what is still being trained
            for worker in set(multiprocessing.active_children()) - others:
                worker.terminate()
            raise


def _prepare_worker() -> None:
    """One thread a worker, no word about an interrupt, and no worker without its parent."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    for name in THREAD_LIMITS:
        os.environ[name] = "1"
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # A parent that is killed outright cannot close the pool; its workers would wait for ever.
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
