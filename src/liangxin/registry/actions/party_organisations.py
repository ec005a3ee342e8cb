"""Party organisations in the making: proposed, renamed, founded, or withdrawn before they stood.

A proposed one has no founded_date; what it is to cover stands beside it and counts nowhere until the
day of its founding. Whether `by` may act on these units is for the caller to ask: it knows the plan.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from liangxin.kernel import audit
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.refusals import (
    FoundedOtherwise,
    FutureDate,
    NotProposed,
)
from liangxin.registry.models import (
    PartyCoverage,
    PartyOrganisation,
    PartyOrganisationVersion,
    Provenance,
)
from liangxin.registry.terms import PartyKind, SourceKind

MAX_SOURCE = 120


@dataclass(frozen=True, kw_only=True)
class ProposedFacts:
    """A Party organisation to be: `units` are keys of the organisations it is to cover."""

    name: str
    kind: PartyKind
    parent_id: int | None
    street_id: int | None
    units: tuple[int, ...]
    is_synthetic: bool = False


def told_by(by: Viewer, *, source: str, as_of_date: date) -> Provenance:
    """One act of telling the ledger, for the facts that follow from it; call it first of all.

    An import holds this table while it writes: whoever locked rows before would wait in a circle.
    """
    return Provenance.objects.create(
        kind=SourceKind.FORM,
        source=source[:MAX_SOURCE],
        as_of_date=as_of_date,
        recorded_at=timezone.now(),
        recorded_by_id=by.user_id,
    )


@transaction.atomic
def propose_party_organisation(
    facts: ProposedFacts, *, by: Viewer, told: Provenance, from_date: date
) -> PartyOrganisation:
    """Put a Party organisation in the ledger that does not stand yet, with what it is to cover."""
    require(by, Permission.PLAN_BRANCHES)
    proposed = PartyOrganisation.objects.create(provenance=told, is_synthetic=facts.is_synthetic)
    PartyOrganisationVersion.objects.create(
        party_organisation=proposed,
        name=facts.name,
        kind=facts.kind,
        parent_id=facts.parent_id,
        street_id=facts.street_id,
        valid_from=from_date,
        recorded_at=told.recorded_at,
        provenance=told,
    )
    _cover(proposed, facts.units, told=told, from_date=from_date)
    _record("party_organisation.propose", f"拟建党组织“{facts.name}”", about=proposed, by=by)
    return proposed


@transaction.atomic
def rename_proposed_party_organisation(
    proposed: PartyOrganisation, name: str, *, by: Viewer, told: Provenance
) -> None:
    """Give another name to one that does not stand yet; raises NotProposed."""
    require(by, Permission.PLAN_BRANCHES)
    _held(proposed)
    versions = proposed.versions.filter(valid_to__isnull=True)
    versions.update(name=name, provenance=told, recorded_at=told.recorded_at)
    _record("party_organisation.rename", f"拟建党组织改名为“{name}”", about=proposed, by=by)


@transaction.atomic
def found_party_organisation(
    proposed: PartyOrganisation, *, by: Viewer, told: Provenance, founded_date: date, today: date
) -> None:
    """Let a proposed one stand from `founded_date` on.

    Where a register has told of its founding meanwhile, that day is kept; another one raises
    FoundedOtherwise. Raises FutureDate, and NotProposed for one that was withdrawn.
    """
    require(by, Permission.PLAN_BRANCHES)
    if founded_date > today:
        raise FutureDate("成立日期不能晚于今天；台账只记已经发生的事。")
    held = PartyOrganisation.objects.select_for_update().get(pk=proposed.pk)
    if held.dissolved_date is not None:
        raise NotProposed("这个党组织已经撤销，不能再记成立日期。")
    if held.founded_date not in (None, founded_date):
        raise FoundedOtherwise(held)
    # The provenance is set in any case: the undoing of a register must see that we built on it.
    PartyOrganisation.objects.filter(pk=held.pk).update(founded_date=founded_date, provenance=told)
    _record(
        "party_organisation.found",
        f"党组织于 {founded_date} 成立",
        about=held,
        by=by,
        changes_ledger=True,
    )


@transaction.atomic
def withdraw_proposed_party_organisation(
    proposed: PartyOrganisation, *, by: Viewer, told: Provenance, on: date
) -> None:
    """End everything told of one that never stood: no list shows it from `on` on.

    Raises NotProposed where it stands.
    """
    require(by, Permission.PLAN_BRANCHES)
    held = _held(proposed)
    facts: tuple[QuerySet[PartyCoverage] | QuerySet[PartyOrganisationVersion], ...] = (
        held.coverages.filter(valid_to__isnull=True),
        held.versions.filter(valid_to__isnull=True),
    )
    for open_facts in facts:
        # What would have lasted no day cannot end: it is taken out.
        open_facts.filter(valid_from__gte=on).delete()
        open_facts.filter(valid_from__lt=on).update(valid_to=on, ended_by=told)
    PartyOrganisation.objects.filter(pk=held.pk).update(dissolved_date=on, provenance=told)
    _record("party_organisation.withdraw", "拟建党组织撤回", about=held, by=by)


@transaction.atomic
def extend_coverage(
    party_organisation: PartyOrganisation,
    units: Collection[int],
    *,
    by: Viewer,
    told: Provenance,
    from_date: date,
) -> None:
    """Let a Party organisation cover more organisations; those it covers already stay as they are."""
    require(by, Permission.PLAN_BRANCHES)
    covered = PartyCoverage.objects.filter(
        party_organisation=party_organisation, valid_to__isnull=True
    )
    known = set(covered.values_list("organisation_id", flat=True))
    new = [unit for unit in units if unit not in known]
    _cover(party_organisation, new, told=told, from_date=from_date)
    summary = f"党组织增加涵盖单位 {len(new)} 个"
    _record(
        "party_organisation.extend", summary, about=party_organisation, by=by, changes_ledger=True
    )


@transaction.atomic
def leave_coverages(
    pairs: Collection[tuple[int, int]], *, by: Viewer, told: Provenance, on: date
) -> None:
    """Let joint branches cover units no longer from `on` on; pairs of keys, branch and organisation."""
    require(by, Permission.PLAN_BRANCHES)
    for branch, unit in pairs:
        rows = PartyCoverage.objects.filter(
            party_organisation_id=branch, organisation_id=unit, valid_to__isnull=True
        )
        # What would have lasted no day cannot end: it is taken out.
        rows.filter(valid_from__gte=on).delete()
        rows.filter(valid_from__lt=on).update(valid_to=on, ended_by=told)
    for branch in sorted({branch for branch, _ in pairs}):
        identity = PartyOrganisation.objects.get(pk=branch)
        count = sum(one == branch for one, _ in pairs)
        _record(
            "party_organisation.uncover",
            f"党组织减少涵盖单位 {count} 个，转到别的联合党支部",
            about=identity,
            by=by,
            changes_ledger=True,
        )


def _cover(
    party_organisation: PartyOrganisation,
    units: Collection[int],
    *,
    told: Provenance,
    from_date: date,
) -> None:
    PartyCoverage.objects.bulk_create(
        PartyCoverage(
            party_organisation=party_organisation,
            organisation_id=unit,
            valid_from=from_date,
            recorded_at=told.recorded_at,
            provenance=told,
        )
        for unit in units
    )


def _held(proposed: PartyOrganisation) -> PartyOrganisation:
    """The same, locked; refuses one that stands or stood."""
    held = PartyOrganisation.objects.select_for_update().get(pk=proposed.pk)
    if held.founded_date is not None or held.dissolved_date is not None:
        raise NotProposed("这个党组织已不是拟建状态。")
    return held


def _record(
    action: str, summary: str, *, about: Model, by: Viewer, changes_ledger: bool = False
) -> None:
    audit.record(
        action,
        by=by,
        summary=summary,
        about=about,
        changes_ledger=changes_ledger,
        # Of a branch to be nothing is covered yet, but lists of what was told and what to settle name it.
        touches=(audit.EVERYWHERE,),
    )
