"""Where a Party organisation stands, its members by count, and what became of it."""

from datetime import date

import pytest

from liangxin.registry.models import PartyOrganisationVersion
from liangxin.registry.queries.party_tree import party_turns, subordinates, superiors, tallies
from liangxin.registry.queries.people import members_held_in
from liangxin.registry.terms import MemberStage, PartyKind
from tests.factories.registry import (
    make_area,
    make_coverage,
    make_member,
    make_organisation,
    make_party_organisation,
    make_provenance,
)
from tests.factories.viewers import office, officer_of, owner_of

pytestmark = pytest.mark.django_db
AT = date(2026, 11, 1)


def test_the_chain_above_begins_with_the_highest_and_opens_what_may_be_seen() -> None:
    street = make_area()
    top = make_party_organisation("区直党委", kind=PartyKind.COMMITTEE)
    middle = make_party_organisation(
        "街道党委", kind=PartyKind.COMMITTEE, street=street, parent=top.party_organisation
    )
    branch = make_party_organisation("支部", street=street, parent=middle.party_organisation)

    def chain(viewer: object) -> list[tuple[str, bool]]:
        return [(one.name, may) for one, may in superiors(viewer, branch, at=AT)]  # type: ignore[arg-type]

    assert chain(office()) == [("区直党委", True), ("街道党委", True)]
    assert chain(officer_of(street)) == [("区直党委", False), ("街道党委", True)]
    below = subordinates(office(), party_organisation_id=middle.party_organisation_id, at=AT)
    assert below == [branch]


def test_parents_in_a_circle_end_the_chain() -> None:
    one, other = make_party_organisation("甲"), make_party_organisation("乙")
    for version, parent in ((one, other), (other, one)):
        PartyOrganisationVersion.objects.filter(pk=version.pk).update(
            parent=parent.party_organisation
        )
    one.refresh_from_db()

    assert [two.name for two, _ in superiors(office(), one, at=AT)] == ["乙"]


def test_members_are_counted_by_what_is_recorded() -> None:
    branch = make_party_organisation().party_organisation
    firm = make_organisation().organisation
    for stage in (MemberStage.FULL, MemberStage.FULL, MemberStage.PROBATIONARY):
        make_member(firm, held_in=branch, stage=stage)

    found = {
        tally.title: dict(tally.rows)
        for tally in tallies(members_held_in(office(), party_organisation_id=branch.pk, at=AT))
    }

    assert found["人员类别"] == {"正式党员": 2, "预备党员": 1}
    assert found["性别"] == {"女": 3}
    assert found["岗位"] == {"专业技术": 3}


def test_turns_name_only_units_the_viewer_may_see() -> None:
    version = make_party_organisation("旧名党支部")
    firm, other = make_organisation(name="甲公司"), make_organisation(name="乙公司")
    make_coverage(version.party_organisation, firm.organisation, valid_to=date(2026, 2, 1))
    make_coverage(version.party_organisation, other.organisation)
    day = date(2026, 1, 1)
    PartyOrganisationVersion.objects.filter(pk=version.pk).update(
        valid_to=day, ended_by=make_provenance()
    )
    PartyOrganisationVersion.objects.create(
        party_organisation=version.party_organisation,
        name="新名党支部",
        kind=version.kind,
        valid_from=day,
        recorded_at=version.recorded_at,
        provenance=version.provenance,
    )

    def told(viewer: object) -> list[str]:
        turns = party_turns(viewer, version.party_organisation, at=AT)  # type: ignore[arg-type]
        return [one.words for one in turns]

    assert told(office())[:2] == ["不再涵盖“甲公司”", "“旧名党支部”改名为“新名党支部”"]
    assert "涵盖“乙公司”" in told(office())
    assert not [one for one in told(owner_of(firm.organisation)) if "乙公司" in one]
