"""The command line: one module a command, see ``app.COMMANDS``."""

from ssa_psro.cli.app import main

__all__ = ["main"]
