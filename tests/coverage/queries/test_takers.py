"""Who can keep in touch: with how many places, from where, and within whose scope."""

from dataclasses import replace
from datetime import date

import pytest

from liangxin.coverage.queries.takers import Taker, takers
from liangxin.coverage.terms import AttachmentKind
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import OrganisationVersion, PartyOrganisation
from liangxin.registry.terms import GuideRole, PartyKind
from tests.factories import registry
from tests.factories.plans import DAY, LAT, LON, PARAMETERS, make_candidate
from tests.factories.viewers import office, officer_of, secretary_of

pytestmark = pytest.mark.django_db


def found_by(viewer: Viewer, **asked: object) -> tuple[Taker, ...]:
    return takers(viewer, at=DAY, parameters=PARAMETERS, **asked)  # type: ignore[arg-type]


def served(**facts: object) -> OrganisationVersion:
    return make_candidate(members=0, **facts)  # type: ignore[arg-type]


def test_takers_hold_a_branch_in_the_middle_of_its_units() -> None:
    south, north = served(north_m=0.0), served(north_m=200.0)
    version = registry.make_party_organisation(
        kind=PartyKind.JOINT_BRANCH, covers=(south.organisation, north.organisation)
    )

    (branch,) = found_by(office())

    assert (branch.kind, branch.key) == (AttachmentKind.BRANCH, version.party_organisation_id)
    assert (branch.name, branch.places) == (version.name, PARAMETERS.branch_places)
    assert branch.lat == pytest.approx((south.lat + north.lat) / 2)  # type: ignore[operator]
    assert branch.street_id == min(south.street_id, north.street_id)  # type: ignore[type-var]


def test_takers_hold_a_branch_of_no_unit_in_its_street() -> None:
    street = registry.make_area()
    registry.make_party_organisation(street=street)

    (branch,) = found_by(office())

    assert (branch.street_id, branch.lon, branch.lat) == (street.pk, None, None)


@pytest.mark.parametrize(
    "kind", [PartyKind.COMMITTEE, PartyKind.GENERAL_BRANCH, PartyKind.TEMPORARY_BRANCH]
)
def test_takers_hold_branches_only(kind: PartyKind) -> None:
    registry.make_party_organisation(kind=kind)

    assert found_by(office()) == ()


def test_takers_hold_branches_that_stand_only() -> None:
    registry.make_party_organisation(founded_date=None)
    gone = registry.make_party_organisation().party_organisation
    PartyOrganisation.objects.filter(pk=gone.pk).update(dissolved_date=date(2026, 1, 1))

    assert found_by(office()) == ()


def test_takers_hold_a_guide_with_what_is_left_of_the_capacity() -> None:
    person = registry.make_guide(capacity=5)
    firm = served()
    registry.make_posting(firm.organisation, person=person)

    (guide,) = found_by(office())

    assert (guide.kind, guide.key) == (AttachmentKind.INSTRUCTOR, person.pk)
    assert (guide.name, guide.places) == (person.name, 4)
    assert (guide.lon, guide.lat, guide.street_id) == (LON, LAT, firm.street_id)


def test_takers_give_a_guide_of_no_number_as_many_as_usual() -> None:
    person = registry.make_guide(capacity=None, role=GuideRole.LIAISON)
    registry.make_posting(served().organisation, person=person, role=GuideRole.LIAISON)

    (guide,) = found_by(office())

    usual = PARAMETERS.instructor_places
    assert (guide.kind, guide.places) == (AttachmentKind.LIAISON, usual - 1)


def test_takers_leave_out_whoever_is_full() -> None:
    person = registry.make_guide(capacity=1)
    registry.make_posting(served().organisation, person=person)

    assert found_by(office()) == ()


def test_takers_leave_out_branches_where_the_rule_gives_none() -> None:
    registry.make_party_organisation(covers=(served().organisation,))

    parameters = replace(PARAMETERS, branch_places=0)

    assert takers(office(), at=DAY, parameters=parameters) == ()


def test_takers_find_an_idle_guide_by_the_home_unit() -> None:
    street = registry.make_area()
    registry.make_guide(home_unit=f"{street.name}党工委")
    registry.make_guide(home_unit="外地机关")

    (guide,) = found_by(office())

    assert (guide.street_id, guide.lon) == (street.pk, None)


def test_takers_stay_within_the_officers_street() -> None:
    mine, other = registry.make_area(), registry.make_area()
    here, there = served(street=mine), served(street=other)
    near = registry.make_party_organisation(covers=(here.organisation,))
    registry.make_party_organisation(covers=(there.organisation,))
    registry.make_posting(there.organisation)
    registry.make_guide(home_unit=other.name)

    found = found_by(officer_of(mine), street_ids=[mine.pk])

    assert [one.key for one in found] == [near.party_organisation_id]


def test_takers_of_a_trade_officer_serve_the_trade() -> None:
    street = registry.make_area()
    mine = served(street=street, industry_code="6510")
    other = served(street=street, industry_code="7910")
    near = registry.make_party_organisation(covers=(mine.organisation,))
    registry.make_party_organisation(covers=(other.organisation,), street=street)
    registry.make_guide(home_unit=street.name)

    found = found_by(officer_of("65"), street_ids=[street.pk])

    assert [one.key for one in found] == [near.party_organisation_id]


def test_takers_are_refused_to_others() -> None:
    branch = registry.make_party_organisation().party_organisation

    with pytest.raises(NotAllowed):
        found_by(secretary_of(branch))


def test_takers_take_as_many_queries_whatever_their_number(
    django_assert_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    def make() -> None:
        firm = served()
        registry.make_party_organisation(covers=(firm.organisation,))
        registry.make_posting(firm.organisation)

    make()
    with django_assert_num_queries(8):
        found_by(office())
    for _ in range(3):
        make()
    with django_assert_num_queries(8):
        assert len(found_by(office())) == 8
