"""The event log is append-only, and the database is what holds it so, whoever asks."""

from django.core.management import call_command
from django.db import migrations

FORBID = """
CREATE FUNCTION conference_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The event log is append-only: % is refused.', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER event_no_change BEFORE UPDATE OR DELETE ON conference_event
    FOR EACH ROW EXECUTE FUNCTION conference_event_refuse();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON conference_event
    FOR EACH STATEMENT EXECUTE FUNCTION conference_event_refuse();
"""

ALLOW = """
DROP TRIGGER event_no_truncate ON conference_event;
DROP TRIGGER event_no_change ON conference_event;
DROP FUNCTION conference_event_refuse();
"""


def make_cache_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("conference", "0001_start")]

    operations = [
        migrations.RunSQL(FORBID, ALLOW),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
    ]
