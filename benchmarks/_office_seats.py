"""The ledger and the accounts of 50 officers, printed as JSON; run by _office_hours.py."""

import json
import sys
from datetime import date

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.management.color import no_style  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from _ledger import fill_ledger  # noqa: E402
from liangxin.accounts.models import RoleGrant  # noqa: E402
from liangxin.kernel.jobs import Progress  # noqa: E402
from liangxin.kernel.models import User  # noqa: E402
from liangxin.kernel.viewer import Role, ScopeKind  # noqa: E402
from liangxin.registry.actions.searching import rebuild_search_index  # noqa: E402
from liangxin.registry.models import Area, OrganisationVersion, PartyCoverage  # noqa: E402
from liangxin.registry.terms import AreaKind, OrganisationStatus  # noqa: E402

OFFICERS = 50
# Organisations each officer looks at and changes: nobody else's, so that nobody's save meets another's.
OWN = 40
PASSWORD = "stopwatch-only-2026"


def main(scale: int) -> None:
    """Fill the database unless it is filled, and print who sits where and works on what."""
    call_command("migrate", verbosity=0)
    if not OrganisationVersion.objects.exists():
        fill_ledger(scale=scale, today=timezone.localdate())
        rebuild_search_index(at=timezone.localdate(), progress=Progress())
    if connection.vendor == "postgresql":
        _continue_numbers()
    seats = [_seat(number) for number in range(OFFICERS)]
    told = {"database": connection.vendor, "organisations": OrganisationVersion.objects.count()}
    print(json.dumps({**told, "seats": seats}))


def _continue_numbers() -> None:
    """Let new rows be numbered after those written with their keys, and tell the planner what there is."""
    models = apps.get_app_config("registry").get_models()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def _seat(number: int) -> dict[str, object]:
    streets = list(Area.objects.filter(kind=AreaKind.STREET).order_by("code"))
    street = streets[number % len(streets)]
    # Street officers of one street share it; each works on firms of their own.
    turn = number // len(streets)
    firms = OrganisationVersion.objects.filter(
        street=street,
        status=OrganisationStatus.OPERATING,
        valid_to__isnull=True,
        employees__isnull=False,
    ).order_by("organisation_id")[turn * OWN : (turn + 1) * OWN]
    user, is_new = User.objects.get_or_create(username=f"officer-{number:02d}", name=street.name)
    if is_new:
        user.set_password(PASSWORD)
        user.save()
        RoleGrant.objects.create(
            user=user,
            role=Role.COMMITTEE_OFFICER,
            scope_kind=ScopeKind.STREET,
            scope_key=str(street.pk),
            valid_from=date(2020, 1, 1),
        )
    party = PartyCoverage.objects.filter(organisation__versions__street=street).order_by("pk")
    return {
        "username": user.username,
        "password": PASSWORD,
        "firms": list(firms.values_list("organisation_id", flat=True)),
        "party": list(party.values_list("party_organisation_id", flat=True)[:OWN]),
    }


if __name__ == "__main__":
    main(int(sys.argv[1]))
