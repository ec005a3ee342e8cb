"""Handing an account's work to a successor: grants, drafts and to-dos, in one step."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from liangxin.accounts.actions.own_jobs import run_as
from liangxin.accounts.actions.users import OwnAccount
from liangxin.accounts.models import AccountEnd, RoleGrant
from liangxin.accounts.queries.handing_over import passing_grants, possible_successors
from liangxin.kernel.audit import record
from liangxin.kernel.catalogue import handovers
from liangxin.kernel.models import User
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer


class UnfitSuccessor(ValueError):
    """The account cannot take over: it is the same one, or may not log in; said in Chinese."""


@dataclass(frozen=True)
class HandedOver:
    """How many grants passed, and how many rows of each sort by its code."""

    grants: int
    work: dict[str, int]

    @property
    def work_total(self) -> int:
        return sum(self.work.values())


def hand_over(
    user: User, *, to: User, by: Viewer, today: date, off_date: date | None = None
) -> HandedOver:
    """Pass the account's grants and whatever is its own and open to `to`, from today on.

    To-dos follow the grants. With `off_date` the old account ends on that day. What was done stays
    with whoever did it. Raises UnfitSuccessor, OwnAccount.
    """
    require(by, Permission.MANAGE_USERS)
    if off_date is not None and user.pk == by.user_id:
        raise OwnAccount("不能停用自己正在使用的账号，请由另一位管理员办理。")
    with transaction.atomic():
        # Two handovers of one account at once would both pass the same grants.
        list(User.objects.select_for_update().filter(pk__in=(user.pk, to.pk)).order_by("pk"))
        if not possible_successors(user, at=today).filter(pk=to.pk).exists():
            raise UnfitSuccessor("接手的账号要能登录，并且不是移交的账号本身。")
        passed = HandedOver(
            grants=_pass_grants(user, to=to, by=by, today=today), work=_pass_work(user, to=to)
        )
        if off_date is not None:
            _end_account(user, on_date=off_date, by=by, today=today)
        _record(user, to=to, by=by, passed=passed, off_date=off_date)
    return passed


def _pass_grants(user: User, *, to: User, by: Viewer, today: date) -> int:
    passing = list(passing_grants(user, at=today))
    for grant in passing:
        start, end = max(today, grant.valid_from), grant.valid_to
        # A grant that begins later never held: its period is empty.
        RoleGrant.objects.filter(pk=grant.pk).update(valid_to=start)
        same = {"role": grant.role, "scope_kind": grant.scope_kind, "scope_key": grant.scope_key}
        held = RoleGrant.objects.filter(user=to, valid_to__isnull=True, **same)
        # One that the successor holds already is kept, or begins earlier; two open ones cannot be.
        if held.exists():
            held.filter(valid_from__gt=start).update(valid_from=start)
            continue
        RoleGrant.objects.create(
            user=to, valid_from=start, valid_to=end, granted_by_id=by.user_id, **same
        )
    return len(passing)


def _pass_work(user: User, *, to: User) -> dict[str, int]:
    run_as(user_id=user.pk, instead_id=to.pk)
    passed = {}
    for handover in handovers():
        if not handover.owner:
            continue
        # By keys: what is asked for once more after the change would be the successor's too.
        keys = list(handover.open_rows(user.pk).values_list("pk", flat=True))
        rows = handover.open_rows(user.pk).model._base_manager.filter(pk__in=keys)
        if count := rows.update(**{handover.owner: to.pk}):
            passed[handover.code] = count
    return passed


def _end_account(user: User, *, on_date: date, by: Viewer, today: date) -> None:
    if on_date > today:
        told = {"on_date": on_date, "set_by_id": by.user_id}
        AccountEnd.objects.update_or_create(user=user, defaults=told)
        return
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.is_active = False


def _record(user: User, *, to: User, by: Viewer, passed: HandedOver, off_date: date | None) -> None:
    what = f"{passed.grants} 项角色、{passed.work_total} 件未办结事项"
    ending = f"，账号自 {off_date} 起停用" if off_date else ""
    details = {"grants": passed.grants, **passed.work}
    record(
        "user.hand_over",
        by=by,
        summary=f"{user.username} 把{what}移交给 {to.username}{ending}",
        about=user,
        details={**details, "to": to.username},
        changes_ledger=False,
    )
    record(
        "user.take_over",
        by=by,
        summary=f"{to.username} 接手 {user.username} 的{what}",
        about=to,
        details={**details, "from": user.username},
        changes_ledger=False,
    )
