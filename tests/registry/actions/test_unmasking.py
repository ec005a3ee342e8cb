from datetime import date

import pytest

from liangxin.kernel.models import AuditEntry
from liangxin.kernel.permissions import NotAllowed
from liangxin.registry.actions.unmasking import (
    NoReason,
    OutOfSight,
    open_guide_phone,
    open_member_numbers,
    open_organisation_phone,
)
from tests.factories.registry import make_area, make_member, make_organisation, make_posting
from tests.factories.viewers import office, officer_of, owner_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)


def test_open_member_numbers_tells_them_and_records_who_and_why() -> None:
    person = make_member(make_organisation().organisation, name="赵某某")

    opened = open_member_numbers(person.pk, by=office(), reason="核对年报信息", today=TODAY)

    entry = AuditEntry.objects.get()
    assert opened.id_number == person.id_number
    assert (entry.action, entry.by_name, entry.object_key) == (
        "person.unmask",
        "测试人",
        str(person.pk),
    )
    assert entry.details == {"fields": ["id_number", "phone"], "reason": "核对年报信息"}


def test_open_member_numbers_leaves_neither_name_nor_number_in_the_trail() -> None:
    person = make_member(make_organisation().organisation, name="赵某某")

    open_member_numbers(person.pk, by=office(), reason="核对年报信息", today=TODAY)

    entry = AuditEntry.objects.get()
    assert "赵某某" not in f"{entry.summary}{entry.details}"
    assert person.id_number not in f"{entry.summary}{entry.details}"


@pytest.mark.parametrize("reason", ["", "  ", "看看"])
def test_open_member_numbers_needs_a_reason(reason: str) -> None:
    person = make_member(make_organisation().organisation)

    with pytest.raises(NoReason):
        open_member_numbers(person.pk, by=office(), reason=reason, today=TODAY)

    assert AuditEntry.objects.count() == 0


def test_open_member_numbers_stays_in_scope() -> None:
    person = make_member(make_organisation().organisation)

    with pytest.raises(OutOfSight):
        open_member_numbers(
            person.pk, by=officer_of(make_area()), reason="核对年报信息", today=TODAY
        )


def test_open_member_numbers_is_not_for_owners() -> None:
    version = make_organisation()
    person = make_member(version.organisation)

    with pytest.raises(NotAllowed):
        open_member_numbers(
            person.pk, by=owner_of(version.organisation), reason="核对年报信息", today=TODAY
        )


def test_open_guide_phone_serves_the_firm_that_is_served() -> None:
    posting = make_posting(make_organisation().organisation)
    posting.person.phone = "19900001234"
    posting.person.save()

    opened = open_guide_phone(
        posting.person_id, by=owner_of(posting.organisation), reason="约定走访时间", today=TODAY
    )

    assert opened.phone == "19900001234"
    assert AuditEntry.objects.get().details == {"fields": ["phone"], "reason": "约定走访时间"}


def test_open_guide_phone_is_closed_to_other_firms() -> None:
    posting, other = make_posting(make_organisation().organisation), make_organisation()

    with pytest.raises(OutOfSight):
        open_guide_phone(
            posting.person_id, by=owner_of(other.organisation), reason="约定走访时间", today=TODAY
        )


def test_open_organisation_phone_stays_in_scope() -> None:
    version = make_organisation(phone="19900001234")
    assert version.street is not None

    opened = open_organisation_phone(
        version.organisation_id, by=officer_of(version.street), reason="通知开会", today=TODAY
    )

    assert opened.phone == "19900001234"
    with pytest.raises(OutOfSight):
        open_organisation_phone(
            version.organisation_id, by=officer_of(make_area()), reason="通知开会", today=TODAY
        )
