from datetime import date

import pytest

from liangxin.kernel.viewer import Role, Viewer
from liangxin.registry.models import Person
from liangxin.registry.queries.people import member_history, members, members_held_in
from liangxin.registry.terms import MemberStage
from tests.factories.registry import (
    START,
    make_employment,
    make_guide,
    make_member,
    make_membership,
    make_organisation,
    make_party_organisation,
    make_person,
    make_posting,
    make_site,
)
from tests.factories.viewers import (
    administrator,
    instructor,
    office,
    officer_of,
    owner_of,
    secretary_of,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)


def names(viewer: Viewer) -> list[str]:
    return [row.person.name for row in members(viewer, at=TODAY)]


def test_members_of_an_officer_work_in_the_street() -> None:
    here, elsewhere = make_organisation(), make_organisation()
    make_member(here.organisation, name="甲")
    make_member(elsewhere.organisation, name="乙")
    assert here.street is not None

    assert names(officer_of(here.street)) == ["甲"]


def test_members_of_an_officer_have_their_relation_in_the_street() -> None:
    employer, branch = make_organisation(), make_party_organisation()
    street = make_organisation().street
    assert street is not None
    branch.street = street
    branch.save()
    make_member(employer.organisation, name="丙", held_in=branch.party_organisation)

    assert names(officer_of(street)) == ["丙"]


def test_members_of_a_site_officer_work_in_the_site() -> None:
    site = make_site()
    inside = make_organisation(site=site)
    beside = make_organisation(street=site.street)
    branch = make_party_organisation(covers=(inside.organisation, beside.organisation))
    make_member(inside.organisation, name="内", held_in=branch.party_organisation)
    make_member(beside.organisation, name="外", held_in=branch.party_organisation)

    assert names(officer_of(site)) == ["内"]


def test_members_of_a_secretary_are_held_or_employed_under_the_branch() -> None:
    covered, other = make_organisation(), make_organisation()
    branch = make_party_organisation(covers=(covered.organisation,)).party_organisation
    make_member(covered.organisation, name="本单位，关系在外")
    make_member(other.organisation, name="关系在本支部", held_in=branch)
    make_member(other.organisation, name="无关")

    assert names(secretary_of(branch)) == ["关系在本支部", "本单位，关系在外"]


def test_members_are_nobody_elses_business() -> None:
    version = make_organisation()
    make_member(version.organisation)
    guide = make_guide()
    make_posting(version.organisation, person=guide)

    outsiders = (owner_of(version.organisation), instructor(guide), administrator())
    assert [names(viewer) for viewer in outsiders] == [[], [], []]


def test_members_of_an_officer_who_owns_a_firm_elsewhere_exclude_its_own() -> None:
    own, street = make_organisation(), make_organisation().street
    make_member(own.organisation)
    assert street is not None
    officer, owner = officer_of(street), owner_of(own.organisation)
    both = Viewer(None, "both", "两职", officer.held | owner.held)

    assert both.roles == {Role.COMMITTEE_OFFICER, Role.OWNER}
    assert names(both) == []


def test_members_tell_where_they_work_and_where_they_are_held() -> None:
    version = make_organisation(name="工作单位")
    branch = make_party_organisation("所在支部").party_organisation
    make_member(version.organisation, held_in=branch)

    row = members(office(), at=TODAY).values("employer_name", "held_in_name", "position").get()

    assert row == {
        "employer_name": "工作单位",
        "held_in_name": "所在支部",
        "position": "technical",
    }


def test_members_are_those_of_the_day() -> None:
    person: Person = make_person("甲")
    make_membership(person, valid_from=date(2025, 1, 1))
    make_employment(person, make_organisation().organisation)

    assert members(office(), at=START).count() == 0
    assert members(office(), at=date(2025, 1, 1)).count() == 1


def test_members_held_in_are_told_to_those_who_lead_it() -> None:
    version = make_organisation()
    branch = make_party_organisation(covers=(version.organisation,)).party_organisation
    make_member(version.organisation, held_in=branch)

    def count(viewer: Viewer) -> int:
        return members_held_in(viewer, party_organisation_id=branch.pk, at=TODAY).count()

    assert (count(secretary_of(branch)), count(owner_of(version.organisation))) == (1, 0)


def test_member_history_is_newest_first() -> None:
    version = make_organisation(name="工作单位")
    person = make_member(version.organisation, stage=MemberStage.PROBATIONARY, elsewhere="老家村")
    person.memberships.update(valid_from=date(2025, 7, 1))

    steps = member_history(office(), person_id=person.pk, at=TODAY)

    assert [step.words for step in steps][0] == "人员类别：预备党员"
    assert {step.words for step in steps[1:]} == {
        "工作单位：工作单位",
        "组织关系：老家村（不在本区）",
    }


def test_member_history_out_of_scope_is_empty() -> None:
    person = make_member(make_organisation().organisation)
    street = make_organisation().street
    assert street is not None

    assert member_history(officer_of(street), person_id=person.pk, at=TODAY) == ()
