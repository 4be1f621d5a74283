"""Bulk import: a job is started, a CSV file is put to a signed URL, rows are applied."""

from connector.sandbox.monday.bulk.jobs import Bulk

__all__ = ["Bulk"]
