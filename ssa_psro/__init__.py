"""A constellation-against-constellation space surveillance tasking game, solved by PSRO."""

__version__ = "0.1.0"
