"""The ceremony: a draw is prepared, committed to in public, and revealed by a ticket."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import panels.models.draw

# What was announced before the ticket was drawn stays as it was, and so does the ticket.
KEEP = """
CREATE FUNCTION panels_committed_draw_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a draw that was committed to is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (
        NEW.problem, NEW.pseudonyms, NEW.secret, NEW.seed, NEW.number, NEW.method, NEW.tickets,
        NEW.fingerprint, NEW.root, NEW.choosing, NEW.choosing_note, NEW.reveal_at, NEW.reveal_place,
        NEW.committed_at
    ) IS DISTINCT FROM (
        OLD.problem, OLD.pseudonyms, OLD.secret, OLD.seed, OLD.number, OLD.method, OLD.tickets,
        OLD.fingerprint, OLD.root, OLD.choosing, OLD.choosing_note, OLD.reveal_at, OLD.reveal_place,
        OLD.committed_at
    ) THEN
        RAISE EXCEPTION 'a draw that was committed to is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.ticket IS NOT NULL AND (NEW.ticket, NEW.revealed_at) IS DISTINCT FROM (OLD.ticket, OLD.revealed_at) THEN
        RAISE EXCEPTION 'a ticket that was drawn is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER committed_draw_stays BEFORE UPDATE OR DELETE ON panels_draw
    FOR EACH ROW WHEN (OLD.committed_at IS NOT NULL) EXECUTE FUNCTION panels_committed_draw_stays();
CREATE FUNCTION panels_committed_bundle_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM panels_draw WHERE id = OLD.draw_id AND committed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the bundle of a committed draw is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER committed_bundle_stays BEFORE UPDATE OR DELETE ON panels_drawbundle
    FOR EACH ROW EXECUTE FUNCTION panels_committed_bundle_stays();
"""
RELEASE = """
DROP TRIGGER committed_bundle_stays ON panels_drawbundle;
DROP FUNCTION panels_committed_bundle_stays();
DROP TRIGGER committed_draw_stays ON panels_draw;
DROP FUNCTION panels_committed_draw_stays();
"""


def references_as_pseudonyms(apps, schema_editor):  # type: ignore[no-untyped-def]
    """Draws made before pseudonyms were drawn used the references."""
    entries = apps.get_model("panels", "DrawEntry")
    volunteers = apps.get_model("panels", "Volunteer")
    name = volunteers.objects.filter(pk=models.OuterRef("volunteer")).values("reference")[:1]
    entries.objects.update(pseudonym=models.Subquery(name))


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0002_event_append_only"),
        ("panels", "0002_pending_registration"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DrawBundle",
            fields=[
                (
                    "draw",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="bundle",
                        serialize=False,
                        to="panels.draw",
                    ),
                ),
                ("content", models.BinaryField()),
            ],
            options={
                "verbose_name": "bundle of a draw",
                "verbose_name_plural": "bundles of the draws",
            },
        ),
        migrations.RemoveConstraint(
            model_name="draw",
            name="one_draw_at_a_time",
        ),
        migrations.AddField(
            model_name="draw",
            name="choosing",
            field=models.CharField(
                blank=True,
                choices=[
                    ("balls", "Balls drawn in public"),
                    ("dice", "Ten-sided dice thrown in public"),
                    ("source", "A public source that nobody can steer"),
                    ("program", "The program itself, from its sealed seed"),
                ],
                max_length=20,
                verbose_name="how the ticket is chosen",
            ),
        ),
        migrations.AddField(
            model_name="draw",
            name="choosing_note",
            field=models.TextField(blank=True, max_length=1000, verbose_name="in words"),
        ),
        migrations.AddField(
            model_name="draw",
            name="committed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="committed"),
        ),
        migrations.AddField(
            model_name="draw",
            name="committed_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="draw",
            name="fingerprint",
            field=models.CharField(blank=True, max_length=64, verbose_name="fingerprint"),
        ),
        migrations.AddField(
            model_name="draw",
            name="greedy",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="draw",
            name="outlook",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="draw",
            name="pseudonyms",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="draw",
            name="reveal_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="when the ticket is drawn"),
        ),
        migrations.AddField(
            model_name="draw",
            name="reveal_place",
            field=models.CharField(blank=True, max_length=200, verbose_name="where the ticket is drawn"),
        ),
        migrations.AddField(
            model_name="draw",
            name="revealed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="ticket drawn on"),
        ),
        migrations.AddField(
            model_name="draw",
            name="revealed_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="draw",
            name="root",
            field=models.CharField(blank=True, max_length=64, verbose_name="root of the hash tree"),
        ),
        migrations.AddField(
            model_name="draw",
            name="secret",
            field=models.CharField(default=panels.models.draw.new_secret, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="draw",
            name="set_aside_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="draw",
            name="set_aside_reason",
            field=models.TextField(blank=True, verbose_name="reason for setting it aside"),
        ),
        migrations.AddField(
            model_name="draw",
            name="ticket",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="ticket drawn"),
        ),
        migrations.AddField(
            model_name="draw",
            name="tickets",
            field=models.PositiveSmallIntegerField(default=1000, verbose_name="number of tickets"),
        ),
        migrations.AddField(
            model_name="draw",
            name="witnesses",
            field=models.CharField(blank=True, max_length=300, verbose_name="who drew and who watched"),
        ),
        migrations.AddField(
            model_name="drawentry",
            name="pseudonym",
            field=models.CharField(default="", max_length=12, verbose_name="pseudonym"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="drawentry",
            name="tickets",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(), blank=True, default=list
            ),
        ),
        migrations.AlterField(
            model_name="draw",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("running", "Running"),
                    ("prepared", "Prepared"),
                    ("committed", "Committed"),
                    ("done", "Done"),
                    ("infeasible", "No panel meets the quotas"),
                    ("failed", "Failed"),
                    ("cancelled", "Cancelled"),
                    ("withdrawn", "Withdrawn before the ticket was drawn"),
                    ("superseded", "Replaced by a later draw"),
                ],
                default="waiting",
                max_length=20,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["waiting", "running", "prepared", "committed", "done"])),
                fields=("conference",),
                name="one_draw_at_a_time",
            ),
        ),
        migrations.RunPython(references_as_pseudonyms, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="drawentry",
            constraint=models.UniqueConstraint(fields=("draw", "pseudonym"), name="pseudonym_once"),
        ),
        migrations.RunSQL(KEEP, RELEASE),
    ]
