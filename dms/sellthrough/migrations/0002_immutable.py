"""What PostgreSQL itself sees to: a quote is never edited; a later row corrects it.

Only the name of who entered it may go, with the person.
"""

from django.db import migrations

IMMUTABLE = """
CREATE FUNCTION quote_never_edited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is never edited: write a later row', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'quote_never_edited';
END $$;
CREATE TRIGGER quote_never_edited BEFORE DELETE OR
    UPDATE OF id, sku_id, region_code, quoted_on, source, unit, amount, currency, person_id, entered_at
    ON sellthrough_marketquote
    FOR EACH ROW EXECUTE FUNCTION quote_never_edited();
"""
NOT_IMMUTABLE = """
DROP TRIGGER quote_never_edited ON sellthrough_marketquote;
DROP FUNCTION quote_never_edited();
"""


class Migration(migrations.Migration):
    dependencies = [("sellthrough", "0001_initial")]

    operations = [migrations.RunSQL(IMMUTABLE, NOT_IMMUTABLE)]
