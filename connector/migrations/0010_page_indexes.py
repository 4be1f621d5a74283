"""Indexes of the console's pages: measured with 200,000 records and 1,000,000 audit entries."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("connector", "0009_receipts")]
    operations = [
        migrations.RemoveIndex(model_name="sourcerecord", name="record_by_number"),
        migrations.AddIndex(
            model_name="sourcerecord",
            index=models.Index(
                fields=["connection", "number"],
                name="record_by_number",
                opclasses=["int8_ops", "varchar_pattern_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="sourcerecord",
            index=models.Index(fields=["connection", "party", "id"], name="record_by_party"),
        ),
        migrations.AddIndex(
            model_name="recordlink",
            index=models.Index(fields=["mapping", "state"], name="link_by_state"),
        ),
        migrations.AddIndex(
            model_name="recordlink",
            index=models.Index(fields=["mapping", "-id"], name="link_newest_of_mapping"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["run", "-id"], name="audit_of_run"),
        ),
    ]
