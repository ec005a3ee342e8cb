"""A statement built once answers for every key, and each shape has its own."""

import pytest
from django.db.models import QuerySet

from liangxin.kernel import prepared
from liangxin.kernel.models import User
from liangxin.kernel.prepared import rows_about
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_prepared", {})


def named(key: int) -> "QuerySet[User, tuple[str]]":
    return User.objects.filter(pk=key).values_list("name")


def test_a_statement_answers_for_every_key() -> None:
    for user in (make_user(), make_user()):
        assert rows_about(user.pk, "name", named) == [(user.name,)]


def test_a_statement_is_built_once_a_shape() -> None:
    user, built = make_user(), []

    def build(key: int) -> "QuerySet[User, tuple[str]]":
        built.append(key)
        return named(key)

    for shape in ("one", "one", "two"):
        rows_about(user.pk, shape, build)
    assert len(built) == 2


def test_keys_are_filled_in_wherever_they_stand() -> None:
    user = make_user()

    def twice(key: int) -> "QuerySet[User, tuple[str]]":
        return User.objects.filter(pk__in=(key,)).exclude(pk=key).values_list("name")

    assert rows_about(user.pk, "twice", twice) == []


def test_a_statement_that_does_not_ask_for_its_key_is_refused() -> None:
    with pytest.raises(ValueError, match="does not ask for its key"):
        rows_about(1, "all", lambda key: User.objects.values_list("name"))


def test_no_more_than_some_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST_PREPARED", 2)
    user = make_user()
    for shape in range(5):
        assert rows_about(user.pk, shape, named) == [(user.name,)]
        assert len(prepared._prepared) <= 2
