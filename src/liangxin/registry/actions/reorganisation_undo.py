"""Undoing the move, absorption or splitting of a firm, or the reorganisation of places: as one act."""

from datetime import datetime

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from liangxin.kernel import audit
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.refusals import OutOfScope, RefusedChange
from liangxin.registry.models import Provenance, Reorganisation
from liangxin.registry.queries.reorganisations import may_undo, obstacles, stepped_rows
from liangxin.registry.queries.row_memory import recalled_change
from liangxin.registry.terms import ReorganisationState


class NotUndoable(RefusedChange):
    """What the act wrote was changed since; the text says what."""


def undo_reorganisation(act: Reorganisation, *, by: Viewer, now: datetime) -> None:
    """Put every row back as it was before the act; raises RefusedChange and changes nothing."""
    require(by, Permission.EDIT_LEDGER)
    with transaction.atomic():
        held = Reorganisation.objects.select_for_update(of=("self",)).get(pk=act.pk)
        if not may_undo(by, held, at=timezone.localdate(now)):
            raise OutOfScope("这件事已经撤销，或者要由区级撤销。")
        found = obstacles(held)
        if found:
            raise NotUndoable(" ".join(found))
        _put_back(held)
        held.state, held.undone_at, held.undone_by_id = (
            ReorganisationState.UNDONE,
            now,
            by.user_id,
        )
        held.save(update_fields=["state", "undone_at", "undone_by"])
        _record(held, by=by)


def _put_back(act: Reorganisation) -> None:
    # The steps first: rows that were changed in place bear the act's source until they are put back.
    for step, row in stepped_rows(act):
        before, _ = recalled_change(apps.get_model(step.table), step.remembered)
        type(row)._base_manager.filter(pk=row.pk).update(**before)
    # Then what was begun: a database allows one open fact of a series at a time.
    for table in act.begun:
        apps.get_model(table)._base_manager.filter(provenance_id=act.provenance_id).delete()
    for table in act.ended:
        ended = apps.get_model(table)._base_manager.filter(ended_by_id=act.provenance_id)
        ended.update(valid_to=None, ended_by=None)
    if act.provenance is not None:
        Provenance.objects.filter(pk=act.provenance.pk).update(is_withdrawn=True)


def _record(act: Reorganisation, *, by: Viewer) -> None:
    abouts = (
        act.organisation,
        act.into_organisation,
        act.area if act.is_of_place else None,
        act.party_organisation,
        act.into_party_organisation,
    )
    for about in abouts:
        if about is not None:
            audit.record(
                "reorganisation.undo",
                by=by,
                summary=f"撤销：{act}",
                about=about,
                details={"reorganisation": act.pk},
            )
