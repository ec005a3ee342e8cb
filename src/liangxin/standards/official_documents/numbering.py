"""How headings are numbered: 一、 （一） 1. （1）."""

DIGITS = "〇一二三四五六七八九"
TEN = "十"


class TooManyHeadings(ValueError):
    """A document counts further than two Chinese digits."""


def ordinal(number: int, *, level: int) -> str:
    """The mark before heading `number` (from 1) of `level`."""
    match level:
        case 1:
            return f"{in_chinese(number)}、"
        case 2:
            return f"（{in_chinese(number)}）"
        case 3:
            return f"{number}."
        case _:
            return f"（{number}）"


def in_chinese(number: int) -> str:
    """1 to 99 as 一, 十, 二十一; raises TooManyHeadings beyond."""
    if not 1 <= number <= 99:
        raise TooManyHeadings(f"cannot number {number}")
    tens, ones = divmod(number, 10)
    before = "" if tens == 0 else TEN if tens == 1 else DIGITS[tens] + TEN
    return before + (DIGITS[ones] if ones else "")


class Counter:
    """Counts headings as they come: one of a level starts the deeper levels anew."""

    def __init__(self) -> None:
        self._counted = [0, 0, 0, 0]

    def next_mark(self, level: int) -> str:
        self._counted[level - 1] += 1
        self._counted[level:] = [0] * (len(self._counted) - level)
        return ordinal(self._counted[level - 1], level=level)
