from datetime import date

import pytest

from liangxin.kernel.permissions import NotAllowed
from liangxin.registry.actions.form_refusals import (
    AlreadyInPost,
    BeforeFounding,
    EndsTooEarly,
    SecretaryInOffice,
)
from liangxin.registry.actions.posts import PostFacts, begin_post, end_post
from liangxin.registry.actions.refusals import FutureDate, NothingChanged, OutOfScope
from liangxin.registry.models import PartyOrganisation, Post
from liangxin.registry.terms import PostKind
from tests.factories.registry import make_area, make_party_organisation, make_post
from tests.factories.viewers import office, officer_of, secretary_of

pytestmark = pytest.mark.django_db
TODAY, MAY = date(2026, 6, 1), date(2026, 5, 1)


@pytest.fixture
def branch() -> PartyOrganisation:
    return make_party_organisation(street=make_area()).party_organisation


def facts(name: str = "王书记", **more: object) -> PostFacts:
    told = {"kind": PostKind.SECRETARY, "person_name": name, "from_date": MAY} | more
    return PostFacts(**told)  # type: ignore[arg-type]


def terms() -> list[tuple[str, date, date | None]]:
    return list(
        Post.objects.order_by("valid_from").values_list("person_name", "valid_from", "valid_to")
    )


def test_post_begins_and_ends(branch: PartyOrganisation) -> None:
    post = begin_post(branch, facts(), by=office(), today=TODAY)
    end_post(post, by=office(), end_date=TODAY, today=TODAY)

    assert terms() == [("王书记", MAY, TODAY)]


def test_a_new_secretary_follows_only_where_said(branch: PartyOrganisation) -> None:
    old = make_post(branch, person_name="李书记")

    with pytest.raises(SecretaryInOffice, match="李书记"):
        begin_post(branch, facts(), by=office(), today=TODAY)
    begin_post(branch, facts(ends_predecessor=True), by=office(), today=TODAY)

    assert terms() == [("李书记", old.valid_from, MAY), ("王书记", MAY, None)]


def test_a_second_term_ends_the_first(branch: PartyOrganisation) -> None:
    old = make_post(branch, kind=PostKind.DEPUTY, person_name="张委员")
    deputy = facts("张委员", kind=PostKind.DEPUTY)

    with pytest.raises(AlreadyInPost):
        begin_post(branch, deputy, by=office(), today=TODAY)
    again = facts("张委员", kind=PostKind.DEPUTY, ends_predecessor=True)
    begin_post(branch, again, by=office(), today=TODAY)

    assert terms() == [("张委员", old.valid_from, MAY), ("张委员", MAY, None)]


def test_committee_members_stand_beside_one_another(branch: PartyOrganisation) -> None:
    for name in ("甲", "乙"):
        member = facts(name, kind=PostKind.COMMITTEE_MEMBER)
        begin_post(branch, member, by=office(), today=TODAY)

    assert Post.objects.filter(valid_to__isnull=True).count() == 2


def test_begin_post_refusals(branch: PartyOrganisation) -> None:
    with pytest.raises(FutureDate):
        begin_post(branch, facts(from_date=date(2026, 6, 2)), by=office(), today=TODAY)
    with pytest.raises(BeforeFounding):
        begin_post(branch, facts(from_date=date(2020, 1, 1)), by=office(), today=TODAY)
    with pytest.raises(OutOfScope):
        begin_post(branch, facts(), by=officer_of(make_area()), today=TODAY)
    with pytest.raises(NotAllowed):
        begin_post(branch, facts(), by=secretary_of(branch), today=TODAY)
    make_post(branch, valid_from=TODAY)
    with pytest.raises(EndsTooEarly):
        begin_post(branch, facts(ends_predecessor=True), by=office(), today=TODAY)


def test_end_post_refusals(branch: PartyOrganisation) -> None:
    post = make_post(branch)

    with pytest.raises(EndsTooEarly):
        end_post(post, by=office(), end_date=post.valid_from, today=TODAY)
    end_post(post, by=office(), end_date=MAY, today=TODAY)
    with pytest.raises(NothingChanged):
        end_post(post, by=office(), end_date=MAY, today=TODAY)
