"""Acts by which firms, streets and sites went elsewhere: whose they are, and whether they can be undone."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import F, Q, QuerySet

from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import (
    OrganisationVersion,
    PartyOrganisationVersion,
    Reorganisation,
    ReorganisationStep,
)
from liangxin.registry.queries.keeping import kept_streets, kept_units
from liangxin.registry.queries.merge_words import table_title
from liangxin.registry.queries.row_memory import mark, recalled_change
from liangxin.registry.terms import ReorganisationAct, ReorganisationState

OF_PLACES = (
    ReorganisationAct.STREET_MERGE,
    ReorganisationAct.STREET_RENAME,
    ReorganisationAct.SITE_MERGE,
    ReorganisationAct.SITE_MOVE,
)
OF_BRANCHES = (
    ReorganisationAct.BRANCH_JOIN,
    ReorganisationAct.BRANCH_LEAVE,
    ReorganisationAct.BRANCH_DISSOLVE,
)


def visible_reorganisations(viewer: Viewer, *, at: date) -> QuerySet[Reorganisation]:
    """Acts on the viewer's own firms and streets, and requests that own streets are to answer."""
    found = Reorganisation.objects.select_related("asked_by", "into_area", "area")
    if viewer.sees_district():
        return found
    own = kept_units(viewer, at=at).order_by().values("organisation_id")
    streets = kept_streets(viewer).order_by().values("pk")
    branches = own_branches(viewer).order_by().values("party_organisation_id")
    return found.filter(
        Q(organisation_id__in=own)
        | Q(into_organisation_id__in=own)
        | Q(into_area_id__in=streets, act=ReorganisationAct.MOVE)
        | Q(act__in=OF_PLACES, area_id__in=streets)
        | Q(act__in=OF_PLACES, into_area_id__in=streets)
        | Q(party_organisation_id__in=branches)
        | Q(into_party_organisation_id__in=branches)
    )


def own_branches(viewer: Viewer) -> QuerySet[PartyOrganisationVersion]:
    """Versions, the last ones too, of Party organisations of the viewer's streets."""
    found = PartyOrganisationVersion.objects.all()
    if viewer.sees_district():
        return found
    return found.filter(street_id__in=kept_streets(viewer).order_by().values("pk"))


def branch_acts(viewer: Viewer, *, party_organisation_id: int) -> QuerySet[Reorganisation]:
    """Acts by which units joined or left a joint branch, or that ended it, the newest first."""
    mine = Q(party_organisation_id=party_organisation_id) | Q(
        into_party_organisation_id=party_organisation_id
    )
    own = own_branches(viewer).filter(party_organisation_id=party_organisation_id)
    found = Reorganisation.objects.filter(mine) if own.exists() else Reorganisation.objects.none()
    return found.select_related("asked_by").order_by("-on_date", "-id")


def requests_to(viewer: Viewer, *, at: date) -> QuerySet[Reorganisation]:
    """Firms that wait for a street of the viewer's to take them in; each carries `since`."""
    waiting = visible_reorganisations(viewer, at=at).filter(state=ReorganisationState.REQUESTED)
    own = kept_streets(viewer).order_by().values("pk")
    return waiting.filter(into_area_id__in=own).annotate(since=F("on_date"))


def may_answer(viewer: Viewer, act: Reorganisation) -> bool:
    """Whether the viewer keeps the street that is to take the firm in."""
    if act.state != ReorganisationState.REQUESTED or act.into_area_id is None:
        return False
    return kept_streets(viewer).filter(pk=act.into_area_id).exists()


def may_undo(viewer: Viewer, act: Reorganisation, *, at: date) -> bool:
    """Whether the undoing lies in the viewer's hands: both ends in scope; places are the district's."""
    if act.state != ReorganisationState.DONE:
        return False
    if viewer.sees_district():
        return True
    if act.act in OF_PLACES:
        return False
    if act.act in OF_BRANCHES:
        return _keeps_branches(viewer, act)
    keys = {key for key in (act.organisation_id, act.into_organisation_id) if key is not None}
    kept = kept_units(viewer, at=at).filter(organisation_id__in=keys)
    return kept.count() == len(keys) and act.act != ReorganisationAct.MOVE


def _keeps_branches(viewer: Viewer, act: Reorganisation) -> bool:
    """Whether the branches of an act are the viewer's; the unit may be another street's by now."""
    keys = {
        key
        for key in (act.party_organisation_id, act.into_party_organisation_id)
        if key is not None
    }
    own = own_branches(viewer).filter(party_organisation_id__in=keys).order_by()
    return own.values("party_organisation_id").distinct().count() == len(keys)


def obstacles(act: Reorganisation) -> list[str]:
    """Why an act cannot be undone: what it wrote was changed since. Empty where it can."""
    found = [*_begun_changed(act), *_ended_changed(act), *_steps_changed(act)]
    return list(dict.fromkeys(found))


def _begun_changed(act: Reorganisation) -> Sequence[str]:
    found = []
    for table, number in act.begun.items():
        rows = apps.get_model(table)._base_manager.filter(provenance_id=act.provenance_id)
        is_ended = Q(ended_by_id__gt=act.provenance_id)
        if rows.count() != number or rows.filter(is_ended).exists():
            found.append(_since(table))
    return found


def _ended_changed(act: Reorganisation) -> Sequence[str]:
    found = []
    for table, number in act.ended.items():
        rows = apps.get_model(table)._base_manager.filter(
            ended_by_id=act.provenance_id, valid_to=act.on_date
        )
        if rows.count() != number:
            found.append(_since(table))
    return found


def _steps_changed(act: Reorganisation) -> Sequence[str]:
    found = []
    for step, row in stepped_rows(act):
        _, after = recalled_change(apps.get_model(step.table), step.remembered)
        if row is None or any(mark(getattr(row, name)) != told for name, told in after.items()):
            found.append(_since(step.table))
    return found


def stepped_rows(act: Reorganisation) -> Iterator[tuple[ReorganisationStep, Any]]:
    """The steps of an act, the last first, each with the row it changed, or None."""
    steps = list(act.steps.order_by("-position"))
    rows: dict[tuple[str, int], Any] = {}
    for table in {step.table for step in steps}:
        keys = [step.row_key for step in steps if step.table == table]
        found = apps.get_model(table)._base_manager.in_bulk(keys)
        rows |= {(table, key): row for key, row in found.items()}
    for step in steps:
        yield step, rows.get((step.table, step.row_key))


def _since(table: str) -> str:
    return f"办理以后{table_title(table)}又有改动，不能整件撤销；请先改回后来的改动，或者逐项更正。"


def lineage(organisation_id: int) -> QuerySet[Reorganisation]:
    """Acts that a firm went through and that hold, the newest first: for its page."""
    mine = Q(organisation_id=organisation_id) | Q(into_organisation_id=organisation_id)
    return Reorganisation.objects.filter(mine, state=ReorganisationState.DONE).order_by(
        "-on_date", "-id"
    )


def organisations_of(act: Reorganisation, *, at: date) -> list[OrganisationVersion]:
    """How the firms of an act stand on a day, for whoever may see the act."""
    keys = [key for key in (act.organisation_id, act.into_organisation_id) if key]
    found = OrganisationVersion.objects.filter(organisation_id__in=keys, valid_to__isnull=True)
    return list(found.select_related("organisation", "street", "site").order_by("pk"))
