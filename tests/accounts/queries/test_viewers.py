"""Who an account is: the grants of the day, over what stands today."""

from datetime import date

import pytest

from liangxin.accounts.queries import viewer_of
from liangxin.kernel.viewer import Held, Role, Scope, ScopeKind
from liangxin.registry.models import Organisation, Person
from tests.factories.accounts import make_user
from tests.factories.registry import make_organisation, make_person

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


def test_a_grant_over_an_absorbed_organisation_holds_for_the_survivor() -> None:
    gone, stays = make_organisation().organisation, make_organisation().organisation
    Organisation.objects.filter(pk=gone.pk).update(merged_into=stays)
    owner = make_user(Role.OWNER, Scope(ScopeKind.ORGANISATION, str(gone.pk)))

    scope = Scope(ScopeKind.ORGANISATION, str(stays.pk))
    assert viewer_of(owner, at=TODAY).held == {Held(Role.OWNER, scope)}


@pytest.mark.parametrize(
    ("role", "kind"),
    [(Role.MEMBER, ScopeKind.OWN_RECORD), (Role.INSTRUCTOR, ScopeKind.ASSIGNED_FIRMS)],
)
def test_a_grant_over_an_absorbed_person_holds_for_the_survivor(
    role: Role, kind: ScopeKind
) -> None:
    gone, stays = make_person(), make_person()
    Person.objects.filter(pk=gone.pk).update(merged_into=stays)
    user = make_user(role, Scope(kind, str(gone.pk)))

    assert viewer_of(user, at=TODAY).held == {Held(role, Scope(kind, str(stays.pk)))}
