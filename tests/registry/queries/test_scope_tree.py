"""A committee's secretary reads what its branches' secretaries read; officers see what is theirs."""

from datetime import date

import pytest

from liangxin.registry.models import PartyOrganisationVersion
from liangxin.registry.queries import organisations_in_scope
from liangxin.registry.queries.guides import guides
from liangxin.registry.queries.people import member_persons
from liangxin.registry.queries.scope import with_branches_below
from liangxin.registry.queries.sites import visible_streets
from tests.factories.registry import (
    make_guide,
    make_member,
    make_organisation,
    make_party_organisation,
    make_posting,
    make_site,
)
from tests.factories.viewers import officer_of, secretary_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


def test_the_secretary_of_a_committee_reaches_branches_two_levels_below() -> None:
    firm = make_organisation().organisation
    committee = make_party_organisation().party_organisation
    general = make_party_organisation(parent=committee).party_organisation
    branch = make_party_organisation(parent=general, covers=(firm,)).party_organisation
    member = make_member(firm, held_in=branch)

    viewer = secretary_of(committee)

    reached = [one.organisation for one in organisations_in_scope(viewer, at=DAY)]
    assert (reached, list(member_persons(viewer, at=DAY))) == ([firm], [member])
    assert (
        list(
            organisations_in_scope(
                secretary_of(make_party_organisation().party_organisation), at=DAY
            )
        )
        == []
    )


def test_the_tree_is_the_one_of_the_day() -> None:
    committee = make_party_organisation().party_organisation
    branch = make_party_organisation(parent=committee)
    PartyOrganisationVersion.objects.filter(pk=branch.pk).update(valid_to=date(2026, 1, 1))

    assert with_branches_below([committee.pk], at=DAY) == [committee.pk]
    assert len(with_branches_below([committee.pk], at=date(2025, 6, 1))) == 2


def test_parents_in_a_circle_end_the_walk() -> None:
    first = make_party_organisation()
    second = make_party_organisation(parent=first.party_organisation)
    PartyOrganisationVersion.objects.filter(pk=first.pk).update(parent=second.party_organisation)

    found = with_branches_below([first.party_organisation_id], at=DAY)

    assert found == sorted([first.party_organisation_id, second.party_organisation_id])


def test_an_officer_meets_guides_posted_here_of_here_or_idle() -> None:
    here, there = make_organisation(), make_organisation()
    assert here.street is not None
    posted, sent, idle, foreign = (
        make_guide("甲"),
        make_guide("乙", home_unit=f"{here.street.name}办事处"),
        make_guide("丙"),
        make_guide("丁"),
    )
    make_posting(here.organisation, person=posted)
    for guide in (sent, foreign):
        make_posting(there.organisation, person=guide)

    found = {one.person for one in guides(officer_of(here.street), at=DAY)}

    assert found == {posted, sent, idle}


def test_officers_of_places_and_trades_are_named_their_own_streets() -> None:
    site = make_site()
    firm = make_organisation(site=site, industry_section="C", industry_code="3911")
    make_organisation(industry_section="F", industry_code="5111")

    for place in (site.street, site, "C", "39"):
        assert list(visible_streets(officer_of(place), at=DAY)) == [firm.street]
