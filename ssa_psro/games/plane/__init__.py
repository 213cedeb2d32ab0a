"""The non-transitive mixture game in the plane."""
