"""The sequence of round numbers (gaps allowed)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("rounds", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE rounds_round_number", "DROP SEQUENCE rounds_round_number"),
    ]
