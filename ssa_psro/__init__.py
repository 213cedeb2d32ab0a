"""A constellation-against-constellation space surveillance tasking game, solved by PSRO."""

from ssa_psro.registration import announce_environments

__version__ = "0.1.0"

announce_environments()
