"""Headers are found, kinds told apart, columns mapped, and what is doubtful is said."""

from decimal import Decimal

import pytest

from liangxin.workbook.book import MergedRange, Sheet
from liangxin.workbook.kinds import KINDS, Column, ListKind, kind
from liangxin.workbook.recognising import Recognition, header_key, recognise
from tests.workbook.making import sheet


def codes(recognition: Recognition) -> dict[str, str]:
    return {column.letter: column.code for column in recognition.columns if column.code}


def kind_code(recognition: Recognition) -> str | None:
    return recognition.kind.code if recognition.kind else None


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("楼宇名称 类型 街道 地址 经度 纬度", "sites"),
        ("纳税人名称 纳税人识别号 纳税人状态 注册地址 行业", "enterprises"),
        ("参保单位名称 统一社会信用代码 参保人数 联系电话", "enterprises"),
        ("名称 统一代码 业务主管单位 法定代表人 成立时间", "social_organisations"),
        ("党组织名称 类别 上级党组织 成立时间 覆盖企业 书记", "party_organisations"),
        ("姓名 公民身份号码 性别 工作单位 人员类别 入党时间 所在党支部", "members"),
        ("姓名 类别 派出单位 联系企业 手机 选派时间", "instructors"),
        ("单位名称 社会信用代码 工会 团组织", "mass_organisations"),
    ],
)
def test_recognise_tells_kinds_apart(headers: str, expected: str) -> None:
    recognition = recognise(sheet(headers.split(), ["某"]))
    assert (kind_code(recognition), recognition.problems) == (expected, ())


@pytest.mark.parametrize(
    ("one", "column"),
    [(one, column) for one in KINDS for column in one.columns],
    ids=lambda part: part.code,
)
def test_recognise_knows_every_spelling_among_titles(one: ListKind, column: Column) -> None:
    for spelling in column.spellings:
        headers = [spelling if c is column else c.title for c in one.columns]
        recognition = recognise(sheet(headers), kind_code=one.code)
        assert [c.code for c in recognition.columns] == [c.code for c in one.columns], spelling


@pytest.mark.parametrize("one", KINDS, ids=lambda one: one.code)
def test_recognise_finds_every_kind_by_its_own_titles(one: ListKind) -> None:
    assert kind_code(recognise(sheet([column.title for column in one.columns]))) == one.code


def test_recognise_passes_over_titles_and_notes() -> None:
    rows = (
        [None, "某区企业名单"],
        ["填报单位：某街道"],
        [],
        ["序号", "企业名称", "人数"],
        [1, "甲", 2],
    )
    recognition = recognise(sheet(*rows))
    assert (recognition.header_start, recognition.header_end) == (3, 3)
    assert codes(recognition) == {"B": "name", "C": "employees"}


def test_recognise_two_row_header_without_merges() -> None:
    recognition = recognise(
        sheet(
            ["企业名称", "法定代表人", None, "联系人", None],
            [None, "姓名", "电话", "姓名", "电话"],
            ["甲公司", "张三", "1", "李四", "2"],
        )
    )
    assert (recognition.header_start, recognition.header_end) == (0, 1)
    assert [column.header for column in recognition.columns] == [
        "企业名称",
        "法定代表人|姓名",
        "法定代表人|电话",
        "联系人|姓名",
        "联系人|电话",
    ]
    assert codes(recognition) == {"A": "name", "B": "legal_representative", "E": "phone"}


def test_recognise_merged_two_row_header_keeps_its_groups() -> None:
    merged = (MergedRange(1, 0, 2, 0), MergedRange(1, 1, 1, 2), MergedRange(0, 0, 0, 2))
    rows = [
        ("某区企业名单", None, None),
        ("企业名称", "联系人", None),
        ("企业名称", "姓名", "电话"),
        ("甲公司", "李四", "1"),
    ]
    recognition = recognise(Sheet("Sheet1", rows, merged=merged))
    assert (recognition.header_start, recognition.header_end) == (1, 2)
    assert [c.header for c in recognition.columns] == ["企业名称", "联系人|姓名", "联系人|电话"]


def test_recognise_header_in_bars_reads_like_its_rows() -> None:
    recognition = recognise(sheet(["企业名称", "法定代表人|姓名"], ["甲", "乙"]))
    assert codes(recognition) == {"A": "name", "B": "legal_representative"}


