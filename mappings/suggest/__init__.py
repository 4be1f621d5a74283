"""Explained suggestions: which Visma field belongs in which column, how sure, and why."""

from mappings.suggest.pairing import Candidate, Suggestion, level_of, suggest

__all__ = ["Candidate", "Suggestion", "level_of", "suggest"]
