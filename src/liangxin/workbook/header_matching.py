"""Which column of a kind of list a header means, and how surely."""

import re
from collections.abc import Iterator
from functools import lru_cache

from liangxin.workbook.cells import compact
from liangxin.workbook.header_rows import Levels
from liangxin.workbook.kinds import KINDS, Column, ListKind

_MARKS = re.compile(r"^(?:\d{1,2}[.、)])|[*※#☆★]|[:。;,]+$")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|<[^<>]*>")
_OTHER_LANGUAGE = re.compile(r"[/|·_-]*[a-z][a-z.'/|&_-]*")
_PERIOD = re.compile(r"^(?:截至|截止|到)?(?:20\d\d年?)?(?:上?年?度?|年?末|年?底)(?=.)")
_QUALIFIERS = re.compile(
    r"上级|原|曾|变更|其中|女|男|党员|退休|配偶|介绍|备注|是否|有无|占比|比例|增长|同比|及|和"
)
_LONGEST_EXTRA = 4
_SHORTEST_PART = 4
_LONGEST_HEADER = 24

IGNORED = frozenset(
    compact(text)
    for text in [
        "序号",
        "编号",
        "序",
        "no",
        "no.",
        "行号",
        "备注",
        "备注说明",
        "说明",
        "填报人",
        "填表人",
        "填报单位",
        "填报时间",
        "填报日期",
        "更新时间",
        "数据来源",
        "退回原因",
        "修改办法",
        "原行号",
        "户数",
        "年龄",
        "民族",
        "学历",
        "籍贯",
        "邮箱",
        "邮编",
        "传真",
        "注册资本",
        "注册资金",
        "经营范围",
        "登记机关",
        "出生日期",
        "出生年月",
        "操作",
        "核查人",
        "核查日期",
        "核查情况",
        "录入人",
        "录入时间",
        "社区",
        "所属社区",
        "网格",
        "所属网格",
    ]
)


@lru_cache(maxsize=65536)
def match_header(kind: ListKind, levels: Levels) -> tuple[Column, float] | None:
    """Return the column these header levels mean in this kind, with a confidence up to 1."""
    if not levels:
        return None
    trials = [("".join(levels), 1.0)]
    if len(levels) > 1:
        trials += [("".join(levels[-2:]), 0.99), (levels[-1], 0.97)]
    for match in (_match_text, _match_part):
        for text, trust in trials:
            found = match(kind, text)
            if found:
                return found[0], found[1] * trust
    return None


def rarity(levels: Levels) -> float:
    """Return how telling a header is: 1 over the number of kinds that know it."""
    known = sum(1 for kind in KINDS if match_header(kind, levels))
    return 1 / known if known else 0.0


def is_ignored(levels: Levels) -> bool:
    """Tell whether a header is one of those every list carries and no ledger needs."""
    return bool(levels) and (
        compact(levels[-1]) in IGNORED or _without_brackets(compact(levels[-1])) in IGNORED
    )


def _match_text(kind: ListKind, text: str) -> tuple[Column, float] | None:
    for trial, trust in _trials(text):
        best = _best_exact(kind, trial)
        if best:
            column, place = best
            return column, trust - 0.0005 * place
    return None


def _match_part(kind: ListKind, text: str) -> tuple[Column, float] | None:
    return _best_part(kind, _without_brackets(_MARKS.sub("", compact(text))))


def _trials(text: str) -> Iterator[tuple[str, float]]:
    plain = _MARKS.sub("", compact(text))
    yield plain, 1.0
    bare = _without_brackets(plain)
    yield bare, 0.97
    yield _PERIOD.sub("", bare), 0.93
    yield _OTHER_LANGUAGE.sub("", bare), 0.92  # Company Name 企业名称


def _without_brackets(text: str) -> str:
    bare = _BRACKETS.sub("", text) or text.strip("()[]【】〔〕<>")
    return _MARKS.sub("", bare)


def _best_exact(kind: ListKind, text: str) -> tuple[Column, int] | None:
    for column in kind.columns:
        if text in column.places:
            return column, column.places[text]
    return None


def _best_part(kind: ListKind, text: str) -> tuple[Column, float] | None:
    """Return the column whose longest spelling begins or ends the text with little besides."""
    if len(text) > _LONGEST_HEADER:
        return None
    best: tuple[int, Column] | None = None
    for column in kind.columns:
        length = max((len(part) for part in column.places if _is_part(part, text)), default=0)
        if length and (best is None or length > best[0]):
            best = length, column
    return (best[1], 0.6) if best else None


def _is_part(part: str, text: str) -> bool:
    if part not in text or len(part) < _SHORTEST_PART or len(text) - len(part) > _LONGEST_EXTRA:
        return False
    if not (text.startswith(part) or text.endswith(part)):
        return False
    return not _QUALIFIERS.search(text.replace(part, ""))
