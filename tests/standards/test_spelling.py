"""Names as people type them."""

import pytest

from liangxin.standards.spelling import Unit, folded, found_in, readings, spelled

NAME = "广州恒信（天河）科技ABC有限公司"


def test_folded_drops_signs_and_makes_letters_plain() -> None:
    assert folded("恒信（ＡＢ c）·科技 ") == "恒信abc科技"


def test_spelled_reads_a_character_as_its_word_has_it() -> None:
    assert [sound.syllable for sound in spelled("重庆银行行走")] == [
        "chong",
        "qing",
        "yin",
        "hang",
        "xing",
        "zou",
    ]


@pytest.mark.parametrize(
    ("term", "fits"),
    [
        ("恒", "恒"),
        ("恒信", "恒信"),
        ("恒信天河", "恒信（天河"),
        ("hx", "恒信"),
        ("hengxin", "恒信"),
        ("hengx", "恒信"),
        ("hxthkj", "恒信（天河）科技"),
        ("hx天河", "恒信（天河"),
        ("恒信thkj", "恒信（天河）科技"),
        ("keji", "科技"),
        ("kjabc", "科技ABC"),
        ("abc有限", "ABC有限"),
        ("guangz", "广州"),
    ],
)
def test_found_in_tells_where_a_term_stands(term: str, fits: str) -> None:
    start = NAME.index(fits)

    assert found_in(term, spelled(NAME)) == (start, start + len(fits))


@pytest.mark.parametrize("term", ["信恒", "xh", "hengxing", "eng", "bc公司", "龙"])
def test_found_in_finds_nothing_that_does_not_stand_there(term: str) -> None:
    assert found_in(term, spelled(NAME)) is None


def test_found_in_takes_zh_as_one_beginning() -> None:
    assert found_in("zhg", spelled("中国")) == (0, 2)


def test_readings_put_whole_syllables_first_and_keep_the_bare_initials() -> None:
    found = readings("hengxinkeji")

    assert found[0] == tuple(Unit(one, is_whole=True) for one in ("heng", "xin", "ke", "ji"))
    assert found[-1] == tuple(Unit(one, is_whole=False) for one in "hengxinkeji")


def test_readings_of_characters_are_one() -> None:
    assert readings("恒信") == [(Unit("恒", is_whole=False), Unit("信", is_whole=False))]
