from datetime import date

import pytest

from liangxin.registry.queries.guides import guides, served_organisations
from tests.factories.registry import make_area, make_guide, make_organisation, make_posting
from tests.factories.viewers import instructor, office, officer_of, owner_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)


def test_guides_carry_their_load() -> None:
    busy, idle = make_guide("甲"), make_guide("乙")
    for _ in range(2):
        make_posting(make_organisation().organisation, person=busy)
    make_posting(make_organisation().organisation, person=busy, valid_to=date(2025, 1, 1))

    loads = {row.person: row.load for row in guides(office(), at=TODAY)}  # type: ignore[attr-defined]

    assert loads == {busy: 2, idle: 0}


def test_guides_out_of_service_are_left_out() -> None:
    make_guide(valid_to=date(2025, 1, 1))

    assert list(guides(office(), at=TODAY)) == []


def test_guides_are_all_open_to_those_who_place_them() -> None:
    make_guide()

    assert guides(officer_of(make_area()), at=TODAY).count() == 1


def test_guides_of_an_owner_serve_the_firm() -> None:
    own = make_organisation().organisation
    mine = make_posting(own).person
    make_posting(make_organisation().organisation)

    assert [row.person for row in guides(owner_of(own), at=TODAY)] == [mine]


def test_served_organisations_of_an_instructor_are_the_own_ones() -> None:
    guide, version = make_guide(), make_organisation()
    make_posting(version.organisation, person=guide)

    found = served_organisations(instructor(guide), person_id=guide.pk, at=TODAY)

    assert list(found) == [version]
