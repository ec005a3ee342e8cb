"""From adopted to founded, or back: states, dates, and what counts as coverage when."""

from datetime import date, timedelta

import pytest

from liangxin.coverage.actions.adoption import (
    adopt_groups,
    approve,
    found,
    give_consent,
    refuse_consent,
    rename_establishment,
    withdraw,
)
from liangxin.coverage.actions.refusals import (
    ConsentsMissing,
    MissingText,
    NameTaken,
    NotInThisState,
    NotYoursToAnswer,
    OutsideScope,
    WrongDate,
)
from liangxin.coverage.models import Consent, Establishment, ProposedGroup
from liangxin.coverage.queries import coverage_table
from liangxin.coverage.terms import Base, ConsentState, EstablishmentState
from liangxin.kernel.models import AuditEntry
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import Role, Viewer
from liangxin.registry.models import PartyCoverage, PartyOrganisationVersion
from liangxin.registry.queries import party_organisation_versions
from tests.factories.accounts import make_user, viewer_for
from tests.factories.establishments import ELECTED
from tests.factories.plans import DAY, make_candidate, make_group, make_proposal
from tests.factories.registry import make_area, make_party_organisation
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db
ADOPTED, APPROVED, FOUNDED, TODAY = (DAY + timedelta(days=days) for days in (1, 5, 9, 20))
ONE_DAY = timedelta(days=1)


def adopted(
    group: ProposedGroup | None = None, *, by: Viewer | None = None, today: date = ADOPTED
) -> Establishment:
    group = group or make_group(make_proposal())
    adoption = adopt_groups(
        group.proposal, [group.number], by=by or office(), today=today, seen_changes=""
    )
    (made,) = adoption.adopted
    return made


def approved(made: Establishment | None = None, *, on: date = APPROVED) -> Establishment:
    return approve(
        made or adopted(),
        by=office(),
        approved_date=on,
        approval_number="甲组〔2026〕1号",
        today=TODAY,
    )


def founded(made: Establishment | None = None, *, on: date = FOUNDED) -> Establishment:
    return found(made or approved(), by=office(), founded_date=on, today=TODAY, elected=ELECTED)


def cross_street(*, by: Viewer | None = None) -> tuple[Establishment, Consent]:
    """An establishment of two streets, adopted by the host's, and the other's consent."""
    group = make_group(make_proposal(), [make_candidate(members=2), make_candidate(members=2)])
    assert group.street is not None
    made = adopted(group, by=by or officer_of(group.street))
    return made, made.consents.exclude(street=group.street).get()


def jointly_covered(at: date) -> int:
    return coverage_table(office(), at=at, base=Base()).total.joint


def test_units_count_as_jointly_covered_from_the_day_of_founding_on() -> None:
    made = founded()

    assert (made.state, made.founded_date) == (EstablishmentState.FOUNDED, FOUNDED)
    assert made.party_organisation.founded_date == FOUNDED
    assert not made.units.filter(is_open=True).exists()
    days = (ADOPTED, FOUNDED - ONE_DAY, FOUNDED, FOUNDED + ONE_DAY)
    assert [jointly_covered(day) for day in days] == [0, 0, 3, 3]


def test_proposed_and_approved_cover_nobody() -> None:
    approved()

    assert [jointly_covered(day) for day in (ADOPTED, APPROVED, TODAY)] == [0, 0, 0]


def test_kept_figures_are_counted_anew_after_the_founding() -> None:
    made = approved()
    assert jointly_covered(TODAY) == 0

    founded(made)

    assert jointly_covered(TODAY) == 3


def test_units_join_a_standing_branch_at_the_founding() -> None:
    street = make_area()
    first = make_candidate(street=street)
    branch = make_party_organisation(street=street, covers=(first.organisation,))
    group = make_group(
        make_proposal(), [make_candidate(street=street)], into_branch=branch.party_organisation
    )
    made = founded(approved(adopted(group)))

    assert made.party_organisation.founded_date == date(2024, 1, 1)
    rows = PartyCoverage.objects.filter(party_organisation=branch.party_organisation)
    assert list(rows.order_by("valid_from").values_list("valid_from", flat=True)) == [
        date(2024, 1, 1),
        FOUNDED,
    ]
    assert [jointly_covered(day) for day in (FOUNDED - ONE_DAY, FOUNDED)] == [0, 2]


def test_each_step_leaves_an_entry_and_only_the_founding_moves_figures() -> None:
    founded()

    entries = AuditEntry.objects.filter(action__startswith="establishment.").order_by("id")
    assert list(entries.values_list("action", "changes_ledger")) == [
        ("establishment.adopt", False),
        ("establishment.approve", False),
        ("establishment.found", True),
    ]


