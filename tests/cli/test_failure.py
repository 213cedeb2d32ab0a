"""What a command's errors become: exit codes and plain words."""

from __future__ import annotations

import pytest
import typer

from ssa_psro.cli.output import guarded
from ssa_psro.errors import Fault, RunFolderError, SolverError


def _exit_code(error: BaseException) -> int:
    def command() -> None:
        raise error

    with pytest.raises(typer.Exit) as caught:
        guarded(command)()
    return caught.value.exit_code


def test_solver_error_exits_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert _exit_code(SolverError("nash-lp left a relative gap of 1e-3")) == 1
    assert capsys.readouterr().err == "error: nash-lp left a relative gap of 1e-3\n"


def test_input_error_exits_2_with_every_fault(capsys: pytest.CaptureFixture[str]) -> None:
    faults = [
        Fault("manifest[0]", "[bold]x", "is damaged", "Start a new run."),
        Fault("payoffs", None, "is missing", "Resume the run."),
    ]
    assert _exit_code(RunFolderError("runs/a [b]", faults)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "runs/a [b]: 2 faults",
        "  manifest[0]: is damaged (found '[bold]x')",
        "    Start a new run.",
        "  payoffs: is missing",
        "    Resume the run.",
    ]


def test_interrupt_exits_130(capsys: pytest.CaptureFixture[str]) -> None:
    assert _exit_code(KeyboardInterrupt()) == 130
    assert capsys.readouterr().err.startswith("interrupted")


def test_own_bug_is_not_hidden() -> None:
    def command() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        guarded(command)()
