from django.db import migrations

from connector.models import append_only


def install(apps, schema_editor):
    append_only.run(schema_editor.connection, "install")


def remove(apps, schema_editor):
    append_only.run(schema_editor.connection, "remove")


class Migration(migrations.Migration):
    dependencies = [("connector", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
