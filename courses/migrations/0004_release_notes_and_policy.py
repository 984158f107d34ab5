import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Release notes in every language (the column of one language was never written)."""

    dependencies = [("courses", "0003_nation_index")]

    operations = [
        migrations.RemoveField(model_name="release", name="notes"),
        migrations.AddField(
            model_name="release", name="notes", field=models.JSONField(default=dict)
        ),
        migrations.AddField(
            model_name="release",
            name="for_learners",
            field=models.CharField(
                choices=[
                    ("kept", "they stay on their release"),
                    ("moved", "they are moved now"),
                    ("offered", "they choose"),
                ],
                default="offered",
                max_length=8,
            ),
        ),
        migrations.CreateModel(
            name="PolicyReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lexicon", models.CharField(max_length=64)),
                ("checked_at", models.DateTimeField()),
                ("overridden", models.JSONField(default=list)),
                (
                    "release",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="policy",
                        to="courses.release",
                    ),
                ),
            ],
            options={
                "verbose_name": "report of the policy check",
                "verbose_name_plural": "reports of the policy check",
            },
        ),
    ]
