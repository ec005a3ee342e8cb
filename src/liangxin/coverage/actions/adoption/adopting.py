"""Adopting groups of a proposal: each becomes a branch to be, or says why it cannot."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from liangxin.coverage.actions.adoption.obstacles import obstacle
from liangxin.coverage.actions.adoption.turns import take_turn
from liangxin.coverage.actions.refusals import (
    ChangedMeanwhile,
    NoSuchGroup,
    ProposalNotReady,
    RefusedStep,
    UnitTaken,
)
from liangxin.coverage.models import (
    BranchProposal,
    Consent,
    Establishment,
    EstablishmentUnit,
    ProposedGroup,
    ProposedUnit,
)
from liangxin.coverage.queries.adoption_ground import AdoptionGround, adoption_ground
from liangxin.coverage.queries.planning_scope import own_streets, plans_district
from liangxin.coverage.terms import ConsentState, EstablishmentState, ProposalState
from liangxin.kernel import audit
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.party_organisations import (
    ProposedFacts,
    propose_party_organisation,
    told_by,
)
from liangxin.registry.models import PartyOrganisation, Provenance
from liangxin.registry.terms import PartyKind


@dataclass(frozen=True, kw_only=True)
class RefusedGroup:
    """A group that was not adopted; `text` says why, `error` is the refusal by name."""

    number: int
    text: str
    error: RefusedStep


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """What became of the groups asked for, each in one of the two, by number."""

    adopted: tuple[Establishment, ...]
    refused: tuple[RefusedGroup, ...]


def adopt_groups(
    proposal: BranchProposal,
    numbers: Collection[int],
    *,
    by: Viewer,
    today: date,
    seen_changes: str = "",
) -> Adoption:
    """Make establishments of groups; each is adopted whole or refused with the reason.

    `seen_changes` is the fingerprint of `changes_of` these groups as `by` was shown them (all, or those
    that do not block); without it a group with any changed fact is refused. Raises NotAllowed,
    ProposalNotReady.
    """
    require(by, Permission.PLAN_BRANCHES)
    if proposal.state != ProposalState.READY:
        raise ProposalNotReady("这个方案还没有可采纳的结果。")
    with transaction.atomic():
        take_turn()
        adoption = _adopted(proposal, numbers, by=by, today=today, seen_changes=seen_changes)
        if not adoption.adopted:
            # Nothing was told to the ledger, so nobody's import need be planned again.
            transaction.set_rollback(True)
    return adoption


def _adopted(
    proposal: BranchProposal,
    numbers: Collection[int],
    *,
    by: Viewer,
    today: date,
    seen_changes: str,
) -> Adoption:
    source = f"采纳联建方案“{proposal.title}”"
    told = told_by(by, source=source, as_of_date=today)
    ground = adoption_ground(proposal, numbers, viewer=by, at=today)
    step = _Adopting(ground, by=by, today=today, told=told, seen_changes=seen_changes)
    adopted: list[Establishment] = []
    refused: list[RefusedGroup] = []
    for number in sorted(set(numbers)):
        try:
            adopted.append(step.adopt(number))
        except RefusedStep as error:
            refused.append(RefusedGroup(number=number, text=str(error), error=error))
    return Adoption(adopted=tuple(adopted), refused=tuple(refused))


class _Adopting:
    """One act of adopting, group after group."""

    def __init__(
        self,
        ground: AdoptionGround,
        *,
        by: Viewer,
        today: date,
        told: Provenance,
        seen_changes: str,
    ) -> None:
        self.ground = ground
        self.by = by
        self.today = today
        self.told = told
        self.has_seen = seen_changes in ground.fingerprints

    def adopt(self, number: int) -> Establishment:
        group = self.ground.groups.get(number)
        if group is None:
            raise NoSuchGroup(f"方案里没有第 {number} 组。")
        self._refuse(group)
        units = self.ground.units(group)
        try:
            with transaction.atomic():
                return self._establish(group, units)
        except IntegrityError:
            # The constraints have the last word on what was looked up before.
            self._refuse_taken(group, list(self.ground.taken_now(units)))
            raise

    def _refuse(self, group: ProposedGroup) -> None:
        if refusal := obstacle(self.ground, group):
            raise refusal
        changes = self.ground.changes[group.pk]
        if changes and not self.has_seen:
            raise ChangedMeanwhile([change.text for change in changes])

    def _refuse_taken(self, group: ProposedGroup, taken: Sequence[EstablishmentUnit]) -> None:
        if taken:
            raise UnitTaken(taken)

    def _establish(self, group: ProposedGroup, units: Sequence[ProposedUnit]) -> Establishment:
        name = self.ground.name(group)
        establishment = Establishment.objects.create(
            group=group,
            party_organisation=group.into_branch or self._proposed(group, units, name=name),
            joins_branch=group.into_branch_id is not None,
            state=EstablishmentState.PROPOSED,
            name=name,
            street_id=self.ground.street_id(group),
            basis=self.ground.basis(group),
            adopted_date=self.today,
            adopted_at=timezone.now(),
            adopted_by_id=self.by.user_id,
            is_synthetic=self.ground.proposal.is_synthetic,
        )
        self._add_units(establishment, units)
        self._ask_consents(establishment, self.ground.streets(group))
        audit.record(
            "establishment.adopt",
            by=self.by,
            summary=f"采纳联建方案第 {group.number} 组，列为“{name}”",
            about=establishment,
            details={"proposal": group.proposal_id, "group": group.number, "units": len(units)},
            changes_ledger=False,
            touches=(audit.EVERYWHERE,),
        )
        # Only now: a name is taken when the establishment stands.
        self.ground.take_name(name, is_new=not establishment.joins_branch)
        self.ground.take_units(establishment, units)
        return establishment

    def _proposed(
        self, group: ProposedGroup, units: Sequence[ProposedUnit], *, name: str
    ) -> PartyOrganisation:
        facts = ProposedFacts(
            name=name,
            kind=PartyKind.JOINT_BRANCH,
            parent_id=self.ground.parent_id(group),
            street_id=self.ground.street_id(group),
            units=tuple(unit.organisation_id for unit in units),
            is_synthetic=self.ground.proposal.is_synthetic,
        )
        return propose_party_organisation(facts, by=self.by, told=self.told, from_date=self.today)

    def _add_units(self, establishment: Establishment, units: Sequence[ProposedUnit]) -> None:
        EstablishmentUnit.objects.bulk_create(
            EstablishmentUnit(
                establishment=establishment,
                organisation_id=unit.organisation_id,
                is_host=unit.is_host,
                from_branch_id=unit.from_branch_id,
                name=self.ground.now(unit).name,
                street_id=self.ground.now(unit).street_id,
                members=self.ground.now(unit).members,
                to_transfer=self.ground.now(unit).to_transfer,
            )
            for unit in units
        )

    def _ask_consents(self, establishment: Establishment, streets: Sequence[int]) -> None:
        if len(streets) < 2:
            return
        is_district = plans_district(self.by)
        given = streets if is_district else own_streets(self.by)
        Consent.objects.bulk_create(
            Consent(
                establishment=establishment,
                street_id=street,
                state=ConsentState.GIVEN if street in given else ConsentState.WAITING,
                is_by_district=is_district,
                decided_date=self.today if street in given else None,
                decided_by_id=self.by.user_id if street in given else None,
            )
            for street in streets
        )
