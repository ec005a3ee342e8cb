"""The lists behind a proposal's figures."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from liangxin.coverage.models import BranchProposal
from liangxin.coverage.terms import AttachmentKind, LeftOutCode
from tests.factories.clients import client_of
from tests.factories.plans import (
    make_attachment,
    make_candidate,
    make_group,
    make_left_out,
    make_proposal,
)
from tests.factories.registry import make_area, make_guide, make_party_organisation
from tests.factories.viewers import office, officer_of

pytestmark = pytest.mark.django_db
MAKERS: dict[str, Callable[[BranchProposal], object]] = {
    "proposal-units": make_group,
    "proposal-left-out": make_left_out,
    "proposal-attachments": lambda proposal: make_attachment(proposal, to=make_guide()),
}


@pytest.mark.parametrize("name", MAKERS)
def test_lists_cost_the_same_for_one_and_for_three(name: str) -> None:
    proposal = make_proposal()
    client = client_of(office())
    counts = []
    for number in (1, 2):
        for _ in range(number):
            MAKERS[name](proposal)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name, args=(proposal.pk,)))
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", MAKERS)
def test_empty_lists_say_so(name: str) -> None:
    page = client_of(office()).get(reverse(name, args=(make_proposal().pk,))).content.decode()
    assert "lx-empty-title" in page


def test_units_name_their_group_and_filter_by_transfer() -> None:
    proposal = make_proposal()
    moving = make_candidate(name="转接甲公司", members=2, elsewhere=1)
    make_group(proposal, [make_candidate(name="牵头乙公司"), moving])
    client, url = client_of(office()), reverse("proposal-units", args=(proposal.pk,))
    page = client.get(url, {"transfer": "yes"}).content.decode()
    assert "转接甲公司" in page
    assert "牵头乙公司" not in page
    assert reverse("proposed-group", args=(proposal.pk, 1)) in page


def test_left_out_says_why_and_what_would_help() -> None:
    proposal = make_proposal()
    make_left_out(proposal, code=LeftOutCode.NO_POSITION)
    make_left_out(proposal, make_candidate(name="附近没有公司"))
    client, url = client_of(office()), reverse("proposal-left-out", args=(proposal.pk,))
    page = client.get(url, {"code": "no_position"}).content.decode()
    assert "补上楼宇园区或坐标" in page
    assert "附近没有公司" not in page


def test_left_out_keeps_to_the_officers_street() -> None:
    street = make_area()
    proposal = make_proposal()
    make_left_out(proposal, make_candidate(street=street, name="本街公司"))
    make_left_out(proposal, make_candidate(name="外街公司"))
    url = reverse("proposal-left-out", args=(proposal.pk,))
    page = client_of(officer_of(street)).get(url).content.decode()
    assert "本街公司" in page
    assert "外街公司" not in page


def test_attachments_lead_to_whoever_keeps_in_touch() -> None:
    proposal, guide = make_proposal(), make_guide("测试指导员")
    branch = make_party_organisation("测试党支部").party_organisation
    group = make_group(proposal)
    for taker in (guide, branch, group, None):
        make_attachment(proposal, to=taker)
    url = reverse("proposal-attachments", args=(proposal.pk,))
    page = client_of(office()).get(url).content.decode()
    assert "测试指导员" in page
    assert "测试党支部" in page
    assert reverse("guide", args=(guide.pk,)) in page
    assert reverse("party-organisation", args=(branch.pk,)) in page
    assert "暂无着落" in page


def test_attachments_without_anybody_are_exported_with_the_reason() -> None:
    proposal = make_proposal()
    make_attachment(proposal)
    make_attachment(proposal, to=make_guide())
    url = reverse("proposal-attachments", args=(proposal.pk,))
    query = {"kind": AttachmentKind.NONE.value, "export": "xlsx"}
    answer = client_of(office()).get(url, query)
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) == 2
    assert "没有可以联系的" in rows[1][5]
