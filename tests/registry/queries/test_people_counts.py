"""Counts of members: whole for the Party chain, floored for others, none for owners."""

from datetime import date

import pytest

from liangxin.kernel.viewer import STRANGER, Held, Role, Scope, ScopeKind, Viewer
from liangxin.registry.queries.people_counts import ShownCount, shown_count
from tests.factories.accounts import viewer_for

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


@pytest.mark.parametrize("role", [Role.DISTRICT_OFFICE, Role.COMMITTEE_OFFICER, Role.SECRETARY])
@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_the_party_chain_is_told_every_count(role: Role, count: int) -> None:
    assert shown_count(count, viewer=viewer_for(role), at=DAY) == ShownCount(count, str(count))


@pytest.mark.parametrize(
    "role", [Role.INSTRUCTOR, Role.MEMBER, Role.SUBSCRIBER, Role.ADMINISTRATOR]
)
@pytest.mark.parametrize(
    ("count", "number", "words"),
    [(0, None, "少于3人"), (2, None, "少于3人"), (3, 3, "3"), (12, 12, "12")],
)
def test_roles_outside_the_chain_are_told_no_small_count(
    role: Role, count: int, number: int | None, words: str
) -> None:
    assert shown_count(count, viewer=viewer_for(role), at=DAY) == ShownCount(number, words)


@pytest.mark.parametrize("count", [0, 2, 3, 50])
def test_an_owner_is_told_no_count_at_all(count: int) -> None:
    assert shown_count(count, viewer=viewer_for(Role.OWNER), at=DAY).number is None


def test_an_owner_who_guides_other_firms_is_told_none_either() -> None:
    held = frozenset(
        {
            Held(Role.OWNER, Scope(ScopeKind.ORGANISATION, "1")),
            Held(Role.INSTRUCTOR, Scope(ScopeKind.ASSIGNED_FIRMS, "2")),
        }
    )

    assert shown_count(9, viewer=Viewer(1, "x", "x", held), at=DAY).number is None


def test_a_stranger_is_told_none() -> None:
    assert shown_count(9, viewer=STRANGER, at=DAY).number is None
