"""Who meets which establishments and consents, and what each may do."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from liangxin.coverage.actions.adoption import approve, found, give_consent, withdraw
from liangxin.coverage.models import Consent, Establishment
from liangxin.coverage.queries.establishments import (
    consents,
    establishment_or_none,
    establishments,
    may_adopt,
    may_answer,
    may_approve,
    may_found,
    may_rename,
    may_withdraw,
    state_in_words,
    waiting_consents,
)
from liangxin.kernel.viewer import Role, Viewer
from liangxin.registry.models import Area
from liangxin.registry.queries.scope import organisations_in_scope
from tests.factories.accounts import viewer_for
from tests.factories.establishments import ELECTED
from tests.factories.plans import (
    ADOPTED,
    make_candidate,
    make_establishment,
    make_group,
    make_proposal,
)
from tests.factories.registry import make_area, make_party_organisation, make_site
from tests.factories.viewers import office, officer_of, secretary_of

pytestmark = pytest.mark.django_db
TODAY = ADOPTED + timedelta(days=10)


def cross_street() -> tuple[Establishment, Area, Area]:
    """Adopted by the host's street; with that street and the other."""
    here, there = make_area(), make_area()
    units = [make_candidate(street=here, members=2), make_candidate(street=there, members=2)]
    group = make_group(make_proposal(), units)
    return make_establishment(group, by=officer_of(here)), here, there


def approved(made: Establishment) -> Establishment:
    return approve(made, by=office(), approved_date=ADOPTED, approval_number="1号", today=TODAY)


def test_district_meets_all_and_officers_those_with_a_unit_in_scope() -> None:
    made, here, there = cross_street()
    other = make_establishment()

    assert list(establishments(office())) == [other, made]
    for street in (here, there):
        assert list(establishments(officer_of(street))) == [made]
    assert not establishments(officer_of(make_area())).exists()


def test_officer_of_a_site_meets_those_with_a_unit_in_it() -> None:
    site = make_site()
    group = make_group(make_proposal(), [make_candidate(site=site, members=3)])
    made = make_establishment(group)
    make_establishment()

    assert list(establishments(officer_of(site))) == [made]


def test_officer_meets_what_joins_a_branch_of_the_street() -> None:
    street = make_area()
    branch = make_party_organisation(street=street).party_organisation
    made = make_establishment(make_group(make_proposal(), [make_candidate()], into_branch=branch))

    assert list(establishments(officer_of(street))) == [made]


@pytest.mark.parametrize(
    "role", [Role.SECRETARY, Role.INSTRUCTOR, Role.OWNER, Role.MEMBER, Role.ADMINISTRATOR]
)
def test_nobody_else_meets_anything(role: Role) -> None:
    made, *_ = cross_street()
    viewer = viewer_for(role)

    assert establishment_or_none(viewer, made.pk) is None
    assert not consents(viewer).exists()
    assert not waiting_consents(viewer).exists()


def test_consent_waits_for_the_other_street_and_the_district() -> None:
    _, here, there = cross_street()
    asked = Consent.objects.get(street=there)

    assert list(waiting_consents(officer_of(there))) == [asked]
    assert list(waiting_consents(office())) == [asked]
    assert not waiting_consents(officer_of(here)).exists()


def test_whoever_meets_the_establishment_sees_who_waits_for_whom() -> None:
    made, here, there = cross_street()

    for viewer in (office(), officer_of(here), officer_of(there)):
        assert [(one.establishment, one.street) for one in consents(viewer)] == [
            (made, street) for street in sorted((here, there), key=lambda area: area.code)
        ]
    assert not consents(officer_of(make_area())).exists()


def test_nothing_waits_once_the_establishment_is_withdrawn() -> None:
    made, *_ = cross_street()
    withdraw(made, by=office(), reason="不再组建", today=TODAY)

    assert not waiting_consents(office()).exists()


def fresh(made: Establishment) -> Establishment:
    found_again = establishment_or_none(office(), made.pk)
    assert found_again is not None
    return found_again


def steps(viewer: Viewer, made: Establishment) -> tuple[bool, bool, bool, bool]:
    held = fresh(made)
    return (
        may_rename(viewer, held),
        may_approve(viewer, held),
        may_found(viewer, held),
        may_withdraw(viewer, held),
    )


def test_steps_open_and_close_along_the_way() -> None:
    made, here, there = cross_street()
    district, ours, theirs = office(), officer_of(here), officer_of(there)

    assert steps(district, made) == (True, False, False, True)
    assert steps(ours, made) == (True, False, False, True)
    assert steps(theirs, made) == (False, False, False, False)
    give_consent(Consent.objects.get(street=there), by=theirs, today=TODAY)
    assert steps(district, made) == (True, True, False, True)
    assert steps(ours, made) == (True, False, False, True)
    approved(made)
    assert steps(district, made) == (False, False, True, True)
    assert steps(ours, made) == (False, False, True, True)
    found(made, by=ours, founded_date=TODAY, today=TODAY, elected=ELECTED)
    assert steps(district, made) == (False, False, False, False)


def test_answer_is_open_to_the_street_until_the_district_gave_it() -> None:
    _, here, there = cross_street()
    asked = Consent.objects.get(street=there)

    assert may_answer(officer_of(there), asked)
    assert may_answer(office(), asked)
    assert not may_answer(officer_of(here), asked)
    given = give_consent(asked, by=office(), today=TODAY)
    assert not may_answer(officer_of(there), given)


def test_group_is_adopted_by_the_hosts_side() -> None:
    street = make_area()
    group = make_group(make_proposal(), street=street)

    assert may_adopt(office(), group)
    assert may_adopt(officer_of(street), group)
    assert not may_adopt(officer_of(make_area()), group)
    assert not may_adopt(viewer_for(Role.OWNER), group)


def test_state_in_words_is_its_label() -> None:
    assert state_in_words(fresh(make_establishment())) == "拟建"


def test_lists_cost_the_same_for_one_and_for_three(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(2):
        for _ in range(3):
            cross_street()
        with django_assert_num_queries(4):
            for made in establishments(office()):
                assert made.party_organisation is not None
                assert len([unit.street for unit in made.units.all()]) == 2
                assert len([one.street for one in made.consents.all()]) == 2
        with django_assert_num_queries(5):
            for one in consents(office()):
                assert len(one.establishment.units.all()) == 2


def test_secretary_of_a_branch_to_be_reaches_its_units_from_the_founding_on() -> None:
    made, _, there = cross_street()
    give_consent(Consent.objects.get(street=there), by=office(), today=TODAY)
    found(approved(made), by=office(), founded_date=TODAY, today=TODAY, elected=ELECTED)
    viewer = secretary_of(made.party_organisation)

    before = organisations_in_scope(viewer, at=TODAY - timedelta(days=1))
    after = organisations_in_scope(viewer, at=TODAY)

    assert (before.count(), after.count()) == (0, 2)
