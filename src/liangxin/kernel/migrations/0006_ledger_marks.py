"""A mark per place beside the audit entries, and the one for everywhere set where the ledger stands now."""

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Max


def mark_everywhere(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let no figure kept from before the upgrade, by a browser say, pass for one of now."""
    entries = apps.get_model("kernel", "AuditEntry").objects.filter(changes_ledger=True)
    newest = entries.aggregate(newest=Max("id"))["newest"]
    if newest:
        apps.get_model("kernel", "LedgerMark").objects.create(place="", entry=newest)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("kernel", "0005_saved_views")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="LedgerMark",
            fields=[
                (
                    "place",
                    models.CharField(
                        max_length=40, primary_key=True, serialize=False, verbose_name="地方"
                    ),
                ),
                ("entry", models.BigIntegerField(verbose_name="操作记录")),
            ],
            options={"ordering": ("place",)},
        ),
        migrations.RunPython(mark_everywhere, migrations.RunPython.noop),
    ]
