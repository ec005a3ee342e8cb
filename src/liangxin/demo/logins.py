"""One login per role, over scopes of the demo district chosen so that each has something to see."""

from datetime import date

from django.db.models import Count

from liangxin.accounts.actions import create_user, grant_role
from liangxin.accounts.terms import DEMO_LOGINS, DemoLogin
from liangxin.kernel.viewer import SETUP, Role, Scope, ScopeKind
from liangxin.registry.models import Area, Employment, PartyCoverage, PartyRelation, Posting
from liangxin.registry.terms import AreaKind


def make_demo_logins(*, today: date) -> None:
    """Create the accounts of accounts.terms.DEMO_LOGINS with their grants."""
    scopes = demo_scopes()
    for login in DEMO_LOGINS:
        _make(login, scope=scopes[login.role], today=today)


def demo_scopes() -> dict[Role, Scope]:
    """A scope for every role; raises IndexError where the ledger has nobody to stand for one."""
    branch = _busiest_branch()
    organisation = _covered_organisation(branch)
    district = Scope(ScopeKind.DISTRICT)
    return {
        Role.DISTRICT_OFFICE: district,
        Role.COMMITTEE_OFFICER: Scope(ScopeKind.STREET, str(_first_street())),
        Role.SECRETARY: Scope(ScopeKind.PARTY_ORGANISATION, str(branch)),
        Role.INSTRUCTOR: Scope(ScopeKind.ASSIGNED_FIRMS, str(_busiest_guide())),
        Role.OWNER: Scope(ScopeKind.ORGANISATION, str(organisation)),
        Role.MEMBER: Scope(ScopeKind.OWN_RECORD, str(_employed_member(organisation))),
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


def _busiest_branch() -> int:
    counted = PartyRelation.objects.filter(
        valid_to=None, party_organisation__coverages__valid_to=None
    ).values("party_organisation")
    ranked = counted.annotate(n=Count("person", distinct=True))
    return int(
        ranked.filter(party_organisation__coverages__isnull=False).order_by(
            "-n", "party_organisation"
        )[0]["party_organisation"]
    )


def _covered_organisation(branch: int) -> int:
    covered = PartyCoverage.objects.filter(party_organisation=branch, valid_to=None)
    return covered.order_by("organisation_id").values_list("organisation_id", flat=True)[0]


def _busiest_guide() -> int:
    ranked = Posting.objects.filter(valid_to=None).values("person").annotate(n=Count("id"))
    return int(ranked.order_by("-n", "person")[0]["person"])


def _employed_member(organisation: int) -> int:
    employed = Employment.objects.filter(
        organisation=organisation, valid_to=None, person__memberships__valid_to=None
    )
    return employed.order_by("person_id").values_list("person_id", flat=True)[0]
