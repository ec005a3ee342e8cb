"""One login per role, over scopes of the demo district chosen so that each has something to see."""

from datetime import date

from django.db.models import Count

from liangxin.accounts.actions import create_user, grant_role
from liangxin.accounts.terms import DEMO_LOGINS, DemoLogin
from liangxin.kernel.viewer import SETUP, Role, Scope, ScopeKind
from liangxin.registry.models import Area, Employment, PartyCoverage, PartyRelation, Posting
from liangxin.registry.queries import true_at
from liangxin.registry.terms import AreaKind


def make_demo_logins(*, today: date) -> None:
    """Create the accounts of accounts.terms.DEMO_LOGINS with their grants."""
    scopes = demo_scopes(at=today)
    for login in DEMO_LOGINS:
        _make(login, scope=scopes[login.role], today=today)


def demo_scopes(*, at: date) -> dict[Role, Scope]:
    """A scope for every role; raises IndexError where the ledger has nobody to stand for one."""
    branch = _busiest_branch(at)
    organisation = _covered_organisation(branch, at)
    district = Scope(ScopeKind.DISTRICT)
    return {
        Role.DISTRICT_OFFICE: district,
        Role.COMMITTEE_OFFICER: Scope(ScopeKind.STREET, str(_first_street())),
        Role.SECRETARY: Scope(ScopeKind.PARTY_ORGANISATION, str(branch)),
        Role.INSTRUCTOR: Scope(ScopeKind.ASSIGNED_FIRMS, str(_busiest_guide(at))),
        Role.OWNER: Scope(ScopeKind.ORGANISATION, str(organisation)),
        Role.MEMBER: Scope(ScopeKind.OWN_RECORD, str(_employed_member(organisation, at))),
        Role.SUBSCRIBER: Scope(ScopeKind.LIBRARY_ONLY),
        Role.ADMINISTRATOR: district,
    }


def _make(login: DemoLogin, *, scope: Scope, today: date) -> None:
    user = create_user(
        username=login.username,
        name=f"演示·{login.title}",
        password=login.password,
        by=SETUP,
        is_synthetic=True,
    )
    grant_role(user, role=login.role, scope=scope, from_date=today, by=SETUP)


def _first_street() -> int:
    return Area.objects.filter(kind=AreaKind.STREET).values_list("id", flat=True)[0]


def _busiest_branch(at: date) -> int:
    covering = PartyCoverage.objects.filter(true_at(at)).values("party_organisation")
    held = PartyRelation.objects.filter(true_at(at), party_organisation__in=covering)
    ranked = held.values("party_organisation").annotate(members=Count("person"))
    return int(ranked.order_by("-members", "party_organisation")[0]["party_organisation"])


def _covered_organisation(branch: int, at: date) -> int:
    covered = PartyCoverage.objects.filter(true_at(at), party_organisation=branch)
    return covered.order_by("organisation").values_list("organisation", flat=True)[0]


def _busiest_guide(at: date) -> int:
    ranked = Posting.objects.filter(true_at(at)).values("person").annotate(firms=Count("id"))
    return int(ranked.order_by("-firms", "person")[0]["person"])


def _employed_member(organisation: int, at: date) -> int:
    employed = Employment.objects.filter(true_at(at), organisation=organisation)
    members = employed.filter(true_at(at, prefix="person__memberships__"))
    return members.order_by("person").values_list("person", flat=True)[0]
