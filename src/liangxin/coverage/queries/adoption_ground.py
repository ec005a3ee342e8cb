"""Everything that adopting groups of a proposal stands on, read in bulk: who may, what is taken, what
changed, what the branches would be called, and on what basis they would be established.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from liangxin.coverage.models import (
    BranchProposal,
    Establishment,
    EstablishmentUnit,
    ProposedGroup,
    ProposedUnit,
)
from liangxin.coverage.queries.branch_names import OPEN_STATES, free_name, plain, taken_names
from liangxin.coverage.queries.candidates import member_counts
from liangxin.coverage.queries.changed_facts import FactChange, changes_of, fingerprint
from liangxin.coverage.queries.establishment_basis import BasisRules, basis_rules, basis_text
from liangxin.coverage.queries.members import MemberCount
from liangxin.coverage.queries.planning_scope import (
    plans_district,
    reached_branches,
    reached_organisations,
)
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import OrganisationVersion, PartyOrganisationVersion
from liangxin.registry.queries import true_at
from liangxin.registry.terms import PartyKind

COMMITTEES = (PartyKind.WORK_COMMITTEE, PartyKind.COMMITTEE)


@dataclass(frozen=True, kw_only=True)
class UnitNow:
    """What the ledger says of a unit on the day of adoption."""

    name: str
    street_id: int | None
    members: int
    to_transfer: int


class AdoptionGround:
    """The groups asked for, by number, and what is known of them on the day; see `adoption_ground`.

    `adopted` leads from a group to its open or founded establishment; `reached` holds the groups that
    the viewer plans for, `standing` those whose branch to join stands (all by key of the group).
    """

    def __init__(
        self, proposal: BranchProposal, groups: Sequence[ProposedGroup], *, at: date
    ) -> None:
        self.proposal = proposal
        self.at = at
        self.groups = {group.number: group for group in groups}
        self.reached: set[int] = set()
        self.adopted: dict[int, Establishment] = {}
        self.standing: dict[int, PartyOrganisationVersion] = {}
        self.changes: dict[int, tuple[FactChange, ...]] = {}
        self.fingerprints: frozenset[str] = frozenset()
        self._units: defaultdict[int, list[ProposedUnit]] = defaultdict(list)
        self._taken: dict[int, EstablishmentUnit] = {}
        self._now: dict[int, UnitNow] = {}
        self._names = taken_names()
        self._committees: dict[int, int] = {}
        self._rules: BasisRules = basis_rules(proposal.at, proposal.parameters)

    def units(self, group: ProposedGroup) -> list[ProposedUnit]:
        """The units of a group, the host first."""
        return self._units[group.pk]

    def now(self, unit: ProposedUnit) -> UnitNow:
        """What the ledger says of a unit now; what the proposal said where it says nothing."""
        return self._now.get(unit.organisation_id) or UnitNow(
            name=unit.name,
            street_id=unit.street_id,
            members=unit.members,
            to_transfer=unit.to_transfer,
        )

    def taken(self, group: ProposedGroup) -> list[EstablishmentUnit]:
        """Where units of the group stand in open establishments."""
        keys = [unit.organisation_id for unit in self.units(group)]
        return [self._taken[key] for key in keys if key in self._taken]

    def taken_now(self, units: Iterable[ProposedUnit]) -> list[EstablishmentUnit]:
        """The same, asked of the database at this moment."""
        return _open_units([unit.organisation_id for unit in units])

    def take_units(self, establishment: Establishment, units: Iterable[ProposedUnit]) -> None:
        """Remember that the units stand in this establishment now."""
        for unit in units:
            self._taken[unit.organisation_id] = EstablishmentUnit(
                establishment=establishment, organisation_id=unit.organisation_id, name=unit.name
            )

    def name(self, group: ProposedGroup) -> str:
        """The branch's name: the one that stands, or a free one after where the group meets."""
        if group.pk in self.standing:
            return self.standing[group.pk].name
        return free_name(self._place(group), taken=self._names)

    def take_name(self, name: str, *, is_new: bool) -> None:
        """Remember that a branch to be bears the name now."""
        if is_new:
            self._names.add(plain(name))

    def street_id(self, group: ProposedGroup) -> int | None:
        """The street of the host, or of the branch joined."""
        if group.pk in self.standing:
            return self.standing[group.pk].street_id or group.street_id
        return self.now(self.units(group)[0]).street_id or group.street_id

    def streets(self, group: ProposedGroup) -> list[int]:
        """The streets that the branch reaches into, its own among them."""
        found = {self.now(unit).street_id for unit in self.units(group)}
        found.add(self.street_id(group))
        return sorted(street for street in found if street is not None)

    def parent_id(self, group: ProposedGroup) -> int | None:
        """The committee of the host's street, where one stands in the ledger."""
        return self._committees.get(self.street_id(group) or 0)

    def basis(self, group: ProposedGroup) -> str:
        """On what the branch is established, in sentences."""
        return basis_text(group, proposal=self.proposal, rules=self._rules)

    def _place(self, group: ProposedGroup) -> str:
        units = self.units(group)
        sites = [unit.site_name for unit in units if unit.is_host and unit.site_name]
        street = group.street.name if group.street else ""
        return sites[0] if sites else street or units[0].name

    def load(self, viewer: Viewer) -> "AdoptionGround":
        """Read everything that the viewer's adoption needs; a fixed number of queries."""
        groups = list(self.groups.values())
        found = ProposedUnit.objects.filter(group__in=groups)
        for unit in found.order_by("group_id", "-is_host", "way_m", "organisation_id"):
            self._units[unit.group_id].append(unit)
        keys = [unit.organisation_id for units in self._units.values() for unit in units]
        self._taken = {unit.organisation_id: unit for unit in _open_units(keys)}
        self._now = _units_now(keys, at=self.at)
        self.reached = _reached(groups, viewer)
        self.adopted = _adopted(groups)
        self.standing = _standing(groups, at=self.at)
        self._committees = _committees(self.at)
        self._load_changes(groups)
        return self

    def _load_changes(self, groups: Sequence[ProposedGroup]) -> None:
        self.changes = changes_of(groups, at=self.at)
        shown = [change for some in self.changes.values() for change in some]
        adoptable = [change for change in shown if not change.is_blocking]
        # Either: an adoption by somebody else in between adds a blocking change, and no more.
        self.fingerprints = frozenset({fingerprint(shown), fingerprint(adoptable)} - {""})


