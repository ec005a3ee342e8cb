"""The stopwatch of street_merge.py in one database; run by it with its settings in place."""

import sys
import time
from collections.abc import Callable
from datetime import date, timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.utils import timezone  # noqa: E402

from _ledger import fill_ledger  # noqa: E402
from liangxin.kernel.viewer import Held, Role, Scope, ScopeKind, Viewer  # noqa: E402
from liangxin.registry.actions.place_changes import merge_streets  # noqa: E402
from liangxin.registry.actions.reorganisation_undo import undo_reorganisation  # noqa: E402
from liangxin.registry.actions.shifting import Order  # noqa: E402
from liangxin.registry.models import (  # noqa: E402
    Area,
    OrganisationVersion,
    Reorganisation,
    Site,
)

OFFICE = Viewer(
    user_id=None,
    username="bench",
    name="bench",
    held=frozenset({Held(Role.DISTRICT_OFFICE, Scope(ScopeKind.DISTRICT, ""))}),
)
SQL = """
    INSERT INTO registry_organisationversion ({columns})
    SELECT {copied} FROM registry_organisationversion WHERE street_id = %s AND valid_to IS NULL
"""


def main(scale: int) -> int:
    """Print the times and their ratio."""
    call_command("migrate", verbosity=0)
    today = timezone.localdate()
    fill_ledger(scale=scale, today=today - timedelta(days=30))
    gone, stays = _largest(), Area.objects.filter(kind="street").order_by("-code").first()
    assert stays is not None
    _refuse_namesakes_away(gone, stays)
    number = OrganisationVersion.objects.filter(street=gone).count()
    rows = OrganisationVersion.objects.count()
    order = Order(on_date=today, basis="基准测试")
    bare = _timed(lambda: _bare(gone, stays, today))
    merged = _timed(lambda: merge_streets(gone, stays, by=OFFICE, order=order))
    act = Reorganisation.objects.get()
    undone = _timed(lambda: undo_reorganisation(act, by=OFFICE, now=timezone.now()))
    print(
        f"{connection.vendor}: a street of {number:,} firms taken into another in {merged:.1f} s, "
        f"{merged / bare:.1f} times bare SQL ({bare:.2f} s); undone in {undone:.1f} s"
    )
    return 0 if OrganisationVersion.objects.count() == rows else 1


def _largest() -> Area:
    counted = OrganisationVersion.objects.values("street_id").annotate(number=Count("pk"))
    return Area.objects.get(pk=counted.order_by("-number")[0]["street_id"])


def _refuse_namesakes_away(gone: Area, stays: Area) -> None:
    """Two sites of one name would stop the merge: those of the other street get a mark."""
    for site in Site.objects.filter(street=stays):
        Site.objects.filter(pk=site.pk).update(name=f"{site.name}（另）")


def _bare(gone: Area, stays: Area, day: date) -> None:
    """End and copy the rows in the database alone, then take it back."""
    names = [
        field.column for field in OrganisationVersion._meta.concrete_fields if not field.primary_key
    ]
    told = {"street_id": str(stays.pk), "valid_from": f"'{day.isoformat()}'", "valid_to": "NULL"}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_organisationversion SET valid_to = %s WHERE street_id = %s AND valid_to IS NULL",
            [day, gone.pk],
        )
        sql = SQL.format(
            columns=", ".join(names), copied=", ".join(told.get(name, name) for name in names)
        )
        cursor.execute(sql.replace("valid_to IS NULL", "valid_to = %s"), [gone.pk, day])
        transaction.set_rollback(True)


def _timed(run: Callable[[], object]) -> float:
    started = time.monotonic()
    run()
    return time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
