"""The trades of the district are real classes of the national table, in their own sections."""

import pytest

from liangxin.demo.trades import SECTIONS, Section
from liangxin.standards.industries import find_industry, section_of


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.letter)
def test_sections_hold_real_classes_of_that_section(section: Section) -> None:
    assert {section_of(trade.code) for trade in section.trades} == {section.letter}
    assert {len(trade.code) for trade in section.trades} == {4}


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.letter)
def test_sections_carry_the_title_of_the_national_table(section: Section) -> None:
    found = find_industry(section.title)

    assert found is not None
    assert section_of(found) == section.letter


def test_sections_share_the_firms_out_completely() -> None:
    assert sum(section.percent for section in SECTIONS) == 100
