"""The words of the reply that approves joint branches, and of the notice after the founding."""

import io
from dataclasses import replace
from datetime import date

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from liangxin.coverage.actions.adoption import Nomination, nominate, note_request
from liangxin.coverage.queries.establishment_approval import ApprovalFacts, approval_facts
from liangxin.coverage.queries.establishments import establishments
from liangxin.coverage.queries.post_candidates import post_candidates
from liangxin.coverage.reports.branch_approval import (
    approval_blanks,
    approval_title,
    branch_approval,
    founding_notice,
    notice_title,
)
from liangxin.registry.terms import PostKind
from liangxin.standards.official_documents import BLANK, Heading, OfficialDocument, write_docx
from tests.factories.establishments import (
    ADOPTED,
    APPROVED,
    FOUNDED,
    NUMBER,
    make_approved,
    make_cross_street,
    make_establishment,
    make_founded,
)
from tests.factories.registry import make_area
from tests.factories.viewers import office

pytestmark = pytest.mark.django_db


def facts_of(*held: object) -> ApprovalFacts:
    keys = [one.pk for one in held]  # type: ignore[attr-defined]
    return approval_facts(office(), list(establishments(office()).filter(pk__in=keys)))


def words(document: OfficialDocument) -> str:
    return "\n".join(
        f"{one.text}{one.text_after}" if isinstance(one, Heading) else getattr(one, "text", "")
        for one in document.body
    )


def test_reply_answers_the_request_by_its_number_and_names_secretary_and_units() -> None:
    held = make_establishment(street=make_area("甲街道"))
    person = post_candidates(office(), held, at=ADOPTED)[0].person
    chosen = Nomination(kind=PostKind.SECRETARY, person=person, person_name=person.name)
    nominate(held, [chosen], by=office(), today=ADOPTED)
    note_request(
        [held], by=office(), request_number="甲工〔2026〕5号", request_date=ADOPTED, today=ADOPTED
    )
    facts = facts_of(make_approved(held))
    document = branch_approval(facts)
    text = words(document)

    assert approval_title(facts) == "关于同意成立甲街道联合党支部的批复"
    assert document.addressee == "甲街道党工委"
    assert document.masthead is not None
    assert (document.masthead.number, document.signed_date) == (NUMBER, APPROVED)
    assert "《关于成立甲街道联合党支部的请示》（甲工〔2026〕5号）收悉" in text
    assert all(unit.name in text for unit in held.units.all())
    assert "不设支部委员会，设书记1名" in text
    assert f"同意{person.name}同志为书记人选" in text
    assert "每届任期3年" in text
    assert text.endswith("此复。")
    assert approval_blanks(facts) == ()


def test_what_nobody_typed_yet_is_left_blank_and_named() -> None:
    facts = facts_of(make_establishment())

    assert approval_blanks(facts) == ("批复文号", "批复日期", "请示文号", "书记人选")
    assert f"同意{BLANK}同志为书记人选" in words(branch_approval(facts))


def test_reply_for_several_has_a_table_of_them() -> None:
    street = make_area("甲街道")
    several = [make_establishment(street=street) for _ in range(3)]
    document = branch_approval(facts_of(*several))

    (attachment,) = document.attachments
    (table,) = attachment.blocks
    assert len(table.rows) == 3  # type: ignore[union-attr]
    assert "同意成立3个联合党支部" in words(document)


def test_a_branch_of_two_streets_is_approved_by_the_district_to_its_street() -> None:
    facts = facts_of(make_cross_street(streets=(make_area("甲街道"), make_area("乙街道"))))

    assert facts.recipients == ("甲街道党工委",)
    assert "两新" in facts.issuer


def test_a_committee_is_described_with_its_number() -> None:
    facts = facts_of(make_establishment())
    (branch,) = facts.branches
    led = replace(branch.led, has_committee=True)
    big = replace(branch, led=led, secretary="甲", deputies=("乙",), committee=("丙", "丁", "戊"))

    text = words(branch_approval(replace(facts, branches=(big,))))
    assert "设支部委员会，由5人组成，其中书记1名、副书记1名" in text
    assert "丙、丁、戊同志为委员人选" in text


def test_notice_tells_of_the_founding() -> None:
    facts = facts_of(make_founded(make_establishment(street=make_area("甲街道"))))
    text = words(founding_notice(facts))

    assert notice_title(facts) == "关于成立甲街道联合党支部的通知"
    assert f"{FOUNDED.year}年{FOUNDED.month}月{FOUNDED.day}日成立" in text
    assert NUMBER in text
    assert "测试书记同志任书记" in text


def test_number_of_a_downward_document_stands_in_the_middle() -> None:
    facts = replace(facts_of(make_approved()), approved_date=date(2026, 7, 1))
    word = Document(io.BytesIO(write_docx(branch_approval(facts))))

    (line,) = [one for one in word.paragraphs if one.text == NUMBER]
    assert line.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert not any("签发人" in one.text for one in word.paragraphs)
