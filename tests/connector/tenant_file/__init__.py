"""The tenant file: what it does, and every way in which it is refused."""
