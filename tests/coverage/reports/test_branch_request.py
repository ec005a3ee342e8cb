"""The words of a request for joint branches."""

from dataclasses import replace
from datetime import date

import pytest

from liangxin.coverage.queries.establishment_basis import BasisRule
from liangxin.coverage.queries.establishment_request import (
    RequestedBranch,
    RequestedUnit,
    RequestFacts,
)
from liangxin.coverage.reports.branch_request import (
    branch_request,
    request_blanks,
    request_title,
    title_lines,
)
from liangxin.coverage.terms import GroupMode
from liangxin.standards.official_documents import BLANK, Heading, Paragraph, Table

UNITS = (
    RequestedUnit(name="甲公司", street="甲街道", is_host=True, members=2, to_transfer=1),
    RequestedUnit(name="乙公司", street="甲街道", is_host=False, members=1, to_transfer=0),
)
BRANCH = RequestedBranch(
    establishment_id=1,
    name="瑞和中心联合党支部",
    joins_branch=False,
    street="甲街道",
    parent="甲街道党工委",
    host="甲公司",
    units=UNITS,
    basis=("依据",),
    reason="同在一栋楼。",
    exception="",
    mode=GroupMode.SITE,
    longest_way_m=120.4,
    mean_way_m=40.0,
    consents=(),
    proposal_title="方案",
    ledger_date=date(2026, 6, 1),
    adopted_date=date(2026, 6, 11),
)
RULE = BasisRule(
    code="branch.min_full_members",
    title="成立党支部需要的正式党员数",
    value="3 名",
    source="《中国共产党章程》",
    confidence="text",
)
FACTS = RequestFacts(
    sender="甲街道党工委",
    recipient="区委两新工委",
    branches=(BRANCH,),
    rules=(RULE,),
    is_synthetic=False,
)
JOINING = replace(BRANCH, name="丙公司党支部", joins_branch=True, host="")


def words(facts: RequestFacts) -> str:
    body = branch_request(facts).body
    return "\n".join(
        block.text + (block.text_after if isinstance(block, Heading) else "")
        for block in body
        if isinstance(block, Heading | Paragraph)
    )


@pytest.mark.parametrize(
    ("branches", "title"),
    [
        ((BRANCH,), "关于成立瑞和中心联合党支部的请示"),
        ((BRANCH,) * 3, "关于成立瑞和中心等3个联合党支部的请示"),
        (
            (replace(BRANCH, name="甲街道第三联合党支部"), BRANCH),
            "关于成立甲街道第三联合党支部等2个联合党支部的请示",
        ),
        ((JOINING,), "关于扩大丙公司党支部覆盖范围的请示"),
        (
            (BRANCH, JOINING),
            "关于成立瑞和中心联合党支部并扩大丙公司党支部覆盖范围的请示",
        ),
    ],
)
def test_title_names_what_is_asked(branches: tuple[RequestedBranch, ...], title: str) -> None:
    assert request_title(replace(FACTS, branches=branches)) == title


def test_short_title_stays_on_one_line() -> None:
    assert title_lines("关于成立瑞和中心联合党支部的请示") == ("关于成立瑞和中心联合党支部的请示",)


def test_long_title_is_parted_between_words() -> None:
    title = "关于成立云津街道滨江科技园创新中心联合党支部的请示"

    first, second = title_lines(title)
    assert (first + second, second) == (title, "联合党支部的请示")


def test_request_goes_from_the_street_to_the_district() -> None:
    document = branch_request(FACTS)

    assert (document.title[0], document.signature) == ("甲街道党工委", "甲街道党工委")
    assert document.addressee == "区委两新工委"


def test_what_the_ledger_does_not_know_is_left_blank_and_named() -> None:
    facts = replace(FACTS, recipient="")

    assert branch_request(facts).addressee == BLANK
    assert request_blanks(facts) == (
        "发文字号",
        "签发人",
        "主送机关",
        "成文日期",
        "联系人和联系电话",
    )


def test_headings_stand_in_the_order_of_a_request() -> None:
    body = branch_request(FACTS).body
    headings = [one.text for one in body if isinstance(one, Heading) and one.level == 1]

    assert headings == ["组建依据", "基本情况", "组建方式", "组织关系转接", "拟请批准事项"]


def test_body_cites_rules_and_says_ways_in_words() -> None:
    text = words(FACTS)

    assert "根据《中国共产党章程》等有关规定" in text
    assert "拟成立瑞和中心联合党支部。现将" in text
    assert "成立党支部需要的正式党员数。3名（《中国共产党章程》）。" in text
    assert "由甲公司牵头，涵盖甲公司、乙公司2个单位，正式党员3名。" in text
    assert "到会单程最远约120米，平均每名党员约40米。" in text
    assert "楼宇共建1个。" in text
    assert "有1名正式党员的组织关系在其他党组织" in text
    assert "其余2名" in text
    assert "拟请批准成立瑞和中心联合党支部，隶属甲街道党工委。" in text
    assert text.endswith("妥否，请批示。")


def test_many_branches_are_told_in_the_attachment_only() -> None:
    facts = replace(FACTS, branches=(BRANCH,) * 9)

    assert "由甲公司牵头" not in words(facts)
    assert "成立附件所列9个联合党支部" in words(facts)


def test_consents_of_streets_are_told() -> None:
    crossing = replace(BRANCH, consents=("甲街道：同意（2026-06-11）", "乙街道：待答复"))

    assert "跨街道组建，会签情况：甲街道：同意（2026-06-11）；乙街道：待答复。" in words(
        replace(FACTS, branches=(crossing,))
    )


def test_attachment_lists_units_with_counts_and_a_total() -> None:
    (attachment,) = branch_request(FACTS).attachments
    (table,) = attachment.blocks
    assert isinstance(table, Table)

    assert list(table.rows) == [
        ("1", "瑞和中心联合党支部", "甲公司（牵头）", "甲街道", "2", "1"),
        ("2", "瑞和中心联合党支部", "乙公司", "甲街道", "1", "0"),
        ("", "合计", "2个单位", "", "3", "1"),
    ]


def test_made_up_facts_are_marked() -> None:
    assert branch_request(replace(FACTS, is_synthetic=True)).note.startswith("演示数据")


def test_why_a_branch_goes_beyond_what_is_usual_stands_under_the_rules() -> None:
    beyond = replace(BRANCH, exception="同在一个院子，只多这一家。")
    told = [
        block.text
        for block in branch_request(replace(FACTS, branches=(beyond,))).body
        if isinstance(block, Paragraph)
    ]
    usual = [b.text for b in branch_request(FACTS).body if isinstance(b, Paragraph)]

    assert "瑞和中心联合党支部超出上述一般标准，理由是：同在一个院子，只多这一家。" in told
    assert not any("超出上述一般标准" in text for text in usual)
