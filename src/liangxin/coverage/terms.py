"""The words of the two coverages: bases, states, groupings, reasons."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models

MAX_STAFF = 1_000_000
DEFAULT_MIN_STAFF = 50


class BaseKind(models.TextChoices):
    OPERATING = "operating", "全部在营单位"
    SAN_YOU = "san_you", "三有企业"
    MIN_STAFF = "min_staff", "达到一定从业人数的单位"


class Coverage(models.TextChoices):
    SINGLE = "single", "单独组建"
    JOINT = "joint", "联合组建"
    WORK = "work", "工作覆盖"
    NONE = "none", "未覆盖"


class Standing(models.TextChoices):
    """Whether an organisation counts in the denominator."""

    IN_BASE = "in_base", "计入基数"
    UNKNOWN = "unknown", "状态不明，另计"
    OUTSIDE = "outside", "不计入基数"


class Slice(models.TextChoices):
    """Which organisations a figure counts; every figure's list is the slice of the same name."""

    BASE = "base", "统计基数"
    ORGANISATION = "organisation", "组织覆盖"
    SINGLE = "single", "单独组建"
    JOINT = "joint", "联合组建"
    WITHOUT = "without", "没有党组织"
    WORK = "work", "工作覆盖"
    EITHER = "either", "任一覆盖"
    UNCOVERED = "uncovered", "均未覆盖"
    UNKNOWN = "unknown", "状态不明"


class Grouping(models.TextChoices):
    STREET = "street", "街道"
    SITE = "site", "楼宇园区"
    INDUSTRY = "industry", "行业"
    SIZE = "size", "规模"


@dataclass(frozen=True)
class Group:
    """One row of a coverage table; `key` is '' where the group is not filled in."""

    by: Grouping
    key: str


class ReasonCode(models.TextChoices):
    """Why an organisation has no Party organisation, and so what comes next."""

    OWN_BRANCH = "own_branch", "可单独组建"
    JOIN = "join", "可联合组建"
    GUIDE = "guide", "没有正式党员"


class UnknownBase(ValueError):
    """The text names no base; the message says which there are."""


@dataclass(frozen=True)
class Base:
    """The denominator: which organisations are counted; `min_staff` only with its kind."""

    kind: BaseKind = BaseKind.OPERATING
    min_staff: int = 0

    @property
    def code(self) -> str:
        """The base as it stands in an address or on the command line; `parsed_base` reads it."""
        return f"{self.kind.value}:{self.min_staff}" if self.min_staff else self.kind.value

    @property
    def title(self) -> str:
        if self.kind is BaseKind.MIN_STAFF:
            return f"从业 {self.min_staff} 人以上的在营单位"
        return str(self.kind.label)


def parsed_base(text: str) -> Base:
    """Read `operating`, `san_you` or `min_staff:50`; raises UnknownBase."""
    name, _, number = text.strip().partition(":")
    if name == BaseKind.MIN_STAFF and number.isdecimal() and 0 < int(number) <= MAX_STAFF:
        return Base(BaseKind.MIN_STAFF, int(number))
    if not number and name in (BaseKind.OPERATING, BaseKind.SAN_YOU):
        return Base(BaseKind(name))
    raise UnknownBase(f"没有“{text}”这个统计口径，可用 operating、san_you、min_staff:人数。")


def asked_base(asked: Mapping[str, str], *, usual: Base) -> tuple[Base, str]:
    """The base a query string asks for (`base`, and `staff` beside a bare min_staff), else the usual.

    Returns with it what to tell the reader: '' or why the usual base is shown instead.
    """
    text = asked.get("base", "").strip()
    if not text:
        return usual, ""
    if text == BaseKind.MIN_STAFF:
        text = f"{text}:{asked.get('staff', '').strip() or DEFAULT_MIN_STAFF}"
    try:
        return parsed_base(text), ""
    except UnknownBase:
        return usual, f"看不懂所选的统计口径，已按{usual.title}显示。人数应为正整数。"
