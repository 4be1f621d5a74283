"""A tenant's configuration as a file: parse, check against both systems, store, write out."""
