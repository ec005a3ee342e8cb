"""Chain the audit entries; those of older versions in batches, in the order of their ids."""

from collections.abc import Iterator
from typing import Any

from django.db import migrations, models

from liangxin.kernel.chain_links import CHAINED, entry_hash, head_mac
from liangxin.kernel.encryption import oldest_key_id

BATCH = 2000
UPDATE = "UPDATE kernel_auditentry SET number = %s, previous_hash = %s, hash = %s WHERE id = %s"


def _batches(entries: Any) -> Iterator[list[dict[str, Any]]]:
    last = 0
    said = [name for name in CHAINED if name != "number"]
    while found := list(entries.filter(id__gt=last).order_by("id").values("id", *said)[:BATCH]):
        yield found
        last = found[-1]["id"]


def chain(apps: Any, schema_editor: Any) -> None:
    """Give every entry its number and hashes, and the chain its head."""
    number, previous = 0, ""
    for batch in _batches(apps.get_model("kernel", "AuditEntry").objects):
        links = []
        for said in batch:
            number += 1
            link = entry_hash({**said, "number": number}, previous=previous)
            links.append((number, previous, link, said["id"]))
            previous = link
        with schema_editor.connection.cursor() as cursor:
            cursor.executemany(UPDATE, links)
    apps.get_model("kernel", "AuditHead").objects.create(
        pk=1,
        number=number,
        hash=previous,
        mac=head_mac(number, previous),
        key_id=oldest_key_id(),
    )


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_auditentry_changes_ledger")]

    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField(default=0, verbose_name="条数")),
                ("hash", models.CharField(blank=True, max_length=64, verbose_name="末条校验码")),
                ("mac", models.CharField(max_length=64, verbose_name="链头校验码")),
                ("key_id", models.CharField(max_length=60, verbose_name="密钥编号")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="audit_has_one_head"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="auditentry",
            name="number",
            field=models.BigIntegerField(null=True, verbose_name="编号"),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="previous_hash",
            field=models.CharField(
                blank=True, default="", max_length=64, verbose_name="上一条的校验码"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="auditentry",
            name="hash",
            field=models.CharField(default="", max_length=64, verbose_name="校验码"),
            preserve_default=False,
        ),
        migrations.RunPython(chain, migrations.RunPython.noop),
    ]
