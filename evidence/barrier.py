"""What lies between members: ``python -m evidence.barrier FILE [--arms ARM ...]``.

Fusion sums the parameters of members. Whether that means anything shows along the way from one
member to another, and to the fused point: the loss barrier (Frankle et al., ICML 2020) is by how
much the payoff on the way falls below the straight line between its ends. How flat the payoff is
around a point, which the paper gives as a reason why fusing works (mechanism 2), is how much of it
random steps of a given length cost, as a share of the length of every layer's weights.

How much fusing costs as mixtures spread is asked with a knob: shares of all trained members from a
logit response to their payoffs, whose temperature runs from next to nothing (one member) to large
(all alike). What the fused point is worth less than the mixture is set against the mixture's
entropy.

Runs arms of an experiment file with networks in a tree game, so that all payoffs are exact. Of
every iteration whose mixture has two trained members or more, all payoffs are against the mixture
that the response had to answer; the knob is turned in every iteration with two trained members.
Writes ``barrier.csv``, a row a measurement, and ``entropy.png``, and prints means over seeds with
their intervals; ``--write PAGE`` puts the tables into a page.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import softmax
from scipy.stats import entropy

from ssa_psro.experiments.figures import COLOURS, MARKERS
from ssa_psro.experiments.plan import Arm, Plan
from ssa_psro.experiments.plan_reading import load_plan
from ssa_psro.experiments.running import solved_by
from ssa_psro.experiments.setting_up import SetUp, set_up
from ssa_psro.findings.wording import Form
from ssa_psro.learn.protocol import OracleRequest, Weights
from ssa_psro.metagame.estimates import scores_against
from ssa_psro.metagame.intervals import Interval, student_interval
from ssa_psro.psro import IterationRecord, PsroState
from ssa_psro.randomness import derive_seed, generator
from ssa_psro.report.csv_files import write_rows
from ssa_psro.report.drawing import save_png, settings
from ssa_psro.report.markdown import markdown, renew
from ssa_psro.report.style import INK

MARK = "barrier"
PLACES = np.linspace(0.0, 1.0, 11)
"""Shares of the way at which payoffs are measured, both ends included."""
LENGTHS = (0.05, 0.1, 0.2)
"""Of random steps, as shares of the length of each layer's weights."""
DIRECTIONS = 8
TEMPERATURES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Of logit responses, as shares of the standard deviation of members' payoffs."""
BINS = (0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 4.0)
"""Of entropy in nats; the last holds mixtures of up to 54 members."""
TEMPERED = "fused point less mixture"
LEVEL = Form(3, signed=True)

Row = dict[str, Any]
Payoff = Callable[[Weights], float]


def rows_of(plan: Plan, arm: Arm, seed: int) -> Iterator[Row]:
    """All measurements of one run."""
    root = derive_seed(seed, plan.game)
    ready = set_up(plan, arm, root)
    state = solved_by(plan, arm, ready, root).state
    for record in state.records:
        for side, own in enumerate(record.populations):
            members = _trained(state, record, side)
            if len(members) > 1:
                payoff = _payoff(ready, state, record, side)
                key: Row = {
                    "arm": arm.name,
                    "seed": seed,
                    "iteration": record.iteration,
                    "side": own.side,
                }
                yield from ({**key, **row} for row in _tempered(members, payoff))
                mixed = [(one, share) for one, share in members if share > 0]
                if len(mixed) > 1:
                    random = generator(root, "barrier", record.iteration, side)
                    yield from ({**key, **row} for row in _measured(mixed, payoff, random))


def _trained(
    state: PsroState[Any], record: IterationRecord, side: int
) -> list[tuple[Weights, float]]:
    """Networks of the population, and their shares of the mixture."""
    shares = record.sides[side].mixture
    members = state.populations[side].members[: len(shares)]
    return [
        (dict(member.parameters), share)
        for member, share in zip(members, shares, strict=True)
        if member.parameters is not None
    ]


def _payoff(ready: SetUp, state: PsroState[Any], record: IterationRecord, side: int) -> Payoff:
    """Of a network of given weights against what the iteration's response had to answer."""
    own, other = (np.array(record.sides[seat].mixture) for seat in (side, 1 - side))
    learners = state.populations[side].members[: own.size]
    opponents = state.populations[1 - side].members[: other.size]
    met = np.pad(other, (0, state.table.mean.shape[1 - side] - other.size))
    request = OracleRequest(
        side=side,
        iteration=record.iteration,
        name="measured",
        opponents=opponents,
        opponent_mixture=other,
        learners=learners,
        learner_mixture=own,
        learner_scores=scores_against(state.table, met, side)[: own.size],
        start="scratch",
        seed=0,
    )
    oracle: Any = ready.oracle
    agent = oracle.agent(request)

    def payoff(weights: Weights) -> float:
        return float(agent.task.payoff(agent.policy("measured", weights)))

    return payoff


