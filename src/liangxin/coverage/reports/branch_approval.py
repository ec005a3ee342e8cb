"""The reply (批复) that approves joint branches, and the notice (通知) that one was founded."""

from collections.abc import Sequence
from datetime import date

from liangxin.coverage.queries.branch_names import ENDING
from liangxin.coverage.queries.establishment_approval import ApprovalFacts, ApprovedBranch
from liangxin.coverage.reports.branch_request import LAWS, ORDINAL, title_lines
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

MOST_IN_WORDS = 8
ELECTION_LAW = "《中国共产党基层组织选举工作条例》"
COLUMNS = (
    TableColumn("序号", 11, is_centred=True),
    TableColumn("党组织名称", 37),
    TableColumn("涵盖单位", 46),
    TableColumn("正式党员", 16, is_centred=True),
    TableColumn("书记人选", 20, is_centred=True),
    TableColumn("副书记、委员人选", 26),
)
SYNTHETIC = "演示数据，单位、姓名和数字都是虚构的"


def branch_approval(facts: ApprovalFacts) -> OfficialDocument:
    """The reply in the layout of an official document; what nobody typed yet is BLANK."""
    many = len(facts.branches) > 1
    return OfficialDocument(
        title=(facts.issuer, *title_lines(approval_title(facts))),
        addressee="、".join(facts.recipients) or BLANK,
        body=(*_opening(facts), *_approved(facts), *_led(facts), *_elected(facts), *_after(facts)),
        signature=facts.issuer,
        signed_date=facts.approved_date,
        masthead=Masthead(number=facts.number or f"{BLANK}号", is_downward=True),
        note=SYNTHETIC if facts.is_synthetic else "",
        attachments=(Attachment("批准成立党支部和涵盖单位一览表", (_table(facts),)),)
        if many
        else (),
    )


def approval_title(facts: ApprovalFacts) -> str:
    """关于同意成立某某联合党支部的批复, or of several by the first one's name and their number."""
    return f"关于同意{_matters(facts, named=True)}的批复"


def approval_blanks(facts: ApprovalFacts) -> tuple[str, ...]:
    """What the reply leaves blank, by name, for the page that offers it."""
    known = (
        ("批复文号", facts.number),
        ("批复日期", facts.approved_date),
        ("请示文号", facts.request_number),
    )
    missing = [name for name, value in known if not value]
    new = [one for one in facts.branches if not one.asked.joins_branch]
    return (*missing, *(["书记人选"] if any(not one.secretary for one in new) else []))


def founding_notice(facts: ApprovalFacts) -> OfficialDocument:
    """The notice of the committee above to the units of one branch that was founded."""
    (branch,) = facts.branches
    sender = branch.asked.parent or (
        f"{branch.asked.street}党工委" if branch.asked.street else BLANK
    )
    return OfficialDocument(
        title=(sender, *title_lines(notice_title(facts))),
        addressee="各有关单位",
        body=tuple(Paragraph(text) for text in _noticed(facts, branch)),
        signature=sender,
        signed_date=branch.founded_date,
        masthead=Masthead(number=f"{BLANK}号", is_downward=True),
        note=SYNTHETIC if facts.is_synthetic else "",
    )


def notice_title(facts: ApprovalFacts) -> str:
    """关于成立某某联合党支部的通知."""
    (branch,) = facts.branches
    return f"关于成立{branch.asked.name}的通知"


def _opening(facts: ApprovalFacts) -> tuple[Block, ...]:
    number = f"（{facts.request_number}）" if facts.request_number else f"（{BLANK}号）"
    request = f"关于{_matters(facts, named=True)}的请示"
    laws = _laws(facts)
    ground = f"根据{laws}等有关规定，" if laws else ""
    whom = "你委" if len(facts.recipients) == 1 else "你们"
    return (Paragraph(f"{whom}《{request}》{number}收悉。{ground}经研究，批复如下："),)


def _approved(facts: ApprovalFacts) -> tuple[Block, ...]:
    new, joining = _parted(facts)
    shown = facts.branches if len(facts.branches) <= MOST_IN_WORDS else ()
    blocks: list[Block] = [Heading(f"同意{_matters(facts, named=False)}")]
    for branch in shown:
        blocks.append(Paragraph(_branch_in_words(branch)))
    if not shown:
        words = [f"同意成立{len(new)}个{ENDING}"] if new else []
        words += [f"同意{len(joining)}个党支部增加涵盖单位"] if joining else []
        blocks.append(Paragraph(f"{'，'.join(words)}，名称、涵盖单位见附件。"))
    return tuple(blocks)


def _branch_in_words(branch: ApprovedBranch) -> str:
    asked = branch.asked
    names = "、".join(unit.name for unit in asked.units)
    count = f"{len(asked.units)}个单位"
    if asked.joins_branch:
        return f"同意{names}{count}的党员并入{asked.name}，由该支部涵盖，现有正式党员{asked.members}名。"
    host = f"，{asked.host}为牵头单位" if asked.host else ""
    under = f"，隶属{asked.parent}" if asked.parent else ""
    return (
        f"同意成立{asked.name}{under}，由{names}{count}联合组建{host}，"
        f"现有正式党员{asked.members}名。"
    )


