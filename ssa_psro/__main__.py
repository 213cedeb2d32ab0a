"""``python -m ssa_psro`` is ``ssa-psro``."""

from ssa_psro.cli import main

main()
