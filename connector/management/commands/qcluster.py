"""The workers, which start only with the keys this database was sealed with."""

from typing import Any

from django.core.management.base import CommandError
from django.db import connections
from django_q import cluster
from django_q.management.commands import qcluster

from connector.management.arguments import ExampleCommand
from connector.management.guarding import Guard
from tenants.keys import WrongKeys, require_right_keys


class Command(ExampleCommand, qcluster.Command):  # type: ignore[misc]  # untyped package
    help = "Start the workers. Any number of hosts may run them on one PostgreSQL."
    example = "manage.py qcluster"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            require_right_keys()
        except WrongKeys as problem:
            raise CommandError(str(problem)) from None
        connections.close_all()  # the cluster forks, and processes must not share a connection
        cluster.Sentinel = Guard
        super().handle(*args, **options)
