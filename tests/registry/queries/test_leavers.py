"""What waits to be settled after firms and Party organisations closed or moved."""

from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone

from liangxin.registry.models import Area, Organisation, OrganisationVersion, PartyOrganisation
from liangxin.registry.queries import leavers
from liangxin.registry.terms import GuideRole, MemberStage, OrganisationStatus, PartyKind
from tests.factories.registry import (
    make_area,
    make_coverage,
    make_guide,
    make_member,
    make_organisation,
    make_organisation_version,
    make_party_organisation,
    make_posting,
    make_provenance,
)
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 1)
CLOSED = date(2026, 6, 1)


def change(version: OrganisationVersion, **facts: object) -> OrganisationVersion:
    """Let a unit be otherwise from CLOSED on."""
    OrganisationVersion.objects.filter(pk=version.pk).update(
        valid_to=CLOSED, ended_by=make_provenance()
    )
    told = {"name": version.name, "street": version.street, **facts}
    return make_organisation_version(version.organisation, valid_from=CLOSED, **told)


def close(version: OrganisationVersion) -> OrganisationVersion:
    return change(version, status=OrganisationStatus.CLOSED)


def dissolve(identity: PartyOrganisation) -> None:
    identity.coverages.update(valid_to=CLOSED, ended_by=make_provenance())
    identity.versions.update(valid_to=CLOSED, ended_by=make_provenance())
    PartyOrganisation.objects.filter(pk=identity.pk).update(dissolved_date=CLOSED)


def test_a_member_of_a_closed_firm_waits_since_it_closed() -> None:
    firm, other = make_organisation(name="甲公司"), make_organisation(name="乙公司")
    branch = make_party_organisation("甲乙联合党支部")
    left = make_member(firm.organisation, held_in=branch.party_organisation)
    make_member(other.organisation)
    assert not leavers.members_of_closed(office(), at=TODAY).exists()

    close(firm)

    found = leavers.members_of_closed(office(), at=TODAY).get()
    assert found.person == left
    assert (found.unit_name, found.held_in_name) == ("甲公司", "甲乙联合党支部")
    assert found.since == CLOSED
    assert not leavers.members_of_closed(office(), at=date(2026, 5, 31)).exists()


def test_relations_stay_behind_in_a_dissolved_branch() -> None:
    street = make_area()
    firm = make_organisation(street=street)
    branch = make_party_organisation("丙党支部", street=street, covers=(firm.organisation,))
    person = make_member(firm.organisation, held_in=branch.party_organisation)

    dissolve(branch.party_organisation)

    for viewer in (office(), officer_of(street)):
        found = leavers.relations_of_dissolved(viewer, at=TODAY).get()
        assert (found.person, found.party_name, found.since) == (person, "丙党支部", CLOSED)
    assert not leavers.relations_of_dissolved(officer_of(make_area()), at=TODAY).exists()


def test_an_officer_meets_relations_of_a_branch_whose_member_works_elsewhere() -> None:
    street = make_area()
    branch = make_party_organisation("丁党支部", street=street)
    make_member(
        make_organisation(street=make_area()).organisation, held_in=branch.party_organisation
    )

    dissolve(branch.party_organisation)

    assert leavers.relations_of_dissolved(officer_of(street), at=TODAY).count() == 1


def test_a_branch_waits_when_its_last_unit_closed() -> None:
    first, second = make_organisation(), make_organisation()
    branch = make_party_organisation(
        kind=PartyKind.JOINT_BRANCH, covers=(first.organisation, second.organisation)
    )

    close(first)
    assert not leavers.branches_without_units(office(), at=TODAY).exists()
    covered = leavers.coverages_of_closed(office(), at=TODAY).get()
    assert (covered.organisation, covered.party_organisation) == (
        first.organisation,
        branch.party_organisation,
    )

    close(second)
    assert leavers.branches_without_units(office(), at=TODAY).get() == branch
    assert not leavers.coverages_of_closed(office(), at=TODAY).exists()


