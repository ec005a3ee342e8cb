"""Saying of many organisations at once that their facts still hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.organisations import confirm_organisation
from liangxin.registry.actions.refusals import RefusedChange
from liangxin.registry.models import Organisation


@dataclass(frozen=True)
class Confirmed:
    """How many were confirmed, and why each of the others was not."""

    number: int
    refused: tuple[str, ...]


def confirm_organisations(editions: Mapping[int, str], *, by: Viewer, today: date) -> Confirmed:
    """Confirm each organisation whose edition is still the one that was shown; one does not stop the others."""
    require(by, Permission.EDIT_LEDGER)
    number, refused = 0, []
    for organisation in Organisation.objects.filter(pk__in=editions).order_by("pk"):
        try:
            confirm_organisation(
                organisation, by=by, based_on=editions[organisation.pk], today=today
            )
        except RefusedChange as refusal:
            refused.append(str(refusal))
        else:
            number += 1
    return Confirmed(number, tuple(refused))
