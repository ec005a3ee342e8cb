"""A part of a draft as it stands: groups, units left out, pairs kept apart, and the facts of the units."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import Q

from liangxin.coverage.models import (
    BranchProposal,
    EstablishmentUnit,
    KeptApart,
    LeftOutOrganisation,
    ProposedGroup,
    ProposedUnit,
)
from liangxin.coverage.queries.candidates import PlannedOrganisation, planned_organisations
from liangxin.coverage.queries.edit_rules import GroupState, Limits, Pair
from liangxin.coverage.queries.proposal_summary import is_adopted
from liangxin.coverage.queries.rules import usual_base
from liangxin.coverage.queries.state import stated
from liangxin.coverage.terms import PlanParameters
from liangxin.registry.models import Area, OrganisationVersion
from liangxin.registry.queries import true_at
from liangxin.registry.queries.rules import rules_at


@dataclass(frozen=True, kw_only=True)
class LeftOutState:
    """A unit in no group: why, and whether a person wants it in none."""

    code: str
    text: str
    is_excluded: bool = False
    helps: tuple[Mapping[str, str], ...] = ()  # what would bring it into a branch after all


@dataclass(kw_only=True)
class Board:
    """Everything that a step on some groups of a draft has to know; see `board`.

    `taken` says of units in open or founded establishments what they stand in, `adopted` and `joining` are
    numbers of groups that were adopted, or join a branch that stands.
    """

    proposal: BranchProposal
    limits: Limits
    groups: dict[int, GroupState] = field(default_factory=dict)
    left_out: dict[int, LeftOutState] = field(default_factory=dict)
    facts: dict[int, PlannedOrganisation] = field(default_factory=dict)
    apart: frozenset[Pair] = frozenset()
    taken: dict[int, str] = field(default_factory=dict)
    adopted: frozenset[int] = frozenset()
    joining: frozenset[int] = frozenset()
    streets: dict[int, str] = field(default_factory=dict)

    def home(self, unit: int) -> GroupState | None:
        """The group that a unit stands in, of those that were read."""
        return next((state for state in self.groups.values() if unit in state.units), None)


def board(
    proposal: BranchProposal, *, numbers: Iterable[int] = (), keys: Iterable[int] = ()
) -> Board:
    """Read the groups of these numbers, those of these units, and the facts of all of their units.

    A fixed number of queries.
    """
    wanted, units = set(numbers), set(keys)
    found = ProposedUnit.objects.filter(proposal=proposal)
    homes = found.filter(organisation_id__in=units).order_by().values("group_id")
    groups = ProposedGroup.objects.filter(Q(number__in=wanted) | Q(pk__in=homes), proposal=proposal)
    states = group_states(groups)
    every = units.union(*(state.units for state in states.values()))
    return Board(
        proposal=proposal,
        limits=edit_limits(proposal),
        groups=states,
        left_out=left_out_states(proposal, every),
        facts=unit_facts(proposal, every),
        apart=apart_pairs(proposal),
        taken=_taken(every),
        adopted=frozenset(groups.filter(is_adopted()).values_list("number", flat=True)),
        joining=frozenset(
            groups.filter(into_branch__isnull=False).values_list("number", flat=True)
        ),
        streets=dict(Area.objects.order_by("pk").values_list("pk", "name")),
    )


def edit_limits(proposal: BranchProposal) -> Limits:
    """The proposal's own parameters with the sources of their rules."""
    sources = {rule.code: rule.source for rule in rules_at(at=proposal.at)}
    return Limits(PlanParameters(**proposal.parameters), sources, frozenset(proposal.no_hosts))


def group_states(groups: Any) -> dict[int, GroupState]:
    """Groups of a queryset by number, each with its units, the host first; two queries."""
    units: defaultdict[int, list[ProposedUnit]] = defaultdict(list)
    rows = ProposedUnit.objects.filter(group__in=groups.order_by().values("pk"))
    for row in rows.order_by("group_id", "-is_host", "way_m", "organisation_id"):
        units[row.group_id].append(row)
    return {group.number: _state(group, units[group.pk]) for group in groups.order_by("number")}


