"""An event is never changed but for its one stamp, and never deleted."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION events_event_is_final() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.position IS NULL AND NEW.position IS NOT NULL
       AND to_jsonb(NEW) - 'position' = to_jsonb(OLD) - 'position' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an event is never changed' USING ERRCODE = 'integrity_constraint_violation';
END
$body$;
CREATE TRIGGER events_event_is_final BEFORE UPDATE OR DELETE ON events_event
    FOR EACH ROW EXECUTE FUNCTION events_event_is_final();
"""
BACKWARD = """
DROP TRIGGER events_event_is_final ON events_event;
DROP FUNCTION events_event_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
