"""Storing what was computed: all of it in one short transaction, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from liangxin.coverage.models import (
    BranchProposal,
    LeftOutOrganisation,
    ProposedAttachment,
    ProposedGroup,
    ProposedUnit,
)
from liangxin.coverage.planning.grouping import GroupedRows
from liangxin.coverage.terms import ProposalState
from liangxin.kernel.audit import record
from liangxin.kernel.bulk import PreparedRows, prepare_rows, reserve_ids
from liangxin.kernel.jobs import JobRefused
from liangxin.kernel.viewer import Viewer

# Children before their parents, as they are deleted.
ROOMS = (ProposedAttachment, LeftOutOrganisation, ProposedUnit, ProposedGroup)


class SettledMeanwhile(JobRefused):
    """Somebody deleted or cancelled the proposal, or another worker stored it; the text says so."""


@dataclass(frozen=True)
class Computed:
    """Everything to store; `values` are fields of the proposal."""

    grouped: GroupedRows
    attachments: list[ProposedAttachment]
    values: Mapping[str, Any]


def store(proposal: BranchProposal, computed: Computed, *, by: Viewer) -> None:
    """Make the proposal ready with all of its rows. Raises SettledMeanwhile."""
    _number(computed)
    # Conversion and transport before the lock: only the copying inside the database is in it.
    prepared = [prepare_rows(type(rows[0]), rows) for rows in _parents_first(computed) if rows]
    try:
        for rows in prepared:
            rows.stage()
        with transaction.atomic():
            _make_ready(proposal, computed)
            _replace(proposal, prepared)
            summary = f"算出联建方案：{proposal.title}"
            details = dict(computed.values["figures"])
            record(
                "coverage.plan",
                by=by,
                summary=summary,
                about=proposal,
                details=details,
                changes_ledger=False,
            )
    finally:
        for rows in prepared:
            rows.clear()


def _make_ready(proposal: BranchProposal, computed: Computed) -> None:
    waiting = BranchProposal.objects.filter(pk=proposal.pk, state=ProposalState.WAITING)
    # One conditional UPDATE: of two workers that computed the same proposal one alone stores it.
    if not waiting.update(state=ProposalState.READY, failure="", **computed.values):
        raise SettledMeanwhile("这个方案已被删除、取消，或已由另一进程算好。")


def _replace(proposal: BranchProposal, prepared: Sequence[PreparedRows]) -> None:
    for model in ROOMS:
        model.objects.filter(proposal=proposal).delete()
    for rows in prepared:
        rows.insert()


def _parents_first(computed: Computed) -> tuple[Sequence[models.Model], ...]:
    grouped = computed.grouped
    return grouped.groups, grouped.units, grouped.left_out, computed.attachments


def _number(computed: Computed) -> None:
    """Give every row its primary key; children then learn their group's."""
    for rows in _parents_first(computed):
        if rows:
            keys = reserve_ids(type(rows[0]), len(rows))
            for key, row in zip(keys, rows, strict=True):
                row.pk = key
    for unit in computed.grouped.units:
        unit.group = unit.group  # takes over the key that its group has now
    for attachment in computed.attachments:
        attachment.group = attachment.group
