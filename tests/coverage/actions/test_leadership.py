"""First secretary, committee and meeting place of a new branch; the request's number."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from liangxin.coverage.actions.adoption import (
    FirstPlace,
    Nomination,
    found,
    nominate,
    note_request,
)
from liangxin.coverage.actions.refusals import (
    MissingText,
    NotInThisState,
    OutsideScope,
    RefusedLeadership,
    WrongDate,
)
from liangxin.coverage.models import Establishment, Nominee
from liangxin.coverage.queries.post_candidates import nominees_seen, post_candidates
from liangxin.kernel.models import AuditEntry
from liangxin.registry.models import MeetingPlace, Person, Post
from liangxin.registry.queries.party import meeting_place
from liangxin.registry.terms import PostKind
from tests.factories.establishments import (
    ADOPTED,
    FOUNDED,
    make_approved,
    make_cross_street,
    make_establishment,
    make_founded,
    make_withdrawn,
)
from tests.factories.plans import make_candidate, make_group, make_proposal
from tests.factories.registry import make_area, make_member, make_site
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db


def people(held: Establishment) -> list[Person]:
    return [one.person for one in post_candidates(office(), held, at=FOUNDED)]


def named(kind: PostKind, person: Person) -> Nomination:
    return Nomination(kind=kind, person=person, person_name=person.name)


def test_candidates_are_full_members_of_the_units_in_the_viewers_scope() -> None:
    first, second = make_area(), make_area()
    held = make_cross_street(streets=(first, second))
    make_member(make_candidate().organisation)

    assert len(people(held)) == 3
    assert len(post_candidates(officer_of(first), held, at=FOUNDED)) == 2
    assert len(post_candidates(officer_of(second), held, at=FOUNDED)) == 1
    assert post_candidates(officer_of(make_area()), held, at=FOUNDED) == ()


def test_a_secretary_is_named_and_takes_office_on_the_day_of_the_founding() -> None:
    held = make_approved()
    person = people(held)[0]
    nominate(held, [named(PostKind.SECRETARY, person)], by=office(), today=FOUNDED)

    done = found(held, by=office(), founded_date=FOUNDED, today=FOUNDED)

    post = Post.objects.get(party_organisation=done.party_organisation)
    assert (post.kind, post.person, post.valid_from) == (PostKind.SECRETARY, person, FOUNDED)
    assert AuditEntry.objects.filter(action="establishment.nominate").count() == 1


def test_a_new_branch_needs_a_secretary_at_the_latest_when_it_is_founded() -> None:
    held = make_approved()

    with pytest.raises(MissingText, match="首任书记") as refusal:
        found(held, by=office(), founded_date=FOUNDED, today=FOUNDED)
    assert refusal.value.field == "secretary"
    assert not Post.objects.exists()


def test_the_meeting_place_holds_from_the_founding_on() -> None:
    held = make_approved()
    site = make_site("瑞和中心")
    person = people(held)[0]

    done = found(
        held,
        by=office(),
        founded_date=FOUNDED,
        today=FOUNDED,
        elected=[named(PostKind.SECRETARY, person)],
        place=FirstPlace(site=site, text="3楼会议室"),
    )

    key = done.party_organisation_id
    assert str(meeting_place(party_organisation_id=key, at=FOUNDED)) == "瑞和中心 3楼会议室"
    before = FOUNDED - timedelta(days=1)
    assert meeting_place(party_organisation_id=key, at=before) is None


def test_a_small_branch_has_no_committee() -> None:
    held = make_establishment()
    first, second, _ = people(held)
    chosen = [named(PostKind.SECRETARY, first), named(PostKind.COMMITTEE_MEMBER, second)]

    with pytest.raises(RefusedLeadership, match="不足 7 名，不设支部委员会"):
        nominate(held, chosen, by=office(), today=ADOPTED)


def test_a_committee_has_at_most_seven() -> None:
    street = make_area()
    units = [make_candidate(street=street, members=2) for _ in range(5)]
    held = make_establishment(make_group(make_proposal(), units))
    secretary, *others = people(held)
    chosen = [named(PostKind.SECRETARY, secretary)]
    chosen += [named(PostKind.COMMITTEE_MEMBER, one) for one in others[:7]]

    with pytest.raises(RefusedLeadership, match="最多 7 人"):
        nominate(held, chosen, by=office(), today=ADOPTED)
    done = nominate(held, chosen[:5], by=office(), today=ADOPTED)
    assert done.nominees.count() == 5


def test_who_does_not_work_in_the_units_or_is_named_twice_is_refused() -> None:
    held = make_establishment()
    stranger = make_member(make_candidate().organisation)
    first = people(held)[0]
    twice = [named(PostKind.SECRETARY, first), named(PostKind.DEPUTY, first)]

    with pytest.raises(RefusedLeadership):
        nominate(held, [named(PostKind.SECRETARY, stranger)], by=office(), today=ADOPTED)
    with pytest.raises(RefusedLeadership, match="只能担任一个职务"):
        nominate(held, twice, by=office(), today=ADOPTED)


def test_only_whoever_plans_the_branch_names_people_and_sees_all_of_them() -> None:
    first, second = make_area(), make_area()
    held = make_cross_street(streets=(first, second))
    # Of the first street's own: the first by name may be the other's, as numbers in names grow.
    person = post_candidates(officer_of(first), held, at=FOUNDED)[0].person
    with pytest.raises(OutsideScope):
        nominate(held, [], by=officer_of(second), today=ADOPTED)
    held = nominate(held, [named(PostKind.SECRETARY, person)], by=officer_of(first), today=ADOPTED)

    assert len(nominees_seen(officer_of(first), held, at=ADOPTED)) == 1
    assert nominees_seen(officer_of(second), held, at=ADOPTED) == ()


def test_nobody_is_named_for_what_is_over() -> None:
    for held in (make_withdrawn(), make_founded()):
        with pytest.raises(NotInThisState):
            nominate(held, [], by=office(), today=FOUNDED)


def test_one_secretary_and_each_person_once_hold_in_the_database() -> None:
    held = make_establishment()
    Nominee.objects.create(establishment=held, kind=PostKind.SECRETARY, person_name="甲")

    with pytest.raises(IntegrityError):
        Nominee.objects.create(establishment=held, kind=PostKind.SECRETARY, person_name="乙")


def test_a_meeting_place_says_where() -> None:
    held = make_founded()

    with pytest.raises(IntegrityError):
        MeetingPlace.objects.create(
            party_organisation=held.party_organisation,
            valid_from=FOUNDED,
            recorded_at=held.adopted_at,
            provenance=held.party_organisation.provenance,
        )


def test_the_requests_number_is_typed_once_for_several() -> None:
    several = [make_establishment(), make_establishment()]
    note_request(
        several, by=office(), request_number="甲工〔2026〕5号", request_date=ADOPTED, today=FOUNDED
    )

    told = Establishment.objects.values_list("request_number", "request_date")
    assert set(told) == {("甲工〔2026〕5号", ADOPTED)}
    with pytest.raises(WrongDate):
        note_request(
            several,
            by=office(),
            request_number="甲工〔2026〕5号",
            request_date=ADOPTED - timedelta(days=1),
            today=FOUNDED,
        )
