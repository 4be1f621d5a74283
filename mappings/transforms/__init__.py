"""Named pure changes to a value on its way to the board, chained with ``|``."""

from mappings.transforms.pipeline import Pipeline, apply, describe, kind_after, parse
from mappings.transforms.steps import TransformProblem
from mappings.transforms.table import TRANSFORMS, Transform

__all__ = [
    "TRANSFORMS",
    "Pipeline",
    "Transform",
    "TransformProblem",
    "apply",
    "describe",
    "kind_after",
    "parse",
]
