"""``ssa-psro init``: a scenario that comes with the package becomes one of your own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ssa_psro.cli.output import output_folder, stdout

EXAMPLES = (
    "ssa-psro init",
    "ssa-psro init own-catalog",
    "ssa-psro init contested-72h --output studies/first",
)


def command(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="Of the scenario; see: ssa-psro list scenarios."),
    ] = "quickstart",
    output: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where scenarios/ and data/ are made.")
    ] = Path(),
) -> None:
    """Copy a scenario that comes with the package, and the catalogues it names, to start from.

    The scenario goes into scenarios/, what it names into data/. Nothing of your own is written
    over.
    """
    from ssa_psro.errors import Fault, UsageError, did_you_mean, to_paste
    from ssa_psro.inputs.files import write_bytes
    from ssa_psro.scenario.shipped import shipped_scenarios
    from ssa_psro.study.study import load_study

    shipped = shipped_scenarios()
    if name not in shipped:
        problem = "not one of the scenarios that come with the package"
        fault = Fault("NAME", name, problem, did_you_mean(name, shipped))
        raise UsageError("command line", [fault])
    scenario = shipped[name]
    named = dict.fromkeys(Path(one.path).resolve() for one in load_study(scenario).files)
    copies = {output / path.parent.name / path.name: path for path in (scenario, *named)}
    cure = "Move it away, or name another --output."
    faults = [
        Fault(str(path), None, "is there already, and is another", cure)
        for path, source in copies.items()
        if path.exists() and not (path.is_file() and path.read_bytes() == source.read_bytes())
    ]
    if faults:
        raise UsageError("command line", faults)
    with output_folder(output):
        for path, source in copies.items():
            write_bytes(path, source.read_bytes())
    for path in copies:
        stdout().print(f"made  {path}", soft_wrap=True)
    mine = next(iter(copies))
    stdout().print(f"next: {to_paste('check', mine)}", soft_wrap=True)
    stdout().print(f"      {to_paste('run', mine)}", soft_wrap=True)
