"""``ssa-psro list``: every name that scenario files and command lines may use."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from ssa_psro.cli.options import AsJson
from ssa_psro.cli.output import print_json, stdout

EXAMPLES = (
    "ssa-psro list",
    "ssa-psro list policies --verbose",
    "ssa-psro list scenarios --json",
)

SCENARIO_FOLDER = Path("scenarios")

Entry = dict[str, Any]


class Family(StrEnum):
    """What can be listed."""

    POLICIES = "policies"
    SOLVERS = "solvers"
    ORACLES = "oracles"
    STARTS = "starts"
    TARGETS = "targets"
    SAMPLERS = "samplers"
    FEATURES = "features"
    SENSORS = "sensors"
    FIGURES = "figures"
    SCENARIOS = "scenarios"


TITLES = {
    Family.POLICIES: "Policies",
    Family.SOLVERS: "Meta-solvers: solver.meta_solver",
    Family.ORACLES: "Oracles: oracle.kind",
    Family.STARTS: "Start weights of an oracle: oracle.start",
    Family.TARGETS: "Whom responses are trained against: solver.target",
    Family.SAMPLERS: "Which episodes of the payoff table are played: solver.sampler",
    Family.FEATURES: "Features of a candidate task, that doctrines weigh",
    Family.SENSORS: "Named sensors: sensor.preset",
    Family.FIGURES: "Figures of merit that play shows and writes",
    Family.SCENARIOS: f"Scenario files in {SCENARIO_FOLDER}/, and those that ssa-psro init copies",
}


def command(
    family: Annotated[
        Family | None, typer.Argument(help="List only these.", show_default="all of them")
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show weights of policies, keys of sensors.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List every name that scenario files and command lines may use."""
    wanted = list(Family) if family is None else [family]
    listed = {one: LISTS[one]() for one in wanted}
    if as_json:
        print_json({str(one): entries for one, entries in listed.items()})
        return
    for one, entries in listed.items():
        _print(TITLES[one], entries, verbose)


def list_policies() -> list[Entry]:
    """The heuristics, with the weights that are not zero."""
    from ssa_psro.game import FEATURES
    from ssa_psro.policies import HEURISTICS

    return [
        {
            **_entry(name, kind),
            "weights": {
                feature: float(weight)
                for feature, weight in zip(FEATURES, kind().weights, strict=True)
                if weight
            },
        }
        for name, kind in HEURISTICS.items()
    ]


def list_solvers() -> list[Entry]:
    """The meta-solvers."""
    from ssa_psro.metagame.solvers import SOLVERS, make_solver

    return [_entry(name, make_solver(name)) for name in SOLVERS]


def list_oracles() -> list[Entry]:
    """The oracles by name only: to read what they say of themselves takes seconds of imports."""
    from ssa_psro.games.coverage import Coverage
    from ssa_psro.learn import oracles_for

    return [{"name": name} for name in oracles_for(Coverage.offers)]


def list_starts() -> list[Entry]:
    """The rules for start weights that runs may have."""
    from ssa_psro.games.coverage import Coverage
    from ssa_psro.learn import START_RULES

    return [_entry(name, START_RULES[name]) for name in Coverage.starts]


def list_targets() -> list[Entry]:
    """The training targets."""
    from ssa_psro.psro.targets import TARGETS

    return [_entry(name, targets) for name, targets in TARGETS.items()]


def list_samplers() -> list[Entry]:
    """The samplers of the payoff table."""
    from importlib import import_module

    from ssa_psro.metagame.sampling import SAMPLERS

    return [
        _entry(name, getattr(import_module(module), maker))
        for name, (module, maker) in SAMPLERS.items()
    ]


def list_features() -> list[Entry]:
    """The features, in the order of a doctrine's weights."""
    from ssa_psro.game import FEATURES

    return [{"name": name} for name in FEATURES]


def list_sensors() -> list[Entry]:
    """The sensor presets, with the keys that they stand for."""
    from ssa_psro.scenario.sensors import PRESETS

    return [
        {"name": name, "summary": preset.summary, "keys": preset.keys}
        for name, preset in PRESETS.items()
    ]


def list_figures() -> list[Entry]:
    """The figures of merit, with their units."""
    from ssa_psro.findings.figures_of_merit import FIGURES

    return [
        {"name": name, "summary": f"[{one.unit}] {one.meaning}"} for name, one in FIGURES.items()
    ]


def list_scenarios() -> list[Entry]:
    """The scenario files of the working folder, and by name those that come with the package."""
    from ssa_psro.scenario.shipped import shipped_scenarios

    here = {str(path): path for path in sorted(SCENARIO_FOLDER.glob("*.toml"))}
    seen = {path.resolve() for path in here.values()}
    shipped = {name: path for name, path in shipped_scenarios().items() if path not in seen}
    return [{"name": name, "summary": _described(path)} for name, path in (here | shipped).items()]


def _described(path: Path) -> str:
    """What a scenario file says of itself, or that it is at fault."""
    from ssa_psro.errors import ScenarioError, to_paste
    from ssa_psro.study.study import load_study

    try:
        return load_study(path).scenario.description
    except ScenarioError as error:
        return f"{len(error.faults)} fault(s): {to_paste('check', path)}"


LISTS: dict[Family, Callable[[], list[Entry]]] = {
    Family.POLICIES: list_policies,
    Family.SOLVERS: list_solvers,
    Family.ORACLES: list_oracles,
    Family.STARTS: list_starts,
    Family.TARGETS: list_targets,
    Family.SAMPLERS: list_samplers,
    Family.FEATURES: list_features,
    Family.SENSORS: list_sensors,
    Family.FIGURES: list_figures,
    Family.SCENARIOS: list_scenarios,
}


def _entry(name: str, thing: object) -> Entry:
    """A name and the first line of its docstring."""
    return {"name": name, "summary": (thing.__doc__ or "").strip().split("\n")[0]}


def _print(title: str, entries: list[Entry], verbose: bool) -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    console = stdout()
    console.print(Text(title, style="bold"))
    if not any("summary" in entry for entry in entries):
        names = ", ".join(entry["name"] for entry in entries) or "none"
        console.print(Padding(names, (0, 0, 1, 2)))
        return
    lines = Table.grid(padding=(0, 2))
    for entry in entries:
        lines.add_row(f"  {entry['name']}", entry["summary"])
        numbers = entry.get("weights", entry.get("keys"))
        if verbose and numbers is not None:
            shown = ", ".join(f"{key} {value:g}" for key, value in numbers.items())
            lines.add_row("", Text(shown, style="dim"))
    console.print(lines, "")
