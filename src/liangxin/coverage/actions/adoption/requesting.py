"""Number and day of the request (请示), typed once: the reply and its file take them from here."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from liangxin.coverage.actions.adoption.turns import as_it_stands, take_turn
from liangxin.coverage.actions.refusals import (
    MissingText,
    NotInThisState,
    OutsideScope,
    WrongDate,
)
from liangxin.coverage.models import Establishment
from liangxin.coverage.queries.establishments import is_open, is_planned_by
from liangxin.kernel import audit
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer

MAX_NUMBER = 60


@transaction.atomic
def note_request(
    establishments: Sequence[Establishment],
    *,
    by: Viewer,
    request_number: str,
    request_date: date,
    today: date,
) -> None:
    """Remember under which number and on which day approval was asked for; raises RefusedStep."""
    require(by, Permission.PLAN_BRANCHES)
    number = request_number.strip()
    if not 0 < len(number) <= MAX_NUMBER:
        raise MissingText(f"请填写请示文号，不超过 {MAX_NUMBER} 个字。", field="request_number")
    take_turn()
    for establishment in establishments:
        held = as_it_stands(establishment)
        if not is_planned_by(by, held):
            raise OutsideScope(f"“{held.name}”不在您负责的范围内。")
        if not is_open(held):
            raise NotInThisState(f"“{held.name}”已经办完，不再登记请示。")
        last = held.approved_date or today
        if not held.adopted_date <= request_date <= last:
            text = f"“{held.name}”的请示日期应在 {held.adopted_date} 至 {last} 之间。"
            raise WrongDate(text, field="request_date")
        Establishment.objects.filter(pk=held.pk).update(
            request_number=number, request_date=request_date
        )
        audit.record(
            "establishment.request_number",
            by=by,
            summary=f"登记“{held.name}”的请示文号{number}",
            about=held,
            changes_ledger=False,
        )
