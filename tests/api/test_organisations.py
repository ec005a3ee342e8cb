"""Organisations by the interface: the same facts, rules and scope as on the pages."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from liangxin.kernel.viewer import Role, Scope, ScopeKind
from liangxin.registry.models import Organisation, OrganisationVersion
from tests.factories.accounts import make_user
from tests.factories.registry import make_area, make_organisation
from tests.factories.tokens import bearing, make_token

pytestmark = pytest.mark.django_db


class Program:
    """A program with the token of one account."""

    def __init__(self, role: Role, scope: Scope | None = None) -> None:
        self.headers = bearing(make_token(make_user(role, scope), may_write=True))

    def ask(self, method: str, path: str, told: object = None) -> tuple[int, Any]:
        answer = Client().generic(
            method,
            f"/api/v1{path}",
            b"" if told is None else json.dumps(told),
            "application/json",
            headers=self.headers,
        )
        return answer.status_code, answer.json() if answer.content else None


def told_of(street_id: int, **changed: object) -> dict[str, object]:
    today = timezone.localdate().isoformat()
    told = {"name": "新办公司", "kind": "company", "status": "operating", "street_id": street_id}
    return {**told, "valid_from": today, **changed}


def test_a_list_is_cut_counted_and_within_the_scope() -> None:
    own, other = make_area(), make_area()
    for street in (own, own, own, other):
        make_organisation(street=street)
    officer = Program(Role.COMMITTEE_OFFICER, Scope(ScopeKind.STREET, str(own.pk)))
    status, answer = officer.ask("GET", "/organisations?limit=2&offset=1")

    assert (status, answer["total"], len(answer["items"])) == (200, 3, 2)
    assert {item["street_id"] for item in answer["items"]} == {own.pk}


def test_what_lies_outside_is_not_found() -> None:
    outside = make_organisation(street=make_area())
    officer = Program(Role.COMMITTEE_OFFICER, Scope(ScopeKind.STREET, str(make_area().pk)))
    for path in ("", "/history"):
        status, answer = officer.ask("GET", f"/organisations/{outside.organisation_id}{path}")
        assert (status, outside.name in str(answer)) == (404, False)


def test_an_organisation_is_made_changed_and_closed() -> None:
    office = Program(Role.DISTRICT_OFFICE)
    street = make_area()
    status, made = office.ask("POST", "/organisations", told_of(street.pk, employees=8))
    assert (status, made["name"], made["employees"]) == (201, "新办公司", 8)

    address = f"/organisations/{made['id']}"
    told = told_of(street.pk, employees=9, edition=made["edition"])
    status, changed = office.ask("PUT", address, told)
    assert (status, changed["employees"]) == (200, 9)

    status, refused = office.ask("PUT", address, {**told, "employees": 10})
    assert (status, "已保存过" in refused["reason"]) == (409, True)

    closing = {
        "edition": changed["edition"],
        "closed_date": str(timezone.localdate()),
        "reason": "已注销",
    }
    status, closed = office.ask("POST", f"{address}/close", closing)
    assert (status, closed["status"]) == (200, "closed")


def test_a_wrong_value_is_named_and_nothing_is_written() -> None:
    office = Program(Role.DISTRICT_OFFICE)
    street = make_area()
    status, refused = office.ask("POST", "/organisations", told_of(street.pk, uscc="91"))
    assert (status, refused["field"]) == (422, "uscc")
    status, refused = office.ask("POST", "/organisations", told_of(street.pk, employees=-1))
    assert (status, refused["field"].endswith("employees")) == (422, True)

    assert Organisation.objects.count() == 0


def test_phones_are_masked_and_kept_when_not_told() -> None:
    office = Program(Role.DISTRICT_OFFICE)
    version = make_organisation(street=make_area(), phone="19900001234")
    address = f"/organisations/{version.organisation_id}"
    _, shown = office.ask("GET", address)
    assert "19900001234" not in str(shown)

    told = told_of(version.street_id, name=version.name, employees=77, edition=shown["edition"])
    status, _ = office.ask("PUT", address, {**told, "uscc": shown["uscc"]})
    assert status == 200
    kept = OrganisationVersion.objects.get(
        organisation_id=version.organisation_id, valid_to__isnull=True
    )
    assert (kept.phone, kept.employees) == ("19900001234", 77)


def test_any_day_can_be_asked_for() -> None:
    office = Program(Role.DISTRICT_OFFICE)
    version = make_organisation(street=make_area(), valid_from=date(2025, 1, 1))
    address = f"/organisations/{version.organisation_id}"

    assert office.ask("GET", f"{address}?at=2024-12-31")[0] == 404
    assert office.ask("GET", f"{address}?at=2025-01-01")[0] == 200
    assert office.ask("GET", "/coverage?at=1921-07-01")[0] == 422
