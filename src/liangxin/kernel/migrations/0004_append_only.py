"""Every audit entry has its place in the chain, and the database refuses to change any."""

from typing import Any

from django.db import migrations, models

from liangxin.kernel import chain_guard


def _install(apps: Any, schema_editor: Any) -> None:
    chain_guard.install(schema_editor.connection)


def _remove(apps: Any, schema_editor: Any) -> None:
    chain_guard.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_chain")]

    operations = [
        migrations.AlterField(
            model_name="auditentry",
            name="number",
            field=models.BigIntegerField(unique=True, verbose_name="编号"),
        ),
        migrations.RunPython(_install, _remove),
    ]
