"""Every connection gets an address of its own for webhooks."""

from typing import Any

from django.db import migrations, models

import tenants.models

CONNECTIONS = ("vismaconnection", "mondayconnection")


def give_paths(apps: Any, _editor: Any) -> None:
    for name in CONNECTIONS:
        rows = apps.get_model("tenants", name).objects
        for pk in rows.values_list("pk", flat=True):
            rows.filter(pk=pk).update(webhook_path=tenants.models.unguessable())


class Migration(migrations.Migration):
    dependencies = [("tenants", "0005_shared_cache")]

    operations = [
        *(
            migrations.AddField(
                name,
                "webhook_path",
                models.CharField(editable=False, max_length=64, null=True),
            )
            for name in CONNECTIONS
        ),
        *(
            migrations.AddField(
                name, "hints_nudged_at", models.DateTimeField(editable=False, null=True)
            )
            for name in CONNECTIONS
        ),
        migrations.RunPython(give_paths, migrations.RunPython.noop),
        *(
            migrations.AlterField(
                name,
                "webhook_path",
                models.CharField(
                    default=tenants.models.unguessable, editable=False, max_length=64, unique=True
                ),
            )
            for name in CONNECTIONS
        ),
    ]
