from collections import Counter

import pytest

from liangxin.standards.industries import (
    ALIASES,
    Industry,
    Level,
    UnknownIndustry,
    classes_of,
    division_of,
    find_industry,
    industry,
    section_of,
    sections,
)

# Classes of each section as the standard counts them, typed apart from the table.
CLASSES_BY_SECTION = {
    "A": 72, "B": 39, "C": 609, "D": 18, "E": 44, "F": 128, "G": 67, "H": 16, "I": 34, "J": 48,
    "K": 5, "L": 58, "M": 48, "N": 33, "O": 32, "P": 17, "Q": 30, "R": 48, "S": 35, "T": 1,
}  # fmt: skip


def everything() -> list[Industry]:
    codes = {code[:length] for section in sections() for code in classes_of(section.code)
             for length in (2, 3, 4)}  # fmt: skip
    return [*sections(), *(industry(code) for code in sorted(codes))]


def test_table_has_the_counts_of_the_edition_of_2017_amended_in_2019() -> None:
    assert Counter(entry.level for entry in everything()) == {
        Level.SECTION: 20,
        Level.DIVISION: 97,
        Level.GROUP: 473,
        Level.CLASS: 1382,
    }


def test_each_section_has_its_classes() -> None:
    assert {each.code: len(classes_of(each.code)) for each in sections()} == CLASSES_BY_SECTION


def test_names_are_clean_and_siblings_differ() -> None:
    entries = everything()
    assert all(entry.name == entry.name.strip() and entry.name for entry in entries)
    classes = [entry.name for entry in entries if entry.level is Level.CLASS]
    assert len(set(classes)) == len(classes)


@pytest.mark.parametrize(
    ("code", "name", "level"),
    [
        ("F", "批发和零售业", Level.SECTION),
        ("65", "软件和信息技术服务业", Level.DIVISION),
        ("643", "互联网平台", Level.GROUP),
        ("0111", "稻谷种植", Level.CLASS),
        ("3963", "智能无人飞行器制造", Level.CLASS),
        ("6421", "互联网搜索服务", Level.CLASS),
        ("6431", "互联网生产服务平台", Level.CLASS),
        ("7281", "科技会展服务", Level.CLASS),
        ("923", "监察委员会、人民法院和人民检察院", Level.GROUP),
        ("9231", "监察委员会", Level.CLASS),
        ("9233", "人民检察院", Level.CLASS),
        ("96", "基层群众自治组织", Level.DIVISION),
        ("9700", "国际组织", Level.CLASS),
    ],
)
def test_industry_gives_name_and_level(code: str, name: str, level: Level) -> None:
    assert industry(code) == Industry(code, name, level)


def test_level_has_a_chinese_label() -> None:
    assert [level.label for level in Level] == ["门类", "大类", "中类", "小类"]


def test_section_and_division_of_every_level() -> None:
    assert [section_of(code) for code in ("F", "52", "521", "5211", "0111")] == list("FFFFA")
    assert [division_of(code) for code in ("F", "52", "5211")] == [None, "52", "52"]


def test_unknown_codes_are_refused() -> None:
    for code in ("", "Z", "1", "999", "5210", "F5211"):
        with pytest.raises(UnknownIndustry):
            industry(code)
        with pytest.raises(UnknownIndustry):
            section_of(code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("F", "F"),
        ("f", "F"),
        ("52", "52"),
        ("F52", "52"),
        ("F5211", "5211"),
        ("5211", "5211"),
        ("５２１１", "5211"),
        ("0111", "0111"),
        ("F0000", "F"),
        ("F5200", "52"),
        ("5210", "521"),
        ("1000", "10"),
        ("百货零售", "5211"),
        ("5211 百货零售", "5211"),
        ("F5211-百货零售", "5211"),
        ("百货零售（5211）", "5211"),
        ("F 批发和零售业", "F"),
        ("批发和零售业", "F"),
        ("批发零售业", "F"),
        ("批发与零售", "F"),
        ("农林牧渔业", "A"),
        ("信息传输、软件和信息技术服务业", "I"),
        ("信息传输，软件和信息技术服务业", "I"),
        ("住宿餐饮业", "H"),
        ("制造业", "C"),
        ("制造", "C"),
        ("软件业", "65"),
        ("餐饮行业", "62"),
        ("快递服务", "6020"),
        ("房地产业", "70"),
        ("燃气生产和供应业", "45"),
        ("租赁和商务服务业", "L"),
        ("商务服务业", "72"),
        ("F5211 百货商店", "5211"),
        ("电商", "5292"),
        ("批发和零售贸易", "F"),
        ("电力、热力、燃气及水的生产和供应业", "D"),
        ("卫生、社会保障和社会福利业", "Q"),
        ("物业", "7020"),
        ("三维(3D)打印技术推广服务", "7517"),
    ],
)
def test_find_industry_reads_what_people_write(text: str, code: str) -> None:
    assert find_industry(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "1",
        "111111",
        "C5211",
        "9999",
        "Z",
        "造火箭的",
        "5211 稻谷种植",
        "业",
        "0000",
        "和",
    ],
)
def test_find_industry_guesses_nothing(text: str) -> None:
    assert find_industry(text) is None


def test_every_short_name_leads_to_an_industry() -> None:
    assert {alias for alias, code in ALIASES.items() if find_industry(alias) != code} == set()


def test_find_industry_reads_back_every_code_and_most_names() -> None:
    for entry in everything():
        assert find_industry(entry.code) == entry.code
        found = find_industry(entry.name)
        assert found is not None
        assert industry(found).name == entry.name