def test_who_did_what_is_kept() -> None:
    chief, clerk = make_user(name="王某"), make_user(name="李某")
    made = adopted(by=viewer_for(Role.DISTRICT_OFFICE, user=clerk))
    approve(
        made,
        by=viewer_for(Role.DISTRICT_OFFICE, user=chief),
        approved_date=APPROVED,
        approval_number=" 甲组〔2026〕1号 ",
        today=TODAY,
    )
    done = found(
        made,
        by=viewer_for(Role.DISTRICT_OFFICE, user=clerk),
        founded_date=FOUNDED,
        today=TODAY,
        elected=ELECTED,
    )

    assert (done.adopted_by, done.approved_by, done.founded_by) == (clerk, chief, clerk)
    assert done.approval_number == "甲组〔2026〕1号"


@pytest.mark.parametrize("day", [ADOPTED - ONE_DAY, TODAY + ONE_DAY])
def test_approval_lies_between_adoption_and_today(day: date) -> None:
    with pytest.raises(WrongDate) as refused:
        approved(on=day)

    assert (refused.value.field, str(refused.value)) == (
        "approved_date",
        f"批复日期应在 {ADOPTED} 至 {TODAY} 之间。",
    )


@pytest.mark.parametrize("day", [APPROVED - ONE_DAY, TODAY + ONE_DAY])
def test_founding_lies_between_approval_and_today(day: date) -> None:
    with pytest.raises(WrongDate):
        founded(on=day)

    assert Establishment.objects.get().state == EstablishmentState.APPROVED


@pytest.mark.parametrize("number", ["", "  ", "号" * 61])
def test_approval_needs_its_number(number: str) -> None:
    with pytest.raises(MissingText) as refused:
        approve(adopted(), by=office(), approved_date=APPROVED, approval_number=number, today=TODAY)

    assert refused.value.field == "approval_number"


def test_steps_follow_one_another() -> None:
    with pytest.raises(NotInThisState, match="“拟建”状态，批复以后才能记成立日期"):
        founded(adopted())
    done = founded()
    with pytest.raises(NotInThisState):
        approved(done)
    with pytest.raises(NotInThisState):
        founded(done)
    with pytest.raises(NotInThisState, match="“已成立”状态，不能撤回"):
        withdraw(done, by=office(), reason="重复", today=TODAY)


def test_page_that_shows_an_older_state_changes_nothing() -> None:
    stale = adopted()
    approved(Establishment.objects.get(pk=stale.pk))

    with pytest.raises(NotInThisState):
        approved(stale)


def test_withdrawn_branch_leaves_every_list_and_frees_its_units() -> None:
    made = adopted()
    group = made.group
    assert group is not None

    done = withdraw(made, by=office(), reason="企业迁出", today=TODAY)

    assert (done.state, done.withdrawn_date, done.withdrawn_reason) == (
        EstablishmentState.WITHDRAWN,
        TODAY,
        "企业迁出",
    )
    shown = party_organisation_versions(office(), at=TODAY)
    assert not shown.filter(party_organisation=done.party_organisation).exists()
    assert not PartyCoverage.objects.filter(valid_to__isnull=True).exists()
    versions = PartyOrganisationVersion.objects.filter(party_organisation=done.party_organisation)
    assert list(versions.values_list("valid_from", "valid_to")) == [(ADOPTED, TODAY)]
    again = adopted(group, today=TODAY)
    assert (again.name, again.group) == (made.name, group)


def test_branch_withdrawn_on_the_day_of_its_adoption_leaves_no_fact() -> None:
    done = withdraw(approved(on=ADOPTED), by=office(), reason="误操作", today=ADOPTED)

    assert done.party_organisation.dissolved_date == ADOPTED
    assert not done.party_organisation.versions.exists()
    assert not done.party_organisation.coverages.exists()
    assert done.units.count() == 3


def test_withdrawn_joining_leaves_the_standing_branch_alone() -> None:
    branch = make_party_organisation(covers=(make_candidate().organisation,))
    group = make_group(make_proposal(), [make_candidate()], into_branch=branch.party_organisation)

    withdraw(adopted(group), by=office(), reason="不再并入", today=TODAY)

    branch.refresh_from_db()
    assert branch.valid_to is None
    assert branch.party_organisation.dissolved_date is None
    assert PartyCoverage.objects.filter(valid_to__isnull=True).count() == 1


@pytest.mark.parametrize("reason", ["", " ", "因" * 201])
def test_withdrawal_needs_a_reason(reason: str) -> None:
    with pytest.raises(MissingText):
        withdraw(adopted(), by=office(), reason=reason, today=TODAY)


