"""The request (请示) of a Party work committee for approval of joint branches."""

import re
from collections.abc import Sequence

from liangxin.coverage.queries.branch_names import ENDING
from liangxin.coverage.queries.establishment_request import RequestedBranch, RequestFacts
from liangxin.coverage.terms import GroupMode
from liangxin.standards.official_documents import (
    BLANK,
    Attachment,
    Block,
    Heading,
    Masthead,
    OfficialDocument,
    Paragraph,
    Table,
    TableColumn,
)

# Further than this the body would repeat the attachment.
MOST_BRANCHES_IN_WORDS = 8
TITLE_LETTERS = 20
TITLE_BREAKS = ("关于", "等", "联合党支部", "并", "的请示")
LAWS = re.compile("《[^《》]+》")
# A name cut after 第三 would name nothing.
ORDINAL = re.compile("第[一二三四五六七八九十百千零]+$")
COLUMNS = (
    TableColumn("序号", 13, is_centred=True),
    TableColumn("党组织名称", 39),
    TableColumn("涵盖单位", 46),
    TableColumn("街道", 24, is_centred=True),
    TableColumn("正式党员", 19, is_centred=True),
    TableColumn("需转接", 15, is_centred=True),
)


def branch_request(facts: RequestFacts) -> OfficialDocument:
    """The request in the layout of an official document; what the ledger does not know is BLANK."""
    note = f"联系人：{BLANK}，联系电话：{BLANK}"
    return OfficialDocument(
        title=(facts.sender or BLANK, *title_lines(request_title(facts))),
        addressee=facts.recipient or BLANK,
        body=(*_opening(facts), *_ground(facts), *_situation(facts), *_ways(facts), *_asked(facts)),
        signature=facts.sender or BLANK,
        signed_date=facts.signed_date,
        masthead=Masthead(number=facts.number or f"{BLANK}号"),
        note=f"演示数据，单位和数字都是虚构的；{note}" if facts.is_synthetic else note,
        attachments=(Attachment(_table_title(facts), (_table(facts),)),),
    )


def request_title(facts: RequestFacts) -> str:
    """关于成立某某联合党支部的请示, or of several by the first one's name and their number."""
    new, joining = _parted(facts)
    matters = []
    if new:
        matters.append(f"成立{_named(new, ending=ENDING)}")
    if joining:
        matters.append(f"扩大{_named(joining, ending='党支部')}覆盖范围")
    return f"关于{'并'.join(matters)}的请示"


def request_blanks(facts: RequestFacts) -> tuple[str, ...]:
    """What the document leaves blank, by name, for the page that offers it."""
    known = (("主送机关", facts.recipient), ("署名机关", facts.sender))
    missing = [name for name, value in known if not value]
    number = [] if facts.number else ["发文字号"]
    day = [] if facts.signed_date else ["成文日期"]
    return (*number, "签发人", *missing, *day, "联系人和联系电话")


