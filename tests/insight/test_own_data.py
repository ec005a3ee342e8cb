"""A person reads what is held on them and who looked; the office prints it, and that is recorded."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from liangxin.kernel.audit import record
from liangxin.kernel.models import AuditEntry
from liangxin.kernel.viewer import SYSTEM, Role, Scope, ScopeKind
from liangxin.registry.actions.unmasking import open_member_numbers
from liangxin.registry.models import Person
from tests.factories.accounts import client_of, make_user
from tests.factories.registry import (
    make_area,
    make_employment,
    make_guide,
    make_membership,
    make_organisation,
    make_person,
    make_posting,
)
from tests.factories.viewers import office

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def _member(name: str = "张某") -> Person:
    person = make_person(name, phone="19900001234")
    make_membership(person)
    make_employment(person, make_organisation(name="甲公司").organisation)
    return person


def _browser_of(person: Person, *, role: Role = Role.MEMBER) -> Client:
    kind = ScopeKind.OWN_RECORD if role == Role.MEMBER else ScopeKind.ASSIGNED_FIRMS
    return client_of(make_user(role, Scope(kind, str(person.pk))))


def _own_page(person: Person, *, role: Role = Role.MEMBER) -> str:
    return _browser_of(person, role=role).get("/me/data/").content.decode()


def test_member_reads_facts_and_who_looked() -> None:
    person, other = _member(), _member("李某")
    open_member_numbers(person.pk, by=office(), reason="核对身份证号", today=TODAY)
    open_member_numbers(other.pk, by=office(), reason="别人的原因", today=TODAY)
    record("list.export", by=SYSTEM, summary="", details={"list": "党员", "rows": 2})
    before = AuditEntry.objects.count()

    page = _own_page(person)

    for words in ("张某", "甲公司", "正式党员", "原因：核对身份证号", "导出名单", "共 2 行"):
        assert words in page
    for words in (person.id_number, "19900001234", "李某", "别人的原因"):
        assert words not in page
    assert AuditEntry.objects.count() == before


def test_instructor_reads_their_own_service() -> None:
    guide = make_guide(name="王指导")
    make_posting(make_organisation(name="乙公司").organisation, person=guide)

    page = _own_page(guide, role=Role.INSTRUCTOR)

    assert ("王指导" in page, "乙公司" in page) == (True, True)


def test_account_without_own_record_is_told_so() -> None:
    page = client_of(make_user(Role.DISTRICT_OFFICE)).get("/me/data/").content.decode()

    assert "没有对应到台账中的本人" in page


def test_office_opens_it_on_record() -> None:
    person = _member()
    browser = client_of(make_user(Role.DISTRICT_OFFICE, name="周启"))

    page = browser.get(f"/members/{person.pk}/data/").content.decode()

    assert ("甲公司" in page, person.id_number in page) == (True, False)
    entry = AuditEntry.objects.get(action="person.held_data")
    assert (entry.object_key, entry.by_name) == (str(person.pk), "周启")
    assert "张某" not in entry.summary
    assert "周启" in _own_page(person)


def test_outside_the_scope_nothing_is_shown_or_recorded() -> None:
    person = _member()
    officer = make_user(Role.COMMITTEE_OFFICER, Scope(ScopeKind.STREET, str(make_area().pk)))

    assert client_of(officer).get(f"/members/{person.pk}/data/").status_code == 404
    assert not AuditEntry.objects.filter(action="person.held_data").exists()


def test_queries_do_not_grow_with_facts(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    person = _member()
    for year in (2016, 2017, 2018):
        make_employment(
            person,
            make_organisation().organisation,
            valid_from=date(year, 1, 1),
            valid_to=date(year, 6, 1),
        )
    browser = _browser_of(person)

    with django_assert_max_num_queries(22):
        browser.get("/me/data/")
