"""Why an organisation has no Party organisation, and who may read how many members it has."""

from datetime import timedelta

import pytest

from liangxin.coverage.actions.adoption import withdraw
from liangxin.coverage.queries import (
    Reason,
    covered_state,
    organisations_without_party,
    reason_for,
    transfer_condition,
)
from liangxin.coverage.queries.state import coverage_of
from liangxin.coverage.terms import Base, Coverage, ReasonCode
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import SYSTEM, Viewer
from liangxin.registry.models import OrganisationVersion
from liangxin.registry.terms import MemberStage
from tests.factories.coverage import DAY, make_random_ledger, officer_of, owner_of
from tests.factories.plans import ADOPTED, make_establishment
from tests.factories.registry import (
    make_member,
    make_organisation,
    make_party_organisation,
    make_posting,
)

pytestmark = pytest.mark.django_db


def firm_with(full: int, *, elsewhere: int = 0, probationary: int = 0) -> OrganisationVersion:
    firm = make_organisation()
    held_in = make_party_organisation().party_organisation
    for number in range(full):
        is_away = number < elsewhere
        make_member(firm.organisation, held_in=None if is_away else held_in)
    for _ in range(probationary):
        make_member(firm.organisation, stage=MemberStage.PROBATIONARY, held_in=held_in)
    return firm


def told(firm: OrganisationVersion, viewer: Viewer = SYSTEM) -> Reason:
    reason = reason_for(firm, viewer=viewer, at=DAY)
    assert reason is not None
    return reason


@pytest.mark.parametrize(
    ("full", "code", "text"),
    [
        (4, ReasonCode.OWN_BRANCH, "有正式党员 4 名，达到 3 名，应单独建立党支部"),
        (3, ReasonCode.OWN_BRANCH, "有正式党员 3 名，达到 3 名，应单独建立党支部"),
        (1, ReasonCode.JOIN, "有正式党员 1 名，不足 3 名，可联合组建"),
        (0, ReasonCode.GUIDE, "没有正式党员，应选派指导员或联络员"),
    ],
)
def test_reason_follows_the_number_of_full_members(full: int, code: ReasonCode, text: str) -> None:
    reason = told(firm_with(full, probationary=2))
    assert (reason.code, reason.text, reason.full_members) == (code, text, full)


def test_reason_names_its_rule() -> None:
    assert [one.rule for one in told(firm_with(4)).findings] == ["branch.min_full_members"]


def test_reason_says_what_one_more_full_member_completes() -> None:
    assert "再转入或发展 1 名正式党员即可单独建支部" in told(firm_with(2)).text
    assert "再转入" not in told(firm_with(1)).text


def test_reason_says_that_a_transfer_is_needed() -> None:
    reason = told(firm_with(3, elsewhere=2))
    assert (reason.elsewhere, reason.needs_transfer) == (2, True)
    assert "2 名组织关系在别处" in reason.text


def test_reason_of_an_organisation_with_work_coverage_says_so() -> None:
    firm = make_organisation()
    make_posting(firm.organisation)
    reason = told(firm)
    assert (reason.coverage, reason.text) == (Coverage.WORK, "没有正式党员，已有工作覆盖")


@pytest.mark.parametrize(
    ("employees", "rules"),
    [
        (49, ["coverage.work_means"]),
        (50, ["coverage.work_means", "employees.should_have_member"]),
        (100, ["coverage.work_means", "employees.should_have_organisation"]),
    ],
)
def test_reason_names_what_the_number_of_staff_asks_for(employees: int, rules: list[str]) -> None:
    reason = told(make_organisation(employees=employees))
    assert [finding.rule for finding in reason.findings] == rules


def test_reason_of_a_covered_organisation_is_none() -> None:
    firm = make_organisation()
    make_party_organisation(covers=(firm.organisation,))
    assert reason_for(firm, viewer=SYSTEM, at=DAY) is None


