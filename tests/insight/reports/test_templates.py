"""Templates are checked when they come in: what is unknown is named, what is hostile is refused."""

import zipfile
from io import BytesIO

import pytest

from liangxin.insight.actions.report_templates import (
    UnfitTemplate,
    add_template,
    add_version,
    retire_template,
)
from liangxin.insight.actions.reports import InvalidReport, ask_for_report
from liangxin.insight.models import ImmutableReport
from liangxin.kernel.permissions import NotAllowed
from liangxin.kernel.viewer import Role, Scope, ScopeKind
from tests.factories.registry import make_area
from tests.factories.reports import (
    DISTRICT,
    account,
    document_of,
    make_report,
    make_template,
    make_version,
    workbook_of,
)
from tests.insight.reports.test_filling import DAY

pytestmark = pytest.mark.django_db


def faults_of(data: bytes, *, file_name: str = "表.xlsx") -> list[str]:
    with pytest.raises(UnfitTemplate) as refused:
        add_template(data, title="", file_name=file_name, by=account())
    return refused.value.faults


def packed(**members: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return target.getvalue()


def with_member(data: bytes, name: str, content: bytes) -> bytes:
    target = BytesIO(data)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target.getvalue()


def test_unknown_placeholder_is_named_with_its_place_and_the_nearest() -> None:
    faults = faults_of(workbook_of(["一", "{{组织履盖率}}"]))

    assert len(faults) == 1
    assert "B1 单元格" in faults[0]
    assert "没有占位符“组织履盖率”" in faults[0]
    assert "{{组织覆盖率}}" in faults[0]


def test_unknown_placeholder_of_a_document_is_named() -> None:
    faults = faults_of(document_of("本区{{工作复盖率}}。"), file_name="文.docx")

    assert "正文第 1 段" in faults[0]
    assert "{{工作覆盖率}}" in faults[0]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{{组织覆盖率", "花括号没有成对"),
        ("{{单位名称}}", "所在行要有清单标记"),
        ("{{清单:没有这个}}", "没有占位符"),
        ("{{街道:某街道 组织覆盖率}}", "本区没有街道“某街道”"),
        ("{{ 1+1 }}", "没有占位符“1+1”"),
        ("{{config.SECRET_KEY}}", "没有占位符"),
        ("没有占位符", "文件里没有占位符"),
    ],
)
def test_fault_is_told(text: str, word: str) -> None:
    assert word in faults_of(workbook_of([text]))[0]


def test_street_is_named_by_its_name() -> None:
    make_area("甲街道")
    template = make_template(["{{街道:甲街道 组织覆盖率}}", "{{street:甲街道 统计基数}}"])

    assert template.versions.get().placeholders == [
        ["街道:甲街道 组织覆盖率", ""],
        ["street:甲街道 统计基数", ""],
    ]


@pytest.mark.parametrize(
    ("data", "file_name", "word"),
    [
        (b"", "表.xlsx", "不是完好的"),
        (b"not a zip at all", "表.docx", "不是完好的"),
        (packed(a_xml=b"<a/>"), "文.docx", "没有正文"),
        (packed(word__document_xml=b"<broken"), "文.docx", "读不出来"),
        (packed(xl__workbook_xml=b"<broken"), "表.xlsx", "读不出来"),
        (b"x", "表.xlsm", ".xlsx"),
        (b"x", "表.xls", ".xlsx"),
        (packed(xl__workbook_xml=b" " * 50_000_000), "表.xlsx", "大得不正常"),
        (
            packed(xl__workbook_xml=b"", sheet=b'<!DOCTYPE a [<!ENTITY b "c">]>'),
            "表.xlsx",
            "不该出现",
        ),
        (packed(xl__workbook_xml=b" " * 16_000_000), "表.xlsx", "内容太多"),
        (packed(xl__workbook_xml=b"", a_xml=b'<c r="A1"/>' * 200_001), "表.xlsx", "内容太多"),
        (
            packed(xl__workbook_xml=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
            "表.xlsx",
            "不该出现",
        ),
        (
            packed(xl__workbook_xml='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16")),
            "表.xlsx",
            "不该出现",
        ),
    ],
)
def test_hostile_file_is_answered_in_words(data: bytes, file_name: str, word: str) -> None:
    faults = faults_of(data, file_name=file_name)

    assert word in faults[0]


@pytest.mark.parametrize(
    "name", ["xl/vbaProject.bin", "xl/externalLinks/externalLink1.xml", "xl/embeddings/a.bin"]
)
def test_macros_and_links_are_refused(name: str) -> None:
    faults = faults_of(with_member(workbook_of(["{{组织覆盖率}}"]), name, b"x"))

    assert "宏、嵌入的对象或指向别的文件的链接" in faults[0]


def test_report_keeps_the_version_it_was_made_with() -> None:
    by = account()
    template = make_template(["{{统计基数}}"], by=by)
    report = make_report(template, by=by, at=DAY)
    newer = add_version(template, workbook_of(["{{均未覆盖}}"]), file_name="新.xlsx", by=by)
    report.refresh_from_db()

    assert (report.version.number, newer.number) == (1, 2)
    assert make_report(template, by=by, at=DAY).version == newer
    with pytest.raises(ImmutableReport):
        newer.save()


def test_document_is_filled() -> None:
    data = document_of("{{单位}}基数{{统计基数}}家", rows=(("{{每个规模}}", "{{统计基数}}"),))
    report = make_report(make_version(data, file_name="文.docx").template, at=DAY)

    assert report.blob is not None
    assert report.blob.file_name.endswith(".docx")


def test_only_the_district_manages_templates() -> None:
    officer = account(Role.COMMITTEE_OFFICER, Scope(ScopeKind.STREET, str(make_area().pk)))

    with pytest.raises(NotAllowed):
        add_template(workbook_of(["{{统计基数}}"]), title="", file_name="表.xlsx", by=officer)
    with pytest.raises(NotAllowed):
        retire_template(make_template(["{{统计基数}}"]), is_retired=True, by=officer)


def test_retired_template_makes_no_more_reports() -> None:
    template = make_template(["{{统计基数}}"])
    retire_template(template, is_retired=True, by=account())
    template.refresh_from_db()

    with pytest.raises(InvalidReport):
        ask_for_report(template, by=account(), scope=DISTRICT, at=DAY)


@pytest.mark.parametrize(
    ("kind", "target", "is_refused"),
    [
        ("attachedTemplate", "http://example.com/a.dotm", True),
        ("attachedTemplate", "\\\\example\\a.dotm", True),
        ("attachedTemplate", "file:///C:\\a.dotm", False),
        ("hyperlink", "http://example.com/", False),
    ],
)
def test_what_fetches_by_itself_is_refused(kind: str, target: str, is_refused: bool) -> None:
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    link = (
        f'<Relationship Id="rId1" Type="http://x/{kind}" Target="{target}" TargetMode="External"/>'
    )
    links = f'<Relationships xmlns="{space}">{link}</Relationships>'.encode()
    data = with_member(document_of("{{统计基数}}"), "word/_rels/settings.xml.rels", links)

    if is_refused:
        assert "取别处的内容" in faults_of(data, file_name="文.docx")[0]
    else:
        assert make_version(data, file_name="文.docx").number == 1
