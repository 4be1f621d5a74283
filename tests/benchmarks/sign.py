"""Give the tenant's connections a webhook key or another token: ``… sign KEY [TOKEN]``."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "connector.settings")
django.setup()

from tenants.models import MondayConnection, VismaConnection  # noqa: E402


def main(key: str, token: str = "") -> None:
    visma, monday = VismaConnection.objects.get(), MondayConnection.objects.get()
    visma.webhook_key = key
    visma.save()
    if token:
        monday.token = token
        monday.save()


if __name__ == "__main__":
    main(*sys.argv[1:])