def test_branch_to_be_is_renamed_in_the_ledger_too() -> None:
    made = rename_establishment(adopted(), " 甲园区联合党支部 ", by=office(), today=TODAY)

    assert made.name == "甲园区联合党支部"
    assert made.party_organisation.versions.get().name == "甲园区联合党支部"


def test_name_of_another_is_not_given() -> None:
    taken = make_party_organisation("甲园区联合党支部")

    with pytest.raises(NameTaken):
        rename_establishment(adopted(), "甲园区 联合党支部", by=office(), today=TODAY)

    assert PartyOrganisationVersion.objects.filter(name=taken.name).count() == 1


def test_name_stays_after_the_approval() -> None:
    with pytest.raises(NotInThisState):
        rename_establishment(approved(), "甲园区联合党支部", by=office(), today=TODAY)


def test_approval_waits_for_every_street() -> None:
    made, consent = cross_street()

    with pytest.raises(ConsentsMissing, match=f"还在等{consent.street}答复"):
        approved(made)
    give_consent(consent, by=officer_of(consent.street), today=TODAY)

    assert approved(made).state == EstablishmentState.APPROVED


def test_refused_consent_blocks_and_may_be_given_later() -> None:
    made, consent = cross_street()
    ours = officer_of(consent.street)
    refused = refuse_consent(consent, by=ours, note="另有安排", today=TODAY)
    assert (refused.state, refused.note, refused.decided_date) == (
        ConsentState.REFUSED,
        "另有安排",
        TODAY,
    )

    with pytest.raises(ConsentsMissing, match=f"{consent.street}不同意：协商一致后"):
        approved(made)
    give_consent(consent, by=ours, today=TODAY)

    assert approved(made).state == EstablishmentState.APPROVED


def test_district_consents_in_place_of_a_street() -> None:
    made, consent = cross_street()

    given = give_consent(consent, by=office(), note="区级统筹", today=TODAY)

    assert (given.state, given.is_by_district) == (ConsentState.GIVEN, True)
    with pytest.raises(NotYoursToAnswer, match="区级已就这件事代为答复"):
        refuse_consent(consent, by=officer_of(consent.street), note="不同意", today=TODAY)
    assert approved(made).state == EstablishmentState.APPROVED


def test_consent_is_of_the_street_that_was_asked() -> None:
    _, consent = cross_street()

    with pytest.raises(NotYoursToAnswer, match=str(consent.street)):
        give_consent(consent, by=officer_of(make_area()), today=TODAY)

    consent.refresh_from_db()
    assert consent.state == ConsentState.WAITING


def test_refusal_says_why_and_an_answer_is_given_once() -> None:
    _, consent = cross_street()
    ours = officer_of(consent.street)

    with pytest.raises(MissingText):
        refuse_consent(consent, by=ours, note=" ", today=TODAY)
    give_consent(consent, by=ours, today=TODAY)
    with pytest.raises(NotInThisState, match="已于"):
        give_consent(consent, by=ours, today=TODAY)


def test_consents_are_settled_with_the_approval() -> None:
    made, consent = cross_street()
    give_consent(consent, by=officer_of(consent.street), today=TODAY)
    approved(made)

    with pytest.raises(NotInThisState, match="不再征求意见"):
        refuse_consent(consent, by=officer_of(consent.street), note="反悔", today=TODAY)


def test_only_the_hosts_side_and_the_district_found_and_withdraw() -> None:
    made, consent = cross_street()
    other = officer_of(consent.street)
    assert made.street is not None
    give_consent(consent, by=other, today=TODAY)
    approved(made)

    with pytest.raises(OutsideScope):
        found(made, by=other, founded_date=FOUNDED, today=TODAY, elected=ELECTED)
    with pytest.raises(OutsideScope):
        withdraw(made, by=other, reason="不需要", today=TODAY)
    ours = officer_of(made.street)
    assert (
        found(made, by=ours, founded_date=FOUNDED, today=TODAY, elected=ELECTED).founded_date
        == FOUNDED
    )


def test_officer_may_not_approve_and_others_may_nothing() -> None:
    made, consent = cross_street()
    assert made.street is not None
    with pytest.raises(NotAllowed):
        approve(
            made,
            by=officer_of(made.street),
            approved_date=APPROVED,
            approval_number="1号",
            today=TODAY,
        )
    stranger = viewer_for(Role.SECRETARY)
    with pytest.raises(NotAllowed):
        withdraw(made, by=stranger, reason="不需要", today=TODAY)
    with pytest.raises(NotAllowed):
        found(made, by=stranger, founded_date=FOUNDED, today=TODAY, elected=ELECTED)
    with pytest.raises(NotAllowed):
        give_consent(consent, by=stranger, today=TODAY)
    with pytest.raises(NotAllowed):
        rename_establishment(made, "甲", by=stranger, today=TODAY)
