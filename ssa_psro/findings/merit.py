"""Figures of merit of a match in tables: by side, regime, object and sensor, and what happened.

The tables for files are tidy: a row a figure of one member, in the same columns everywhere. Means
are over episodes, each with its interval; an episode in which a figure has no value, such as the
mean of no gaps, does not count, and ``episodes`` says how many did.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from ssa_psro.arrays import Flags, Floats
from ssa_psro.findings.events import in_utc, interference_log, look_log, manoeuvre_log
from ssa_psro.findings.figures_of_merit import FIGURES, HOURS, SHARE
from ssa_psro.findings.table import (
    COUNT,
    SIDES,
    Column,
    Table,
    Value,
    interval_columns,
    make_table,
    numbers_of,
)
from ssa_psro.findings.wording import Form, plural, shortened
from ssa_psro.metagame.intervals import Interval, student_interval
from ssa_psro.scenario import Scenario
from ssa_psro.scenario.schema import REGIMES
from ssa_psro.trace import Result
from ssa_psro.trace.gaps import gaps_of, united

if TYPE_CHECKING:
    from ssa_psro.study.matches import MeasuredMatch


ALONG = ("side", "regime", "object", "sensor")
"""What tables go by."""

Figures = Mapping[str, tuple[Interval | None, Interval | None]]
"""Figures of merit by name, Blue's and Red's; nothing where fewer than two episodes have one."""

GAPS = "Gaps count from and to the ends of the window."
WHERE = "Definitions: ssa-psro list figures, docs/merit.md."


def interval_of(samples: Floats) -> Interval | None:
    """Of the episodes in which there is a number; nothing if that are fewer than two."""
    known = samples[np.isfinite(samples)]
    return student_interval(known) if known.size > 1 else None


def figures_of(match: MeasuredMatch) -> Figures:
    """Every figure of both sides, Blue's and Red's, in the order of ``FIGURES``."""
    merits = [one.merit.sides for one in match.episodes]
    samples = {name: np.array([one[name][:, 0] for one in merits]) for name in merits[0]}
    # the rules' counts beside them have figures of their own
    samples |= {
        name: sample for name, sample in match.played.samples.items() if name in ("payoff", "score")
    }
    return {
        name: (interval_of(samples[name][:, 0]), interval_of(samples[name][:, 1]))
        for name in FIGURES
        if name in samples
    }


def merit_table(match: MeasuredMatch, scenario: Scenario, along: str) -> Table:
    """Every figure of every side, regime, object or sensor: the tidy table for files.

    Args:
        match: what was measured.
        scenario: its game.
        along: one of ``ALONG``.
    """
    columns = (
        Column("side", "", "blue or red"),
        *_member_columns(along),
        Column("figure", "", "which figure of merit; see docs/merit.md"),
        Column("unit", "", "what it is counted in"),
        *interval_columns("", "mean over episodes"),
        COUNT,
    )
    rows = [
        (side, *member, name, FIGURES[name].unit, *numbers_of(found), found.count)
        for side, member, figures in _members(match, scenario, along)
        for name, found in figures.items()
        if found is not None
    ]
    return make_table(f"merit-{along}s", f"Figures of merit by {along}", columns, rows)


def _member_columns(along: str) -> tuple[Column, ...]:
    return {
        "side": (),
        "regime": (Column("regime", "", "LEO, MEO, GEO or HEO"),),
        "object": (
            Column("object", "", "its name"),
            Column("catalog_id", "", "its catalogue id; empty for objects that were drawn"),
            Column("regime", "", "LEO, MEO, GEO or HEO"),
            Column("contested", "", "whether only the fresher custody is paid for"),
            Column("weight", "weight in the score", "what it is worth"),
        ),
        "sensor": (Column("sensor", "", "number of the side's sensor, from 1"),),
    }[along]


def _members(
    match: MeasuredMatch, scenario: Scenario, along: str
) -> Iterator[tuple[str, tuple[Value, ...], dict[str, Interval | None]]]:
    """Side, what there is to say of the member, and its figures."""
    if along == "side":
        for number, side in enumerate(SIDES):
            yield side, (), {name: both[number] for name, both in figures_of(match).items()}
        return
    roster = tuple(scenario.catalog.roster())
    every: dict[str, Sequence[tuple[Value, ...]]] = {
        "regime": [(regime,) for regime in present_regimes(scenario)],
        "object": [
            (one.name, one.catalog_id, one.regime, one.contested, one.weight) for one in roster
        ],
        "sensor": [
            (number + 1,)
            for number in range(max(one.constellation.count for one in scenario.sides))
        ],
    }
    members = every[along]
    merits: list[Mapping[str, Floats]] = [getattr(one.merit, f"{along}s") for one in match.episodes]
    samples = {name: np.array([one[name] for one in merits]) for name in merits[0]}
    for number, side in enumerate(SIDES):
        for place, member in enumerate(members):
            figures = {
                name: interval_of(samples[name][:, number, place])
                for name in FIGURES
                if name in samples
            }
            yield side, member, figures


def present_regimes(scenario: Scenario) -> tuple[str, ...]:
    """The regimes that have objects, in the order of ``REGIMES``."""
    found = {one.regime for one in scenario.catalog.roster()}
    return tuple(regime for regime in REGIMES if regime in found)


def custody_series(match: MeasuredMatch, scenario: Scenario) -> Table:
    """Custody of both sides step by step: the mean over episodes, which begin at other hours."""
    columns = (
        Column("hour", "h", "hours since the episode began"),
        Column("utc", "UTC", "the same as a time, where all episodes begin at one"),
        Column("side", "", "blue or red"),
        Column("figure", "", "custody, custody_weighted or held; see docs/merit.md"),
        *interval_columns(SHARE, "mean over episodes"),
        COUNT,
    )
    step_s, epochs = scenario.window.step_s, {one.epoch for one in match.episodes}
    step_h, begun = step_s / 3600.0, epochs.pop() if len(epochs) == 1 else None
    rows: list[tuple[Value, ...]] = []
    for name in ("custody", "custody_weighted", "held"):
        samples = np.array([getattr(one.merit, name) for one in match.episodes])
        for number, side in enumerate(SIDES):
            for step in range(samples.shape[2]):
                found = interval_of(samples[:, number, step])
                if found is not None:
                    when = begun + timedelta(seconds=step * step_s) if begun else None
                    utc = in_utc(when) if when else None
                    rows.append((step * step_h, utc, side, name, *numbers_of(found), found.count))
    return make_table("merit-custody", "Custody against time", columns, rows)


MOST_QUANTILES = 200
"""Points that tell a distribution of gaps."""


def gap_table(match: MeasuredMatch, scenario: Scenario) -> Table:
    """Complementary distribution of the gaps between successes, of all episodes together."""
    columns = (
        Column("side", "", "blue or red"),
        Column("objects", "", "the regime that they are of"),
        Column("gap_h", HOURS, "length of a gap between successes, or to an end of the window"),
        Column("longer", "share", "of the gaps that are longer"),
    )
    roster = tuple(scenario.catalog.roster())
    rows: list[tuple[Value, ...]] = []
    for number, side in enumerate(SIDES):
        for regime in present_regimes(scenario):
            members = np.array([one.regime == regime for one in roster])
            hours = np.sort(_gaps_h(match, scenario, number, members).round(6))
            places = np.linspace(0, hours.size - 1, MOST_QUANTILES).round().astype(int)
            lengths = np.unique(hours[places])
            longer = 1.0 - np.searchsorted(hours, lengths, "right") / hours.size
            rows.append((side, regime, 0.0, 1.0))
            pairs = zip(lengths.tolist(), longer.tolist(), strict=True)
            rows += [(side, regime, *pair) for pair in pairs]
    return make_table("gaps", "How long objects go unseen", columns, rows)


def _gaps_h(match: MeasuredMatch, scenario: Scenario, side: int, members: Flags) -> Floats:
    """Lengths of the gaps of some objects in all episodes."""
    window_h, step_h = scenario.window.duration_h, scenario.window.step_s / 3600.0
    found = []
    for one in match.episodes:
        hit = (one.looks.side == side) & (one.looks.result == Result.HIT)
        taken_h = one.looks.end_step[hit] * step_h
        gaps = gaps_of(united(one.looks.object[hit], taken_h, taken_h), members.size, window_h)
        found.append(gaps.hours[members[gaps.owner]])
    return np.concatenate(found)


def all_tables(match: MeasuredMatch, scenario: Scenario) -> list[Table]:
    """Everything there is to write of a measured match."""
    return [
        *merit_tables(match, scenario),
        custody_series(match, scenario),
        gap_table(match, scenario),
        look_log(match.episodes, scenario),
        interference_log(match.episodes, scenario),
        manoeuvre_log(match.episodes, scenario),
    ]


def regime_tables(match: MeasuredMatch, scenario: Scenario) -> list[Table]:
    """For people: a table a side, a line a figure, a column a regime."""
    regimes = present_regimes(scenario)
    found = {
        (side, str(member[0])): figures
        for side, member, figures in _members(match, scenario, "regime")
    }
    tables = []
    for side in SIDES:
        names = [name for name in FIGURES if name in found[side, regimes[0]]]
        rows = [
            (
                FIGURES[name].label.format(within=match.within_h),
                *(_written(name, found[side, regime][name], scenario) for regime in regimes),
            )
            for name in names
        ]
        columns = (Column("figure", heading=side.capitalize()), *map(Column, regimes))
        title = f"Figures of merit by regime, {side.capitalize()}"
        tables.append(make_table(f"regimes-{side}", title, columns, rows, note=_note(match)))
    return tables


OBJECT_FIGURES: Final = {
    "custody": ("custody", 2),
    "lapse_longest_h": ("longest lapse", 1),
    "revisit_mean_h": ("revisit", 1),
    "age_h": ("age", 1),
}
"""What people read of every object: the heading, and with how many decimals."""

LONGEST = 20
"""Letters of an object's id and name beside them."""


