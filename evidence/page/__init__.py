"""A report's page in a real browser: what it looks like, and whether its timeline is linked."""
