"""A text column that is encrypted at rest."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from liangxin.kernel.encryption import seal_text, unseal_text


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Sealed on the way in, opened on the way out; cannot be filtered on (use a blind index)."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value if value is None else seal_text(value)

    def from_db_value(
        self, value: str | None, expression: Any, connection: BaseDatabaseWrapper
    ) -> str | None:
        return value if value is None else unseal_text(value)

    def get_lookup(self, lookup_name: str) -> Any:
        # Every sealing has its own nonce: an equality test on this column would silently find nothing.
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class SealedBytesField(models.BinaryField):  # type: ignore[type-arg]
    """Bytes that `encryption.seal` made; the name tells the rotation of keys that they are sealed."""

    def deconstruct(self) -> Any:
        # The column is a plain one: naming this class in migrations would rebuild tables for nothing.
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs
