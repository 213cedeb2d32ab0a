"""What the page of findings says in words is what the shipped results say in numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from evidence import barrier
from ssa_psro.experiments.results import interval_of
from ssa_psro.experiments.running import read_rows
from ssa_psro.experiments.summary import Row, seeds_to_decide
from ssa_psro.findings.wording import Form, percent
from ssa_psro.metagame.intervals import student_interval

ROOT = Path(__file__).parents[2]
PAGE, POPULATIONS = (
    " ".join((ROOT / "docs" / name).read_text("utf-8").split())
    for name in ("fusion-findings.md", "does-psro-pay.md")
)
BRIEF, CHANGE = Form(2), Form(2, signed=True)


def found(experiment: str, quantity: str) -> dict[str, Row]:
    """Rows of a shipped summary by arm."""
    path = ROOT / "figures" / "experiments" / experiment / "summary.csv"
    return {row["arm"]: row for row in read_rows(path) if row["quantity"] == quantity}


def change(row: Row) -> str:
    return told_as(row, CHANGE, "difference")


def told_as(row: Row, form: Form, kind: str = "") -> str:
    one = interval_of(row, kind)
    assert one is not None
    return form.interval(one)


def spread(numbers: list[float]) -> str:
    return f"{min(numbers):.2f} to {max(numbers):.2f}"


def test_the_plane() -> None:
    ends = found("a-trajectories", "exploitability")
    assert (
        f"exploitability ends at {ends['fusion']['mean']:.2f} "
        f"against {ends['scratch']['mean']:.2f}" in PAGE
    )
    spread_out = found("a-trajectories", "exploitability")["spread-out"]["mean"]
    restarted = found("a-trajectories", "exploitability")["spread-out-restarts"]["mean"]
    assert f"({spread_out:.3f} and {restarted:.3f})" in PAGE


def test_when_fusion_begins() -> None:
    rows = found("b-fusion-start", "best_exploitability")
    gains = [-row["difference"] for arm, row in rows.items() if arm != "scratch"]
    assert f"lowest {spread(gains)} below scratch whenever it begins" in PAGE
    ends = found("b-fusion-start", "exploitability")
    told = {arm: row for arm, row in ends.items() if arm != "scratch"}
    lower = [-row["difference"] for row in told.values() if row["difference_high"] < 0.0]
    assert f"three of four are lower than scratch by {spread(lower)}" in PAGE
    assert told["fusion-from-5"]["difference_high"] > 0.0
    curves = exploitabilities("b-fusion-start")
    for begun in (5, 10, 20):
        way = np.mean(curves[f"fusion-from-{begun}"], axis=0)
        assert 0.75 < way[begun : begun + 3].min() < 0.85
    assert round(float(np.mean(curves["fusion-from-2"], axis=0)[2:6].min()), 1) == 0.9


def test_meta_solvers() -> None:
    lowest = found("d-meta-solvers", "best_exploitability")
    fused = {arm: row for arm, row in lowest.items() if arm.endswith("-fusion")}
    told = [fused[f"{name}-fusion"]["difference"] for name in ("prd", "nash")]
    assert f"lowest: {-told[0]:.2f} below scratch with them, {-told[1]:.2f} with Nash" in PAGE
    ends = found("d-meta-solvers", "exploitability")
    assert all(ends[f"{name}-fusion"]["difference_high"] > 0.0 for name in ("prd", "nash"))
    curves = exploitabilities("d-meta-solvers")
    gains = [
        [min(one) - min(other) for one, other in zip(fusion, scratch, strict=True)]
        for fusion, scratch in (
            (curves[f"{name}-fusion"], curves[f"{name}-scratch"]) for name in ("prd", "nash")
        )
    ]
    apart = student_interval(np.subtract(*gains))
    assert apart.low < 0.0 < apart.high  # "not told from Nash's"
    bad = found("f-bad-meta-solvers", "best_exploitability")
    found_bad = sorted(
        -row["difference"]
        for arm, row in bad.items()
        if arm.endswith("-fusion") and not arm.startswith("nash")
    )
    told_bad = " and ".join(f"{one:.2f}" for one in found_bad)
    assert f"lowest: {told_bad} below scratch with two that are not" in PAGE
    shaken = found("f-bad-meta-solvers", "exploitability")["shaken-nash-fusion"]
    assert f"lower at the end ({change(shaken)})" in PAGE


def test_networks() -> None:
    lowest, ends = (
        found("h-architectures", one) for one in ("best_exploitability", "exploitability")
    )
    for arm, words in (
        ("small-relu", "{:.2f} with the small ReLU"),
        ("large-relu", "{:.2f} with the large one"),
        ("small-tanh", "{:.2f} with the small tanh"),
    ):
        assert words.format(-lowest[f"{arm}-fusion"]["difference"]) in PAGE
    tanh = lowest["large-tanh-fusion"]
    assert tanh["difference_low"] < 0.0 < tanh["difference_high"]
    assert f"small ReLU network gains ({change(ends['small-relu-fusion'])})" in PAGE
    for arm in ("large-relu-fusion", "small-tanh-fusion"):
        assert ends[arm]["difference_low"] < 0.0 < ends[arm]["difference_high"]
    assert f"worse by {told_as(ends['large-tanh-fusion'], BRIEF, 'difference')}" in PAGE


def test_frozen_starts() -> None:
    row = found("g-frozen-start", "exploitability")["fusion-frozen"]
    assert f"end at {row['mean']:.2f} ({change(row)} against those that learned" in PAGE


def test_lowest_points_with_and_without() -> None:
    both: dict[bool, list[float]] = {True: [], False: []}
    for name in ("b-fusion-start", "d-meta-solvers", "f-bad-meta-solvers", "g-frozen-start"):
        for arm, row in found(name, "best_exploitability").items():
            plain = not any(one in arm for one in ("behavioural", "frozen", "uniform"))
            if plain and ("fusion" in arm or arm.endswith("scratch")):
                both["fusion" in arm].append(row["mean"])
    assert f"{spread(both[True])} with fusion and {spread(both[False])} without" in PAGE


def test_liars_dice_and_goofspiel() -> None:
    dice = found("c-liars-dice", "exploitability")["fusion"]
    way = found("c-liars-dice", "mean_exploitability")["fusion"]
    assert f"{change(dice)} at the end, {change(way)} in the mean" in PAGE
    psd = found("c-liars-dice", "exploitability")["psd-fusion"]
    assert f"With PSD-PSRO fusion ends higher ({change(psd)})" in PAGE
    ends = found("table-goofspiel", "exploitability")
    variants = [ends[arm]["difference"] for arm in ("fusion", "psd-fusion", "rectified-fusion")]
    assert f"above each of three by {spread(variants)} at the end" in PAGE
    warm = ["inherit-last", "inherit-nash", "behavioural-fusion"]
    every = [*variants, *(ends[arm]["difference"] for arm in warm)]
    assert f"ends higher, by {spread(every)}, with fusion by {variants[0]:.2f}" in PAGE
    runs = exploitabilities("table-goofspiel")["fusion"]
    assert {int(np.argmin(run[1:])) + 1 for run in runs} == {1, 2}
    lowest = found("table-goofspiel", "best_exploitability")["fusion"]
    assert f"is undecided ({change(lowest)})" in PAGE


def test_psd_psro_on_leduc() -> None:
    rows = found("table-leduc", "exploitability")
    assert (
        f"{rows['psd']['mean']:.2f} to {rows['psd-fusion']['mean']:.2f}, "
        f"difference {change(rows['psd-fusion'])}" in PAGE
    )


def test_what_responses_capture() -> None:
    dice, poker = found("c-liars-dice", "captured"), found("table-leduc", "captured")
    for rows in (dice, poker):
        assert f"{100 * rows['fusion']['mean']:.0f} %" in PAGE
        assert 2.0 < rows["fusion"]["mean"] / rows["scratch"]["mean"] < 3.3


def test_long_trainings_on_leduc() -> None:
    ends = found("l-population-leduc", "exploitability")
    fused, scratch = ends["psro-fusion"], ends["psro"]
    assert f"{fused['mean']:.2f} against {scratch['mean']:.2f}, difference {change(fused)}" in PAGE
    ratios = []
    for game in ("leduc", "liars-dice", "goofspiel-5"):
        both = found(f"l-population-{game}", "exploitability")
        ratios.append(both["psro-fusion"]["mean"] / both["psro"]["mean"])
    assert f"is {min(ratios):.1f} to {max(ratios):.1f} times that from scratch" in PAGE
    spiel = found("l-population-goofspiel-5", "exploitability")
    told = f"{spiel['psro-fusion']['mean']:.2f} against {spiel['psro']['mean']:.2f}"
    assert f"{told}, difference {change(spiel['psro-fusion'])}" in PAGE
    dice = found("l-population-liars-dice", "exploitability")
    fused, scratch = dice["psro-fusion"], dice["psro"]
    assert f"{fused['mean']:.2f} against {scratch['mean']:.2f}, difference {change(fused)}" in PAGE
    start = found("l-population-leduc", "spread_start_gain")["psro-fusion"]
    worth = told_as(start, Form(3))
    assert f"it is worth {worth} more than the mixture" in PAGE
    share = found("l-population-leduc", "spread_share")["psro-fusion"]["mean"]
    assert 0.4 < share < 0.6  # "half of the time"


def test_greedy_members() -> None:
    ends = found("k-fusion-leduc", "exploitability")
    told = [f"{ends[arm]['mean']:.2f}" for arm in ("fusion", "inherit-nash", "scratch")]
    words = "at the end {} with fusion, {} inherited, {} from scratch".format(*told)
    assert words in PAGE
    runs = exploitabilities("k-fusion-leduc")
    fused, plain = ([run[-1] for run in runs[arm]] for arm in ("fusion", "scratch"))
    apart = CHANGE.interval(student_interval(np.subtract(fused, plain)))
    assert (
        f"fusion less scratch {apart}, less inherited {change(ends['fusion'])}: undecided" in PAGE
    )
    assert f"fusion by {apart}, undecided" in PAGE
    assert {ends[arm]["verdict"] for arm in ("fusion", "fusion-of-2")} == {"undecided"}
    assert {ends[arm]["verdict"] for arm in ("inherit-nash", "continue")} == {"more"}
    assert f"{change(ends['fusion-of-2'])} of two members" in PAGE
    assert f"inheritance ends higher ({change(ends['inherit-nash'])})" in PAGE
    assert f"ends highest ({change(ends['continue'])})" in PAGE
    starts, shares = (
        found("k-fusion-leduc", "spread_start_gain"),
        found("k-fusion-leduc", "captured"),
    )
    assert f"+{told_as(starts['fusion'], Form(3))} before training" in PAGE
    assert f"it is +{told_as(starts['fusion-of-2'], Form(3))}" in PAGE
    assert f"is worth {told_as(starts['fusion'], Form(3))} more than the mixture" in PAGE
    assert f"scratch begins {-starts['scratch']['mean']:.2f} below it" in PAGE
    assert abs(starts["inherit-nash"]["mean"]) < 0.005
    spread_share = found("k-fusion-leduc", "spread_share")["fusion"]["mean"]
    assert f"{percent(spread_share)} of the iterations with fusion" in PAGE
    same = [100 * row["mean"] for arm, row in shares.items() if arm != "continue"]
    assert f"capture {min(same):.0f} to {max(same):.0f} % of what a best" in PAGE
    assert f"captures {percent(shares['continue']['mean'])} and ends highest" in PAGE


def test_greedy_members_on_liars_dice() -> None:
    name = "k-fusion-liars-dice"
    ends = found(name, "exploitability")
    told = [f"{ends[arm]['mean']:.2f}" for arm in ("fusion", "inherit-nash", "scratch")]
    assert "at the end {} with fusion, {} inherited, {} from scratch".format(*told) in PAGE
    runs = exploitabilities(name)
    fused, plain = ([run[-1] for run in runs[arm]] for arm in ("fusion", "scratch"))
    apart = CHANGE.interval(student_interval(np.subtract(fused, plain)))
    less = change(ends["fusion"])
    assert f"fusion less scratch {apart}, less inherited {less}: undecided" in PAGE
    assert f"fusion less inherited {less}, of two members {change(ends['fusion-of-2'])}" in PAGE
    inherited = change(ends["inherit-nash"])
    assert f"less scratch fusion is {apart}, and inherited {inherited}" in PAGE
    assert {row["verdict"] for row in ends.values()} == {"", "undecided"}
    starts, shares = found(name, "spread_start_gain"), found(name, "captured")
    worth = told_as(starts["fusion"], Form(3))
    assert f"{worth} on Liar's Dice" in PAGE
    spread_share = percent(found(name, "spread_share")["fusion"]["mean"])
    assert f"+{worth} in the {spread_share} of the iterations with two policies or more" in PAGE
    assert f"+{told_as(starts['fusion-of-2'], Form(3))} of two members" in PAGE
    warm = {percent(shares[arm]["mean"]) for arm in ("inherit-nash", "fusion", "fusion-of-2")}
    (same,) = warm
    from_scratch = percent(shares["scratch"]["mean"])
    assert (
        f"capture {same} of what a best response gains, those from scratch {from_scratch}" in PAGE
    )
    means = found(name, "mean_exploitability")
    way = {arm: [np.mean(run[1:]) for run in runs[arm]] for arm in ("fusion", "scratch")}
    above = CHANGE.interval(student_interval(np.subtract(way["fusion"], way["scratch"])))
    assert f"inherited by {change(means['inherit-nash'])}, fused by {above}" in PAGE


GAMMAS = ("0.001", "0.01", "0.1", "0.5")


def test_exploration_of_projected_replicator_dynamics() -> None:
    name = "m-entropy-leduc"
    ends, starts, entropies, shares = (
        found(name, one)
        for one in ("mean_exploitability", "spread_start_gain", "entropy", "captured")
    )
    first, second, third, last = (change(ends[f"fusion-{gamma}"]) for gamma in GAMMAS)
    assert f"it is {first}, {second}, {third} and {last} at a gamma of" in PAGE
    fused = [ends[f"fusion-{gamma}"] for gamma in GAMMAS]
    lowest, highest = (pick(row["difference"] for row in fused) for pick in (min, max))
    assert f"differ by {CHANGE.number(lowest)} to {CHANGE.number(highest)} in mean" in PAGE
    assert {row["verdict"] for row in fused} == {"undecided"}
    apart = [one for one in (interval_of(row, "difference") for row in fused) if one is not None]
    needed = [seeds_to_decide(one, 0.05) for one in apart]
    assert f"({min(needed)} to {max(needed)} would decide)" in PAGE
    signed = Form(3, signed=True)
    one, two, three, four = (
        told_as(starts[f"fusion-{gamma}"], signed, "difference") for gamma in GAMMAS
    )
    assert f"by {one}, {two} and {three}, and less at 0.5, by {four}" in PAGE
    wide = {round(entropies[f"{arm}-0.5"]["mean"], 2) for arm in ("fusion", "inherit")}
    narrow = [row["mean"] for arm, row in entropies.items() if not arm.endswith("-0.5")]
    assert wide == {1.39}
    assert f"{min(narrow):.2f} to {max(narrow):.2f} nats up to 0.1" in PAGE
    assert f"{min(narrow):.2f} to {max(narrow):.2f} nats up to a gamma of 0.1, 1.39 at 0.5" in PAGE
    caught = [100 * row["mean"] for row in shares.values()]
    assert f"capture the same, {min(caught):.0f} to {max(caught):.0f} %" in PAGE
    assert f"by {change(ends['inherit-0.5'])} in the mean with a gamma of 0.5" in PAGE
    assert ends["inherit-0.5"]["verdict"] == "less"


def mean(game: str, quantity: str) -> dict[str, float]:
    rows = found(f"l-population-{game}", quantity)
    return {arm: row["mean"] for arm, row in rows.items() if row["mean"] is not None}


REGULARISED = ("self-play-entropy", "mirror", "vrpo")


def test_whether_a_population_pays() -> None:
    kuhn, leduc = mean("kuhn", "exploitability"), mean("leduc", "exploitability")
    alone = sorted(kuhn[arm] for arm in (*REGULARISED, "self-play"))
    assert f"({kuhn['psro']:.3f} against {alone[0]:.3f} to {alone[-1]:.3f})" in POPULATIONS
    alike = [leduc[arm] for arm in ("psro", "global", *REGULARISED)]
    assert f"On Leduc poker PSRO ({leduc['psro']:.3f})" in POPULATIONS
    assert f"end at {spread(alike)}, and five seeds tell none of them from PSRO" in POPULATIONS
    verdicts = found("l-population-leduc", "exploitability")
    assert all(verdicts[arm]["verdict"] == "undecided" for arm in ("global", *REGULARISED))
    assert f"0.225 on Kuhn poker, and at {leduc['self-play']:.1f} on Leduc poker" in POPULATIONS
    assert f"{kuhn['self-play']:.3f} on Kuhn poker, and at" in POPULATIONS
    dice, decided = (
        mean("liars-dice", "exploitability"),
        found("l-population-liars-dice", "exploitability"),
    )
    told = {"Global PSRO": "global", "self-play with entropy": "self-play-entropy", "VRPO": "vrpo"}
    assert f"On Liar's Dice PSRO ({dice['psro']:.3f}) is not told from" in POPULATIONS
    for words, arm in told.items():
        assert f"{words} ({dice[arm]:.3f})" in POPULATIONS
        assert decided[arm]["verdict"] == "undecided"
    spiel = mean("goofspiel-5", "exploitability")
    for words in (
        f"on Goofspiel PSRO ({spiel['psro']:.3f}) is not told from",
        f"Global PSRO ({spiel['global']:.3f}), VRPO ({spiel['vrpo']:.3f}) and self-play with "
        f"entropy ({spiel['self-play-entropy']:.3f})",
        f"all that can be lost ({spiel['self-play']:.3f})",
    ):
        assert words in POPULATIONS
    assert f"On Liar's Dice ({dice['self-play']:.3f}) it is undecided" in POPULATIONS


def test_who_comes_down_sooner() -> None:
    for game, words in (
        ("leduc", "lower than PSRO by {} and {} on Leduc poker"),
        ("liars-dice", "by {} and {} on Liar's Dice"),
        ("goofspiel-5", "by {} and {} on Goofspiel"),
        ("kuhn", "higher by {} and {} on Kuhn poker"),
    ):
        way = found(f"l-population-{game}", "mean_exploitability")
        sooner = [way[arm] for arm in ("self-play-entropy", "vrpo")]
        assert words.format(*(f"{abs(one['difference']):.2f}" for one in sooner)) in POPULATIONS
        assert all((one["difference"] < 0) == (game != "kuhn") for one in sooner)
        assert all(one["difference_low"] * one["difference_high"] > 0 for one in sooner)
    curves = exploitabilities("l-population-leduc")
    first = {arm: np.mean([runs[1] for runs in curves[arm]]) for arm in curves}
    assert f"at {first['vrpo']:.2f} at the first checkpoint" in POPULATIONS
    assert round(first["self-play-entropy"], 2) == round(first["vrpo"], 2)
    assert f"PSRO has two policies and {first['psro']:.2f}" in POPULATIONS
    reached = [next(n for n, one in enumerate(run) if one <= 0.7) for run in curves["psro"]]
    assert f"iteration {min(reached)} to {max(reached)}" in POPULATIONS
    lowest = mean("leduc", "best_exploitability")
    passed = spread([lowest[arm] for arm in REGULARISED])
    assert f"({passed} on Leduc poker, where PSRO's lowest is {lowest['psro']:.2f})" in POPULATIONS
    ends = [run[-1] for runs in curves.values() for run in runs]
    assert f"the lowest end of a single run is {min(ends):.2f}" in POPULATIONS
    untrained = exploitabilities("l-population-goofspiel-5")
    for arm in ("self-play", "mirror"):
        assert all(min(run) == run[0] == pytest.approx(0.775, abs=1e-3) for run in untrained[arm])
        assert all(run[1] > 0.95 for run in untrained[arm])


GAMES = ("kuhn", "leduc", "liars-dice", "goofspiel-5")


def exploitabilities(experiment: str) -> dict[str, list[list[float]]]:
    """Of every arm and seed, by iteration."""
    path = ROOT / "figures" / "experiments" / experiment / "iterations.csv"
    curves: dict[str, dict[int, list[float]]] = {}
    for row in read_rows(path):
        curves.setdefault(row["arm"], {}).setdefault(row["seed"], []).append(row["exploitability"])
    return {arm: list(runs.values()) for arm, runs in curves.items()}


def test_beside_published_curves() -> None:
    text = (ROOT / "docs" / "fusion-findings.md").read_text("utf-8")
    lines = text.partition("<!-- figures: published -->")[2].partition("<!-- end -->")[0]
    head, _, *rows = (
        [cell.strip() for cell in line.split("|")] for line in lines.split("\n")[1:-1]
    )
    told = {
        row[1]: dict(zip(head, (cell.split(" ")[0] for cell in row), strict=True)) for row in rows
    }
    sp, lab = told["sp-psro, PSRO by deep Q-learning"], told["psrolab, PSRO by PPO"]
    own, deep = told["l-population-leduc, psro"], told["k-fusion-leduc, scratch"]
    for episodes in ("120,000", "600,000", "900,000"):
        assert float(own[episodes]) < min(float(sp[episodes]), float(lab[episodes]))
    middle = "300,000"
    assert f"it is not ({own[middle]} against {lab[middle]} and {sp[middle]})" in PAGE
    assert f"at 120,000 ({deep['120,000']} against {sp['120,000']})" in PAGE
    assert f"at 300,000 ({deep[middle]} against {sp[middle]})" in PAGE
    regularised = [
        float(told[f"l-population-leduc, {arm}"][episodes])
        for arm in ("self-play-entropy", "vrpo")
        for episodes in ("120,000", middle, "600,000", "900,000")
    ]
    assert f"at {spread(regularised)} throughout" in PAGE


def test_three_comparisons_stand_corrected() -> None:
    """Holm 1979, on paired t tests."""
    found_p = {}
    for game in GAMES:
        curves = exploitabilities(f"l-population-{game}")
        for arm in curves.keys() - {"psro"}:
            ends = [[run[-1] for run in curves[one]] for one in (arm, "psro")]
            found_p[game, arm] = float(stats.ttest_rel(*ends).pvalue)
    assert len(found_p) == 24
    assert "There are 24 comparisons" in POPULATIONS
    standing = []
    for number, (key, value) in enumerate(sorted(found_p.items(), key=lambda one: one[1])):
        if value * (24 - number) > 0.05:
            break
        standing.append(key)
    assert sorted(standing) == [
        ("kuhn", one) for one in ("mirror", "self-play", "self-play-entropy")
    ]


def test_what_an_entropy_bonus_does_to_self_play() -> None:
    for game, words in (
        ("leduc", "by {} on Leduc poker"),
        ("goofspiel-5", "{} on Goofspiel and"),
        ("kuhn", "{} on Kuhn poker, and by"),
        ("liars-dice", "{} on Liar's Dice"),
    ):
        curves = exploitabilities(f"l-population-{game}")
        ends = [
            np.array([run[-1] for run in curves[arm]]) for arm in ("self-play", "self-play-entropy")
        ]
        assert words.format(BRIEF.interval(student_interval(ends[0] - ends[1]))) in POPULATIONS


def test_what_fused_starts_do_in_long_trainings() -> None:
    starts = mean("leduc", "start_gain")
    assert f"(gain before training {starts['psro-fusion']:.2f} on Leduc poker" in POPULATIONS
    assert f"scratch begins {-starts['psro']:.2f} below it" in POPULATIONS
    for game, name, digits in (
        ("leduc", "Leduc poker", 2),
        ("liars-dice", "Liar's Dice", 3),
        ("goofspiel-5", "Goofspiel", 3),
        ("kuhn", "Kuhn poker", 3),
    ):
        ends = mean(game, "exploitability")
        told = f"{ends['psro-fusion']:.{digits}f} against {ends['psro']:.{digits}f}"
        assert f"{name}: {told}" in POPULATIONS
        rows = found(f"l-population-{game}", "captured")
        shares = f"{percent(rows['psro-fusion']['mean'])} against {percent(rows['psro']['mean'])}"
        assert shares in POPULATIONS
        assert rows["psro-fusion"]["difference_high"] < 0.0
        if game != "kuhn":
            held = mean(game, "support")
            told = f"{held['psro-fusion']:.1f} against {held['psro']:.1f} on {name}"
            assert told in POPULATIONS
    runs = exploitabilities("l-population-goofspiel-5")["psro-fusion"]
    assert sum(min(run[3:]) > 0.999 for run in runs) == 2  # "two runs of five are stuck"
    worth = mean("kuhn", "spread_start_gain")["psro-fusion"]
    assert f"it is worth the mixture ({worth:.3f})" in PAGE
    assert 0.75 < mean("kuhn", "spread_share")["psro-fusion"] < 0.85  # "four of five"
    path = ROOT / "figures" / "experiments" / "l-population-kuhn" / "iterations.csv"
    met = [row["support"] for row in read_rows(path) if row["arm"] == "psro-fusion"]
    runs_of = np.reshape(met, (5, -1))[:, :-1]  # what responses met
    assert f"{runs_of[runs_of >= 2].mean():.1f} policies" in PAGE


def test_what_lies_between_members() -> None:
    rows = list(read_rows(ROOT / "figures" / "barrier" / "barrier.csv"))
    apart, lineage = (barrier.arms_of(rows)[name] for name in ("psro", "psro-fusion"))
    costs, gains = barrier.law_of(apart), barrier.law_of(lineage)
    assert f"a slope of {Form(3).interval(costs)} of payoff a nat" in PAGE
    assert f"({Form(3, signed=True).interval(gains)} a nat, which fits badly)" in PAGE
    assert f"a slope of {costs.mean:.3f} a nat)" in PAGE
    bins = [line.split(" | ") for line in barrier.entropy_table_of(rows).splitlines()]
    narrow = next(cells[2] for cells in bins if cells[0] == "| 0.5 to 1")
    assert narrow.startswith("-0.112 [-0.220, -0.004]")
    assert "costs 0.112 [0.004, 0.220] at 0.5 to 1 nats" in PAGE
    told = {line.split(" | ")[0].strip("| "): line for line in barrier.table_of(rows).splitlines()}
    one, other = (cell[1:6] for cell in told["member to member"].split(" | ")[1:])
    assert f"loss barriers are lower ({other} against {one})" in PAGE
    assert f"fall by {one} below the line" in PAGE
    assert (
        f"{told['fused point less mean of members'].split(' | ')[1][1:6]} less than the mem" in PAGE
    )
    steep = [told[f"{where}, steps of 0.2"].split(" | ")[1:] for where in ("member", "fused point")]
    values = sorted(cell[1:6] for cells in steep for cell in cells)
    assert f"cost {values[0]} to {values[-1]}, around members and fused points alike" in PAGE


def test_how_many_seeds_would_show_arms_equal() -> None:
    seeds = []
    for game in GAMES[1:]:
        ends = found(f"l-population-{game}", "exploitability")
        for arm in ("global", "self-play-entropy", "vrpo", "mirror"):
            difference = interval_of(ends[arm], "difference")
            if ends[arm]["verdict"] == "undecided" and difference is not None:
                seeds.append(seeds_to_decide(difference, 0.05))
    assert f"take {min(seeds)} to {max(seeds)} seeds" in POPULATIONS