@pytest.mark.parametrize("full", [0, 1, 2])
def test_reason_told_to_the_owner_is_the_same_below_the_floor(full: int) -> None:
    firm = firm_with(full, elsewhere=min(full, 1))
    reason = told(firm, owner_of(firm.organisation_id))
    assert reason == Reason(
        coverage=Coverage.NONE,
        code=None,
        full_members=None,
        elsewhere=None,
        findings=reason.findings,
    )
    assert reason.text == "尚未建立党组织，组建方式由所在街道党工委研究"


def test_reason_told_to_an_officer_who_owns_a_firm_elsewhere_stays_closed() -> None:
    firm, street = firm_with(2), make_organisation().street
    officer, owner = officer_of(street), owner_of(firm.organisation_id)
    both = Viewer(user_id=None, username="b", name="b", held=officer.held | owner.held)
    assert told(firm, both).full_members is None
    assert told(firm, officer_of(firm.street)).full_members == 2


def test_reason_condition_refuses_an_owner() -> None:
    owner = owner_of(make_organisation().organisation_id)
    with pytest.raises(NotAllowed):
        organisations_without_party(owner, at=DAY, base=Base(), reason=ReasonCode.JOIN)


def test_reason_of_the_list_is_the_reason_of_the_page() -> None:
    make_random_ledger(5)
    rows = list(organisations_without_party(SYSTEM, at=DAY, base=Base()))
    reasons = {row.organisation_id: reason_for(row, viewer=SYSTEM, at=DAY) for row in rows}
    for code in ReasonCode:
        listed = organisations_without_party(SYSTEM, at=DAY, base=Base(), reason=code)
        told = {key for key, reason in reasons.items() if reason and reason.code is code}
        assert {row.organisation_id for row in listed} == told


def test_transfer_condition_lists_whoever_has_a_member_held_elsewhere() -> None:
    away, _ = firm_with(2, elsewhere=1), firm_with(2)
    found = organisations_without_party(SYSTEM, at=DAY, base=Base())
    needed = found.filter(transfer_condition(viewer=SYSTEM, at=DAY))
    assert [row.pk for row in needed] == [away.pk]


def test_coverage_of_one_is_that_of_the_list() -> None:
    make_random_ledger(6)
    rows = list(covered_state(SYSTEM, at=DAY, base=Base()))

    assert {coverage_of(row.organisation_id, at=DAY) for row in rows} == set(Coverage)
    for row in rows:
        assert coverage_of(row.organisation_id, at=DAY) == row.coverage


def test_reason_begins_with_the_branch_that_is_planned_and_keeps_its_code() -> None:
    made = make_establishment()
    host = made.units.get(is_host=True).organisation.versions.get()

    for viewer in (SYSTEM, officer_of(made.street)):  # type: ignore[arg-type]
        reason = reason_for(host, viewer=viewer, at=ADOPTED)

        assert reason is not None
        assert reason.code is ReasonCode.JOIN
        assert reason.findings[0].text == f"已列入拟建的“{made.name}”"
        assert reason.findings[1].text.startswith("有正式党员 1 名，不足 3 名")


def test_planned_branch_is_told_from_the_day_of_its_adoption_on() -> None:
    host = make_establishment().units.get(is_host=True).organisation.versions.get()

    reason = reason_for(host, viewer=SYSTEM, at=DAY)

    assert reason is not None
    assert "拟建" not in reason.text


def test_planned_branch_is_told_to_nobody_who_does_not_plan() -> None:
    made = make_establishment()
    host = made.units.get(is_host=True).organisation

    reason = reason_for(host.versions.get(), viewer=owner_of(host.pk), at=ADOPTED)

    assert reason is not None
    assert "拟建" not in reason.text


def test_withdrawn_plan_is_no_reason_any_more() -> None:
    made = make_establishment()
    day = ADOPTED + timedelta(days=3)
    withdraw(made, by=SYSTEM, reason="不再组建", today=day)
    host = made.units.get(is_host=True).organisation.versions.get()

    told = [reason_for(host, viewer=SYSTEM, at=at) for at in (day - timedelta(days=1), day)]

    assert ["拟建" in reason.text for reason in told if reason] == [True, False]
