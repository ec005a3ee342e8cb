"""Time in the ledger: which facts hold on a day."""

from datetime import date

from django.db.models import Q


def true_at(at: date, *, prefix: str = "") -> Q:
    """Facts that hold on the day `at` (half-open periods); `prefix` is a relation path with `__`."""
    return Q(**{f"{prefix}valid_from__lte": at}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": at})
    )
