"""The table of the cache that all web processes share: limits of sign-in, used codes."""

from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("tenants", "0004_invitations")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
