"""Yearly quotas of streets, and asking for development targets."""

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils import timezone

from liangxin.coverage.models import BranchProposal, DevelopmentQuota, TargetPlan
from liangxin.coverage.queries.targets import quotas_of
from liangxin.coverage.terms import ProposalState, TargetGoal
from liangxin.kernel.audit import record
from liangxin.kernel.jobs import enqueue, job_kind, request_cancel
from liangxin.kernel.permissions import NotAllowed, Permission, require
from liangxin.kernel.viewer import Viewer

AIM: Final = job_kind("coverage.targets")
YEARS: Final = range(2000, 2101)
MOST_QUOTA: Final = 10_000


class InvalidQuota(ValueError):
    """The year or a number is out of range; the text says which, in Chinese."""


class NotReady(ValueError):
    """The proposal has no answer yet, so nobody is known to be left out; said in Chinese."""


def set_quotas(year: int, numbers: Mapping[int, int | None], *, by: Viewer) -> int:
    """Set how many members streets may add in a year; None takes the limit away.

    Returns how many streets changed. Raises NotAllowed, InvalidQuota.
    """
    require(by, Permission.EDIT_RULES)
    if year not in YEARS:
        raise InvalidQuota("年度不对，请填写四位数的年份。")
    if any(number is not None and not 0 <= number <= MOST_QUOTA for number in numbers.values()):
        raise InvalidQuota(f"名额应在 0 到 {MOST_QUOTA} 之间；不限名额的留空。")
    changed = 0
    with transaction.atomic():
        before = quotas_of(year)
        for street, number in sorted(numbers.items()):
            if before.get(street) != number:
                _set_quota(year, street, number, by=by)
                changed += 1
    return changed


def ask_targets(proposal: BranchProposal, *, year: int, goal: TargetGoal, by: Viewer) -> TargetPlan:
    """Ask for development targets beside a proposal that is ready; a job computes them.

    Raises NotAllowed, NotReady, InvalidQuota.
    """
    require(by, Permission.PLAN_BRANCHES)
    if proposal.state != ProposalState.READY:
        raise NotReady("这个联建方案还没有算好，不知道哪些单位编不进组。")
    if year not in YEARS:
        raise InvalidQuota("年度不对，请填写四位数的年份。")
    with transaction.atomic():
        plan = TargetPlan.objects.create(
            proposal=proposal,
            year=year,
            goal=goal,
            created_by_id=by.user_id,
            created_at=timezone.now(),
            quotas={str(street): number for street, number in quotas_of(year).items()},
            is_synthetic=proposal.is_synthetic,
        )
        arguments = {"plan": plan.pk, "user": by.user_id}
        plan.job = enqueue(AIM, by=by, title=f"测算{year}年发展目标", arguments=arguments)
        plan.save(update_fields=["job"])
        _record("ask_targets", plan, by=by, summary=f"测算{year}年发展目标：{proposal.title}")
    return plan


def discard_targets(plan: TargetPlan, *, by: Viewer) -> None:
    """Delete a plan of targets of one's own (the district office: any). Raises NotAllowed."""
    require(by, Permission.PLAN_BRANCHES)
    is_own = by.user_id is not None and plan.created_by_id == by.user_id
    if not is_own and not by.sees_district():
        raise NotAllowed("只有测算人或区级管理部门可以删除。")
    with transaction.atomic():
        if plan.job_id is not None:
            request_cancel(plan.job_id)
        _record("discard_targets", plan, by=by, summary=f"删除{plan.year}年发展目标测算")
        plan.delete()


def _set_quota(year: int, street: int, number: int | None, *, by: Viewer) -> None:
    if number is None:
        DevelopmentQuota.objects.filter(street_id=street, year=year).delete()
        words = "不限"
    else:
        DevelopmentQuota.objects.update_or_create(
            street_id=street,
            year=year,
            defaults={
                "number": number,
                "recorded_by_id": by.user_id,
                "recorded_at": timezone.now(),
            },
        )
        words = f"{number} 名"
    record(
        "coverage.quota",
        by=by,
        summary=f"{year}年发展党员名额改为{words}",
        details={"year": year, "street": street, "number": number},
        changes_ledger=False,
    )


def _record(action: str, plan: TargetPlan, *, by: Viewer, summary: str) -> None:
    record(
        f"coverage.{action}",
        by=by,
        summary=summary,
        about=plan,
        details={"year": plan.year, "goal": plan.goal},
        changes_ledger=False,
    )
