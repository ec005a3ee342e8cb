"""Harmless untidiness is cleaned, wrong cells are refused with place, reason and mend."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangxin.workbook.cells import Cell, CellError
from liangxin.workbook.cleaners import Value
from liangxin.workbook.cleaning import NotRecognised, clean_rows, left_out_rows
from liangxin.workbook.kinds import kind
from liangxin.workbook.recognising import recognise
from tests.workbook.making import TODAY, cleaned, id_number, sheet, uscc

MEMBER = ("姓名", "身份证号", "性别", "工作单位", "人员类别", "入党日期", "转正日期")


def enterprise(header: str, cell: Cell) -> tuple[dict[str, Value], list[str]]:
    (row,) = cleaned(["企业名称", header], ["甲公司", cell], kind_code="enterprises")
    return row.values, [fault.reason for fault in row.faults]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("甲 公 司", "甲公司"),
        ("ＡＢＣ１２３公司", "ABC123公司"),
        (" 甲公司(杭州) ", "甲公司（杭州）"),
        ("甲公司﹙杭州﹚".replace("﹙", "（").replace("﹚", "）"), "甲公司（杭州）"),
        ("Sun  Moon （China）", "Sun Moon(China)"),
        ("甲\u200b公司\n", "甲公司"),
        ("'=公司", "=公司"),
        (1688, "1688"),
    ],
)
def test_clean_rows_names_are_written_one_way(cell: Cell, value: str) -> None:
    (row,) = cleaned(["企业名称", "人数"], [cell, 1])
    assert row.values["name"] == value


@pytest.mark.parametrize(
    "cell",
    [
        "2021年3月5日",
        "2021.3.5",
        "2021/03/05",
        "2021-3-5",
        "20210305",
        20210305,
        44260,
        "44260",
        "２０２１．３．５",
        "2021 年 3 月 5 日",
        "2021-03-05 00:00:00",
        "二〇二一年三月五日",
        date(2021, 3, 5),
        datetime(2021, 3, 5, 8, 30),  # noqa: DTZ001
    ],
)
def test_clean_rows_dates_are_read_in_every_form(cell: Cell) -> None:
    assert enterprise("成立日期", cell) == (
        {"name": "甲公司", "established_date": date(2021, 3, 5)},
        [],
    )


@given(st.dates(date(1927, 6, 1), TODAY))
def test_clean_rows_every_day_is_read_in_every_form(day: date) -> None:
    forms: tuple[Cell, ...] = (
        day,
        (day - date(1899, 12, 30)).days,
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}",
    )
    assert {enterprise("成立日期", form)[0]["established_date"] for form in forms} == {day}


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("2021年2月30日", "没有“2021年2月30日”这一天"),
        ("2021-13-05", "没有“2021-13-05”这一天"),
        ("2099-01-01", "日期2099-01-01晚于今天"),
        ("21.3.5", "“21.3.5”不是认识的日期"),
        ("2021年3月", "只写了年月，没有写日"),
        ("1821-03-05", "日期1821-03-05早于1900年"),
        (12, "“12”不是认识的日期"),
        (True, "“TRUE”不是认识的日期"),
    ],
)
def test_clean_rows_wrong_dates_are_refused(cell: Cell, reason: str) -> None:
    assert enterprise("成立日期", cell) == ({"name": "甲公司"}, [reason])


def test_clean_rows_year_and_month_suffice_where_the_header_says_so() -> None:
    assert enterprise("成立年月", "2021.03")[0]["established_date"] == date(2021, 3, 1)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (120, 120),
        (120.0, 120),
        ("120人", 120),
        ("１２０", 120),
        ("1,200", 1200),
        (" 1 200 ", 1200),
        ("1.2万", 12000),
        ("120.0", 120),
        (0, 0),
        ("-", None),
        ("无", None),
        (None, None),
    ],
)
def test_clean_rows_counts_are_read(cell: Cell, value: int | None) -> None:
    assert enterprise("从业人数", cell) == ({"name": "甲公司", "employees": value}, [])


@pytest.mark.parametrize("cell", ["-3", -3, "12.5", 12.5, "十来个", 1_000_001, "10-20", True])
def test_clean_rows_wrong_counts_are_refused(cell: Cell) -> None:
    values, reasons = enterprise("从业人数", cell)
    assert (values, len(reasons)) == ({"name": "甲公司"}, 1)


@given(st.integers(0, 1_000_000))
def test_clean_rows_any_count_is_read_in_every_form(number: int) -> None:
    forms: tuple[Cell, ...] = (number, float(number), f"{number:,}", f"{number}人", f" {number} ")
    assert {enterprise("从业人数", form)[0]["employees"] for form in forms} == {number}


@pytest.mark.parametrize(
    ("header", "cell", "value"),
    [
        ("营业收入(万元)", 1200.5, "1200.5"),
        ("营业收入（元）", 12005000, "1200.5"),
        ("营业收入（元）", "1200.5万", "1200.5"),
        ("营业收入(万元)", "1.2亿元", "12000"),
        ("营业收入(万元)", "￥1,200", "1200"),
    ],
)
def test_clean_rows_money_comes_in_ten_thousands(header: str, cell: Cell, value: str) -> None:
    assert enterprise(header, cell)[0]["revenue_wan"] == Decimal(value)


@pytest.mark.parametrize("cell", ["-1", "很多", 1e13])
def test_clean_rows_wrong_money_is_refused(cell: Cell) -> None:
    assert len(enterprise("营业收入(万元)", cell)[1]) == 1


@pytest.mark.parametrize("cell", ["是", "有", "√", "Y", "1", 1, True, " 有 ", "ＹＥＳ"])
def test_clean_rows_yes_is_understood(cell: Cell) -> None:
    assert enterprise("有固定场所", cell)[0]["has_premises"] is True


@pytest.mark.parametrize("cell", ["否", "无", "×", "N", "0", 0, False, "没有"])
def test_clean_rows_no_is_understood(cell: Cell) -> None:
    assert enterprise("有固定场所", cell)[0]["has_premises"] is False


def test_clean_rows_unreadable_yes_no_is_refused() -> None:
    assert enterprise("有固定场所", "大概")[1] == ["“大概”看不出是“是”还是“否”"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("有限责任公司（自然人独资）", "company"),
        ("有限责任公司(某种新写法)", "company"),
        ("个体户", "individual_business"),
        ("", None),
    ],
)
def test_clean_rows_choices_become_codes(cell: Cell, value: str | None) -> None:
    assert enterprise("企业类型", cell)[0]["kind"] == value


def test_clean_rows_unknown_choice_names_the_allowed() -> None:
    (row,) = cleaned(["企业名称", "登记状态"], ["甲", "火星"])
    (fault,) = row.faults
    assert (fault.column, fault.letter, fault.header, fault.value) == (
        "status",
        "B",
        "登记状态",
        "火星",
    )
    assert (fault.reason, fault.mend) == (
        "“火星”不是认识的登记状态",
        "请填其中一种：存续、注销、空壳、停业",
    )


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (5211, "5211"),
        ("F5211", "5211"),
        ("批发和零售业", "F"),
        ("F 批发和零售业", "F"),
        (None, None),
    ],
)
def test_clean_rows_industries_become_codes(cell: Cell, value: str | None) -> None:
    assert enterprise("行业", cell)[0]["industry"] == value


def test_clean_rows_unknown_industry_is_refused() -> None:
    assert enterprise("行业", "挖矿挖矿")[1] == [
        "“挖矿挖矿”不在国民经济行业分类（GB/T 4754-2017）里"
    ]


def test_clean_rows_uscc_is_normalised() -> None:
    code = uscc(7)
    spaced = f" {code[:8].lower()}　{code[8:]}"
    assert enterprise("统一社会信用代码", spaced) == ({"name": "甲公司", "uscc": code}, [])


@given(st.integers(0, 9_999_999), st.integers(0, 17), st.sampled_from("0123456789ABCDEFGH"))
def test_clean_rows_uscc_with_one_wrong_character_is_refused(
    serial: int, place: int, sign: str
) -> None:
    code = uscc(serial)
    wrong = code[:place] + sign + code[place + 1 :]
    assert bool(enterprise("统一社会信用代码", wrong)[1]) == (wrong != code)


@pytest.mark.parametrize("cell", [9.11234567890123e17, "9.11235E+17"])
def test_clean_rows_number_that_lost_digits_is_told(cell: Cell) -> None:
    assert enterprise("统一社会信用代码", cell)[1] == ["号码被 Excel 当成了数字，后几位已经丢失"]


@pytest.mark.parametrize(
    ("cell", "value"), [(13800000000, "13800000000"), ("138 0000 0000", "13800000000"), ("/", None)]
)
def test_clean_rows_phones_are_normalised(cell: Cell, value: str | None) -> None:
    assert enterprise("联系电话", cell)[0]["phone"] == value


def test_clean_rows_formula_error_is_refused_in_any_column() -> None:
    values, reasons = enterprise("经营地址", CellError("#REF!"))
    assert (values, reasons) == ({"name": "甲公司"}, ["公式没有得出结果（#REF!）"])


def test_clean_rows_required_blank_is_refused() -> None:
    (row,) = cleaned(["企业名称", "人数"], ["  ", 3])
    assert [(f.column, f.value, f.reason) for f in row.faults] == [("name", "  ", "必填项没有填")]


def test_clean_rows_names_are_split_and_kept_once() -> None:
    header = ["党组织名称", "组织类别", "成立日期", "涵盖单位"]
    listed = "1.甲公司、乙公司；丙公司(杭州)\n甲公司"
    (row,) = cleaned(header, ["某支部", "联合党支部", "2020-1-1", listed])
    assert row.values["covered"] == ("甲公司", "乙公司", "丙公司（杭州）")


@pytest.mark.parametrize(
    ("cell", "value"),
    [(120.5, 120.5), ("120.5°", 120.5), ("120°30′0″", 120.5), ("东经120.5", 120.5)],
)
def test_clean_rows_longitudes_are_read(cell: Cell, value: float) -> None:
    assert enterprise("经度", cell)[0]["lon"] == value


@pytest.mark.parametrize("cell", [0, 30.2, "东边", 137])
def test_clean_rows_wrong_longitudes_are_refused(cell: Cell) -> None:
    assert len(enterprise("经度", cell)[1]) == 1


def test_clean_rows_half_a_position_is_refused() -> None:
    (row,) = cleaned(["企业名称", "经度", "纬度"], ["甲", 120.1, None])
    assert [(f.column, f.reason) for f in row.faults] == [("lat", "经度和纬度只填了一个")]


def test_clean_rows_good_member_has_no_fault() -> None:
    number = id_number("19900101", serial=2)
    row = ("张 三", number, "女", "甲公司", "正式党员", "2010-01-01", "2011-01-01")
    (record,) = cleaned(MEMBER, row)
    assert (record.faults, record.values["stage"], record.values["name"]) == ((), "full", "张三")


@pytest.mark.parametrize(
    ("sex", "joined", "full", "expected"),
    [
        ("男", "2010-01-01", "2011-01-01", [("sex", "身份证号显示为女，与性别栏不符")]),
        ("女", "2007-12-31", "2011-01-01", [("joined_date", "按身份证号，入党时不满18周岁")]),
        ("女", "2008-01-01", "2009-01-01", []),
        ("女", "2010-01-02", "2010-01-01", [("full_date", "转正日期早于入党日期")]),
    ],
)
def test_clean_rows_contradictions_are_told(
    sex: str, joined: str, full: str, expected: list[tuple[str, str]]
) -> None:
    number = id_number("19900101", serial=2)
    (row,) = cleaned(MEMBER, ("张三", number, sex, "甲公司", "正式党员", joined, full))
    assert [(fault.column, fault.reason) for fault in row.faults] == expected


def test_clean_rows_wrong_id_number_reason_does_not_repeat_it() -> None:
    number = id_number("19900101")[:17] + "?"
    (row,) = cleaned(MEMBER, ("张三", number, "男", "甲公司", "正式党员", None, None))
    assert [number in fault.reason for fault in row.faults] == [False]


def test_clean_rows_passes_over_what_is_no_record_and_tells_it() -> None:
    table = sheet(
        ["序号", "企业名称", "人数"],
        [1, 2, 3],
        ["示例", "某某公司", 10],
        ["一、和平街道"],
        [1, "甲公司", 3],
        [],
        ["序号", "企业名称", "人数"],
        [2, "合计科技有限公司", 4],
        [None, "合 计", 7],
        ["总计：2家"],
        ["注：数据截至年底"],
        ["填表人：张三"],
    )
    recognition = recognise(table)
    records = clean_rows(table, recognition, today=TODAY)
    assert [(row.number, row.values["name"]) for row in records] == [
        (5, "甲公司"),
        (8, "合计科技有限公司"),
    ]
    assert [(row.number, row.reason) for row in left_out_rows(table, recognition)] == [
        (2, "栏次行"),
        (3, "示例行"),
        (4, "分段标题"),
        (7, "重复的表头"),
        (9, "合计行"),
        (10, "合计行"),
        (11, "表尾说明"),
        (12, "表尾说明"),
    ]


def test_clean_rows_keeps_the_row_as_it_came() -> None:
    (row,) = cleaned(["企业名称", "人数", "成立日期"], ["甲 ", 3.0, date(2021, 3, 5)])
    assert row.raw == ("甲 ", "3", "2021-03-05")


def test_clean_rows_repeated_text_is_refused_every_time() -> None:
    rows = cleaned(["企业名称", "登记状态"], ["甲", "火星"], ["乙", "火星"], ["丙", "存续"])
    assert [len(row.faults) for row in rows] == [1, 1, 0]


def test_clean_rows_without_a_kind_is_an_error() -> None:
    table = sheet(["今天"], ["晴"])
    with pytest.raises(NotRecognised):
        list(clean_rows(table, recognise(table), today=TODAY))


@given(
    st.lists(
        st.one_of(st.none(), st.text(max_size=20), st.integers(), st.floats(), st.booleans()),
        min_size=18,
        max_size=18,
    )
)
def test_clean_rows_never_breaks_on_any_cells(cells: list[Cell]) -> None:
    headers = [column.title for column in kind("enterprises").columns]
    for row in cleaned(headers, ["甲"], cells, kind_code="enterprises"):
        assert all(fault.reason and fault.mend for fault in row.faults)
