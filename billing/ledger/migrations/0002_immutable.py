"""What PostgreSQL itself sees to: journals balance, journals and entries are never edited."""

from django.db import migrations

BALANCE = """
CREATE FUNCTION ledger_journal_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    journal bigint := CASE WHEN TG_TABLE_NAME = 'ledger_journal' THEN (to_jsonb(NEW) ->> 'id')::bigint
                           ELSE (to_jsonb(NEW) ->> 'journal_id')::bigint END;
    sides bigint;
    difference numeric;
BEGIN
    -- The table is named by its schema: at commit the search path may already be another brand's.
    EXECUTE format('SELECT count(*), coalesce(sum(amount), 0) FROM %I.ledger_entry WHERE journal_id = $1', TG_TABLE_SCHEMA)
        INTO sides, difference USING journal;
    IF sides < 2 OR difference <> 0 THEN
        RAISE EXCEPTION 'journal % has % entries and is out by %', journal, sides, difference
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'journal_balances';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journal_balances AFTER INSERT ON ledger_journal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_journal_balances();
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_journal_balances();
"""
NO_BALANCE = """
DROP TRIGGER entry_balances ON ledger_entry;
DROP TRIGGER journal_balances ON ledger_journal;
DROP FUNCTION ledger_journal_balances();
"""

IMMUTABLE = """
CREATE FUNCTION ledger_never_edited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is never edited: book a reversal', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_never_edited';
END $$;
CREATE TRIGGER journal_never_edited BEFORE UPDATE OR DELETE ON ledger_journal
    FOR EACH ROW EXECUTE FUNCTION ledger_never_edited();
CREATE TRIGGER entry_never_edited BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_never_edited();
"""
NO_IMMUTABLE = """
DROP TRIGGER entry_never_edited ON ledger_entry;
DROP TRIGGER journal_never_edited ON ledger_journal;
DROP FUNCTION ledger_never_edited();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(BALANCE, NO_BALANCE),
        migrations.RunSQL(IMMUTABLE, NO_IMMUTABLE),
    ]
