"""Two-player games in extensive form, flattened into arrays."""
