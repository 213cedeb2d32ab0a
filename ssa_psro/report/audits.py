"""An audit in a few sentences."""

from __future__ import annotations

from ssa_psro.metagame.intervals import Interval
from ssa_psro.report.markup import text
from ssa_psro.report.wording import plural, signed, unsigned
from ssa_psro.study.audit import Audit, Findings


def audit_in_words(audit: Audit) -> str:
    """What the best of the responses say of the run, beside what the run says of itself."""
    whom = (
        f"the mixtures of iterate {audit.iteration}"
        if audit.iteration
        else "the equilibrium of the last payoff table"
    )
    found = audit.run.approx_exploitability
    sentences = [
        f"Independent responses put the approximate exploitability of {whom} at "
        f"{_bounds(found)}, a lower bound from {plural(found.count, 'held-out episode')} and "
        f"{plural(_trained(audit.run), 'training')} of {audit.settings.decisions:,} decisions."
    ]
    if audit.in_loop is not None:
        sentences.append(
            f"The run's own figure for the same mixtures is {_bounds(audit.in_loop)}, from "
            f"trainings of {audit.in_loop_decisions:,} decisions. {_verdict(audit)}"
        )
    paragraphs = [text("p", " ".join(sentences))]
    if audit.self_play is not None:
        paragraphs.append(text("p", _self_play(audit)))
    return "".join(paragraphs)


def _verdict(audit: Audit) -> str:
    assert audit.in_loop is not None, "there is something to compare with"
    if audit.run.approx_exploitability.low > audit.in_loop.high:
        return "So the run's own oracles missed part of what can be gained."
    return "The audit found no more than the run did itself."


def _self_play(audit: Audit) -> str:
    found = audit.self_play
    assert found is not None, "only asked of an audit that has it"
    blue, red = found.payoffs
    return (
        f"Self-play, one network a side without a population, trained for {found.decisions:,} "
        "decisions a side: its approximate exploitability by the same battery is "
        f"{_bounds(found.findings.approx_exploitability)}. Against it the run's Blue earns "
        f"{_signed(blue)} and its Red {_signed(red)}."
    )


def _trained(findings: Findings) -> int:
    return sum(one.decisions > 0 for one in findings.responses)


def _bounds(interval: Interval) -> str:
    low, high = unsigned(interval.low, 4), unsigned(interval.high, 4)
    return f"{unsigned(interval.mean, 4)} [{low}, {high}]"


def _signed(interval: Interval) -> str:
    return f"{signed(interval.mean)} [{signed(interval.low)}, {signed(interval.high)}]"
