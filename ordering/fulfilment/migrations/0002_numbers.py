"""Shipment numbers come from a sequence: gaps are allowed, waiting is not."""

from django.db import migrations


class Migration(migrations.Migration):
    """The sequence of the schema's shipments."""

    dependencies = [("fulfilment", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE fulfilment_shipment_serial AS bigint",
            "DROP SEQUENCE fulfilment_shipment_serial",
        )
    ]
