"""A request finds once what it asks for again; nothing outlives it, nor an act."""

from collections.abc import Callable

import pytest

from liangxin.kernel.audit import record
from liangxin.kernel.remembering import forget, remembered, remembering
from liangxin.kernel.viewer import SYSTEM


@pytest.fixture
def ask() -> Callable[[], int]:
    """Asks under one key for what is a number higher each time it is found."""
    found: list[int] = []

    def find() -> int:
        found.append(len(found))
        return found[-1]

    return lambda: remembered("key", find)


def test_outside_a_request_all_is_found_anew(ask: Callable[[], int]) -> None:
    assert (ask(), ask()) == (0, 1)


def test_a_request_finds_once_and_the_next_one_anew(ask: Callable[[], int]) -> None:
    with remembering():
        assert (ask(), ask()) == (0, 0)
    with remembering():
        assert (ask(), ask()) == (1, 1)


def test_what_is_nothing_is_remembered_too() -> None:
    found: list[None] = []
    with remembering():
        for _ in range(2):
            assert remembered("key", lambda: found.append(None)) is None
    assert len(found) == 1


def test_an_error_is_not_remembered(ask: Callable[[], int]) -> None:
    with remembering():
        with pytest.raises(ZeroDivisionError):
            remembered("key", lambda: 1 // 0)
        assert ask() == 0


def test_forgetting_finds_anew(ask: Callable[[], int]) -> None:
    with remembering():
        ask()
        forget()
        assert ask() == 1


@pytest.mark.django_db
def test_an_act_forgets(ask: Callable[[], int]) -> None:
    with remembering():
        ask()
        record("rule.set", by=SYSTEM, summary="一件")
        assert ask() == 1
