from datetime import date

import pytest

from liangxin.kernel.models import AuditEntry
from liangxin.kernel.permissions import NotAllowed
from liangxin.registry.actions.people import NoReason, UnknownPerson, open_numbers
from tests.factories.registry import make_area, make_member, make_organisation
from tests.factories.viewers import office, officer_of, owner_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)


def test_open_numbers_tells_them_and_records_who_and_why() -> None:
    person = make_member(make_organisation().organisation, name="赵某某")

    opened = open_numbers(person.pk, by=office(), reason="核对年报信息", today=TODAY)

    entry = AuditEntry.objects.get()
    assert opened.id_number == person.id_number
    assert (entry.action, entry.by_name, entry.object_key) == (
        "person.unmask",
        "测试人",
        str(person.pk),
    )
    assert entry.details == {"fields": ["id_number", "phone"], "reason": "核对年报信息"}


def test_open_numbers_leaves_neither_name_nor_number_in_the_trail() -> None:
    person = make_member(make_organisation().organisation, name="赵某某")

    open_numbers(person.pk, by=office(), reason="核对年报信息", today=TODAY)

    entry = AuditEntry.objects.get()
    assert "赵某某" not in f"{entry.summary}{entry.details}"
    assert person.id_number not in f"{entry.summary}{entry.details}"


@pytest.mark.parametrize("reason", ["", "  ", "看看"])
def test_open_numbers_needs_a_reason(reason: str) -> None:
    person = make_member(make_organisation().organisation)

    with pytest.raises(NoReason):
        open_numbers(person.pk, by=office(), reason=reason, today=TODAY)

    assert AuditEntry.objects.count() == 0


def test_open_numbers_stays_in_scope() -> None:
    person = make_member(make_organisation().organisation)

    with pytest.raises(UnknownPerson):
        open_numbers(person.pk, by=officer_of(make_area()), reason="核对年报信息", today=TODAY)


def test_open_numbers_is_not_for_owners() -> None:
    version = make_organisation()
    person = make_member(version.organisation)

    with pytest.raises(NotAllowed):
        open_numbers(
            person.pk, by=owner_of(version.organisation), reason="核对年报信息", today=TODAY
        )
