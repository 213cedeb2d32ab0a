"""Games that the literature measures PSRO on, behind the same functions as the coverage game."""
