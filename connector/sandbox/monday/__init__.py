"""The simulated monday.com: its GraphQL API, its limits and its boards as people see them."""

from connector.sandbox.monday.sandbox import MondaySandbox

__all__ = ["MondaySandbox"]
