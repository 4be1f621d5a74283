"""Builders of Visma's records: each module makes one kind of payload and keeps its sums right."""