def adoption_ground(
    proposal: BranchProposal, numbers: Collection[int], *, viewer: Viewer, at: date
) -> AdoptionGround:
    """What adopting these groups stands on; also what a page shows before anything is adopted."""
    groups = proposal.groups.filter(number__in=set(numbers)).select_related(
        "proposal", "street", "into_branch"
    )
    return AdoptionGround(proposal, list(groups.order_by("number")), at=at).load(viewer)


def _reached(groups: Sequence[ProposedGroup], viewer: Viewer) -> set[int]:
    if plans_district(viewer):
        return {group.pk for group in groups}
    hosts = reached_organisations(viewer, [one.host_id for one in groups if one.host_id])
    joined = [one.into_branch_id for one in groups if one.into_branch_id]
    branches = reached_branches(viewer, joined)
    return {one.pk for one in groups if one.host_id in hosts or one.into_branch_id in branches}


def _adopted(groups: Sequence[ProposedGroup]) -> dict[int, Establishment]:
    roots = [one.copied_from_id for one in groups if one.copied_from_id is not None]
    found = Establishment.objects.filter(
        Q(state__in=OPEN_STATES) | Q(founded_date__isnull=False),
        Q(group__in=groups) | Q(group__in=roots),
    ).select_related("adopted_by")
    by_group = {one.group_id: one for one in found}
    return {
        one.pk: by_group[key]
        for one in groups
        for key in (one.copied_from_id, one.pk)
        if key is not None and key in by_group
    }


def _open_units(keys: Collection[int]) -> list[EstablishmentUnit]:
    found = EstablishmentUnit.objects.filter(is_open=True, organisation_id__in=keys)
    return list(found.select_related("establishment__adopted_by").order_by("organisation_id"))


def _standing(groups: Sequence[ProposedGroup], *, at: date) -> dict[int, PartyOrganisationVersion]:
    keys = {group.into_branch_id: group.pk for group in groups if group.into_branch_id}
    found = PartyOrganisationVersion.objects.filter(
        Q(party_organisation__dissolved_date__isnull=True)
        | Q(party_organisation__dissolved_date__gt=at),
        true_at(at),
        party_organisation__founded_date__lte=at,
        party_organisation_id__in=keys,
    )
    by_branch = {version.party_organisation_id: version for version in found}
    return {
        group.pk: by_branch[group.into_branch_id]
        for group in groups
        if group.into_branch_id in by_branch
    }


def _committees(at: date) -> dict[int, int]:
    """The committee of each street: its work committee, else a committee that covers no firm itself."""
    found = PartyOrganisationVersion.objects.filter(
        Q(party_organisation__dissolved_date__isnull=True)
        | Q(party_organisation__dissolved_date__gt=at),
        true_at(at),
        party_organisation__founded_date__lte=at,
        party_organisation__coverages__isnull=True,
        kind__in=COMMITTEES,
        street__isnull=False,
    ).order_by("party_organisation_id")
    by_street: dict[int, int] = {}
    for kind in COMMITTEES:
        for version in found:
            if version.kind == kind and version.street_id is not None:
                by_street.setdefault(version.street_id, version.party_organisation_id)
    return by_street


def _units_now(keys: Collection[int], *, at: date) -> dict[int, UnitNow]:
    counts = member_counts(at, among=Q(organisation_id__in=keys))
    nobody = MemberCount()
    found = OrganisationVersion.objects.filter(true_at(at), organisation_id__in=keys)
    return {
        version.organisation_id: UnitNow(
            name=version.name,
            street_id=version.street_id,
            members=counts.get(version.organisation_id, nobody).full,
            to_transfer=counts.get(version.organisation_id, nobody).elsewhere,
        )
        for version in found
    }
