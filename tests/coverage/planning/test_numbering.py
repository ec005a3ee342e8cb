"""Groups of a new plan keep the numbers that people know."""

from liangxin.coverage.planning.numbering import matched_numbers


def test_groups_keep_the_number_of_what_they_mostly_were() -> None:
    old = {3: {1, 2, 3}, 7: {4, 5, 6}}
    new = {1: {4, 5, 3}, 2: {1, 2, 6}}
    assert matched_numbers(new, old, first_free=8) == {1: 7, 2: 3}


def test_number_is_given_once_and_new_groups_get_free_ones() -> None:
    old = {1: {1, 2, 3, 4, 5, 6}}
    new = {1: {1, 2}, 2: {3, 4, 5}, 3: {7, 8}}
    assert matched_numbers(new, old, first_free=2) == {1: 2, 2: 1, 3: 3}
