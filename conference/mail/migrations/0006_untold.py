from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mail", "0005_programme_kinds")]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("claimed_by", ""), _negated=True), fields=["claimed_at"], name="message_untold"
            ),
        ),
    ]
