"""Write a tenant's configuration to a file that tenant_import reads, without any secret."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from connector.management.arguments import ExampleCommand, add_tenant, find_tenant
from connector.tenant_file.export import export_tenant


class Command(ExampleCommand):
    help = "Print a tenant's configuration as a tenant file. It holds no secret."
    example = "manage.py tenant_export nordlys --output nordlys.json"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_tenant(parser)
        parser.add_argument("--output", help="write to this file instead of printing")

    def handle(self, *args: Any, **options: Any) -> None:
        found = export_tenant(find_tenant(options["slug"], opens_secrets=False))
        text = json.dumps(found, indent=2, ensure_ascii=False)
        if not options["output"]:
            self.stdout.write(text)
            return
        try:
            Path(options["output"]).write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise CommandError(
                f"{options['output']} cannot be written: {error.strerror}.", returncode=2
            ) from None
