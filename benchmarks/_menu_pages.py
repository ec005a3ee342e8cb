"""Times of every page of the menu at the server; run by pages.py with its settings in place.

Pages are asked for through the whole stack (middleware, session, views, templates) on one warm connection.
"""

import sys
import time
from datetime import date
from statistics import median

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from _ledger import fill_ledger  # noqa: E402
from _speed import Speed  # noqa: E402
from liangxin.accounts.models import RoleGrant  # noqa: E402
from liangxin.accounts.queries import viewer_of  # noqa: E402
from liangxin.config.navigation import MENU  # noqa: E402
from liangxin.config.wsgi import settle  # noqa: E402
from liangxin.kernel.jobs import Progress  # noqa: E402
from liangxin.kernel.models import User  # noqa: E402
from liangxin.kernel.permissions import may  # noqa: E402
from liangxin.kernel.viewer import Role, ScopeKind  # noqa: E402
from liangxin.registry.actions.searching import rebuild_search_index  # noqa: E402
from liangxin.registry.models import (  # noqa: E402
    Area,
    OrganisationVersion,
    PartyCoverage,
    PartyRelation,
)

ROUNDS = 12
WARM_UP = 2
LIST_MS, BOARD_MS, ORGANISATION_MS = 200, 500, 100
LIMITS = {"board": BOARD_MS, "organisation": ORGANISATION_MS}
# What people do on lists, beside opening them.
VARIANTS = {
    "organisations": ("q=科技", "status=operating", "sort=-employees", "page=50", "at=2026-01-05"),
    "members": ("q=王", "stage=probationary", "page=50"),
    "uncovered": ("sort=name&page=50",),
    "party-organisations": ("q=联合", "page=20"),
    "guides": ("sort=load",),
    "sites": ("q=大厦",),
    "growth": ("by=industry", "by=size"),
    "mass-presence": ("by=industry", "by=size"),
}
# Lists behind the figures of a page of the menu: no item of it leads to them.
LISTS_OF = {
    "growth": (
        ("growth-organisations", ("", "which=no_member", "which=transfer", "q=科技")),
        ("growth-members", ("", "q=王")),
    ),
    "mass-presence": (("mass-presence-organisations", ("", "which=nobody", "q=科技")),),
}


def main(scale: int) -> int:
    """Fill the ledger, print the times of every page and seat; 1 where a limit was missed."""
    call_command("migrate", verbosity=0)
    if not OrganisationVersion.objects.exists():
        fill_ledger(scale=scale, today=timezone.localdate())
        rebuild_search_index(at=timezone.localdate(), progress=Progress())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    # As a web worker does; also, it does not hold the district that was made here, and never sweeps it.
    settle()
    print(
        f"\n{connection.vendor}，{OrganisationVersion.objects.count():,} 家单位；毫秒：中位 / p95（限）查询数"
    )
    speed = Speed()
    missed = [line for seat in seats() for line in measured(*seat, speed=speed)]
    print("超出：" + ("；".join(missed) if missed else "没有"))
    print(speed.in_words())
    return 1 if missed else 0


def seats() -> list[tuple[str, User]]:
    """The district office, an officer of the largest street, and a secretary of the largest branch."""
    street = Area.objects.filter(kind="street").order_by("code").first()
    branch = PartyRelation.objects.filter(party_organisation__isnull=False).first()
    assert street is not None
    assert branch is not None
    told = (
        ("区级", Role.DISTRICT_OFFICE, ScopeKind.DISTRICT, ""),
        ("街道干事", Role.COMMITTEE_OFFICER, ScopeKind.STREET, str(street.pk)),
        ("书记", Role.SECRETARY, ScopeKind.PARTY_ORGANISATION, str(branch.party_organisation_id)),
    )
    found = []
    for title, role, kind, key in told:
        user, is_new = User.objects.get_or_create(
            username=f"bench-{role}", defaults={"name": title}
        )
        if is_new:
            RoleGrant.objects.create(
                user=user, role=role, scope_kind=kind, scope_key=key, valid_from=date(2020, 1, 1)
            )
        found.append((title, user))
    return found


def measured(title: str, user: User, *, speed: Speed) -> list[str]:
    """Print the times of one seat; returns what was too slow, in words."""
    client = Client(headers={"Accept-Encoding": "gzip", "Host": "127.0.0.1"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    missed = []
    for code, address in addresses(user):
        times = [_request_ms(client, address) for _ in range(WARM_UP + ROUNDS)][WARM_UP:]
        speed.take()
        limit = LIMITS.get(code, LIST_MS)
        with CaptureQueriesContext(connection) as captured:
            client.get(address, follow=True)
        p95 = sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)]
        mark = "  超出" if p95 > limit else ""
        print(
            f"  {median(times):6.0f} / {p95:6.0f}（{limit}）{len(captured):3d}  {title} {address}{mark}",
            flush=True,
        )
        if p95 > limit:
            missed.append(f"{title} {address} {p95:.0f}")
    return missed


def addresses(user: User) -> list[tuple[str, str]]:
    """Every page of the menu open to the account, its variants, and two pages of objects."""
    viewer = viewer_of(user, at=timezone.localdate())
    found = []
    for item in MENU:
        if may(viewer, item.permission):
            address = reverse(item.route)
            found += [(item.route, address)]
            found += [(item.route, f"{address}?{query}") for query in VARIANTS.get(item.route, ())]
            for route, queries in LISTS_OF.get(item.route, ()):
                found += [(route, f"{reverse(route)}?{query}") for query in queries]
    coverage = PartyCoverage.objects.order_by("pk").first()
    assert coverage is not None
    if viewer.sees_district():
        found.append(("organisation", reverse("organisation", args=(coverage.organisation_id,))))
        party = coverage.party_organisation_id
        found.append(("party-organisation", reverse("party-organisation", args=(party,))))
    return found


def _request_ms(client: Client, address: str) -> float:
    started = time.perf_counter()
    response = client.get(address, follow=True)
    took = (time.perf_counter() - started) * 1000
    if response.status_code != 200:
        raise SystemExit(f"{address}: {response.status_code}")
    return took


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
