"""How often records and links were written, as their own columns tell: prints it as JSON."""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "connector.settings")
django.setup()

from django.db.models import Count, Sum  # noqa: E402

from connector.models import RecordLink, SourceRecord  # noqa: E402


def main() -> None:
    links = RecordLink.objects.aggregate(
        rows=Count("pk"), versions=Sum("delivered_version"), runs=Sum("run_id")
    )
    records = SourceRecord.objects.aggregate(rows=Count("pk"), versions=Sum("version"))
    found = {f"links.{name}": number for name, number in links.items()}
    found |= {f"records.{name}": number for name, number in records.items()}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
