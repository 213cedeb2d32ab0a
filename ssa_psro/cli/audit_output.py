"""An audit for people: a line a response, and what the best of them say of the run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from ssa_psro.cli.output import print_table, shown, stdout, table
from ssa_psro.cli.run_output import duration
from ssa_psro.study.audit import Audit, Findings
from ssa_psro.study.audit.documents import DOCUMENT, FOLDER

if TYPE_CHECKING:
    from ssa_psro.metagame.intervals import Interval

LOWER_BOUND = "approximate exploitability (lower bound)"


def print_audit(audit: Audit, folder: Path) -> None:
    """Print what an audit found."""
    whom = "final equilibrium" if audit.iteration is None else f"iterate {audit.iteration}"
    print_table(
        f"{audit.scenario}: what independent responses gain over the {whom}",
        _responses(audit.run),
        "Mean [95 % interval] on held-out episodes; chosen on other episodes: bold.",
    )
    print_table("Outcome of the audit", _outcome(audit))
    if audit.self_play is not None:
        print_table(
            "What responses gain over self-play, the baseline without a population",
            _responses(audit.self_play.findings),
        )
        print_table("Outcome for self-play", _self_play(audit))
    stdout().print(f"audit  {folder / FOLDER / DOCUMENT}", soft_wrap=True)
    stdout().print(f"into the report with: ssa-psro report {folder}", soft_wrap=True)


def _responses(findings: Findings) -> Table:
    lines = table("side", "oracle", "start", "decisions", "gain", "training")
    for one in findings.responses:
        trained = one.decisions > 0
        lines.add_row(
            one.side.capitalize(),
            one.oracle if trained else "best member",
            one.start_rule if trained else one.name,
            f"{one.decisions:,}" if trained else "",
            shown(one.gain, 4, signed=True),
            duration(one.seconds) if trained else "",
            style="bold" if one.chosen else "",
        )
    return lines


def _outcome(audit: Audit) -> Table:
    lines = _bounds(audit.run)
    if audit.in_loop is not None:
        lines.add_row("the same inside the run", shown(audit.in_loop, 4))
        lines.add_row("    on held-out episodes", f"{audit.in_loop.count:,}")
        lines.add_row("    decisions a response", f"{audit.in_loop_decisions:,}")
    return lines


def _self_play(audit: Audit) -> Table:
    found = audit.self_play
    assert found is not None, "only printed if it was asked for"
    lines = _bounds(found.findings)
    for side, payoff in zip(("Blue", "Red"), found.payoffs, strict=True):
        words = f"payoff of the run's {side} against self-play"
        lines.add_row(words, shown(payoff, 4, signed=True))
    lines.add_row("trained", f"{found.decisions:,} decisions a side, {duration(found.seconds)}")
    return lines


def _bounds(findings: Findings) -> Table:
    lines = Table.grid(padding=(0, 2))
    bound: Interval = findings.approx_exploitability
    lines.add_row(LOWER_BOUND, shown(bound, 4))
    lines.add_row("    from unclamped gains", shown(findings.raw_exploitability, 4, signed=True))
    lines.add_row("    on held-out episodes", f"{bound.count:,}")
    return lines
