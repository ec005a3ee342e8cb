"""The catalogue of dirt is rich and names columns that its lists have."""

import pytest

from liangxin.demo.dirt import CATALOGUE
from liangxin.demo.layouts import INSTRUCTORS, MASS, PARTY, REGISTER, SITES, SOCIAL, Layout
from liangxin.demo.layouts import member_layout as layout_of_members

LAYOUTS = (SITES, REGISTER, SOCIAL, PARTY, layout_of_members("青禾街道"), INSTRUCTORS, MASS)


def test_catalogue_has_far_more_than_fifteen_kinds() -> None:
    codes = {dirt.code for kinds in CATALOGUE.values() for dirt in kinds}

    assert len(codes) == 41


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.kind)
def test_catalogue_spoils_columns_that_the_list_has(layout: Layout) -> None:
    columns = {head.code for head in layout.heads}

    assert {dirt.column for dirt in CATALOGUE[layout.kind]} <= columns
