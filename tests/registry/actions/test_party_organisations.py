"""Party organisations in the making: what the ledger says of them at each step."""

from datetime import date, timedelta

import pytest

from liangxin.kernel.models import AuditEntry
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import Role
from liangxin.registry.actions.party_organisations import (
    ProposedFacts,
    extend_coverage,
    found_party_organisation,
    propose_party_organisation,
    rename_proposed_party_organisation,
    told_by,
    withdraw_proposed_party_organisation,
)
from liangxin.registry.actions.refusals import FoundedOtherwise, FutureDate, NotProposed
from liangxin.registry.models import PartyCoverage, PartyOrganisation
from liangxin.registry.terms import PartyKind
from tests.factories.accounts import viewer_for
from tests.factories.registry import make_organisation, make_party_organisation
from tests.factories.viewers import office

pytestmark = pytest.mark.django_db
DAY, LATER, TODAY = date(2026, 6, 1), date(2026, 6, 10), date(2026, 6, 20)


def proposed(*units: int) -> PartyOrganisation:
    facts = ProposedFacts(
        name="甲大厦联合党支部",
        kind=PartyKind.JOINT_BRANCH,
        parent_id=None,
        street_id=None,
        units=units,
    )
    told = told_by(office(), source="测试", as_of_date=DAY)
    return propose_party_organisation(facts, by=office(), told=told, from_date=DAY)


def found_on(branch: PartyOrganisation, day: date) -> PartyOrganisation:
    told = told_by(office(), source="成立", as_of_date=day)
    found_party_organisation(branch, by=office(), told=told, founded_date=day, today=TODAY)
    return PartyOrganisation.objects.get(pk=branch.pk)


def withdraw_on(branch: PartyOrganisation, day: date) -> PartyOrganisation:
    told = told_by(office(), source="撤回", as_of_date=day)
    withdraw_proposed_party_organisation(branch, by=office(), told=told, on=day)
    return PartyOrganisation.objects.get(pk=branch.pk)


def test_proposed_has_a_name_and_units_and_no_day_of_founding() -> None:
    unit = make_organisation().organisation_id
    branch = proposed(unit)

    version = branch.versions.get()
    assert (version.name, version.kind, version.valid_from) == (
        "甲大厦联合党支部",
        PartyKind.JOINT_BRANCH,
        DAY,
    )
    assert branch.founded_date is None
    assert branch.coverages.get().organisation_id == unit


def test_founded_keeps_its_facts_and_tells_who_said_so() -> None:
    branch = found_on(proposed(), LATER)

    assert (branch.founded_date, branch.provenance.source) == (LATER, "成立")
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.changes_ledger) == ("party_organisation.found", True)


def test_founding_lies_not_in_the_future() -> None:
    with pytest.raises(FutureDate):
        found_on(proposed(), TODAY + timedelta(days=1))


def test_founded_twice_only_on_the_same_day() -> None:
    branch = found_on(proposed(), LATER)

    assert found_on(branch, LATER).founded_date == LATER
    with pytest.raises(FoundedOtherwise, match="2026-06-10"):
        found_on(branch, DAY)


def test_withdrawn_ends_every_fact_and_cannot_be_founded() -> None:
    branch = withdraw_on(proposed(make_organisation().organisation_id), LATER)

    assert branch.dissolved_date == LATER
    assert (branch.versions.get().valid_to, branch.coverages.get().valid_to) == (LATER, LATER)
    with pytest.raises(NotProposed):
        found_on(branch, TODAY)


def test_what_stands_is_not_withdrawn_or_renamed() -> None:
    branch = make_party_organisation().party_organisation
    told = told_by(office(), source="测试", as_of_date=DAY)

    with pytest.raises(NotProposed):
        withdraw_on(branch, LATER)
    with pytest.raises(NotProposed):
        rename_proposed_party_organisation(branch, "别名", by=office(), told=told)
    assert branch.versions.filter(valid_to__isnull=True).count() == 1


def test_coverage_is_extended_by_what_is_not_covered_yet() -> None:
    old, new = (make_organisation().organisation for _ in range(2))
    branch = make_party_organisation(covers=(old,)).party_organisation
    told = told_by(office(), source="并入", as_of_date=LATER)

    extend_coverage(branch, [old.pk, new.pk], by=office(), told=told, from_date=LATER)

    rows = PartyCoverage.objects.filter(party_organisation=branch).order_by("valid_from")
    assert [row.organisation for row in rows] == [old, new]
    assert rows[1].valid_from == LATER


def test_others_may_not_propose() -> None:
    told = told_by(office(), source="测试", as_of_date=DAY)
    facts = ProposedFacts(
        name="甲", kind=PartyKind.BRANCH, parent_id=None, street_id=None, units=()
    )

    with pytest.raises(NotAllowed):
        propose_party_organisation(facts, by=viewer_for(Role.SECRETARY), told=told, from_date=DAY)
