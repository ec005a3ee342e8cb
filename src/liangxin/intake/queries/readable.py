"""Values of the ledger as people read them, for the review of what a batch would change."""

from datetime import date
from typing import Any

from liangxin.intake.queries.ledger_places import Places
from liangxin.registry.terms import (
    MemberStage,
    OrganisationKind,
    OrganisationStatus,
    PartyKind,
    Position,
    SiteKind,
)
from liangxin.standards.phone import mask_phone

LABELS: dict[str, str] = {
    str(value): str(label)
    for terms in (OrganisationKind, OrganisationStatus, SiteKind, PartyKind, MemberStage, Position)
    for value, label in terms.choices
    if value != "other"
} | {"other": "其他"}


def readable(field: str, value: Any, places: Places) -> str:
    """The value of a column as text; telephone numbers masked."""
    if value is None or value == "":
        return ""
    if field == "street_id":
        return places.street_name(value)
    if field == "site_id":
        return places.site_name(value)
    if field == "phone":
        return mask_phone(value)
    if field in ("kind", "status", "stage", "position"):
        return LABELS.get(value, str(value))
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value)
