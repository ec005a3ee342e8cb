"""The boundaries below are typed from the annex by hand, apart from the data file."""

from decimal import Decimal

import pytest

from liangxin.standards.industries import UnknownIndustry
from liangxin.standards.size_classes import Amount, SizeClass, size_class, size_groups

# industry, then (large, medium, small) lower limits of employees, revenue, assets
ANNEX: list[tuple[str, tuple[int, ...], tuple[int, ...], tuple[int, ...]]] = [
    ("0111", (), (20_000, 500, 50), ()),
    ("0610", (1000, 300, 20), (40_000, 2000, 300), ()),
    ("3962", (1000, 300, 20), (40_000, 2000, 300), ()),
    ("4411", (1000, 300, 20), (40_000, 2000, 300), ()),
    ("4710", (), (80_000, 6000, 300), (80_000, 5000, 300)),
    ("5111", (200, 20, 5), (40_000, 5000, 1000), ()),
    ("5211", (300, 50, 10), (20_000, 500, 100), ()),
    ("5431", (1000, 300, 20), (30_000, 3000, 200), ()),
    ("5910", (1000, 300, 20), (30_000, 3000, 200), ()),
    ("5920", (200, 100, 20), (30_000, 1000, 100), ()),
    ("6020", (1000, 300, 20), (30_000, 2000, 100), ()),
    ("6110", (300, 100, 10), (10_000, 2000, 100), ()),
    ("6210", (300, 100, 10), (10_000, 2000, 100), ()),
    ("6311", (2000, 100, 10), (100_000, 1000, 100), ()),
    ("6421", (2000, 100, 10), (100_000, 1000, 100), ()),
    ("6513", (300, 100, 10), (10_000, 1000, 50), ()),
    ("7010", (), (200_000, 1000, 100), (10_000, 5000, 2000)),
    ("7020", (1000, 300, 100), (5000, 1000, 500), ()),
    ("7111", (300, 100, 10), (), (120_000, 8000, 100)),
    ("7231", (300, 100, 10), (), (120_000, 8000, 100)),
    ("7030", (300, 100, 10), (), ()),
    ("7482", (300, 100, 10), (), ()),
    ("7840", (300, 100, 10), (), ()),
    ("8010", (300, 100, 10), (), ()),
    ("8514", (300, 100, 10), (), ()),
    ("9011", (300, 100, 10), (), ()),
]
INDICATORS = ("employees", "revenue_wan", "assets_wan")
HUGE = 10**9
BOUNDARIES = [
    (code, INDICATORS[place], limit, SizeClass(4 - step))
    for code, *limits_by_indicator in ANNEX
    for place, limits in enumerate(limits_by_indicator)
    for step, limit in enumerate(limits)
]


def classed(code: str, figures: dict[str, Amount | None]) -> SizeClass | None:
    employees = figures.get("employees")
    assert employees is None or isinstance(employees, int)
    return size_class(
        code,
        employees=employees,
        revenue_wan=figures.get("revenue_wan"),
        assets_wan=figures.get("assets_wan"),
    )


@pytest.mark.parametrize(("code", "indicator", "limit", "at_limit"), BOUNDARIES)
def test_class_falls_just_below_each_limit(
    code: str, indicator: str, limit: int, at_limit: SizeClass
) -> None:
    plenty: dict[str, Amount | None] = dict.fromkeys(INDICATORS, HUGE)
    assert classed(code, plenty | {indicator: limit}) == at_limit
    assert classed(code, plenty | {indicator: limit - 1}) == SizeClass(at_limit - 1)


@pytest.mark.parametrize(("code", "limits"), [(code, limits) for code, *limits in ANNEX])
def test_class_needs_every_indicator_and_no_other(code: str, limits: list[tuple[int, ...]]) -> None:
    for indicator, used in zip(INDICATORS, limits, strict=True):
        lacking: dict[str, Amount | None] = dict.fromkeys(INDICATORS, HUGE) | {indicator: None}
        assert classed(code, lacking) == (None if used else SizeClass.LARGE)


def test_annex_has_sixteen_rows() -> None:
    assert len(size_groups()) == 16


def test_the_lowest_indicator_decides() -> None:
    assert size_class("3962", employees=1500, revenue_wan=500) == SizeClass.SMALL
    assert size_class("3962", employees=25, revenue_wan=50_000) == SizeClass.SMALL


def test_amounts_may_be_decimal_or_float() -> None:
    assert size_class("5211", employees=60, revenue_wan=Decimal("499.99")) == SizeClass.SMALL
    assert size_class("5211", employees=60, revenue_wan=500.0) == SizeClass.MEDIUM


def test_few_employees_alone_make_a_micro_enterprise() -> None:
    assert size_class("5211", employees=9, revenue_wan=None) == SizeClass.MICRO
    assert size_class("5211", employees=10, revenue_wan=None) is None
    assert size_class("0111", employees=1, revenue_wan=None) is None


def test_a_wide_code_counts_where_all_its_classes_agree() -> None:
    assert size_class("C", employees=25, revenue_wan=400) == SizeClass.SMALL
    assert size_class("F", employees=4, revenue_wan=None) == SizeClass.MICRO
    assert size_class("F", employees=7, revenue_wan=2000) is None
    assert size_class("5920", employees=150, revenue_wan=2000) == SizeClass.MEDIUM
    assert size_class("59", employees=150, revenue_wan=4000) is None


@pytest.mark.parametrize("code", ["5311", "53", "J", "6621", "P", "8411", "S", "9700", "7040"])
def test_industries_outside_the_rules_have_no_class(code: str) -> None:
    assert size_class(code, employees=5, revenue_wan=5, assets_wan=5) is None


def test_missing_and_unknown_industries() -> None:
    assert size_class(None, employees=5, revenue_wan=5) is None
    assert size_class("", employees=5, revenue_wan=5) is None
    with pytest.raises(UnknownIndustry):
        size_class("9999", employees=5, revenue_wan=5)


def test_labels_are_chinese() -> None:
    assert [each.label for each in SizeClass] == ["微型", "小型", "中型", "大型"]