def _led(facts: ApprovalFacts) -> tuple[Block, ...]:
    new, _ = _parted(facts)
    if not new:
        return ()
    shown = new if len(facts.branches) <= MOST_IN_WORDS else []
    blocks: list[Block] = [Heading("班子设置和人选")]
    blocks += [Paragraph(_led_in_words(branch)) for branch in shown]
    if not shown:
        small = [one for one in new if not one.led.has_committee]
        words = f"其中{len(small)}个支部正式党员不足7名，不设支部委员会；" if small else ""
        blocks.append(Paragraph(f"{words}书记、副书记、委员人选见附件。"))
    return tuple(blocks)


def _led_in_words(branch: ApprovedBranch) -> str:
    size = branch.led
    if size.has_committee:
        usual = f"{size.least}至{size.usual}" if size.usual != size.least else f"{size.least}"
        seats = 1 + len(branch.deputies) + len(branch.committee)
        number = f"{seats}" if seats >= size.least else usual
        shape = f"{branch.asked.name}设支部委员会，由{number}人组成，其中书记1名"
        shape += f"、副书记{len(branch.deputies)}名。" if branch.deputies else "。"
    else:
        deputy = f"、副书记{len(branch.deputies)}名" if branch.deputies else ""
        shape = f"{branch.asked.name}不设支部委员会，设书记1名{deputy}。"
    persons = [f"{branch.secretary or BLANK}同志为书记人选"]
    if branch.deputies:
        persons.append(f"{'、'.join(branch.deputies)}同志为副书记人选")
    if branch.committee:
        persons.append(f"{'、'.join(branch.committee)}同志为委员人选")
    return f"{shape}同意{'，'.join(persons)}。"


def _elected(facts: ApprovalFacts) -> tuple[Block, ...]:
    new, _ = _parted(facts)
    if not new:
        return ()
    text = (
        f"接此批复后，请及时召开党员大会，按{ELECTION_LAW}进行选举。当选的书记、副书记报我委批准，"
        f"委员报我委备案。支部每届任期{facts.term_years}年，自选举产生之日起计算。"
    )
    return (Heading("选举和任期"), Paragraph(text))


def _after(facts: ApprovalFacts) -> tuple[Block, ...]:
    whom = "你委" if len(facts.recipients) == 1 else "你们"
    moved = sum(branch.asked.to_transfer for branch in facts.branches)
    text = f"请{whom}指导做好党员组织关系转接"
    text += f"（需由区外或其他党组织转入的{moved}名）" if moved else ""
    text += "，明确会议场所，落实组织生活制度，并于支部成立后登记成立日期。"
    return (Heading("其他事项"), Paragraph(text), Paragraph("此复。"))


def _noticed(facts: ApprovalFacts, branch: ApprovedBranch) -> list[str]:
    asked = branch.asked
    names = "、".join(unit.name for unit in asked.units)
    by = f"经{facts.issuer}{_day(facts.approved_date)}批复同意（{facts.number or BLANK}），"
    texts = [
        f"{by}{asked.name}已于{_day(branch.founded_date)}成立，由{names}"
        f"{len(asked.units)}个单位联合组建" + (f"，隶属{asked.parent}。" if asked.parent else "。")
    ]
    elected = [f"{branch.secretary or BLANK}同志任书记"]
    elected += [f"{'、'.join(branch.deputies)}同志任副书记"] if branch.deputies else []
    elected += [f"{'、'.join(branch.committee)}同志任委员"] if branch.committee else []
    texts.append(f"经党员大会选举，{'，'.join(elected)}，任期{facts.term_years}年。")
    if branch.place:
        texts.append(f"支部会议地点：{branch.place}。")
    texts.append("请各单位支持支部开展工作，并协助本单位党员办理组织关系转接。")
    texts.append("特此通知。")
    return texts


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else BLANK


def _laws(facts: ApprovalFacts) -> str:
    found = dict.fromkeys(law for source in facts.laws for law in LAWS.findall(source))
    return "".join(found)


def _matters(facts: ApprovalFacts, *, named: bool) -> str:
    new, joining = _parted(facts)
    matters = []
    if new:
        matters.append(f"成立{_named(new, ending=ENDING) if named else _counted(new, ENDING)}")
    if joining:
        what = _named(joining, ending="党支部") if named else _counted(joining, "党支部")
        matters.append(f"扩大{what}覆盖范围")
    return "并".join(matters)


def _counted(branches: Sequence[ApprovedBranch], ending: str) -> str:
    return branches[0].asked.name if len(branches) == 1 else f"{len(branches)}个{ending}"


def _named(branches: Sequence[ApprovedBranch], *, ending: str) -> str:
    first = branches[0].asked.name
    if len(branches) == 1:
        return first
    stem = first.removesuffix(ending)
    return f"{first if ORDINAL.search(stem) else stem}等{len(branches)}个{ending}"


def _table(facts: ApprovalFacts) -> Table:
    rows = []
    for number, branch in enumerate(facts.branches, start=1):
        asked = branch.asked
        joins = asked.joins_branch
        rows.append(
            (
                str(number),
                f"{asked.name}（增加涵盖单位）" if joins else asked.name,
                "、".join(unit.name for unit in asked.units),
                str(asked.members),
                "—" if joins else branch.secretary or BLANK,
                "、".join((*branch.deputies, *branch.committee)) or "—",
            )
        )
    return Table(COLUMNS, rows)


def _parted(facts: ApprovalFacts) -> tuple[list[ApprovedBranch], list[ApprovedBranch]]:
    """The branches to be founded, and those that stand and take units in."""
    new = [one for one in facts.branches if not one.asked.joins_branch]
    return new, [one for one in facts.branches if one.asked.joins_branch]
