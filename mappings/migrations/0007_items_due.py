from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('mappings', '0006_drift'),
    ]

    operations = [
        migrations.RenameField(
            model_name='boardmapping',
            old_name='items_read_at',
            new_name='items_due_at',
        ),
    ]
