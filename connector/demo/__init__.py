"""The whole product running from a fresh clone, on a sandbox of both outside systems."""
