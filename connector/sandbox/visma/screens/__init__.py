"""Visma's screens as plain pages under ``/company/``: look at the company and act as a person."""
