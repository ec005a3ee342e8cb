"""Everything that a request (请示) for approval says of the branches it asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from liangxin.coverage.models import Establishment, EstablishmentUnit
from liangxin.coverage.queries.establishment_basis import BasisRule, basis_rules, quoted
from liangxin.coverage.terms import ConsentState
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import ROLE_TITLES, Role, Viewer
from liangxin.registry.models import PartyOrganisationVersion

Told = TypeVar("Told")
DISTRICT_COMMITTEE = ROLE_TITLES[Role.DISTRICT_OFFICE]


@dataclass(frozen=True, kw_only=True)
class RequestedUnit:
    """One unit of a branch; members and transfers as counted at its adoption."""

    name: str
    street: str
    is_host: bool
    members: int
    to_transfer: int


@dataclass(frozen=True, kw_only=True)
class RequestedBranch:
    """One branch asked for; `host` is '' where units join a branch that stands."""

    establishment_id: int
    name: str
    joins_branch: bool
    street: str
    parent: str
    host: str
    units: tuple[RequestedUnit, ...]
    basis: tuple[str, ...]  # paragraphs
    reason: str
    exception: str  # why it goes beyond what is usual; '' where it does not
    mode: str  # value of GroupMode; '' where the proposal is gone, and so are the ways
    longest_way_m: float | None
    mean_way_m: float | None  # of a member, one way
    consents: tuple[str, ...]  # 甲街道：同意（2026-06-11）
    proposal_title: str
    ledger_date: date | None
    adopted_date: date

    @property
    def members(self) -> int:
        return sum(unit.members for unit in self.units)

    @property
    def to_transfer(self) -> int:
        return sum(unit.to_transfer for unit in self.units)


@dataclass(frozen=True, kw_only=True)
class RequestFacts:
    """A request as a whole; `recipient` is '' where the ledger does not tell who stands above."""

    sender: str
    recipient: str
    branches: tuple[RequestedBranch, ...]
    rules: tuple[BasisRule, ...]
    is_synthetic: bool
    number: str = ""  # '' until somebody has typed it
    signed_date: date | None = None

    @property
    def units_count(self) -> int:
        return sum(len(branch.units) for branch in self.branches)

    @property
    def members(self) -> int:
        return sum(branch.members for branch in self.branches)

    @property
    def to_transfer(self) -> int:
        return sum(branch.to_transfer for branch in self.branches)


def request_facts(viewer: Viewer, establishments: Sequence[Establishment]) -> RequestFacts:
    """What a request for these says; they come from `establishments(viewer)`, at least one of them.

    From the street's committee to the one above it; for branches of several streets from the one
    above. Raises NotAllowed.
    """
    require(viewer, Permission.PLAN_BRANCHES)
    tree = _Tree.of(establishments)
    sender, recipient = _ends(establishments, tree)
    return RequestFacts(
        sender=sender,
        recipient=recipient,
        branches=tuple(_branch(one, tree) for one in establishments),
        rules=_rules(establishments),
        is_synthetic=any(one.is_synthetic for one in establishments),
        number=_only({one.request_number for one in establishments}) or "",
        signed_date=_only({one.request_date for one in establishments}),
    )


def _rules(establishments: Sequence[Establishment]) -> tuple[BasisRule, ...]:
    """What the branches stand on, each once; plans that set other values are all told."""
    proposals = {one.group.proposal_id: one.group.proposal for one in establishments if one.group}
    modes = {one.group.mode for one in establishments if one.group}
    told = [basis_rules(one.at, one.parameters) for one in proposals.values()]
    if not told:
        told = [basis_rules(min(one.adopted_date for one in establishments))]
    every = [rule for rules in told for rule in quoted(rules, modes=modes)]
    codes = [rule.code for rule in every]
    return tuple(sorted(dict.fromkeys(every), key=lambda rule: codes.index(rule.code)))


def _only(found: set[Told]) -> Told | None:
    """What all of them have alike."""
    return found.pop() if len(found) == 1 else None


@dataclass(frozen=True)
class _Tree:
    """Names and parents of Party organisations by key, as the ledger holds them now."""

    names: dict[int, str]
    parents: dict[int, int]

    @classmethod
    def of(cls, establishments: Sequence[Establishment]) -> "_Tree":
        names: dict[int, str] = {}
        parents: dict[int, int] = {}
        wanted = {one.party_organisation_id for one in establishments}
        while wanted:
            found = PartyOrganisationVersion.objects.filter(
                party_organisation_id__in=wanted, valid_to__isnull=True
            ).order_by()
            for key, name, parent in found.values_list(
                "party_organisation_id", "name", "parent_id"
            ):
                names[key] = name
                if parent is not None:
                    parents[key] = parent
            wanted = {parents[key] for key in wanted if key in parents} - set(names)
        return cls(names, parents)

    def above(self, key: int | None) -> int | None:
        """The key of the parent."""
        return self.parents.get(key) if key is not None else None

    def name(self, key: int | None) -> str:
        """The name, '' where the ledger has none."""
        return self.names.get(key, "") if key is not None else ""


def _ends(establishments: Sequence[Establishment], tree: _Tree) -> tuple[str, str]:
    """Who asks, and whom."""
    parents = {tree.above(one.party_organisation_id) for one in establishments}
    streets = {one.street.name for one in establishments if one.street}
    above = {tree.above(parent) for parent in parents}
    upper = above.pop() if len(above) == 1 else None
    if len(parents) == 1 and len(streets) <= 1:
        committee = f"{streets.pop()}党工委" if streets else DISTRICT_COMMITTEE
        sender = tree.name(parents.pop()) or committee
        return sender, tree.name(upper) or (
            "" if sender == DISTRICT_COMMITTEE else DISTRICT_COMMITTEE
        )
    return tree.name(upper) or DISTRICT_COMMITTEE, tree.name(tree.above(upper))


def _branch(establishment: Establishment, tree: _Tree) -> RequestedBranch:
    units = tuple(_unit(unit) for unit in establishment.units.all())
    group = establishment.group
    answers = establishment.consents.all()
    return RequestedBranch(
        establishment_id=establishment.pk,
        name=establishment.name,
        joins_branch=establishment.joins_branch,
        street=establishment.street.name if establishment.street else "",
        parent=tree.name(tree.above(establishment.party_organisation_id)),
        host=next((unit.name for unit in units if unit.is_host), ""),
        units=units,
        basis=tuple(establishment.basis.splitlines()),
        reason=group.reason if group else "",
        exception=group.exception if group else "",
        mode=group.mode if group else "",
        longest_way_m=group.longest_way_m if group else None,
        mean_way_m=group.cost_mm / group.members if group and group.members else None,
        consents=tuple(
            f"{one.street.name}：{ConsentState(one.state).label}"
            + ("（区级代为答复）" if one.is_by_district and one.decided_date else "")
            + (f"（{one.decided_date}）" if one.decided_date else "")
            for one in answers
        ),
        proposal_title=group.proposal.title if group else "",
        ledger_date=_ledger_date(establishment),
        adopted_date=establishment.adopted_date,
    )


def _unit(unit: EstablishmentUnit) -> RequestedUnit:
    return RequestedUnit(
        name=unit.name,
        street=unit.street.name if unit.street else "",
        is_host=unit.is_host,
        members=unit.members,
        to_transfer=unit.to_transfer,
    )


def _ledger_date(establishment: Establishment) -> date | None:
    return establishment.group.proposal.at if establishment.group else None