def _measured(
    members: Sequence[tuple[Weights, float]], payoff: Payoff, random: np.random.Generator
) -> Iterator[Row]:
    weights = [one for one, _ in members]
    shares = np.array([share for _, share in members])
    fused = weighted(weights, shares / shares.sum())
    worth = [payoff(one) for one in weights]
    for one, two in combinations(range(len(members)), 2):
        yield {"what": "member to member", "value": barrier(weights[one], weights[two], payoff)}
    for each in weights:
        yield {"what": "member to fused point", "value": barrier(each, fused, payoff)}
    mean = float(shares @ worth / shares.sum())
    yield {"what": "fused point less mean of members", "value": payoff(fused) - mean}
    heaviest = int(shares.argmax())
    for name, point in (("member", weights[heaviest]), ("fused point", fused)):
        for length in LENGTHS:
            lost = steepness(point, length, payoff, random)
            yield {"what": f"{name}, steps of {length:g}", "value": lost}


def _tempered(members: Sequence[tuple[Weights, float]], payoff: Payoff) -> Iterator[Row]:
    weights = [one for one, _ in members]
    worth = np.array([payoff(one) for one in weights])
    spread = float(worth.std())
    if spread > 0.0:
        for temperature in TEMPERATURES:
            shares = softmax(worth / (temperature * spread))
            told = payoff(weighted(weights, shares)) - float(shares @ worth)
            mixed = float(entropy(shares))
            yield {"what": TEMPERED, "value": told, "entropy": mixed, "temperature": temperature}


def weighted(weights: Sequence[Mapping[str, Any]], shares: Any) -> dict[str, Any]:
    """The sum of networks' weights, each times its share ``[n]``."""
    return {
        key: sum(share * one[key] for one, share in zip(weights, shares, strict=True)).astype(
            np.float32
        )
        for key in weights[0]
    }


def barrier(start: Mapping[str, Any], end: Mapping[str, Any], payoff: Payoff) -> float:
    """By how much payoffs on the way fall below the line between its ends, at most; >= 0."""
    on_the_way = np.array([payoff(weighted([start, end], [1.0 - t, t])) for t in PLACES])
    line = (1.0 - PLACES) * on_the_way[0] + PLACES * on_the_way[-1]
    return float((line - on_the_way).max())


def steepness(
    point: Mapping[str, Any], length: float, payoff: Payoff, random: np.random.Generator
) -> float:
    """What random steps of a length cost on average, of ``DIRECTIONS``."""
    here, lost = payoff(point), list[float]()
    for _ in range(DIRECTIONS):
        moved = {}
        for key, array in point.items():
            step = random.standard_normal(np.shape(array))
            reach = length * float(np.linalg.norm(array)) / float(np.linalg.norm(step))
            moved[key] = (array + reach * step).astype(np.float32)
        lost.append(here - payoff(moved))
    return float(np.mean(lost))


