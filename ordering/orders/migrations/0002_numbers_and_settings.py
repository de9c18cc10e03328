"""The sequence of order numbers (gaps allowed), and the one row of settings."""

from django.db import migrations

NUMBERS = "CREATE SEQUENCE orders_order_number"
SETTINGS = """
INSERT INTO orders_orderingsettings
    (id, approval_hours, minimum_amount, auto_approve_up_to, tax_rate_bp, requires_licence, requires_grant,
     shows_prices_on_notes, time_zone, version)
VALUES (1, 72, 0, 0, 1300, true, true, false, 'Asia/Shanghai', 1)
ON CONFLICT (id) DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [
        migrations.RunSQL(NUMBERS, "DROP SEQUENCE orders_order_number"),
        migrations.RunSQL(SETTINGS, migrations.RunSQL.noop),
    ]
