"""One reply of the superior for several branches: each is approved, or says why it is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from liangxin.coverage.actions.adoption.establishing import approve
from liangxin.coverage.actions.refusals import RefusedStep
from liangxin.coverage.models import Establishment
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer


@dataclass(frozen=True, kw_only=True)
class Approval:
    """What became of the establishments asked for; `refused` holds sentences that name them."""

    approved: tuple[Establishment, ...]
    refused: tuple[str, ...]


@transaction.atomic
def approve_each(
    establishments: Sequence[Establishment],
    *,
    by: Viewer,
    approved_date: date,
    approval_number: str,
    today: date,
) -> Approval:
    """Record one approval for all of them; what is refused hinders no other. Raises NotAllowed."""
    require(by, Permission.APPROVE_BRANCHES)
    approved, refused = [], []
    for establishment in establishments:
        try:
            approved.append(
                approve(
                    establishment,
                    by=by,
                    approved_date=approved_date,
                    approval_number=approval_number,
                    today=today,
                )
            )
        except RefusedStep as refusal:
            refused.append(_naming(establishment, refusal))
    return Approval(approved=tuple(approved), refused=tuple(refused))


def _naming(establishment: Establishment, refusal: RefusedStep) -> str:
    text = str(refusal)
    return text if establishment.name in text else f"“{establishment.name}”：{text}"
