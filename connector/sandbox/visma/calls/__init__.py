"""Calls that change something: one module per kind of document."""
