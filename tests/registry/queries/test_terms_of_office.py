"""When committees are due for election: by the rule of their kind, from the newest post."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangxin.registry.models import PartyOrganisationVersion
from liangxin.registry.queries.terms_of_office import (
    due_condition,
    months_after,
    term_of_office,
    warning_months,
    with_term_since,
)
from liangxin.registry.terms import PartyKind
from tests.factories.registry import make_area, make_party_organisation, make_post
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db
AT = date(2026, 11, 1)


def since(version: PartyOrganisationVersion, day: date) -> None:
    make_post(version.party_organisation, valid_from=day)


@pytest.mark.parametrize(
    ("kind", "ends"),
    [
        (PartyKind.BRANCH, date(2027, 3, 1)),
        (PartyKind.GENERAL_BRANCH, date(2027, 3, 1)),
        (PartyKind.COMMITTEE, date(2029, 3, 1)),
        (PartyKind.WORK_COMMITTEE, None),
    ],
)
def test_a_term_is_as_long_as_the_rule_of_its_kind_says(kind: PartyKind, ends: date | None) -> None:
    version = make_party_organisation(kind=kind)
    since(version, date(2024, 3, 1))
    posts = list(version.party_organisation.posts.all())

    term = term_of_office(version, posts, at=AT)

    assert (term.ends if term else None) == ends
    assert term_of_office(version, [], at=AT) is None


def test_the_end_is_warned_of_before_it_comes() -> None:
    version = make_party_organisation()
    since(version, date(2024, 3, 1))
    term = term_of_office(version, list(version.party_organisation.posts.all()), at=AT)
    assert term is not None
    assert term.warned_from == date(2026, 9, 1)
    assert not term.is_near(date(2026, 8, 31))
    assert term.is_near(date(2026, 9, 1))
    assert not term.is_near(date(2027, 3, 1))
    assert term.is_over(date(2027, 3, 1))


@pytest.mark.parametrize("kind", [PartyKind.BRANCH, PartyKind.COMMITTEE, PartyKind.WORK_COMMITTEE])
def test_the_filter_finds_what_the_page_says(kind: PartyKind) -> None:
    for year in range(2019, 2026):
        for month in (1, 5, 11):
            since(make_party_organisation(kind=kind), date(year, month, 1))
    rows = with_term_since(
        PartyOrganisationVersion.objects.filter(valid_to__isnull=True), viewer=office(), at=AT
    )
    told = {
        row.pk: term_of_office(row, list(row.party_organisation.posts.all()), at=AT) for row in rows
    }

    over = set(rows.filter(due_condition(at=AT, within_months=0)).values_list("pk", flat=True))
    soon = due_condition(at=AT, within_months=warning_months(AT))
    near = set(rows.filter(soon).values_list("pk", flat=True)) - over

    assert over == {key for key, term in told.items() if term and term.is_over(AT)}
    assert near == {key for key, term in told.items() if term and term.is_near(AT)}


def test_posts_of_another_street_are_no_officers_business() -> None:
    since(make_party_organisation(street=make_area()), date(2019, 1, 1))
    rows = with_term_since(
        PartyOrganisationVersion.objects.all(), viewer=officer_of(make_area()), at=AT
    )
    assert rows.get().term_since is None


@given(day=st.dates(date(1990, 1, 1), date(2060, 12, 31)), months=st.integers(-120, 120))
def test_months_never_leave_their_month(day: date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or later.day >= 28