def title_lines(title: str) -> tuple[str, ...]:
    """A title on one line, or on two as alike as they get without cutting a word."""
    if len(title) <= TITLE_LETTERS:
        return (title,)
    places = {
        found.start()
        for word in TITLE_BREAKS
        for found in re.finditer(word, title)
        if found.start()
    } or {len(title) // 2}
    place = min(places, key=lambda one: (abs(2 * one - len(title)), one))
    return title[:place], title[place:]


def _opening(facts: RequestFacts) -> tuple[Block, ...]:
    laws = list(dict.fromkeys(law for one in facts.rules for law in LAWS.findall(one.source)))
    ground = f"根据{''.join(laws)}等有关规定，" if laws else ""
    new, joining = _parted(facts)
    planned = []
    if new:
        planned.append(f"成立{new[0].name if len(new) == 1 else f'{len(new)}个{ENDING}'}")
    if joining:
        planned.append(f"扩大{len(joining)}个党支部的覆盖范围")
    text = (
        f"为扩大党在新经济组织、新社会组织中的组织覆盖，{ground}"
        f"经摸排测算，拟{'、'.join(planned)}。现将有关情况请示如下："
    )
    return (Paragraph(text),)


def _ground(facts: RequestFacts) -> tuple[Block, ...]:
    rules = (
        Heading(f"{one.title}。", level=2, text_after=f"{_close(one.value)}（{one.source}）。")
        for one in facts.rules
    )
    beyond = (
        Paragraph(f"{branch.name}超出上述一般标准，理由是：{branch.exception.rstrip('。')}。")
        for branch in facts.branches
        if branch.exception
    )
    return (Heading("组建依据"), *rules, *beyond)


def _situation(facts: RequestFacts) -> tuple[Block, ...]:
    whole = (
        f"共涉及{facts.units_count}个单位，这些单位有正式党员{facts.members}名，都没有党组织覆盖，"
        "单位名单和人数见附件。"
    )
    shown = facts.branches if len(facts.branches) <= MOST_BRANCHES_IN_WORDS else ()
    each = (
        Heading(f"{branch.name}。", level=2, text_after=_branch_in_words(branch))
        for branch in shown
    )
    return (Heading("基本情况"), Paragraph(whole), *each)


def _branch_in_words(branch: RequestedBranch) -> str:
    names = "、".join(unit.name for unit in branch.units)
    led = f"由{branch.host}牵头，" if branch.host else "并入现有支部，"
    text = (
        f"{led}涵盖{names}{len(branch.units)}个单位"
        if len(branch.units) > 1
        else f"{led}涵盖{names}"
    )
    return f"{text}，正式党员{branch.members}名。{_way_in_words(branch)}"


def _way_in_words(branch: RequestedBranch) -> str:
    longest, mean = branch.longest_way_m, branch.mean_way_m
    if longest is None or mean is None:
        return ""
    if longest < 1:
        return "各单位同在一处，到会不用走远路。"
    return f"到会单程最远约{longest:.0f}米，平均每名党员约{mean:.0f}米。"


def _ways(facts: RequestFacts) -> tuple[Block, ...]:
    new, joining = _parted(facts)
    counted = [
        f"{mode.label}{count}个"
        for mode in GroupMode
        if (count := sum(one.mode == mode for one in new))
    ]
    if joining:
        counted.append(f"并入现有支部{len(joining)}个")
    blocks: list[Block] = [Heading("组建方式")]
    ways = f"{'、'.join(counted)}。" if counted else ""
    blocks.append(Paragraph(f"{ways}路程按到牵头单位（或所并入的支部）的单程测算。"))
    blocks += [
        Paragraph(f"{one.name}跨街道组建，会签情况：{'；'.join(one.consents)}。")
        for one in facts.branches
        if one.consents
    ]
    return (*blocks, Heading("组织关系转接"), Paragraph(_transfers(facts)))


def _transfers(facts: RequestFacts) -> str:
    here = facts.members - facts.to_transfer
    if not facts.to_transfer:
        return f"{here}名正式党员的组织关系都在本区党组织，支部成立后按规定调整到新的支部。"
    text = f"有{facts.to_transfer}名正式党员的组织关系在其他党组织，支部成立后由本人办理转接，按规定程序进行"
    return (
        f"{text}；其余{here}名的组织关系在本区党组织，按规定调整到新的支部。"
        if here
        else f"{text}。"
    )


def _asked(facts: RequestFacts) -> tuple[Block, ...]:
    new, joining = _parted(facts)
    asked = []
    if new:
        asked.append(f"成立{_listed(new)}{_under(new)}")
    if joining:
        asked.append(f"将附件所列单位并入{_listed(joining)}")
    return (
        Heading("拟请批准事项"),
        Paragraph(f"拟请批准{'；'.join(asked)}。"),
        Paragraph("妥否，请批示。"),
    )


def _listed(branches: Sequence[RequestedBranch]) -> str:
    if len(branches) > MOST_BRANCHES_IN_WORDS:
        return f"附件所列{len(branches)}个{ENDING}"
    return "、".join(branch.name for branch in branches)


def _under(branches: Sequence[RequestedBranch]) -> str:
    parents = {branch.parent for branch in branches}
    parent = parents.pop() if len(parents) == 1 else ""
    return f"，隶属{parent}" if parent else ""


def _table_title(facts: RequestFacts) -> str:
    new, joining = _parted(facts)
    return "拟联合组建党支部涵盖单位情况表" if new or not joining else "拟并入党支部单位情况表"


def _table(facts: RequestFacts) -> Table:
    rows = [
        (branch.name, f"{unit.name}（牵头）" if unit.is_host else unit.name, unit.street)
        + (str(unit.members), str(unit.to_transfer))
        for branch in facts.branches
        for unit in branch.units
    ]
    total = ("", "合计", f"{facts.units_count}个单位", "", str(facts.members))
    numbered = [(str(number), *row) for number, row in enumerate(rows, start=1)]
    return Table(COLUMNS, (*numbered, (*total, str(facts.to_transfer))))


def _parted(facts: RequestFacts) -> tuple[list[RequestedBranch], list[RequestedBranch]]:
    """The branches to be founded, and those that stand and take units in."""
    new = [branch for branch in facts.branches if not branch.joins_branch]
    return new, [branch for branch in facts.branches if branch.joins_branch]


def _named(branches: Sequence[RequestedBranch], *, ending: str) -> str:
    first = branches[0].name
    if len(branches) == 1:
        return first
    stem = first.removesuffix(ending)
    return f"{first if ORDINAL.search(stem) else stem}等{len(branches)}个{ending}"


def _close(value: str) -> str:
    """A value as documents write it: no space between figure and unit."""
    return value.replace(" ", "")
