"""What is wrong with a sheet as a whole, in sentences for the person who uploaded it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from liangxin.workbook.kinds import KINDS, ListKind

_LEAST_AGAIN = 2


@dataclass(frozen=True)
class SheetProblem:
    """One problem of a sheet; a blocking one stops its rows from being taken in."""

    code: str
    message: str
    mend: str
    letter: str | None = None
    blocking: bool = False


@dataclass(frozen=True)
class AskedColumn:
    """A column with the code it asked for and the code it got (None where another one won)."""

    letter: str
    header: str
    code: str | None
    asked: str | None


def no_rows() -> SheetProblem:
    """Return the problem of a sheet without a single filled cell."""
    return SheetProblem("empty", "这张工作表是空的", "不需要导入的话可以不管它", blocking=True)


def no_header() -> SheetProblem:
    """Return the problem of a sheet in which no header of any known list was found."""
    titles = "、".join(kind.title for kind in KINDS)
    return SheetProblem(
        "no_header",
        "前30行里没有找到认识的表头，看不出这是哪种名单",
        f"请确认表头一行写有各列名称；或者先选定名单种类再指定各列含义。能导入的有：{titles}",
        blocking=True,
    )


def form_not_list() -> SheetProblem:
    """Return the problem of a form that describes one record downwards, title beside value."""
    return SheetProblem(
        "form",
        "这张表像是一家一张的登记表，不是一行一条的名单",
        "请改成名单再上传：第一行写各列名称，下面每家（每人）占一行",
        blocking=True,
    )


def column_problems(
    kind: ListKind,
    *,
    columns: Sequence[AskedColumn],
    unnamed: Sequence[str],
) -> tuple[SheetProblem, ...]:
    """Return what is wrong with the columns, the blocking ones first.

    `unnamed` are the letters of columns with data under no header.
    """
    codes = {column.code for column in columns}
    missing = [_missing(column.title) for column in kind.required if column.code not in codes]
    wanted = Counter(column.asked for column in columns if column.asked)
    twice = [code for code, times in wanted.items() if times > 1]
    beside = _lists_side_by_side(kind, columns, twice)
    doubled = [_doubled(kind, code, columns) for code in twice] if not beside else []
    unknown = [_unknown(column) for column in columns if column.asked is None]
    bare = [_bare(letter) for letter in unnamed]
    return (*missing, *beside, *doubled, *unknown, *bare)


def _missing(title: str) -> SheetProblem:
    return SheetProblem(
        "missing_column",
        f"缺少必填列“{title}”",
        f"请在表里加上“{title}”一列；如果表里有这一列只是叫法不同，请在“列的含义”里指定",
        blocking=True,
    )


def _lists_side_by_side(
    kind: ListKind, columns: Sequence[AskedColumn], twice: Sequence[str]
) -> list[SheetProblem]:
    """Tell of a second list on the right of the first: the same headers again, the name included."""
    headers = {code: [c.header for c in columns if c.asked == code] for code in twice}
    again = [code for code, texts in headers.items() if len(set(texts)) < len(texts)]
    name = kind.columns[0].code
    if name not in again or len(again) < _LEAST_AGAIN:
        return []
    right = next(c.letter for c in columns if c.asked == name and c.code is None)
    return [
        SheetProblem(
            "side_by_side",
            f"这张表像有两份并排的名单，{right}列是右边一份的“{kind.columns[0].title}”",
            "请把右边的内容移到左边名单的下面，排成一份再上传",
            letter=right,
            blocking=True,
        )
    ]


def _doubled(kind: ListKind, code: str, columns: Sequence[AskedColumn]) -> SheetProblem:
    title = kind.column(code).title
    used = next(column for column in columns if column.code == code)
    others = "、".join(c.letter for c in columns if c.asked == code and c.code is None)
    return SheetProblem(
        "doubled_column",
        f"不止一列像“{title}”：用了{used.letter}列“{used.header}”，没有用{others}列",
        "如果用错了列，请在“列的含义”里改",
        letter=used.letter,
    )


def _unknown(column: AskedColumn) -> SheetProblem:
    return SheetProblem(
        "unknown_column",
        f"{column.letter}列“{column.header}”不在这种名单的列里，不会导入",
        "需要导入的话，请在“列的含义”里指定它是哪一列；不需要可以不管",
        letter=column.letter,
    )


def _bare(letter: str) -> SheetProblem:
    return SheetProblem(
        "unnamed_column",
        f"{letter}列有内容但没有表头，不会导入",
        "需要导入的话，请给这一列写上表头",
        letter=letter,
    )
