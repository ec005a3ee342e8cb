"""Ways of groups are those walked: a weight, or a unit beyond the usual limit, was counted as way before."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, FloatField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce


def count_what_is_walked(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    groups, units = (
        apps.get_model("coverage", name) for name in ("ProposedGroup", "ProposedUnit")
    )
    walked = (
        units.objects.filter(group=OuterRef("pk"))
        .order_by()
        .values("group")
        .annotate(mm=Sum(F("members") * F("way_m"), output_field=FloatField()))
        .values("mm")
    )
    groups.objects.update(cost_mm=Coalesce(Subquery(walked), 0.0))


class Migration(migrations.Migration):

    dependencies = [
        ('coverage', '0008_unit_prices'),
    ]

    operations = [
        migrations.RunPython(count_what_is_walked, migrations.RunPython.noop),
    ]
