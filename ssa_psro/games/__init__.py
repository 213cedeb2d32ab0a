"""Games behind one protocol: the coverage game, game trees, the plane, matrices."""
