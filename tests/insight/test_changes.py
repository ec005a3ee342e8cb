"""变化对比: every number opens its list, and the parts of a rate add up."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from liangxin.coverage.queries.differences import coverage_difference, part_organisations
from liangxin.coverage.terms import Base, Part, Slice
from liangxin.insight.queries.changes import KINDS
from liangxin.kernel.viewer import SYSTEM, Role, Scope, ScopeKind
from liangxin.registry.models import Organisation, OrganisationVersion
from liangxin.registry.queries.differences import Window
from tests.factories.accounts import client_of, make_user, viewer_for
from tests.factories.registry import (
    make_area,
    make_coverage,
    make_member,
    make_organisation,
    make_party_organisation,
    make_posting,
)

pytestmark = pytest.mark.django_db
SINCE, UNTIL = date(2026, 3, 1), date(2026, 4, 1)
EARLY, WITHIN = date(2025, 1, 1), date(2026, 3, 15)
WINDOW = Window(SINCE, UNTIL)


def revised(version: OrganisationVersion, *, since: date = WITHIN, **changed: object) -> None:
    """Let other facts hold of an organisation from a day on."""
    OrganisationVersion.objects.filter(pk=version.pk).update(valid_to=since)
    version.pk, version.valid_from = None, since
    for name, value in changed.items():
        setattr(version, name, value)
    version._state.adding = True
    version.save()


def found(code: str, *, by: object = SYSTEM) -> set[str]:
    rows = KINDS[code].rows(by, WINDOW)  # type: ignore[arg-type]
    return {getattr(row, "name", "") or row.organisation_name for row in rows}


def test_each_kind_holds_what_changed_in_the_window_and_nothing_else() -> None:
    street, other = make_area(), make_area()
    make_organisation(name="没变", street=street, valid_from=EARLY)
    make_organisation(name="新增", street=street, valid_from=WITHIN)
    make_organisation(name="太晚", street=street, valid_from=UNTIL + timedelta(days=1))
    for name, changed in (
        ("注销", {"status": "closed"}),
        ("停业", {"status": "dormant"}),
        ("搬家", {"street": other}),
        ("曾用名", {"name": "新名"}),
        ("变大", {"size_class": "large"}),
        ("改电话", {"phone": "19900000000"}),
    ):
        revised(make_organisation(name=name, street=street, valid_from=EARLY), **changed)

    assert found("new") == {"新增"}
    assert found("closed") == {"注销"}
    assert found("restated") == {"停业"}
    assert found("moved") == {"搬家"}
    assert found("renamed") == {"新名"}
    assert found("resized") == {"变大"}
    assert found("gone") == set()


def test_what_left_an_officers_street_is_told_as_gone() -> None:
    own, other = make_area(), make_area()
    revised(make_organisation(name="搬走", street=own, valid_from=EARLY), street=other)
    officer = viewer_for(Role.COMMITTEE_OFFICER, Scope(ScopeKind.STREET, str(own.pk)))

    assert (found("gone", by=officer), found("moved", by=officer)) == ({"搬走"}, set())
    assert found("gone") == set()


def test_party_organisations_and_postings_of_the_window() -> None:
    firm = make_organisation(name="单位", valid_from=EARLY)
    make_party_organisation(name="老支部", founded_date=EARLY)
    make_party_organisation(name="新支部", founded_date=WITHIN)
    make_posting(organisation=firm.organisation, valid_from=WITHIN)

    assert found("founded") == {"新支部"}
    assert (found("posted"), found("unposted")) == ({"单位"}, set())


def test_members_are_listed_for_the_party_chain_only() -> None:
    firm = make_organisation(valid_from=EARLY)
    make_member(organisation=firm.organisation, valid_from=WITHIN)

    assert KINDS["joined"].rows(SYSTEM, WINDOW).count() == 1
    owner = client_of(
        make_user(Role.OWNER, Scope(ScopeKind.ORGANISATION, str(firm.organisation_id)))
    )
    assert owner.get("/changes/?show=joined").status_code == 403


@pytest.mark.parametrize("seed", range(6))
def test_the_parts_of_a_rate_add_up_and_equal_their_lists(seed: int) -> None:
    chance = Random(seed)
    streets = [make_area() for _ in range(2)]
    branches = [make_party_organisation(founded_date=EARLY) for _ in range(3)]
    for _ in range(30):
        begun = chance.choice((EARLY, EARLY, WITHIN))
        version = make_organisation(street=chance.choice(streets), valid_from=begun)
        if chance.random() < 0.6:
            make_coverage(
                party_organisation=chance.choice(branches).party_organisation,
                organisation=version.organisation,
                valid_from=max(begun, chance.choice((EARLY, WITHIN))),
                valid_to=chance.choice((None, date(2026, 3, 20))),
            )
        if begun == EARLY and chance.random() < 0.4:
            changed = {"status": chance.choice(("closed", "dormant", "operating"))}
            revised(version, **changed, street=chance.choice(streets))
    officer = viewer_for(Role.COMMITTEE_OFFICER, Scope(ScopeKind.STREET, str(streets[0].pk)))
    for viewer in (SYSTEM, officer):
        told = coverage_difference(viewer, since=SINCE, until=UNTIL, base=Base())
        assert told.is_complete
        assert sum(told.parts.values()) > 0
        for part in Part:
            listed = part_organisations(viewer, since=SINCE, until=UNTIL, base=Base(), part=part)
            assert len(listed) == told.parts[part]
        moved = told.after.count(Slice.ORGANISATION) - told.before.count(Slice.ORGANISATION)
        gained = told.parts[Part.GAINED] + told.parts[Part.ENTERED_COVERED]
        assert moved == gained - told.parts[Part.LOST] - told.parts[Part.LEFT_COVERED]


def test_what_was_told_late_is_marked() -> None:
    today = timezone.localdate()
    make_organisation(name="补记的", valid_from=EARLY)
    window = f"from={today - timedelta(days=3)}&to={today}"
    office = client_of(make_user(Role.DISTRICT_OFFICE))
    overview = office.get(f"/changes/?{window}&how=told").content.decode()
    listed = office.get(f"/changes/?{window}&show=told-units").content.decode()

    assert "这段时间录入的" in overview
    assert re.search(r"补记的.*补记", listed, re.S) is not None


def numbers(client: Client) -> dict[str, int]:
    """The counts of the overview by the address of their list."""
    page = client.get(f"/changes/?from={SINCE}&to={UNTIL}").content.decode()
    found = re.findall(
        r'lx-task-count">([\d,]+)</span><div class="lx-task-words"><a href="([^"]+)"', page
    )
    return {address.replace("&amp;", "&"): int(count.replace(",", "")) for count, address in found}


def test_every_number_opens_a_list_of_that_length() -> None:
    street = make_area()
    make_organisation(street=street, valid_from=WITHIN)
    revised(make_organisation(street=street, valid_from=EARLY), name="改过名")
    make_party_organisation(founded_date=WITHIN)
    client = client_of(make_user(Role.DISTRICT_OFFICE))
    told = numbers(client)

    assert len(told) == 3
    for address, count in told.items():
        page = client.get(address).content.decode()
        assert f"共 <strong>{count}</strong> 条" in page


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("from=x", "看不懂日期"),
        ("from=2026-05-01&to=2026-04-01", "开始日期应早于结束日期"),
        ("to=2999-01-01", "结束日期晚于今天"),
    ],
)
def test_odd_dates_are_answered_in_words(asked: str, said: str) -> None:
    page = client_of(make_user(Role.DISTRICT_OFFICE)).get(f"/changes/?{asked}")

    assert (page.status_code, said in page.content.decode()) == (200, True)


def test_a_list_takes_as_many_queries_with_three_rows_as_with_one() -> None:
    client = client_of(make_user(Role.DISTRICT_OFFICE))
    address = f"/changes/?from={SINCE}&to={UNTIL}&show=new"

    def asked(ask: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as captured:
            ask()
        return len(captured)

    make_organisation(valid_from=WITHIN)
    one = asked(lambda: client.get(address))
    for _ in range(2):
        make_organisation(valid_from=WITHIN)

    assert Organisation.objects.count() == 3
    assert asked(lambda: client.get(address)) == one
