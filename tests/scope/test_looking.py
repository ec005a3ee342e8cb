"""The search for leaks finds leaks: each is planted here, and has to be seen."""

import io

import pytest
from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from liangxin.kernel import audit
from liangxin.kernel.viewer import SYSTEM
from liangxin.registry.models import OrganisationVersion
from liangxin.registry.queries import organisations, versions
from tests.scope.looking import fingerprint, is_refused, leaks
from tests.scope.outside_keys import EVERYBODYS, OUTSIDE, undescribed
from tests.scope.world import FIRST_OUTSIDE_KEY, MARK, World

pytestmark = pytest.mark.django_db


def test_a_route_that_nobody_described_is_named() -> None:
    assert undescribed([*OUTSIDE, *EVERYBODYS, "brand-new"]) == ["brand-new"]


@pytest.mark.parametrize(
    "text", [f"<td>{MARK}有限公司</td>", f'{{"ids":[{FIRST_OUTSIDE_KEY + 1}]}}', f"/x/{777000042}/"]
)
def test_a_name_or_a_key_of_the_outside_is_a_leak(text: str) -> None:
    assert len(leaks(HttpResponse(text))) == 1


@pytest.mark.parametrize("text", ["界内有限公司", "7770000012345", "1777000001"])
def test_what_is_not_of_the_outside_is_no_leak(text: str) -> None:
    assert leaks(HttpResponse(text)) == []


@pytest.mark.parametrize("cell", [f"{MARK}有限公司", FIRST_OUTSIDE_KEY + 7])
def test_a_cell_of_a_workbook_is_looked_into(cell: object) -> None:
    book, packed = Workbook(), io.BytesIO()
    sheet = book.create_sheet("第二张")
    sheet["C9"] = cell  # type: ignore[assignment]
    book.save(packed)

    assert len(leaks(HttpResponse(packed.getvalue()))) == 1


def test_a_name_that_json_escapes_is_a_leak() -> None:
    assert len(leaks(JsonResponse({"name": MARK}))) == 1


def test_a_list_without_scope_is_found_out(
    world: World, clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = OrganisationVersion.objects.all()
    monkeypatch.setattr(versions, "organisations_in_scope", lambda viewer, *, at: everything)

    for seat in ("street officer", "site officer", "trade officer", "secretary", "owner"):
        assert leaks(clients[seat].get(reverse("organisations"))) != [], seat
    exported = clients["street officer"].get(reverse("organisations"), {"export": "xlsx"})
    assert leaks(exported) != []


def test_a_page_without_scope_is_found_out(
    world: World, clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(organisations, "in_scope", lambda *_, **__: Q())
    keys = dict(OUTSIDE["organisation"](world))

    answer = clients["street officer"].get(reverse("organisation", kwargs=keys))

    assert (is_refused(answer), leaks(answer) != []) == (False, True)


def test_the_fingerprint_changes_with_a_new_row() -> None:
    before = fingerprint()

    audit.record("list.export", by=SYSTEM, summary="导出")

    assert fingerprint() != before