@pytest.mark.parametrize(
    "header",
    [
        "*企业名称",
        "企业名称（全称）",
        "企 业 名 称",
        "企业名称：",
        "1.企业名称",
        "企业（单位）名称",
        "【企业名称】",
    ],
)
def test_recognise_looks_through_decoration(header: str) -> None:
    recognition = recognise(sheet([header, "2023年末从业人员"], ["甲", 1]))
    assert codes(recognition) == {"A": "name", "B": "employees"}


@pytest.mark.parametrize("header", ["其中党员职工人数", "上级单位名称", "女职工人数", "原企业名称"])
def test_recognise_does_not_guess_qualified_headers(header: str) -> None:
    recognition = recognise(sheet(["企业名称", header], ["甲", 1]), kind_code="enterprises")
    assert codes(recognition) == {"A": "name"}


@pytest.mark.parametrize(
    ("header", "note", "scale"),
    [
        ("营业收入(万元)", "", "1"),
        ("营业收入（元）", "", "0.0001"),
        ("营业收入", "单位：元", "0.0001"),
        ("营业收入", "金额单位：千元", "0.1"),
        ("营业收入(万元)", "单位：元", "1"),
        ("营业收入", "填报单位：某公司", "1"),
    ],
)
def test_recognise_reads_the_unit_of_money(header: str, note: str, scale: str) -> None:
    recognition = recognise(sheet([note or None], ["企业名称", header], ["甲", 1]))
    assert recognition.columns[1].scale == Decimal(scale)


def test_recognise_missing_required_column_blocks() -> None:
    recognition = recognise(sheet(["楼宇名称", "经度", "纬度"], ["甲", 120, 30]))
    (problem,) = recognition.problems
    assert (problem.code, problem.blocking) == ("missing_column", True)
    assert "所属街道" in problem.message
    assert not recognition.is_usable


def test_recognise_doubled_column_uses_the_surer_and_says_so() -> None:
    recognition = recognise(sheet(["企业名称", "手机", "联系电话"], ["甲", 1, 2]))
    assert codes(recognition) == {"A": "name", "C": "phone"}
    (problem,) = recognition.problems
    assert problem.message == "不止一列像“联系电话”：用了C列“联系电话”，没有用B列"


def test_recognise_unknown_column_is_said_and_does_not_block() -> None:
    recognition = recognise(sheet(["企业名称", "吉祥物", None], ["甲", "虎", "散"]))
    assert [(p.code, p.letter) for p in recognition.problems] == [
        ("unknown_column", "B"),
        ("unnamed_column", "C"),
    ]
    assert recognition.is_usable


def test_recognise_needless_columns_are_not_mentioned() -> None:
    headers = ["序号", "企业名称", "备注", "退回原因", "修改办法", "原行号"]
    assert recognise(sheet(headers, [1, "甲"])).problems == ()


def test_recognise_mapping_goes_before_guesses() -> None:
    mapping = {header_key("吉祥物"): "site", header_key("人数"): None}
    recognition = recognise(sheet(["企业名称", "吉祥物", "人数"], ["甲", "a", 1]), mapping=mapping)
    assert codes(recognition) == {"A": "name", "B": "site"}
    assert recognition.problems == ()


def test_recognise_given_kind_is_kept() -> None:
    recognition = recognise(sheet(["名称", "代码"], ["甲", 1]), kind_code="social_organisations")
    assert recognition.kind is kind("social_organisations")
    assert codes(recognition) == {"A": "name"}


@pytest.mark.parametrize("rows", [[], [(), (None, " ")]])
def test_recognise_empty_sheet_is_said(rows: list[tuple[None, ...]]) -> None:
    recognition = recognise(sheet(*rows))
    assert [problem.code for problem in recognition.problems] == ["empty"]
    assert not recognition.is_usable


def test_recognise_foreign_table_is_no_list() -> None:
    recognition = recognise(sheet(["今天", "天气"], ["一", "晴"]))
    assert (recognition.kind, [p.code for p in recognition.problems]) == (None, ["no_header"])


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("民办非企业单位", "social_organisations"),
        ("民非名单", "social_organisations"),
        ("企业", "enterprises"),
        ("三有企业", "enterprises"),
        ("Sheet1", "enterprises"),
    ],
)
def test_recognise_open_columns_by_the_title(title: str, expected: str) -> None:
    header = ["编号", "名称", "地址", "联系人", "电话"]
    assert kind_code(recognise(sheet(header, [1, "甲"], name=title))) == expected
