import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liangxin.accounts.queries import scope_choices, scope_title, scope_titles
from liangxin.kernel.viewer import Scope, ScopeKind
from tests.factories.registry import (
    make_area,
    make_guide,
    make_organisation,
    make_party_organisation,
    make_person,
    make_site,
    next_id_number,
)

pytestmark = pytest.mark.django_db


def titles(kind: ScopeKind, text: str) -> list[str]:
    return [choice.title for choice in scope_choices(kind, text)]


def test_streets_sites_and_party_organisations_are_found_by_a_part_of_their_name() -> None:
    street = make_area("云台街道")
    make_area("镜湖街道")
    make_site("金鼎广场", street=street)
    make_party_organisation("云台第一党支部", street=street)

    assert titles(ScopeKind.STREET, "云台") == ["云台街道"]
    assert titles(ScopeKind.SITE, "金鼎") == ["金鼎广场"]
    assert titles(ScopeKind.PARTY_ORGANISATION, "第一") == ["云台第一党支部"]


def test_organisations_are_found_by_name_and_code() -> None:
    version = make_organisation(name="恒拓物流有限公司")
    code = version.organisation.uscc

    assert titles(ScopeKind.ORGANISATION, "恒拓") == ["恒拓物流有限公司"]
    assert code is not None
    assert titles(ScopeKind.ORGANISATION, code.lower()) == ["恒拓物流有限公司"]
    assert titles(ScopeKind.ORGANISATION, "") == []


def test_persons_are_found_by_whole_name_and_end_of_the_id_number_only() -> None:
    number = next_id_number()
    make_person("林一帆", id_number=number)

    assert titles(ScopeKind.OWN_RECORD, f"林一帆 {number[-4:].lower()}") == ["林一帆"]
    for text in (
        "林一帆",
        "林一",
        "",
        f"林一 {number[-4:]}",
        "林一帆 0000",
        f"林一帆 {number[-3:]}",
    ):
        assert titles(ScopeKind.OWN_RECORD, text) == []


def test_guides_are_found_by_name_and_members_are_not_among_them() -> None:
    make_guide("赵清和")
    make_person("赵清河")

    assert titles(ScopeKind.ASSIGNED_FIRMS, "赵清") == ["赵清和"]


def test_trades_are_the_sections_of_industry() -> None:
    assert [one.key for one in scope_choices(ScopeKind.TRADE, "制造业")] == ["C"]
    assert len(scope_choices(ScopeKind.TRADE, "")) == 20


def test_scope_titles_takes_one_query_for_each_kind() -> None:
    streets = [make_area() for _ in range(3)]
    scopes = [Scope(ScopeKind.STREET, str(street.pk)) for street in streets]

    with CaptureQueriesContext(connection) as captured:
        found = scope_titles(scopes)

    assert (found[scopes[0]], len(captured)) == (streets[0].name, 1)


@pytest.mark.parametrize(
    "scope",
    [
        Scope(ScopeKind.STREET, "999"),
        Scope(ScopeKind.STREET, "abc"),
        Scope(ScopeKind.TRADE, "??"),
        Scope(ScopeKind.DISTRICT, "1"),
    ],
)
def test_scope_title_is_none_for_what_the_ledger_does_not_know(scope: Scope) -> None:
    assert scope_title(scope) is None
