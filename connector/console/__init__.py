"""The console: what members see of their records, runs, troubles and budgets."""
