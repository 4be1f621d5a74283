"""A stand-in of Visma.net ERP: its token endpoint, its API, its people, its traps."""

from connector.sandbox.visma.sandbox import VismaSandbox

__all__ = ["VismaSandbox"]