def arms_of(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows of each arm."""
    names = dict.fromkeys(row["arm"] for row in rows)
    return {name: [row for row in rows if row["arm"] == name] for name in names}


def table_of(rows: Sequence[Row]) -> str:
    """Means over seeds of what a run has on average, with 95 % intervals, an arm a column."""
    some = [row for row in rows if row["what"] != TEMPERED]
    kinds = dict.fromkeys(row["what"] for row in some)
    return markdown(_lines("in payoffs", some, lambda row: str(row["what"]), kinds))


def entropy_table_of(rows: Sequence[Row]) -> str:
    """What fusing costs before any training, by the entropy of the mixture that is fused."""
    some = [row for row in rows if row["what"] == TEMPERED]
    bins = [f"{low:g} to {high:g}" for low, high in pairwise(BINS)]
    lines = _lines(
        f"{TEMPERED}, by entropy [nats]",
        some,
        lambda row: bins[int(np.digitize(row["entropy"], BINS[1:-1]))],
        bins,
    )
    laws = [LEVEL.interval(law_of(own)) for own in arms_of(some).values()]
    return markdown([*lines, ["a nat, fitted", *laws]])


def law_of(rows: Sequence[Row]) -> Interval:
    """Payoff that fusing adds for a nat of entropy, over seeds, of one arm.

    A line through the origin, as a mixture of one member is its own fused point, is fitted to each
    seed by least squares; the interval is Student's over the seeds' slopes.
    """
    slopes = []
    for seed in dict.fromkeys(row["seed"] for row in rows):
        some = [row for row in rows if row["seed"] == seed and row["what"] == TEMPERED]
        x, y = (np.array([row[key] for row in some]) for key in ("entropy", "value"))
        slopes.append(float(x @ y / (x @ x)))
    return student_interval(np.array(slopes))


def _lines(
    head: str, rows: Sequence[Row], kind: Callable[[Row], str], kinds: Iterable[str]
) -> list[list[str]]:
    """A line a kind, where there are measurements of it, and a column an arm."""
    arms = arms_of(rows)
    lines = [[head, *arms]]
    for one in kinds:
        cells = [[row for row in own if kind(row) == one] for own in arms.values()]
        if any(cells):
            lines.append([one, *map(_told, cells)])
    return lines


def _told(some: Sequence[Row]) -> str:
    """A mean, of how many measurements in how many runs."""
    runs = [
        float(np.mean([float(row["value"]) for row in some if row["seed"] == seed]))
        for seed in dict.fromkeys(row["seed"] for row in some)
    ]
    if not runs:
        return ""
    alone = LEVEL.number(runs[0])
    told = LEVEL.interval(student_interval(np.array(runs))) if len(runs) > 1 else alone
    return f"{told} ({len(some)} in {len(runs)})"


def draw_entropy(rows: Sequence[Row], path: Path) -> None:
    """Every tempered mixture a point, seeds in colours of their own, and the fitted line."""
    from matplotlib.figure import Figure

    arms = arms_of([row for row in rows if row["what"] == TEMPERED])
    with settings():
        figure = Figure(figsize=(4.5 * len(arms), 4.2), layout="constrained")
        axes = figure.subplots(1, len(arms), sharex=True, sharey=True, squeeze=False)[0]
        for ax, (name, some) in zip(axes, arms.items(), strict=True):
            law = law_of(some)
            ax.axhline(0.0, color=INK, lw=0.8)
            for number, seed in enumerate(dict.fromkeys(row["seed"] for row in some)):
                x, y = (
                    [row[k] for row in some if row["seed"] == seed] for k in ("entropy", "value")
                )
                colour = COLOURS[1 + number % (len(COLOURS) - 1)]
                ax.plot(x, y, MARKERS[number % len(MARKERS)], color=colour, ms=3, alpha=0.45, lw=0)
            reach = np.array([0.0, max(row["entropy"] for row in some)])
            ax.fill_between(reach, law.low * reach, law.high * reach, color=INK, alpha=0.15, lw=0)
            told = f"{LEVEL.interval(law)} a nat, 95 % over seeds"
            ax.plot(reach, law.mean * reach, color=INK, lw=1.4, label=told)
            ax.set_title(name, loc="left")
            ax.set_xlabel("Entropy of the mixture that is fused [nats]")
            ax.legend()
        axes[0].set_ylabel("Fused point less mixture [payoff]")
        save_png(figure, path)


def main() -> None:
    """Make the runs, write down what lies between their members, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("file", type=Path, help="experiment file")
    parser.add_argument("--arms", nargs="+", help="the first that fuses, if not given")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--iterations", type=int)
    parser.add_argument("--output", type=Path, default=Path(MARK))
    parser.add_argument("--write", type=Path, metavar="PAGE")
    arguments = parser.parse_args()
    if arguments.seeds < 2:
        parser.error("give --seeds two or more, over which intervals are")
    plan = load_plan(arguments.file)
    if arguments.iterations:
        plan = plan.model_copy(update={"iterations": arguments.iterations})
    names = arguments.arms or [next(arm.name for arm in plan.arms if arm.start == "fusion")]
    rows = list[Row]()
    for seed in range(1, arguments.seeds + 1):
        for name in names:
            rows += rows_of(plan, plan.arm(name), seed)
            write_rows(arguments.output / f"{MARK}.csv", rows)
    rows.sort(key=lambda row: names.index(row["arm"]))
    draw_entropy(rows, arguments.output / "entropy.png")
    found = {MARK: table_of(rows), f"{MARK}-entropy": entropy_table_of(rows)}
    print(*found.values(), sep="\n")
    if arguments.write:
        renew(arguments.write, found)


if __name__ == "__main__":
    main()
