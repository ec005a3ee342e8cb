"""Pages of what follows the adoption: people, numbers, files, flags, and acts on a branch."""

import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from liangxin.coverage.models import BranchProposal, Establishment
from liangxin.kernel.viewer import Role
from liangxin.registry.models import OrganisationVersion, PartyCoverage, Post
from liangxin.registry.terms import OrganisationStatus
from tests.factories.accounts import client_of as client_of_user
from tests.factories.accounts import make_user
from tests.factories.clients import client_of
from tests.factories.establishments import (
    FOUNDED,
    make_approved,
    make_establishment,
    make_founded,
)
from tests.factories.plans import make_candidate
from tests.factories.registry import make_area
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db
LIST = "/joint-branches/"


def address(name: str, held: Establishment) -> str:
    return reverse(name, args=(held.pk,))


def branch_address(name: str, held: Establishment) -> str:
    return reverse(name, args=(held.party_organisation_id,))


def closed_unit(held: Establishment) -> None:
    unit = held.units.filter(is_host=False).first()
    assert unit is not None
    found = OrganisationVersion.objects.filter(organisation_id=unit.organisation_id)
    found.update(status=OrganisationStatus.CLOSED)


def test_strangers_and_roles_that_do_not_plan_may_not() -> None:
    held = make_founded()
    addresses = [
        LIST,
        branch_address("joint-branch", held),
        branch_address("joint-branch-flags", held),
        address("establishment-reply", held),
        address("establishment-notice", held),
        reverse("establishments-reply"),
    ]
    posted = [
        address("establishment-nominate", held),
        address("establishment-note-request", held),
        branch_address("joint-branch-replan", held),
        reverse("unit-replan", args=(held.units.first().organisation_id,)),  # type: ignore[union-attr]
    ]

    assert all(Client().get(one).url.startswith("/login/") for one in addresses)
    assert all(Client().post(one).url.startswith("/login/") for one in posted)
    secretary = client_of_user(make_user(Role.SECRETARY))
    assert {secretary.get(one).status_code for one in addresses} == {403}
    assert {secretary.post(one).status_code for one in posted} == {403}


def test_another_streets_officer_finds_nothing() -> None:
    held = make_founded()
    client = client_of(officer_of(make_area()))

    assert client.get(branch_address("joint-branch", held)).status_code == 404
    assert client.get(address("establishment-reply", held)).status_code == 404
    assert client.post(branch_address("joint-branch-replan", held)).status_code == 404


def test_founding_asks_for_the_secretary_and_the_place() -> None:
    held = make_approved()
    client = client_of(office())
    day = {"founded_date": FOUNDED.isoformat()}
    page = client.get(address("establishment", held)).content.decode()
    person = make_choice(page)

    refused = client.post(address("establishment-found", held), day)
    done = client.post(
        address("establishment-found", held),
        {**day, "secretary": person, "place_text": "一楼会议室"},
    )

    assert "请选定首任书记" in refused.content.decode()
    assert done.status_code == 302
    assert Post.objects.get().person_id == int(person)
    shown = client.get(branch_address("party-organisation", held)).content.decode()
    assert "一楼会议室" in shown
    assert 'hx-get="' + branch_address("joint-branch-flags", held) in shown


def make_choice(page: str) -> str:
    """The first person that the founding offers."""
    start = page.index('name="secretary"')
    options = page[start : page.index("</select>", start)].split('value="')[2:]
    return options[0].split('"')[0]


def test_request_number_and_people_are_typed_once() -> None:
    held = make_establishment()
    client = client_of(office())
    page = client.get(address("establishment", held)).content.decode()
    person = make_choice(page)

    client.post(
        address("establishment-note-request", held),
        {"request_number": "甲工〔2026〕5号", "request_date": held.adopted_date.isoformat()},
    )
    client.post(address("establishment-nominate", held), {"secretary": person})

    for name in ("establishment-request", "establishment-reply"):
        content = client.get(address(name, held)).content
        assert "甲工〔2026〕5号" in "".join(
            line.text for line in Document(io.BytesIO(content)).paragraphs
        )
    assert held.nominees.get().person_id == int(person)


