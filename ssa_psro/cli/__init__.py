"""The command line. Every command is one file in :mod:`ssa_psro.cli.commands`."""

from ssa_psro.cli.app import main

__all__ = ["main"]
