"""A draft: a copy of a proposal that people change, while the proposal stays as it was computed."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import connection, models, transaction
from django.utils import timezone

from liangxin.coverage.actions.adoption.turns import take_turn
from liangxin.coverage.actions.editing.refusals import NotADraft
from liangxin.coverage.actions.refusals import ProposalNotReady
from liangxin.coverage.models import (
    BranchProposal,
    KeptApart,
    LeftOutOrganisation,
    ProposedAttachment,
    ProposedGroup,
    ProposedUnit,
)
from liangxin.coverage.queries.proposals import proposal_or_none
from liangxin.coverage.terms import ProposalKind, ProposalState
from liangxin.kernel.audit import record
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer

DRAFT_ENDING: Final = "（人工调整）"
MAX_TITLE: Final = 80
COPIED: Final = (
    "at",
    "created_by_id",
    "parameters",
    "no_hosts",
    "seed",
    "effort",
    "solver_version",
    "ledger_revision",
    "objective_mm",
    "bound_mm",
    "seconds",
    "is_reproducible",
    "figures",
    "is_synthetic",
)


def begin_draft(proposal: BranchProposal, *, by: Viewer) -> BranchProposal:
    """The one draft of a proposal, made where there is none yet; a draft is its own.

    Whoever asked for the proposal stays its author: a draft tells nobody more than the proposal did.
    Raises NotAllowed, ProposalNotReady, NotADraft.
    """
    require(by, Permission.PLAN_BRANCHES)
    if proposal.kind == ProposalKind.DRAFT:
        return proposal
    with transaction.atomic():
        take_turn()
        held = BranchProposal.objects.select_for_update().filter(pk=proposal.pk).first()
        if held is None or proposal_or_none(by, proposal.pk) is None:
            raise NotADraft("这个方案已被删除，不能再调整。")
        if held.state != ProposalState.READY:
            raise ProposalNotReady("这个方案还没有算好，不能调整。")
        # Its units leave a branch that covers them, which a draft would not know.
        if held.is_local:
            raise NotADraft(
                "就近重排只涉及附近几家，不另做调整稿：可以直接采纳，或另拟方案再调整。"
            )
        existing = held.derived.filter(kind=ProposalKind.DRAFT).first()
        return existing or _copied(held, by=by)


def _copied(proposal: BranchProposal, *, by: Viewer) -> BranchProposal:
    values = {name: getattr(proposal, name) for name in COPIED}
    draft = BranchProposal.objects.create(
        title=proposal.title[: MAX_TITLE - len(DRAFT_ENDING)] + DRAFT_ENDING,
        state=ProposalState.READY,
        kind=ProposalKind.DRAFT,
        parent=proposal,
        created_at=timezone.now(),
        **values,
    )
    draft.streets.set(proposal.streets.all())
    copy_groups(proposal, draft)
    record(
        "coverage.begin_draft",
        by=by,
        summary=f"开始调整联建方案：{proposal.title}",
        about=draft,
        details={"parent": proposal.pk},
        changes_ledger=False,
    )
    return draft


def copy_groups(proposal: BranchProposal, draft: BranchProposal) -> None:
    """Copy groups, units, units left out and attachments inside the database, whatever their number."""
    group = _of_same_number("group_id")
    root = {"copied_from_id": "COALESCE(old.copied_from_id, old.id)"}
    _copy(ProposedGroup, proposal, draft, changed=root)
    _copy(ProposedUnit, proposal, draft, changed={"group_id": group})
    _copy(LeftOutOrganisation, proposal, draft, changed={})
    _copy(ProposedAttachment, proposal, draft, changed={"group_id": group})
    _copy(KeptApart, proposal, draft, changed={})


def _of_same_number(column: str) -> str:
    """SQL: the draft's group of the number that the old row's group has."""
    table = connection.ops.quote_name(ProposedGroup._meta.db_table)
    return (
        f"(SELECT made.id FROM {table} made JOIN {table} was ON made.number = was.number "
        f"WHERE made.proposal_id = %(draft)s AND was.id = old.{column})"
    )


def _copy(
    model: type[models.Model],
    proposal: BranchProposal,
    draft: BranchProposal,
    *,
    changed: Mapping[str, str],
) -> None:
    quote: Any = connection.ops.quote_name
    columns = [field.column or "" for field in model._meta.concrete_fields if not field.primary_key]
    told = {"proposal_id": "%(draft)s", **changed}
    values = [told.get(column, f"old.{quote(column)}") for column in columns]
    table = quote(model._meta.db_table)
    # Every part is a name of our own models; what differs from call to call is bound.
    sql = (
        f"INSERT INTO {table} ({', '.join(quote(column) for column in columns)}) "
        f"SELECT {', '.join(values)} FROM {table} old "
        "WHERE old.proposal_id = %(proposal)s ORDER BY old.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, {"draft": draft.pk, "proposal": proposal.pk})
