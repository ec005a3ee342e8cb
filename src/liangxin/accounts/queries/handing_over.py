"""What passes to a successor when somebody leaves the work to another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from liangxin.accounts.models import AccountEnd, RoleGrant
from liangxin.accounts.queries.users import DescribedGrant, described_grants
from liangxin.kernel.catalogue import Handover, handovers
from liangxin.kernel.models import User
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import ScopeKind, Viewer

MOST_SHOWN = 20
# These are about the person who holds the account: another may not become that person.
PERSONAL = frozenset({ScopeKind.OWN_RECORD, ScopeKind.ASSIGNED_FIRMS})


@dataclass(frozen=True, kw_only=True)
class OpenWork:
    """One sort of things that are somebody's own and open; `labels` are those of the first ones."""

    title: str
    count: int
    labels: Sequence[str]
    changes_owner: bool

    @property
    def more(self) -> int:
        return self.count - len(self.labels)


@dataclass(frozen=True, kw_only=True)
class HandoverPreview:
    """Everything that would pass from an account now, and the grants that stay with the person."""

    passing: Sequence[DescribedGrant]
    staying: Sequence[DescribedGrant]
    work: Sequence[OpenWork]

    @property
    def is_empty(self) -> bool:
        return not self.passing and not any(one.count for one in self.work)


def handover_preview(viewer: Viewer, user: User, *, at: date) -> HandoverPreview:
    """What would pass if the account were handed over on `at`; for those who manage accounts."""
    require(viewer, Permission.MANAGE_USERS)
    running = [one for one in described_grants(user, at=at) if one.is_running]
    return HandoverPreview(
        passing=[one for one in running if one.grant.scope_kind not in PERSONAL],
        staying=[one for one in running if one.grant.scope_kind in PERSONAL],
        work=open_work(handovers(), user_id=user.pk),
    )


def open_work(among: Iterable[Handover], *, user_id: int) -> list[OpenWork]:
    """What is open of an account, one entry for each sort of which there is anything."""
    found = []
    for handover in among:
        rows = handover.open_rows(user_id)
        if count := rows.count():
            labels = [handover.label(row) for row in rows[:MOST_SHOWN]]
            found.append(
                OpenWork(
                    title=handover.title,
                    count=count,
                    labels=labels,
                    changes_owner=bool(handover.owner),
                )
            )
    return found


def passing_grants(user: User, *, at: date) -> QuerySet[RoleGrant]:
    """The grants of an account that hold on `at` or later and may pass to another."""
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=at)
    found = RoleGrant.objects.filter(lasting, user=user).exclude(scope_kind__in=PERSONAL)
    return found.order_by("valid_from", "pk")


def possible_successors(user: User, *, at: date) -> QuerySet[User]:
    """Accounts that may log in on `at`, the account itself left out, by name of account."""
    ended = AccountEnd.objects.filter(on_date__lte=at).order_by()
    found = User.objects.filter(is_active=True).exclude(pk=user.pk)
    return found.exclude(pk__in=ended.values("user_id")).order_by("username", "pk")


def is_ended(user: User, *, at: date) -> bool:
    """Whether the account's last day was before `at`."""
    return AccountEnd.objects.filter(user=user, on_date__lte=at).exists()
