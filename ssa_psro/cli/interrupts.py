"""Signals that end a command: whatever ends it, what is written stays whole and is told."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Final

ENDING: Final = ("SIGTERM", "SIGHUP")
"""Beside Ctrl-C: what a scheduler or a system that shuts down sends, and a terminal that closes."""


class Interrupted(KeyboardInterrupt):
    """A signal that asks the process to end.

    Attributes:
        number: of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


def heed_signals() -> None:
    """Let signals that end a process interrupt it, but for those that are ignored (``nohup``)."""
    for number in _ending():
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _interrupt)


def exit_code(interrupt: KeyboardInterrupt) -> int:
    """What shells say of a command that a signal ended."""
    return 128 + getattr(interrupt, "number", signal.SIGINT)


def _interrupt(number: int, frame: FrameType | None) -> None:
    for one in _ending():
        signal.signal(one, signal.SIG_IGN)  # a system that shuts down sends more than one
    raise Interrupted(number)


def _ending() -> list[signal.Signals]:
    return [getattr(signal, name) for name in ENDING if hasattr(signal, name)]