def _state(group: ProposedGroup, units: list[ProposedUnit]) -> GroupState:
    return GroupState(
        number=group.number,
        units=tuple(unit.organisation_id for unit in units),
        host=group.host_id or units[0].organisation_id,
        is_locked=group.is_locked,
        is_host_chosen=group.is_host_chosen,
        exception=group.exception,
        pinned=tuple(unit.organisation_id for unit in units if unit.is_pinned),
        moved=tuple(unit.organisation_id for unit in units if unit.is_moved),
        copied_from=group.copied_from_id,
    )


def left_out_states(proposal: BranchProposal, keys: Collection[int]) -> dict[int, LeftOutState]:
    """Those of some organisations that stand in no group."""
    rows = LeftOutOrganisation.objects.filter(proposal=proposal, organisation_id__in=keys)
    return {
        row.organisation_id: LeftOutState(
            code=row.code,
            text=row.text,
            is_excluded=row.is_excluded,
            helps=tuple(row.helps),
        )
        for row in rows.order_by("organisation_id")
    }


def apart_pairs(proposal: BranchProposal) -> frozenset[Pair]:
    """The pairs that must not share a group."""
    rows = KeptApart.objects.filter(proposal=proposal).order_by()
    return frozenset(rows.values_list("first_id", "second_id"))


def unit_facts(proposal: BranchProposal, keys: Collection[int]) -> dict[int, PlannedOrganisation]:
    """What the ledger says of units on the proposal's day; of one that it no longer holds, what was stored."""
    at = proposal.at
    versions = OrganisationVersion.objects.filter(true_at(at), organisation_id__in=keys)
    found = stated(versions, at=at, base=usual_base(at))
    known = planned_organisations(found, at=at, among=Q(organisation_id__in=keys))
    facts = {one.organisation_id: one for one in known}
    missing = set(keys) - set(facts)
    return facts | (_stored_facts(proposal, missing) if missing else {})


def _stored_facts(
    proposal: BranchProposal, keys: Collection[int]
) -> dict[int, PlannedOrganisation]:
    units = ProposedUnit.objects.filter(proposal=proposal, organisation_id__in=keys)
    left = LeftOutOrganisation.objects.filter(proposal=proposal, organisation_id__in=keys)
    return {
        **{row.organisation_id: _stored_left_out(row) for row in left.order_by("pk")},
        **{row.organisation_id: _stored_unit(row) for row in units.order_by("pk")},
    }


def _stored_unit(row: ProposedUnit) -> PlannedOrganisation:
    return PlannedOrganisation(
        organisation_id=row.organisation_id,
        name=row.name,
        street_id=row.street_id,
        site_id=None,
        site_name=row.site_name,
        industry_code=row.industry_code,
        lon=row.lon,
        lat=row.lat,
        members=row.members,
        to_transfer=row.to_transfer,
        is_reached_by_work=False,
    )


def _stored_left_out(row: LeftOutOrganisation) -> PlannedOrganisation:
    return PlannedOrganisation(
        organisation_id=row.organisation_id,
        name=row.name,
        street_id=row.street_id,
        site_id=None,
        site_name="",
        industry_code="",
        lon=row.lon,
        lat=row.lat,
        members=row.members,
        to_transfer=0,
        is_reached_by_work=False,
    )


def _taken(keys: Collection[int]) -> dict[int, str]:
    rows = EstablishmentUnit.objects.filter(is_open=True, organisation_id__in=keys)
    found = rows.select_related("establishment").order_by("organisation_id")
    return {
        row.organisation_id: f"“{row.name}”已列入组建事项“{row.establishment.name}”"
        for row in found
    }


def as_dict(state: GroupState | LeftOutState | None) -> dict[str, Any] | None:
    """A state as it is kept in a step."""
    return None if state is None else asdict(state)


def group_from(told: Mapping[str, Any] | None) -> GroupState | None:
    """A group as a step has kept it."""
    if told is None:
        return None
    lists = {name: tuple(told[name]) for name in ("units", "pinned", "moved")}
    return GroupState(**{**told, **lists})


def left_out_from(told: Mapping[str, Any] | None) -> LeftOutState | None:
    """A unit left out as a step has kept it."""
    return None if told is None else LeftOutState(**{**told, "helps": tuple(told["helps"])})
