"""WHO: tenants, their members, and their connections to Visma.net and monday.com."""
