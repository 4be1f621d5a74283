"""monday's own sign-in: people are sent there to allow the app, and come back with a code."""
