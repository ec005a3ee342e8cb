"""The stopwatch of bulk_edit.py in one database; run by it with its settings in place."""

import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.core.management.color import no_style  # noqa: E402
from django.db import connection  # noqa: E402

from _ledger import fill_ledger  # noqa: E402
from liangxin.kernel.viewer import SYSTEM  # noqa: E402
from liangxin.registry.actions.bulk_edit import (  # noqa: E402
    revise_organisations,
    undo_revision,
)
from liangxin.registry.models import OrganisationVersion, Provenance  # noqa: E402
from liangxin.registry.queries.bulk_edit import BulkChange, bulk_plan  # noqa: E402

Found = TypeVar("Found")


def main() -> int:
    """Print how long each step takes; the exit code is 1 where the ledger is not as it was in the end."""
    call_command("migrate", verbosity=0)
    today = date(2026, 6, 1)
    fill_ledger(scale=2, today=today - timedelta(days=30))
    # The rows were written with keys of their own: the sequences of PostgreSQL know nothing of them.
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [OrganisationVersion]):
            cursor.execute(statement)
    found = (
        OrganisationVersion.objects.exclude(status="closed")
        .exclude(has_activity=None)
        .order_by("organisation_id")
    )
    keys = list(found.values_list("organisation_id", flat=True)[:20_000])
    change = BulkChange(field="has_activity", value=None, from_date=today)
    before = OrganisationVersion.objects.count()

    plan = _timed("seen", lambda: bulk_plan(keys, change, by=SYSTEM, today=today))
    print(f"  {len(plan.changing):,} of {len(keys):,} organisations change")
    done = _timed(
        "made",
        lambda: revise_organisations(keys, change, by=SYSTEM, today=today, digest=plan.digest),
    )
    act = Provenance.objects.get(pk=done.provenance_id)
    _timed("undone", lambda: undo_revision(act, by=SYSTEM))
    return 0 if OrganisationVersion.objects.count() == before else 1


def _timed(name: str, run: Callable[[], Found]) -> Found:
    started = time.monotonic()
    result = run()
    print(f"{connection.vendor}: {name} in {time.monotonic() - started:.2f} s")
    return result


if __name__ == "__main__":
    sys.exit(main())