def test_branches_short_of_full_members_are_those_whose_relations_are_known() -> None:
    firm = make_organisation()
    unknown = make_party_organisation("不知人数党支部", covers=(firm.organisation,))
    short = make_party_organisation("两人党支部", covers=(firm.organisation,))
    enough = make_party_organisation("三人党支部", covers=(firm.organisation,))
    for branch, number in ((short, 2), (enough, 3)):
        for _ in range(number):
            make_member(firm.organisation, held_in=branch.party_organisation)
    # A probationary member does not count.
    make_member(firm.organisation, held_in=short.party_organisation, stage=MemberStage.PROBATIONARY)

    found = leavers.branches_short(office(), at=TODAY).get()

    assert found == short
    assert (found.full, found.units) == (2, 1)
    assert unknown not in leavers.branches_short(office(), at=TODAY)


def test_a_joint_branch_of_one_unit_waits() -> None:
    first, second = make_organisation(), make_organisation()
    branch = make_party_organisation(
        kind=PartyKind.JOINT_BRANCH, covers=(first.organisation, second.organisation)
    )
    for _ in range(3):
        make_member(first.organisation, held_in=branch.party_organisation)
    assert not leavers.branches_short(office(), at=TODAY).exists()

    close(second)

    assert leavers.branches_short(office(), at=TODAY).get() == branch


def test_party_organisations_under_a_dissolved_one_wait() -> None:
    parent = make_party_organisation("某总支", kind=PartyKind.GENERAL_BRANCH)
    child = make_party_organisation("某支部", parent=parent.party_organisation)
    assert not leavers.without_parent(office(), at=TODAY).exists()

    dissolve(parent.party_organisation)

    found = leavers.without_parent(office(), at=TODAY).get()
    assert (found, found.parent_name) == (child, "某总支")


def test_a_unit_that_moved_is_still_covered_where_it_was() -> None:
    old, new = make_area(), make_area()
    firm = make_organisation(name="迁走公司", street=old)
    neighbour = make_organisation(street=new)
    branch = make_party_organisation(street=old, covers=(firm.organisation,))
    # From another street from the beginning: agreed, not left behind.
    make_coverage(branch.party_organisation, neighbour.organisation)
    assert not leavers.coverages_left_behind(office(), at=TODAY).exists()

    change(firm, street=new)

    found = leavers.coverages_left_behind(office(), at=TODAY).get()
    assert (found.unit_name, found.street_name, found.since) == ("迁走公司", new.name, CLOSED)


def test_guides_posted_to_a_closed_firm_wait() -> None:
    street = make_area()
    firm = make_organisation(name="某公司", street=street)
    posting = make_posting(
        firm.organisation, person=make_guide("某指导员"), role=GuideRole.INSTRUCTOR
    )

    close(firm)

    found = leavers.postings_to_closed(officer_of(street), at=TODAY).get()
    assert (found, found.unit_name, found.since) == (posting, "某公司", CLOSED)
    assert not leavers.postings_to_closed(officer_of(make_area()), at=TODAY).exists()


KINDS: tuple[Callable[..., object], ...] = (
    leavers.members_of_closed,
    leavers.relations_of_dissolved,
    leavers.branches_without_units,
    leavers.branches_short,
    leavers.without_parent,
    leavers.coverages_of_closed,
    leavers.coverages_left_behind,
    leavers.postings_to_closed,
)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_another_street_waits_for_an_officer(kind: Callable[..., object]) -> None:
    street = make_area()
    _troubled_ledger(street)

    at = timezone.localdate()
    assert kind(office(), at=at).exists()  # type: ignore[attr-defined]
    assert kind(officer_of(street), at=at).exists()  # type: ignore[attr-defined]
    assert not kind(officer_of(make_area()), at=at).exists()  # type: ignore[attr-defined]


def _troubled_ledger(street: Area) -> Organisation:
    """A street in which every kind waits."""
    closed, alive = make_organisation(street=street), make_organisation(street=street)
    moving = make_organisation(street=street)
    above = make_party_organisation(street=street, kind=PartyKind.GENERAL_BRANCH)
    lonely = make_party_organisation(street=street, covers=(closed.organisation,))
    joint = make_party_organisation(
        street=street,
        kind=PartyKind.JOINT_BRANCH,
        parent=above.party_organisation,
        covers=(closed.organisation, alive.organisation, moving.organisation),
    )
    make_member(closed.organisation, held_in=joint.party_organisation)
    make_member(alive.organisation, held_in=above.party_organisation)
    make_member(alive.organisation, held_in=lonely.party_organisation)
    make_posting(closed.organisation, person=make_guide("某人"))
    close(closed)
    change(moving, street=make_area())
    dissolve(above.party_organisation)
    return closed.organisation