def object_tables(match: MeasuredMatch, scenario: Scenario) -> list[Table]:
    """For people: a table a side, a line an object, the least custody first."""
    tables = []
    for side in SIDES:
        members = [row for row in _members(match, scenario, "object") if row[0] == side]
        members.sort(key=lambda row: -1.0 if row[2]["custody"] is None else row[2]["custody"].mean)
        rows = [
            (
                shortened(f"{catalog_id} {name}".strip(), LONGEST),
                *(
                    _written(figure, figures[figure], scenario, decimals)
                    for figure, (_, decimals) in OBJECT_FIGURES.items()
                ),
            )
            for _, (name, catalog_id, *_rest), figures in members
        ]
        columns = (
            Column("object"),
            *(Column(figure, heading=short) for figure, (short, _) in OBJECT_FIGURES.items()),
        )
        title = f"Figures of merit by object, {side.capitalize()}; times in hours"
        tables.append(make_table(f"objects-{side}", title, columns, rows, note=_note(match)))
    return tables


USES_IN_SHORT: Final = {
    "observing": "obs.",
    "slewing": "slew",
    "denying": "deny",
    "denied": "denied",
    "resting": "rest",
    "protected": "prot.",
    "idle": "idle",
}
"""What a sensor's time goes to, where there is little room."""


