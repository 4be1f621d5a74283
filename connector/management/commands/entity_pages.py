"""Writes docs/entities: one page per entity, from the catalogue."""

from typing import Any

from django.conf import settings

from connector.management.arguments import ExampleCommand
from connector.management.entity_pages import pages


class Command(ExampleCommand):
    help = __doc__
    example = "manage.py entity_pages"
    requires_system_checks = ()  # it reads the catalogue, no deployment

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.BASE_DIR / "docs" / "entities"
        folder.mkdir(exist_ok=True)
        made = pages()
        for name, text in made.items():
            (folder / name).write_text(text, encoding="utf-8")
        self.stdout.write(f"{len(made)} pages written to {folder}.")
