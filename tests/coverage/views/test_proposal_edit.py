"""The working view of a draft, one unit with its choices, each step by a button, and the record of steps."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from liangxin.coverage import tasks
from liangxin.coverage.actions.editing import begin_draft, move_unit, pin_unit
from liangxin.coverage.models import BranchProposal
from liangxin.coverage.terms import LeftOutCode, ProposalKind
from liangxin.registry.models import OrganisationVersion
from tests.coverage.views.test_proposals import adopt
from tests.factories.clients import client_of
from tests.factories.plans import make_candidate, make_group, make_left_out, make_proposal
from tests.factories.registry import make_area
from tests.factories.viewers import administrator, office, officer_of

pytestmark = pytest.mark.django_db
REGISTERED = tasks.__name__  # the kind of job must be known before it is put in the queue


def make_draft() -> tuple[BranchProposal, list[OrganisationVersion]]:
    """A draft of two groups of one street (four and three units) with one unit left out, far away."""
    street = make_area()
    firms = [
        make_candidate(street=street, north_m=north, name=f"第{place}测试公司")
        for place, north in enumerate((0, 10, 20, 30, 500, 510, 520, 1600))
    ]
    proposal = make_proposal()
    make_group(proposal, firms[:4])
    make_group(proposal, firms[4:7])
    make_left_out(proposal, firms[7], code=LeftOutCode.TOO_FAR)
    return begin_draft(proposal, by=office()), firms


def board(draft: BranchProposal) -> str:
    return reverse("proposal-edit", args=(draft.pk,))


def unit_address(draft: BranchProposal, firm: OrganisationVersion) -> str:
    return reverse("proposal-edit-unit", args=(draft.pk, firm.organisation_id))


def post(draft: BranchProposal, step: str, **more: object) -> object:
    asked = {"step": step, "seen": draft.edits.count(), "back": "board", **more}
    return client_of(office()).post(reverse("proposal-edit-step", args=(draft.pk,)), asked)


def test_begin_makes_the_draft_once_and_leads_to_it() -> None:
    proposal = make_proposal()
    make_group(proposal)
    client = client_of(office())
    begin = reverse("proposal-edit-begin", args=(proposal.pk,))
    assert begin in client.get(reverse("proposal", args=(proposal.pk,))).content.decode()
    first, second = client.post(begin), client.post(begin)
    draft = proposal.derived.get(kind=ProposalKind.DRAFT)
    assert first["Location"] == second["Location"] == board(draft)
    assert client.get(board(proposal))["Location"] == board(draft)
    page = client.get(reverse("proposal", args=(proposal.pk,))).content.decode()
    assert f'href="{board(draft)}"' in page


def test_board_shows_groups_units_and_what_is_settled() -> None:
    draft, firms = make_draft()
    pin_unit(draft, firms[0].organisation_id, is_on=True, by=office(), seen=0)
    page = client_of(office()).get(board(draft)).content.decode()
    assert "第 1 组" in page
    assert all(firm.name in page for firm in firms)
    assert f'value="unpin:{firms[0].organisation_id}"' in page
    assert 'value="lock:2"' in page
    assert f'data-unit="{firms[7].organisation_id}"' in page
    assert "固定”" not in page or "把“" in page


def test_board_narrows_by_name_number_and_state() -> None:
    draft, firms = make_draft()
    pin_unit(draft, firms[4].organisation_id, is_on=True, by=office(), seen=0)
    client = client_of(office())

    def asked(**query: object) -> list[int]:
        found = client.get(board(draft), query).context["cards"]
        return [card.group.number for card in found]

    assert asked() == [1, 2]
    assert asked(q=firms[5].name) == [2]
    assert asked(q="1") == [1]
    assert asked(only="settled") == [2]
    assert asked(only="changed") == []
    assert asked(street=firms[0].street_id) == [1, 2]
    assert asked(street="x", q="没有") == []


def test_move_by_a_button_says_what_was_done() -> None:
    draft, firms = make_draft()
    answer = post(draft, f"move:{firms[3].organisation_id}:2")
    assert answer.status_code == 302  # type: ignore[attr-defined]
    assert draft.units.get(organisation_id=firms[3].organisation_id).group.number == 2
    page = client_of(office()).get(board(draft)).content.decode()
    assert "由人移入" in page
    assert "撤销最后一步" in page


def test_refused_move_names_rule_source_excess_and_help() -> None:
    draft, firms = make_draft()
    page = post(draft, f"move:{firms[7].organisation_id}:1").content.decode()  # type: ignore[attr-defined]
    assert "这一步没有做" in page
    assert "距牵头单位“第0测试公司” 1,600 米，超过同街道 1,000 米上限 600 米；不同行业" in page
    assert reverse("rule", args=("joint_branch.street_radius_m",)) in page
    assert "怎么办：" in page
    assert draft.edits.count() == 0


def test_general_rule_asks_for_a_reason_and_takes_it() -> None:
    draft, firms = make_draft()
    street = firms[0].street
    for north in (40, 50):
        make_left_out(draft, make_candidate(street=street, north_m=north))
    more = list(draft.left_out.exclude(organisation_id=firms[7].organisation_id))
    post(draft, f"move:{more[0].organisation_id}:1")
    step = f"move:{more[1].organisation_id}:1"
    page = post(draft, step).content.decode()  # type: ignore[attr-defined]
    assert "组内将有 6 家，一般不超过 5 家" in page
    assert f'value="{step}"' in page
    post(draft, step, reason="同在一个院子")
    assert draft.groups.get(number=1).exception == "同在一个院子"


def test_unit_page_lists_groups_around_with_verdicts() -> None:
    draft, firms = make_draft()
    answer = client_of(office()).get(unit_address(draft, firms[3]))
    page = answer.content.decode()
    assert f'value="move:{firms[3].organisation_id}:2"' in page
    assert "距牵头单位 470 米" in page
    choices = answer.context["choices"]
    assert [choice.state.number for choice in choices.choices] == [2]
    left = client_of(office()).get(unit_address(draft, firms[7])).content.decode()
    assert "不能移入" in left
    assert "超过同街道 1,000 米上限 100 米" in left


def test_unit_page_says_why_it_cannot_leave() -> None:
    draft, firms = make_draft()
    page = client_of(office()).get(unit_address(draft, firms[5])).content.decode()
    assert "它一走，第 2 组就不够人数" in page
    assert "将只剩 2 名，少 1 名" in page
    assert f'value="move:{firms[5].organisation_id}:1"' not in page
    post(draft, f"rehome:{firms[5].organisation_id}:1")
    assert draft.groups.get().number == 1
    assert draft.left_out.count() == 3
    post(draft, "undo:1")
    assert (draft.groups.count(), draft.left_out.count()) == (2, 1)


def test_unit_page_finds_groups_by_name_or_number() -> None:
    draft, firms = make_draft()
    client = client_of(office())
    for asked in (firms[4].name, "2"):
        choices = client.get(unit_address(draft, firms[0]), {"q": asked}).context["choices"]
        assert [choice.state.number for choice in choices.choices] == [2]


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("pin:{3}", "固定在第 1 组"),
        ("host:{3}", "改由“第3测试公司”牵头"),
        ("lock:1", "锁定第 1 组"),
        ("remove:{3}", "移出，重新测算时再安排"),
        ("exclude:{3}", "移出，不参加联建"),
        ("dissolve:1", "撤销第 1 组"),
    ],
)
def test_every_step_has_its_button(step: str, words: str) -> None:
    draft, firms = make_draft()
    keys = [firm.organisation_id for firm in firms]
    post(draft, step.format(*keys))
    assert words in draft.edits.get().text
    post(draft, "undo:1")
    assert draft.edits.count() == 2


def test_pair_is_kept_apart_and_let_together_again() -> None:
    draft, firms = make_draft()
    one, other = firms[3].organisation_id, firms[7].organisation_id
    more = {"back": "unit", "unit": one}
    page = post(draft, f"apart:{one}", **more).content.decode()  # type: ignore[attr-defined]
    assert "请选另一家单位" in page
    post(draft, f"apart:{one}", other=other, **more)
    page = client_of(office()).get(board(draft)).content.decode()
    assert f"“{firms[3].name}”与“{firms[7].name}”" in page
    post(draft, f"together:{one}:{other}")
    assert draft.kept_apart.count() == 0


def test_what_no_page_sends_is_not_found() -> None:
    draft, _ = make_draft()
    for step in ("", "move", "move:1", "move:a:b", "burn:1", "pin:1:2"):
        assert post(draft, step).status_code == 404  # type: ignore[attr-defined]


def test_second_officer_reads_what_changed() -> None:
    draft, firms = make_draft()
    move_unit(draft, firms[3].organisation_id, to=2, by=office(), seen=0)
    page = post(draft, f"host:{firms[1].organisation_id}", seen=0).content.decode()  # type: ignore[attr-defined]
    assert "您打开页面以后，系统 把“第3测试公司”从第 1 组移到第 2 组" in page
    assert "您的这一步没有做" in page


def test_officer_of_one_street_sees_and_edits_own_groups_only() -> None:
    street, other = make_area(), make_area()
    proposal = make_proposal()
    make_group(proposal, street=street)
    make_group(proposal, street=other)
    draft = begin_draft(proposal, by=office())
    client = client_of(officer_of(street))
    assert [card.group.number for card in client.get(board(draft)).context["cards"]] == [1]
    foreign = draft.units.filter(group__number=2)[0].organisation_id
    assert client.get(reverse("proposal-edit-unit", args=(draft.pk, foreign))).status_code == 404
    step = {"step": f"pin:{foreign}", "seen": 0}
    page = client.post(reverse("proposal-edit-step", args=(draft.pk,)), step).content.decode()
    assert "请由所在街道或区级调整" in page
    assert "由方案的拟订人或区级来做" in client.get(board(draft)).content.decode()
    client.post(reverse("proposal-replan", args=(draft.pk,)))
    assert not draft.derived.exists()


def test_replan_asks_for_a_job_and_leads_to_its_proposal() -> None:
    draft, _ = make_draft()
    answer = client_of(office()).post(reverse("proposal-replan", args=(draft.pk,)))
    made = draft.derived.get()
    assert answer["Location"] == reverse("proposal", args=(made.pk,))
    assert "重新测算" in made.title
    assert "等待测算" in client_of(office()).get(answer["Location"]).content.decode()


def test_record_lists_steps_and_exports_them() -> None:
    draft, firms = make_draft()
    post(draft, f"move:{firms[3].organisation_id}:2")
    post(draft, "undo:1")
    client = client_of(office())
    address = reverse("proposal-edits", args=(draft.pk,))
    page = client.get(address).content.decode()
    assert "把“第3测试公司”从第 1 组移到第 2 组" in page
    assert "已撤销" in page
    assert f"{board(draft)}?undo=2" in page
    rows = [row.number for row in client.get(address, {"state": "stands"}).context["page"]]
    assert rows == [2]
    answer = client.get(address, {"export": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    assert sheet is not None
    assert any("第3测试公司" in str(cell.value) for row in sheet.iter_rows() for cell in row)
    asked = client.get(board(draft), {"undo": "2"}).content.decode()
    assert "要撤销第 2 步吗" in asked


def queries(address: str) -> int:
    client = client_of(office())
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        client.get(address)
    return len(caught)


def test_pages_ask_as_often_with_three_groups_as_with_one() -> None:
    street = make_area()
    proposal = make_proposal()
    make_group(proposal, street=street)
    one = begin_draft(proposal, by=office())
    more = make_proposal()
    for _ in range(3):
        make_group(more, street=street)
    three = begin_draft(more, by=office())
    for draft in (one, three):
        for unit in draft.units.order_by("pk")[: 1 if draft is one else 3]:
            pin_unit(draft, unit.organisation_id, is_on=True, by=office(), seen=draft.edits.count())
    assert queries(board(one)) == queries(board(three))
    history = [reverse("proposal-edits", args=(draft.pk,)) for draft in (one, three)]
    assert queries(history[0]) == queries(history[1])
    units = [
        reverse("proposal-edit-unit", args=(draft.pk, draft.units.all()[0].organisation_id))
        for draft in (one, three)
    ]
    assert queries(units[0]) == queries(units[1])


def test_adopted_group_has_no_buttons() -> None:
    proposal = make_proposal()
    make_group(proposal)
    adopt(proposal)
    draft = begin_draft(proposal, by=office())
    page = client_of(office()).get(board(draft)).content.decode()
    assert "已采纳" in page
    assert 'value="lock:1"' not in page


@pytest.mark.parametrize("route", ["proposal-edit", "proposal-edits"])
def test_stranger_may_not_look(route: str) -> None:
    draft, firms = make_draft()
    address = reverse(route, args=(draft.pk,))
    assert client_of(administrator()).get(address).status_code == 403
    assert client_of(officer_of(make_area())).get(address).status_code == 404
    assert client_of(administrator()).get(unit_address(draft, firms[0])).status_code == 403


@pytest.mark.parametrize("route", ["proposal-edit-begin", "proposal-edit-step", "proposal-replan"])
def test_stranger_may_not_post(route: str) -> None:
    draft, _ = make_draft()
    address = reverse(route, args=(draft.pk,))
    assert client_of(administrator()).post(address, {"step": "lock:1"}).status_code == 403
    assert client_of(officer_of(make_area())).post(address, {"step": "lock:1"}).status_code == 404
    assert client_of(office()).get(address).status_code == 405
    assert draft.edits.count() == 0
