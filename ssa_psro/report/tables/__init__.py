"""Run folder in, tables out: one module a subject."""
