"""Text within text, whatever the case."""

from django.db.models import Q


def containing(field: str, text: str) -> Q:
    """A condition that the text stands somewhere in the field, small and capital letters alike."""
    # For Chinese both ask the same, but PostgreSQL would first turn every name of the ledger into capitals.
    is_caseless = text.upper() == text.lower()
    return Q(**{f"{field}__{'contains' if is_caseless else 'icontains'}": text})
