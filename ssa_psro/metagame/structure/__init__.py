"""The shape of a meta-game: skill, cycles, layers and best responses."""
