"""The setup: seven steps from an empty workspace to items on a board."""
