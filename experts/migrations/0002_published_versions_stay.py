"""A published version of a briefing is never changed: experts prepare by what they have read.

Deleting stays possible, for the day when a whole conference is deleted; no page does it for a single version.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION experts_published_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published version of a briefing is never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER published_version_stays BEFORE UPDATE ON experts_briefingversion
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION experts_published_version_stays();
"""
ALLOW = """
DROP TRIGGER published_version_stays ON experts_briefingversion;
DROP FUNCTION experts_published_version_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("experts", "0001_start")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
