"""Large, medium, small, micro: 统计上大中小微型企业划分办法(2017), 国统字〔2017〕213号.

A large, medium or small enterprise meets the lower limit of every indicator of its industry, or it
falls one class; a micro one is below the lowest limit of any. The limits are data/size_classes.toml.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from functools import cache
from importlib.resources import files

from liangxin.standards.industries import classes_of, section_of

Amount = int | float | Decimal


class SizeClass(IntEnum):
    """The four classes, in order of size."""

    MICRO = 1
    SMALL = 2
    MEDIUM = 3
    LARGE = 4

    @property
    def label(self) -> str:
        """The Chinese word for the class."""
        return ("微型", "小型", "中型", "大型")[self - 1]


@dataclass(frozen=True, slots=True)
class SizeGroup:
    """A row of the annex: lower limits (large, medium, small) of each indicator it uses.

    `limits` is keyed by employees (persons), revenue_wan and assets_wan (10,000 yuan).
    """

    name: str
    industries: tuple[str, ...]
    limits: Mapping[str, tuple[int, int, int]]


def size_groups() -> tuple[SizeGroup, ...]:
    """Return the rows of the annex in its order."""
    return _groups()


def size_class(
    industry_code: str | None,
    *,
    employees: int | None,
    revenue_wan: Amount | None,
    assets_wan: Amount | None = None,
) -> SizeClass | None:
    """Return the size class, or None where the industry or a figure needed is missing.

    One indicator below its lowest limit makes a micro enterprise whatever the others are. A code of
    a section or division counts where all its classes lead to one answer. Industries the rules leave
    out (railways, finance, education, health, government) give None. Raises UnknownIndustry.
    """
    if not industry_code:
        return None
    figures = {"employees": employees, "revenue_wan": revenue_wan, "assets_wan": assets_wan}
    answers = {_class_in(group, figures) for group in _groups_of(industry_code)}
    return answers.pop() if len(answers) == 1 else None


def _class_in(group: SizeGroup | None, figures: Mapping[str, Amount | None]) -> SizeClass | None:
    if group is None:
        return None
    known = [
        _class_by(figure, limits)
        for indicator, limits in group.limits.items()
        if (figure := figures[indicator]) is not None
    ]
    if SizeClass.MICRO in known:
        return SizeClass.MICRO
    return min(known) if len(known) == len(group.limits) else None


def _class_by(figure: Amount, limits: tuple[int, int, int]) -> SizeClass:
    return SizeClass(1 + sum(figure >= limit for limit in limits))


@cache
def _groups_of(industry_code: str) -> tuple[SizeGroup | None, ...]:
    by_name = {group.name: group for group in _groups()}
    names = {_group_name(code) for code in classes_of(industry_code)}
    return tuple(by_name[name] if name else None for name in names)


def _group_name(class_code: str) -> str | None:
    places = (class_code, class_code[:3], class_code[:2], section_of(class_code))
    return next((_names_by_place()[place] for place in places if place in _names_by_place()), None)


@cache
def _names_by_place() -> dict[str, str]:
    return {place: group.name for group in _groups() for place in group.industries}


@cache
def _groups() -> tuple[SizeGroup, ...]:
    source = files("liangxin.standards") / "data" / "size_classes.toml"
    tables = tomllib.loads(source.read_text("utf-8"))["group"]
    return tuple(
        SizeGroup(
            name=table.pop("name"),
            industries=tuple(table.pop("industries")),
            limits={indicator: tuple(limits) for indicator, limits in table.items()},
        )
        for table in tables
    )