def sensor_tables(match: MeasuredMatch, scenario: Scenario) -> list[Table]:
    """For people: a table a side, a line a sensor, what its time goes to in per cent."""
    columns = (
        Column("sensor"),
        *(Column(use, heading=short, write=_percent) for use, short in USES_IN_SHORT.items()),
        Column("looks", write=Form(0).plus_minus),
        Column("hit_rate", heading="hits", write=_percent),
    )
    tables = []
    for side in SIDES:
        rows = [
            (str(member[0]), *(figures[column.name] for column in columns[1:]))
            for of, member, figures in _members(match, scenario, "sensor")
            if of == side and figures["looks"] is not None
        ]
        title = f"Use of each sensor in % of time, {side.capitalize()}"
        note = f"{_note(match)} What the time goes to adds to 100 %; hits in % of looks."
        tables.append(make_table(f"sensors-{side}", title, columns, rows, note=note))
    return tables


def _percent(found: Interval) -> str:
    return f"{100 * found.mean:.0f} ±{50 * (found.high - found.low):.0f}"


def written(name: str, found: Interval | None, window_h: float, form: Form | None = None) -> str:
    """A figure as people read it; a time that is the whole window is a lower bound."""
    if found is None:
        return "-"
    form = form or Form(FIGURES[name].decimals, signed=name == "payoff")
    if _is_whole(name, found, window_h):
        return f"> {window_h:g} h (whole window)"
    return form.interval(found)


def _is_whole(name: str, found: Interval, window_h: float) -> bool:
    """Whether a time is the whole window, and would have gone on."""
    figure = FIGURES[name]
    return figure.unit == HOURS and figure.cut and found.mean >= window_h * (1.0 - 1e-9)


def merit_tables(match: MeasuredMatch, scenario: Scenario) -> list[Table]:
    """Every figure of every side, regime, object and sensor, for files."""
    return [merit_table(match, scenario, along) for along in ALONG]


def _written(
    name: str, found: Interval | None, scenario: Scenario, decimals: int | None = None
) -> str:
    """The same in little room."""
    if found is None:
        return "-"
    window_h = scenario.window.duration_h
    if _is_whole(name, found, window_h):
        return f"> {window_h:g}"
    return Form(FIGURES[name].decimals if decimals is None else decimals).plus_minus(found)


def _note(match: MeasuredMatch) -> str:
    count = plural(len(match.episodes), "episode")
    return f"Mean ± half of its 95 % interval, {count}. {GAPS} {WHERE}"
