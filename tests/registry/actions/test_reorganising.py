"""Firms that move, are absorbed or split: carried over, dated, and put back as one."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liangxin.kernel.models import AuditEntry
from liangxin.kernel.viewer import Role, Scope, ScopeKind
from liangxin.registry.actions.refusals import AlreadyClosed, ChangedMeanwhile, OutOfScope
from liangxin.registry.actions.reorganisation_undo import NotUndoable, undo_reorganisation
from liangxin.registry.actions.reorganising import (
    AnsweredAlready,
    AskedAlready,
    TooEarly,
    absorb_organisation,
    accept_move,
    decline_move,
    split_organisation,
)
from liangxin.registry.actions.shifting import SamePlace
from liangxin.registry.models import (
    Employment,
    Organisation,
    OrganisationVersion,
    PartyCoverage,
    Posting,
    Reorganisation,
)
from liangxin.registry.queries.periods import true_at
from liangxin.registry.terms import MassKind, OrganisationStatus, ReorganisationState
from tests.factories.accounts import make_user, viewer_for
from tests.factories.merges import whole_ledger
from tests.factories.registry import (
    make_area,
    make_coverage,
    make_guide,
    make_mass_presence,
    make_member,
    make_organisation,
    make_party_organisation,
    make_posting,
    make_site,
)
from tests.factories.reorganisations import ON_DATE, TODAY, departure_of, move, taken_back
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db
BEFORE = ON_DATE - timedelta(days=1)


def version_at(organisation: Organisation, day: date) -> OrganisationVersion:
    return OrganisationVersion.objects.get(true_at(day), organisation=organisation)


def absorb(gone: Organisation, stays: Organisation) -> Reorganisation:
    return absorb_organisation(gone, stays, by=office(), departure=departure_of(gone), today=TODAY)


def undo(act: Reorganisation) -> None:
    undo_reorganisation(act, by=office(), now=timezone.now())


def test_a_firm_moves_from_the_day_on_and_stays_as_it_was_before() -> None:
    old, new = make_area(), make_area()
    site = make_site(street=new)
    firm = make_organisation(street=old, address="老路1号").organisation

    act = move(firm, new, site=site)

    assert act.state == ReorganisationState.DONE
    was, now = version_at(firm, BEFORE), version_at(firm, ON_DATE)
    assert (was.street, was.address) == (old, "老路1号")
    assert (now.street, now.site, now.address) == (new, site, "新路1号")
    assert now.provenance.source.startswith("迁到本区另一街道：")
    assert AuditEntry.objects.filter(action="organisation.move").count() == 1


def test_an_officer_asks_the_other_street_which_takes_the_firm_in() -> None:
    old, new = make_area(), make_area()
    firm = make_organisation(street=old).organisation

    act = move(firm, new, by=officer_of(old))
    assert act.state == ReorganisationState.REQUESTED
    assert version_at(firm, TODAY).street == old
    with pytest.raises(AskedAlready):
        move(firm, new, by=officer_of(old))
    with pytest.raises(OutOfScope):
        accept_move(act, by=officer_of(make_area()))
    with pytest.raises(OutOfScope):
        accept_move(act, by=officer_of(old))

    accept_move(act, by=officer_of(new))
    assert version_at(firm, ON_DATE).street == new
    with pytest.raises(AnsweredAlready):
        accept_move(act, by=officer_of(new))


def test_a_declined_firm_stays_and_may_be_asked_for_again() -> None:
    old, new = make_area(), make_area()
    firm = make_organisation(street=old).organisation
    act = move(firm, new, by=officer_of(old))

    declined = decline_move(act, by=officer_of(new), reason="地址还在原街道")

    assert declined.state == ReorganisationState.DECLINED
    assert version_at(firm, TODAY).street == old
    assert move(firm, new, by=officer_of(old)).state == ReorganisationState.REQUESTED


def test_a_request_does_not_hold_when_the_firm_changed_meanwhile() -> None:
    old, new = make_area(), make_area()
    version = make_organisation(street=old)
    act = move(version.organisation, new, by=officer_of(old))
    OrganisationVersion.objects.filter(pk=version.pk).update(street=make_area())

    with pytest.raises(AnsweredAlready, match="不能照原样接收"):
        accept_move(act, by=office())


def test_all_that_hangs_on_an_absorbed_firm_goes_on_with_the_other() -> None:
    gone, stays = make_organisation(name="甲").organisation, make_organisation().organisation
    branch = make_party_organisation(covers=(gone,)).party_organisation
    person = make_member(gone, held_in=branch)
    guide = make_guide("某人")
    make_posting(gone, person=guide)
    make_mass_presence(gone, kind=MassKind.UNION)

    absorb(gone, stays)

    for day, firm in ((BEFORE, gone), (ON_DATE, stays)):
        assert person.employments.get(true_at(day)).organisation == firm
        assert branch.coverages.get(true_at(day)).organisation == firm
        assert guide.postings.get(true_at(day)).organisation == firm
        assert firm.mass_presences.filter(true_at(day)).count() == 1
    assert version_at(gone, BEFORE).status == OrganisationStatus.OPERATING
    assert version_at(gone, ON_DATE).status == OrganisationStatus.CLOSED
    assert Organisation.objects.get(pk=gone.pk).merged_into is None


def test_what_the_other_firm_has_already_is_not_doubled() -> None:
    gone, stays = make_organisation().organisation, make_organisation().organisation
    branch = make_party_organisation(covers=(gone, stays)).party_organisation
    for firm in (gone, stays):
        make_mass_presence(firm, kind=MassKind.UNION)

    absorb(gone, stays)

    assert branch.coverages.get(true_at(TODAY)).organisation == stays
    assert stays.mass_presences.filter(true_at(TODAY)).count() == 1
    assert not gone.mass_presences.filter(true_at(TODAY)).exists()


def test_the_chosen_go_with_the_firm_that_is_split_off() -> None:
    firm, successor = make_organisation().organisation, make_organisation().organisation
    going, staying = make_member(firm), make_member(firm)
    chosen = [("employments", going.employments.get().pk)]

    split_organisation(
        firm,
        successor,
        by=office(),
        departure=departure_of(firm),
        chosen=chosen,
        today=TODAY,
    )

    assert going.employments.get(true_at(TODAY)).organisation == successor
    assert going.employments.get(true_at(BEFORE)).organisation == firm
    assert staying.employments.get(true_at(TODAY)).organisation == firm
    assert version_at(firm, TODAY).status == OrganisationStatus.OPERATING


def test_whoever_asks_may_not_accept_for_the_other_street() -> None:
    old, new = make_area(), make_area()
    firm = make_organisation(street=old).organisation
    scope = Scope(ScopeKind.STREET, str(old.pk))
    user = make_user(Role.COMMITTEE_OFFICER, scope)
    asking = viewer_for(Role.COMMITTEE_OFFICER, scope, user=user)
    act = move(firm, new, by=asking)
    assert act.asked_by_id == asking.user_id == user.pk

    with pytest.raises(OutOfScope):
        accept_move(act, by=asking)
    assert version_at(firm, TODAY).street == old

    assert decline_move(act, by=asking, reason="撤回").state == ReorganisationState.DECLINED


def test_what_the_split_off_firm_has_already_is_not_doubled() -> None:
    firm, successor = make_organisation().organisation, make_organisation().organisation
    branch = make_party_organisation(covers=(firm, successor)).party_organisation
    chosen = [("coverages", branch.coverages.get(organisation=firm).pk)]
    told = whole_ledger()

    act = split_organisation(
        firm,
        successor,
        by=office(),
        departure=departure_of(firm),
        chosen=chosen,
        today=TODAY,
    )

    assert branch.coverages.get(true_at(TODAY)).organisation == successor
    undo(act)
    assert whole_ledger() == told


def test_facts_of_another_firm_are_never_carried_along() -> None:
    firm, successor, other = (make_organisation().organisation for _ in range(3))
    stranger = make_member(other)
    chosen = [("employments", stranger.employments.get().pk)]

    split_organisation(
        firm,
        successor,
        by=office(),
        departure=departure_of(firm),
        chosen=chosen,
        today=TODAY,
    )

    assert stranger.employments.get().organisation == other


def test_an_act_is_refused_where_it_does_not_fit() -> None:
    street = make_area()
    version = make_organisation(street=street)
    firm = version.organisation
    closed = make_organisation(status=OrganisationStatus.CLOSED).organisation

    with pytest.raises(SamePlace):
        move(firm, street)
    with pytest.raises(SamePlace):
        absorb(firm, firm)
    with pytest.raises(AlreadyClosed):
        absorb(firm, closed)
    with pytest.raises(AlreadyClosed):
        absorb(closed, firm)
    early = departure_of(firm, on_date=version.valid_from - timedelta(days=1))
    with pytest.raises(TooEarly):
        absorb_organisation(
            firm, make_organisation().organisation, by=office(), departure=early, today=TODAY
        )
    stale = departure_of(firm)
    move(firm, make_area())
    with pytest.raises(ChangedMeanwhile):
        absorb_organisation(
            firm, make_organisation().organisation, by=office(), departure=stale, today=TODAY
        )
    with pytest.raises(OutOfScope):
        absorb_organisation(
            firm,
            make_organisation().organisation,
            by=officer_of(street),
            departure=departure_of(firm),
            today=TODAY,
        )


def test_a_firm_told_of_today_may_move_today_and_be_put_back() -> None:
    old, new = make_area(), make_area()
    version, other = make_organisation(street=old, valid_from=ON_DATE), make_organisation()
    shown = departure_of(version.organisation)
    before = whole_ledger()

    act = move(version.organisation, new)

    now = version.organisation.versions.get()
    assert (now.street, now.provenance) == (new, act.provenance)
    with pytest.raises(ChangedMeanwhile):
        absorb_organisation(
            version.organisation,
            other.organisation,
            by=office(),
            departure=shown,
            today=TODAY,
        )
    undo(act)
    assert whole_ledger() == before


def test_an_undone_move_leaves_every_row_as_it_was() -> None:
    firm = make_organisation(street=make_area()).organisation
    target = make_area()
    before = whole_ledger()

    act = move(firm, target)
    undo(act)

    assert whole_ledger() == before
    with pytest.raises(OutOfScope):
        undo(act)


def test_what_was_changed_since_stands_in_the_way() -> None:
    firm = make_organisation(street=make_area()).organisation
    first = move(firm, make_area())
    move_again = departure_of(firm, on_date=ON_DATE + timedelta(days=30))
    absorb_organisation(
        firm, make_organisation().organisation, by=office(), departure=move_again, today=TODAY
    )
    before = whole_ledger()

    with pytest.raises(NotUndoable, match="单位资料又有改动"):
        undo(first)

    assert whole_ledger() == before


DAYS = st.sampled_from(
    [date(2024, 1, 1), ON_DATE - timedelta(days=1), ON_DATE, ON_DATE + timedelta(days=9)]
)
ENDS = st.sampled_from([None, date(2026, 12, 31), ON_DATE + timedelta(days=20)])


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    begun=st.lists(st.tuples(DAYS, ENDS, st.booleans()), max_size=4),
    members=st.lists(DAYS, max_size=3),
)
def test_nothing_is_lost_by_an_absorption_and_an_undo_is_exact(
    begun: list[tuple[date, date | None, bool]], members: list[date], db: None
) -> None:
    with taken_back():
        gone, stays = make_organisation().organisation, make_organisation().organisation
        for since, until, is_shared in begun:
            branch = make_party_organisation().party_organisation
            make_coverage(branch, gone, valid_from=since, valid_to=until)
            if is_shared:
                make_coverage(branch, stays)
        for since in members:
            make_member(gone, valid_from=since)
        make_posting(gone, person=make_guide(), valid_to=date(2027, 1, 1))
        told = whole_ledger()
        past = facts_on(BEFORE, gone, stays)
        covered = {one for one, _ in facts_on(TODAY, gone, stays)[1]}

        act = absorb(gone, stays)

        assert facts_on(BEFORE, gone, stays) == past
        later = facts_on(TODAY, gone, stays)
        assert {one for one, _ in later[1]} == covered
        # What begins on the day or later and is doubled cannot end: it is listed to be settled.
        for rows in later:
            theirs = {who for who, firm in rows if firm == stays.pk}
            assert {who for who, firm in rows if firm == gone.pk} <= theirs
        undo(act)
        assert whole_ledger() == told


def facts_on(day: date, *firms: Organisation) -> list[list[tuple[int, int]]]:
    """Who hangs on the firms on a day, as (who, firm): at work, covering, posted."""
    keys = [firm.pk for firm in firms]
    work = Employment.objects.filter(true_at(day), organisation__in=keys)
    held = PartyCoverage.objects.filter(true_at(day), organisation__in=keys)
    sent = Posting.objects.filter(true_at(day), organisation__in=keys)
    return [
        sorted(set(work.values_list("person_id", "organisation_id"))),
        sorted(set(held.values_list("party_organisation_id", "organisation_id"))),
        sorted(set(sent.values_list("person_id", "organisation_id"))),
    ]
