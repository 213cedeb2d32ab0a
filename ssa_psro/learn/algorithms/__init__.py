"""One file an algorithm. A module here says in ``ORACLES`` which oracles it has; that is all."""
