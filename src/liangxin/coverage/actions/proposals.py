"""Asking for a proposal of joint branches, and throwing one away."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import date
from typing import Final

from django.db import transaction
from django.utils import timezone

from liangxin.coverage.actions.adoption.turns import take_turn
from liangxin.coverage.models import BranchProposal, Establishment
from liangxin.coverage.queries.planning_scope import PLANNING_ROLES, reached_organisations
from liangxin.coverage.queries.rules import coverage_rules
from liangxin.coverage.terms import PlanParameters
from liangxin.kernel.audit import record
from liangxin.kernel.jobs import enqueue, job_kind, request_cancel
from liangxin.kernel.models import User
from liangxin.kernel.permissions import NotAllowed, Permission, require
from liangxin.kernel.viewer import ScopeKind, Viewer
from liangxin.registry.models import Area
from liangxin.registry.queries.sites import editable_streets
from liangxin.rulebook import NoRuleInForce

PLAN: Final = job_kind("coverage.plan")
MAX_TITLE: Final = 80
MAX_SEED: Final = 2**31 - 1


class InvalidProposal(ValueError):
    """The proposal cannot be asked for like this; the text says why, in Chinese."""


class ProposalInUse(Exception):
    """Groups of the proposal were adopted, so it stays as their basis; the text says so."""


def propose_branches(
    *,
    by: Viewer,
    title: str,
    at: date,
    street_ids: Collection[int],
    parameters: PlanParameters,
    seed: int,
    effort: float,
    today: date,
    no_hosts: Collection[int] = (),
) -> BranchProposal:
    """Ask for a proposal over the actor's own organisations of some streets (none named: all).

    `no_hosts` are keys of organisations that may join a group but not host one.

    A job computes it. Raises NotAllowed, InvalidProposal.
    """
    require(by, Permission.PLAN_BRANCHES)
    _check(title=title, at=at, seed=seed, today=today)
    streets = _own_streets(by, street_ids)
    barred = _own_organisations(by, no_hosts)
    with transaction.atomic():
        proposal = BranchProposal.objects.create(
            title=title.strip(),
            at=at,
            created_by_id=by.user_id,
            created_at=timezone.now(),
            parameters=asdict(parameters),
            no_hosts=barred,
            seed=seed,
            effort=effort,
            is_synthetic=User.objects.filter(pk=by.user_id or 0, is_synthetic=True).exists(),
        )
        proposal.streets.set(streets)
        arguments = {"proposal": proposal.pk, "user": by.user_id}
        job_title = f"测算联建方案：{proposal.title}"
        proposal.job = enqueue(PLAN, by=by, title=job_title, arguments=arguments)
        proposal.save(update_fields=["job"])
        _record("propose", proposal, by=by, summary=f"拟订联建方案：{proposal.title}")
    return proposal


def discard_proposal(proposal: BranchProposal, *, by: Viewer) -> None:
    """Delete a proposal of one's own (the district office: any); one being computed is cancelled.

    Raises NotAllowed, ProposalInUse.
    """
    require(by, Permission.PLAN_BRANCHES)
    if not may_discard(proposal, viewer=by):
        raise NotAllowed("只有拟订人或区级管理部门可以删除这个方案。")
    with transaction.atomic():
        take_turn()  # else a group could be adopted between the look and the deletion
        # A worker that stores its answer holds the same row.
        held = BranchProposal.objects.select_for_update().filter(pk=proposal.pk).first()
        if held is None:
            return
        if Establishment.objects.filter(group__proposal=held).exists():
            raise ProposalInUse("这个方案已有小组被采纳，作为组建依据保留，不能删除。")
        if held.derived.exists():
            raise ProposalInUse("这个方案有调整稿或据它重新测算的方案，请先删除那些方案。")
        if held.job_id is not None:
            request_cancel(held.job_id)
        _record("discard_proposal", held, by=by, summary=f"删除联建方案：{held.title}")
        held.delete()


def may_discard(proposal: BranchProposal, *, viewer: Viewer) -> bool:
    """Whether the viewer asked for the proposal, or answers for the whole district."""
    is_own = viewer.user_id is not None and proposal.created_by_id == viewer.user_id
    return is_own or viewer.sees_district()


def _check(*, title: str, at: date, seed: int, today: date) -> None:
    if not title.strip() or len(title.strip()) > MAX_TITLE:
        raise InvalidProposal(f"请填写方案名称，不超过 {MAX_TITLE} 个字。")
    if at > today:
        raise InvalidProposal("台账日期不能晚于今天。")
    try:
        coverage_rules(at)
    except NoRuleInForce as error:
        raise InvalidProposal(
            f"{at} 还没有覆盖率的规则可依，算不出方案：请把台账日期改晚一些。"
        ) from error
    if not 0 <= seed <= MAX_SEED:
        raise InvalidProposal(f"随机种子应在 0 到 {MAX_SEED} 之间。")


def _own_streets(by: Viewer, street_ids: Collection[int]) -> list[Area]:
    """The streets asked for, cut to the actor's; none where the actor's scope itself is the limit."""
    own = editable_streets(by)
    if street_ids:
        asked = list(own.filter(pk__in=street_ids))
        if not asked:
            raise InvalidProposal("所选街道不在您的管理范围内，请重新选择。")
        return asked
    kinds = {scope.kind for scope in by.scopes(*PLANNING_ROLES)}
    return list(own) if kinds == {ScopeKind.STREET} else []


def _own_organisations(by: Viewer, keys: Collection[int]) -> list[int]:
    """Organisations named by their keys, all of them the actor's."""
    if keys and reached_organisations(by, keys) != set(keys):
        raise InvalidProposal("不能牵头的单位里有不在您管理范围内的，请去掉。")
    return sorted(set(keys))


def _record(action: str, proposal: BranchProposal, *, by: Viewer, summary: str) -> None:
    details = {"at": proposal.at.isoformat(), "seed": proposal.seed}
    record(
        f"coverage.{action}",
        by=by,
        summary=summary,
        about=proposal,
        details=details,
        changes_ledger=False,
    )
