from datetime import date

import pytest
from django.db import IntegrityError, transaction

from liangxin.accounts.actions import RoleAlreadyHeld, ScopeDoesNotFit, end_grant, grant_role
from liangxin.accounts.models import RoleGrant
from liangxin.accounts.queries import viewer_of
from liangxin.kernel.models import AuditEntry
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import ROLE_SCOPES, Held, Role, Scope, ScopeKind
from tests.factories.accounts import make_grant, make_user, viewer_for
from tests.factories.registry import make_area, make_person

pytestmark = pytest.mark.django_db
ADMINISTRATOR = viewer_for(Role.ADMINISTRATOR)
TODAY = date(2026, 3, 5)
DISTRICT = Scope(ScopeKind.DISTRICT)


def test_grant_role_makes_the_viewer_hold_it_from_its_first_day() -> None:
    user, street = make_user(), make_area()
    scope = Scope(ScopeKind.STREET, str(street.pk))

    grant_role(user, role=Role.COMMITTEE_OFFICER, scope=scope, from_date=TODAY, by=ADMINISTRATOR)

    held = Held(Role.COMMITTEE_OFFICER, scope)
    assert viewer_of(user, at=date(2026, 3, 4)).held == frozenset()
    assert viewer_of(user, at=TODAY).held == {held}
    assert street.name in AuditEntry.objects.get().summary


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("kind", list(ScopeKind))
def test_grant_role_refuses_scopes_that_do_not_fit(role: Role, kind: ScopeKind) -> None:
    if kind in ROLE_SCOPES[role]:
        return
    with pytest.raises(ScopeDoesNotFit):
        grant_role(make_user(), role=role, scope=Scope(kind), from_date=TODAY, by=ADMINISTRATOR)


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        (Role.COMMITTEE_OFFICER, Scope(ScopeKind.STREET, "999")),
        (Role.COMMITTEE_OFFICER, Scope(ScopeKind.STREET, "")),
        (Role.COMMITTEE_OFFICER, Scope(ScopeKind.TRADE, "no such")),
        (Role.OWNER, Scope(ScopeKind.ORGANISATION, "x")),
        (Role.DISTRICT_OFFICE, Scope(ScopeKind.DISTRICT, "7")),
    ],
)
def test_grant_role_refuses_scopes_the_ledger_does_not_know(role: Role, scope: Scope) -> None:
    with pytest.raises(ScopeDoesNotFit):
        grant_role(make_user(), role=role, scope=scope, from_date=TODAY, by=ADMINISTRATOR)


def test_grant_role_refuses_what_is_held_already() -> None:
    user = make_user(Role.DISTRICT_OFFICE)

    with pytest.raises(RoleAlreadyHeld):
        grant_role(
            user, role=Role.DISTRICT_OFFICE, scope=DISTRICT, from_date=TODAY, by=ADMINISTRATOR
        )
    assert AuditEntry.objects.count() == 0


def test_grant_of_an_own_record_names_nobody_in_the_trail() -> None:
    user, person = make_user(), make_person("林不具名")
    scope = Scope(ScopeKind.OWN_RECORD, str(person.pk))

    grant_role(user, role=Role.MEMBER, scope=scope, from_date=TODAY, by=ADMINISTRATOR)

    assert "林不具名" not in AuditEntry.objects.get().summary


def test_giving_and_ending_a_members_role_tells_the_trail_no_membership() -> None:
    user, person = make_user(), make_person()
    scope = Scope(ScopeKind.OWN_RECORD, str(person.pk))

    grant = grant_role(user, role=Role.MEMBER, scope=scope, from_date=TODAY, by=ADMINISTRATOR)
    end_grant(grant, today=TODAY, by=ADMINISTRATOR)

    for entry in AuditEntry.objects.all():
        assert ("党员" in entry.summary, entry.details) == (False, {"role": "own_record"})


def test_end_grant_takes_the_role_back_today_and_keeps_the_record() -> None:
    user = make_user()
    grant = make_grant(user, Role.DISTRICT_OFFICE)

    end_grant(grant, today=TODAY, by=ADMINISTRATOR)
    end_grant(grant, today=TODAY, by=ADMINISTRATOR)

    assert viewer_of(user, at=TODAY).is_stranger
    assert RoleGrant.objects.get().valid_to == TODAY
    assert AuditEntry.objects.count() == 1


def test_end_grant_of_one_that_has_not_begun_leaves_an_empty_period() -> None:
    grant = make_grant(make_user(), Role.DISTRICT_OFFICE, valid_from=date(2027, 1, 1))

    end_grant(grant, today=TODAY, by=ADMINISTRATOR)

    assert RoleGrant.objects.get().valid_to == date(2027, 1, 1)
    assert viewer_of(grant.user, at=date(2027, 1, 1)).is_stranger


def test_an_ended_role_can_be_given_again() -> None:
    user = make_user()
    end_grant(make_grant(user, Role.DISTRICT_OFFICE), today=TODAY, by=ADMINISTRATOR)

    grant_role(user, role=Role.DISTRICT_OFFICE, scope=DISTRICT, from_date=TODAY, by=ADMINISTRATOR)

    assert not viewer_of(user, at=TODAY).is_stranger


def test_grants_are_the_administrator_s_business_alone() -> None:
    office = viewer_for(Role.DISTRICT_OFFICE)

    with pytest.raises(NotAllowed):
        grant_role(make_user(), role=Role.OWNER, scope=DISTRICT, from_date=TODAY, by=office)
    with pytest.raises(NotAllowed):
        end_grant(make_grant(make_user(), Role.DISTRICT_OFFICE), today=TODAY, by=office)


def test_database_holds_one_open_grant_of_a_kind() -> None:
    user = make_user(Role.DISTRICT_OFFICE)

    with pytest.raises(IntegrityError, match="unique|UNIQUE"), transaction.atomic():
        make_grant(user, Role.DISTRICT_OFFICE)


def test_database_refuses_a_grant_that_ends_before_it_begins() -> None:
    grant = make_grant(make_user(), Role.DISTRICT_OFFICE)

    with (
        pytest.raises(IntegrityError, match="role_grant_period_runs_forward"),
        transaction.atomic(),
    ):
        RoleGrant.objects.filter(pk=grant.pk).update(valid_to=date(2020, 1, 1))
