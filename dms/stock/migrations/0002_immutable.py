"""What PostgreSQL itself sees to: movements are never edited; counts, adjustments and transfers have numbers."""

from django.db import migrations

IMMUTABLE = """
CREATE FUNCTION stock_never_edited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is never edited: write another movement', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'stock_never_edited';
END $$;
CREATE TRIGGER movement_never_edited BEFORE UPDATE OR DELETE ON stock_movement
    FOR EACH ROW EXECUTE FUNCTION stock_never_edited();
"""
NO_IMMUTABLE = """
DROP TRIGGER movement_never_edited ON stock_movement;
DROP FUNCTION stock_never_edited();
"""


class Migration(migrations.Migration):
    dependencies = [("stock", "0001_initial")]

    operations = [
        migrations.RunSQL(IMMUTABLE, NO_IMMUTABLE),
        migrations.RunSQL("CREATE SEQUENCE stock_document_serial", "DROP SEQUENCE stock_document_serial"),
    ]
