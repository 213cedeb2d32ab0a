"""Drawing functions: each takes a finished table and the axes to draw it in."""