def test_one_reply_holds_branches_of_one_number_alone() -> None:
    street = make_area("甲街道")
    first, second = (make_establishment(street=street) for _ in range(2))
    client = client_of(office())
    chosen = {"establishment": [first.pk, second.pk]}

    together = client.get(reverse("establishments-reply"), chosen)
    make_approved(first)
    apart = client.get(reverse("establishments-reply"), chosen)

    assert together["Content-Type"].endswith("wordprocessingml.document")
    assert apart.url == reverse("establishments")


def test_notice_waits_for_the_founding() -> None:
    held = make_approved()
    client = client_of(office())

    assert client.get(address("establishment-notice", held)).status_code == 302
    assert client.get(address("establishment-notice", make_founded())).status_code == 200


def test_list_marks_what_is_out_of_order_and_exports_it() -> None:
    held, other = make_founded(), make_founded()
    closed_unit(held)
    client = client_of(office())

    whole = client.get(LIST).content.decode()
    flagged = client.get(LIST, {"flag": "closed"}).content.decode()
    assert "名下有注销单位" in whole
    assert held.name in flagged
    assert branch_address("joint-branch", other) not in flagged
    assert (
        branch_address("joint-branch", held) in client.get(LIST, {"flag": "any"}).content.decode()
    )
    unit = held.units.first()
    assert unit is not None
    assert (
        branch_address("joint-branch", held) in client.get(LIST, {"q": unit.name}).content.decode()
    )
    book = load_workbook(io.BytesIO(b"".join(client.get(LIST, {"export": "xlsx"}))))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any("名下有注销单位" in cell for cell in cells)


def test_list_of_one_and_of_three_asks_the_same() -> None:
    make_founded()
    client = client_of(office())
    client.get(LIST)
    cache.clear()
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    make_founded()
    make_founded()
    cache.clear()
    with CaptureQueriesContext(connection) as three:
        client.get(LIST)

    assert len(one) == len(three)


def test_page_of_a_branch_says_the_rule_and_the_next_step() -> None:
    held = make_founded()
    closed_unit(held)
    client = client_of(office())

    page = client.get(branch_address("joint-branch", held)).content.decode()
    assert "已经注销、吊销或迁出本区" in page
    assert "就近重排" in page
    assert reverse("rule", args=("branch.min_full_members",)) in page
    part = client.get(branch_address("joint-branch-flags", held)).content.decode()
    assert "<html" not in part
    assert "正式党员不足" in part


def test_to_dos_hold_each_new_kind() -> None:
    held = make_founded()
    closed_unit(held)
    client = client_of(office())

    for kind in ("far", "own", "few", "many", "crowded", "vacant", "left"):
        answer = client.get(reverse("leavers"), {"kind": kind})
        assert answer.status_code == 200
    few = client.get(reverse("leavers"), {"kind": "few"}).content.decode()
    assert branch_address("joint-branch", held) in few


def test_a_unit_joins_and_leaves_by_the_pages() -> None:
    held = make_founded()
    street = held.street
    extra = make_candidate(street=street, name="新来公司")
    client = client_of(officer_of(street))  # type: ignore[arg-type]
    day = (FOUNDED + timedelta(days=1)).isoformat()
    told = {"on_date": day, "basis": "会议纪要"}

    joined = client.post(branch_address("branch-join", held), {**told, "organisation": "新来公司"})
    left = client.post(
        reverse("branch-leave", args=(held.party_organisation_id, extra.organisation_id)),
        {**told, "on_date": (FOUNDED + timedelta(days=2)).isoformat()},
    )
    ended = client.post(branch_address("branch-dissolve", held), told)

    assert (joined.status_code, left.status_code, ended.status_code) == (302, 302, 302)
    row = PartyCoverage.objects.get(organisation=extra.organisation)
    assert row.valid_to == FOUNDED + timedelta(days=2)
    held.party_organisation.refresh_from_db()
    assert held.party_organisation.dissolved_date == FOUNDED + timedelta(days=1)


def test_a_replan_is_asked_for_once() -> None:
    held = make_founded()
    client = client_of(office())

    first = client.post(branch_address("joint-branch-replan", held))
    second = client.post(branch_address("joint-branch-replan", held))

    (made,) = BranchProposal.objects.filter(around_branch=held.party_organisation)
    assert first.url == second.url == reverse("proposal", args=(made.pk,))
    assert made.at == timezone.localdate()
