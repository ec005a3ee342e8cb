"""Which organisations' facts are due to be looked at again."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, cast

from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from liangxin.kernel.models import AuditEntry
from liangxin.kernel.remembering import remembered
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import Organisation, OrganisationVersion
from liangxin.registry.queries.kept_counts import KeptCount, with_kept_count
from liangxin.registry.queries.organisations import CONFIRMED, editable_versions
from liangxin.registry.queries.rules import rule_at
from liangxin.registry.terms import OrganisationStatus


@dataclass(frozen=True)
class ConfirmationRound:
    """How far the looking-again is: organisations that are kept up, and those told or confirmed lately."""

    since: date
    kept: int
    fresh: int

    @property
    def due(self) -> int:
        return self.kept - self.fresh


def fresh_since(today: date) -> date:
    """What was told or confirmed from this day on need not be looked at again yet."""
    months = cast(int, rule_at("confirmation.months", at=today).value)
    count = today.year * 12 + today.month - 1 - months
    # The last day of a month may not exist in another: the 28th does in all.
    return date(count // 12, count % 12 + 1, min(today.day, 28))


def kept_organisations(viewer: Viewer, *, today: date) -> QuerySet[OrganisationVersion]:
    """Organisations that are not closed and whose facts the viewer keeps."""
    return editable_versions(viewer, at=today).exclude(status=OrganisationStatus.CLOSED)


def due_organisations(viewer: Viewer, *, today: date) -> QuerySet[OrganisationVersion]:
    """Those neither told nor confirmed for as long as the rule says, the longest waiting first."""
    fresh = _fresh(fresh_since(today))
    return kept_organisations(viewer, today=today).exclude(fresh).order_by("recorded_at", "pk")


def is_due(version: OrganisationVersion, *, confirmation: AuditEntry | None, today: date) -> bool:
    """Whether one open version, last confirmed by that entry, is among those that are due."""
    begun = _begin_of(fresh_since(today))
    told = [version.recorded_at, *([confirmation.at] if confirmation else [])]
    return version.status != OrganisationStatus.CLOSED and max(told) < begun


def fresh_organisations(viewer: Viewer, *, today: date) -> QuerySet[OrganisationVersion]:
    """Those told or confirmed since then, the longest ago first."""
    fresh = _fresh(fresh_since(today))
    return kept_organisations(viewer, today=today).filter(fresh).order_by("recorded_at", "pk")


def confirmation_round(viewer: Viewer, *, today: date) -> ConfirmationRound:
    """Counts over the same querysets as the lists."""
    kept = kept_round(kept_organisations(viewer, today=today), viewer=viewer)
    fresh = kept_round(fresh_organisations(viewer, today=today), viewer=viewer)
    return ConfirmationRound(fresh_since(today), kept.total(), fresh.total())


def kept_round(found: QuerySet[OrganisationVersion], *, viewer: Viewer) -> KeptCount:
    """The same rows, total and pages kept until the ledger is written to or anybody confirms anything."""
    # To say that nothing has changed changes nothing in the ledger: its revision stays.
    said = AuditEntry.objects.filter(action=CONFIRMED).order_by("-id").values_list("pk", flat=True)
    newest = remembered("newest confirmation", lambda: said.first() or 0)
    return with_kept_count(found, viewer=viewer, also=newest)


def _fresh(since: date) -> Q:
    begun = _begin_of(since)
    confirmed: QuerySet[Any, Any] = (
        AuditEntry.objects.filter(
            action=CONFIRMED, at__gte=begun, object_kind=Organisation._meta.label_lower
        )
        .order_by()
        .values(key=Cast("object_key", BigIntegerField()))
    )
    return Q(recorded_at__gte=begun) | Q(organisation_id__in=confirmed)


def _begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
