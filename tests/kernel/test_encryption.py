"""Sealed values: other keys and other values never open them, equal ones are found."""

import pytest
from django.db import connection
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from liangxin.kernel.encryption import WrongKey, blind_index, seal_text, unseal_text
from liangxin.registry.models import Person
from tests.factories.registry import make_provenance

OLD = "k1:" + "a" * 40
NEW = "k2:" + "b" * 40


@given(st.text())
def test_sealed_text_opens_as_it_was(text: str) -> None:
    assert unseal_text(seal_text(text)) == text


def test_same_text_is_sealed_differently_each_time() -> None:
    assert seal_text("13900000000") != seal_text("13900000000")


def test_rotated_keys_open_old_values_and_find_them() -> None:
    with override_settings(FIELD_KEYS=OLD):
        sealed, index = seal_text("甲"), blind_index("甲")
    with override_settings(FIELD_KEYS=f"{NEW},{OLD}"):
        assert unseal_text(sealed) == "甲"
        assert blind_index("甲") == index
        assert seal_text("甲") != sealed


def test_missing_key_is_an_error_and_never_an_empty_value() -> None:
    with override_settings(FIELD_KEYS=OLD):
        sealed = seal_text("甲")
    with override_settings(FIELD_KEYS=NEW), pytest.raises(WrongKey):
        unseal_text(sealed)


def test_index_ignores_case_of_the_check_letter_only() -> None:
    assert blind_index("99010019900101123x") == blind_index("99010019900101123X")
    assert blind_index("990100199001011234") != blind_index("990100199001011235")
    assert blind_index("") is None


@pytest.mark.django_db
def test_sensitive_column_is_unreadable_in_the_database() -> None:
    person = Person.objects.create(
        name="测试", id_number="990100199001011234", phone="", provenance=make_provenance()
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, phone FROM registry_person WHERE id = %s", [person.pk])
        stored = cursor.fetchone()

    assert "990100" not in stored[0]
    assert stored[1] == ""
    assert Person.objects.get(pk=person.pk).id_number == "990100199001011234"
