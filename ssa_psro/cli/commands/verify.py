"""``ssa-psro verify``: whether every file of a run folder is what was written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ssa_psro.cli.options import AsJson
from ssa_psro.cli.output import print_facts, print_json, stderr

EXAMPLES = (
    "ssa-psro verify runs/quickstart-1",
    "ssa-psro verify runs/quickstart-1 --json",
)


def command(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="Run folder.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Check every file of a run folder against the checksums that it was written with.

    Nothing is changed. Exit code 2 if a file is damaged or missing. Checksums tell damage and
    changes by hand; they are no signature of whoever made the folder.
    """
    from ssa_psro.errors import RunFolderError
    from ssa_psro.study.folder import FORMAT
    from ssa_psro.study.verifying import in_words, verify

    found = verify(folder)
    if as_json:
        sound = not found.faults
        print_json({"folder": str(folder), "sound": sound, **vars(found)})
    else:
        print_facts(f"Files of {folder}", list(in_words(found)))
    if found.format is not None and found.format < FORMAT:
        older = f"{folder} has format {found.format}; files have checksums from format {FORMAT} on."
        stderr().print(older, soft_wrap=True)
    if found.faults:
        raise RunFolderError(str(folder), found.faults)
