"""Who left long ago is erased; rows, facts and counts stay."""

from datetime import date, timedelta

import pytest

from liangxin.kernel.models import AuditEntry
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import SYSTEM
from liangxin.registry.actions.retention import erase_due_persons, without_identifiers
from liangxin.registry.models import Employment, Fact, Person
from liangxin.registry.queries.retention import (
    ERASED_NAME,
    closed_persons,
    due_persons,
    facts_of_persons,
    retention_years,
    years_before,
)
from tests.factories.registry import (
    make_area,
    make_employment,
    make_membership,
    make_organisation,
    make_party_organisation,
    make_person,
    make_post,
)
from tests.factories.viewers import officer_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
BEGAN = date(2015, 1, 1)


def _left(day: date | None, *, name: str = "张某") -> Person:
    person = make_person(name, phone="19900001234")
    make_employment(person, make_organisation().organisation, valid_from=BEGAN, valid_to=day)
    return person


def test_every_dated_table_of_persons_counts() -> None:
    assert {model.__name__ for model, _ in facts_of_persons()} >= {
        "Employment",
        "GuideService",
        "PartyMembership",
        "PartyRelation",
        "Post",
        "Posting",
    }
    assert all(issubclass(model, Fact) for model, _ in facts_of_persons())


def test_person_is_erased_when_their_years_are_over() -> None:
    gone = _left(years_before(TODAY, years=3))
    recent = _left(years_before(TODAY, years=3) + timedelta(days=1))
    there = _left(None)

    assert erase_due_persons(by=SYSTEM, today=TODAY) == 1

    gone.refresh_from_db()
    assert (gone.name, gone.id_number, gone.id_index, gone.phone, gone.erased_date) == (
        ERASED_NAME,
        "",
        None,
        "",
        TODAY,
    )
    assert Employment.objects.filter(person=gone).count() == 1
    for kept in (recent, there):
        kept.refresh_from_db()
        assert (kept.name, kept.phone, kept.erased_date) == ("张某", "19900001234", None)


def test_what_still_holds_keeps_a_person() -> None:
    person = _left(date(2018, 1, 1))
    make_membership(person, valid_from=BEGAN)

    assert erase_due_persons(by=SYSTEM, today=TODAY) == 0


def test_last_end_counts() -> None:
    person = _left(date(2018, 1, 1))
    make_employment(
        person,
        make_organisation().organisation,
        valid_from=date(2019, 1, 1),
        valid_to=date(2025, 1, 1),
    )

    assert [one.closed_date for one in closed_persons(SYSTEM)] == [date(2025, 1, 1)]
    assert not due_persons(SYSTEM, at=TODAY).exists()


def test_erasure_leaves_one_entry_of_counts_and_is_done_once() -> None:
    _left(date(2018, 1, 1), name="王某")
    _left(date(2018, 1, 1), name="李某")

    assert (
        erase_due_persons(by=SYSTEM, today=TODAY),
        erase_due_persons(by=SYSTEM, today=TODAY),
    ) == (
        2,
        0,
    )
    entry = AuditEntry.objects.get(action="person.erase")
    assert (entry.details, entry.object_key) == ({"count": 2}, "")
    assert "王某" not in entry.summary


def test_only_the_district_office_decides() -> None:
    _left(date(2018, 1, 1))
    officer = officer_of(make_area())

    assert not closed_persons(officer).exists()
    with pytest.raises(NotAllowed):
        erase_due_persons(by=officer, today=TODAY)


def test_years_come_from_the_rulebook() -> None:
    assert retention_years(at=TODAY) == 3
    assert years_before(date(2024, 2, 29), years=3) == date(2021, 2, 28)


def test_remembered_rows_lose_what_identifies() -> None:
    told = {
        "before": {"name": "张某", "id_number": "1", "phone": "2", "id_index": "x", "sex": "女"}
    }

    assert without_identifiers([told]) == [
        {
            "before": {
                "name": ERASED_NAME,
                "id_number": "",
                "phone": "",
                "id_index": None,
                "sex": "女",
            }
        }
    ]


def test_names_in_posts_go_too() -> None:
    person = _left(date(2018, 1, 1))
    post = make_post(
        make_party_organisation().party_organisation,
        person=person,
        valid_from=BEGAN,
        valid_to=date(2018, 1, 1),
    )

    erase_due_persons(by=SYSTEM, today=TODAY)

    post.refresh_from_db()
    assert post.person_name == ERASED_NAME
