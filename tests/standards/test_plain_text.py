from liangxin.standards.plain_text import plain_code


def test_plain_code_makes_full_width_characters_half_width() -> None:
    assert plain_code("１２ａＢ－＋（）") == "12aB-+()"


def test_plain_code_drops_every_kind_of_space() -> None:
    assert plain_code("\ufeff 1\u30002\u00a03\t4\n") == "1234"


def test_plain_code_turns_dashes_into_hyphens() -> None:
    assert plain_code("0551–6555—1234") == "0551-6555-1234"
