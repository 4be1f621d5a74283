"""WHAT: which Visma field goes to which monday column, and how its value is written there."""
