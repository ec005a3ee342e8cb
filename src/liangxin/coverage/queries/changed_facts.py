"""What the ledger says of proposed groups by now: everything that differs from what the planner saw."""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Q, QuerySet

from liangxin.coverage.models import BranchProposal, EstablishmentUnit, ProposedGroup, ProposedUnit
from liangxin.coverage.queries.candidates import NOBODY, division, member_counts
from liangxin.coverage.queries.members import MemberCount
from liangxin.coverage.queries.reach import Place, is_within_reach
from liangxin.coverage.queries.state import founded_coverages
from liangxin.coverage.terms import PlanParameters
from liangxin.registry.models import OrganisationVersion, PartyCoverage, PartyOrganisation
from liangxin.registry.queries import true_at
from liangxin.registry.queries.changes import NOT_KNOWN, industry_title
from liangxin.registry.terms import OrganisationStatus
from liangxin.standards.coordinates import distance_m

MOVED_M = 50.0
OUTLINE = "street__boundary"  # large, and read anew for every row


class What(StrEnum):
    """What differs; the fingerprint and the pages' order follow it."""

    GONE = "gone"  # no version holds on the day
    STATUS = "status"
    COVERED = "covered"
    ELSEWHERE = "elsewhere"  # in another open establishment
    BRANCH = "branch"  # the branch that was to take the units in stands no more
    MEMBERS = "members"
    GROUP_MEMBERS = "group_members"
    TRANSFER = "transfer"
    NAME = "name"
    STREET = "street"
    SITE = "site"
    POSITION = "position"
    INDUSTRY = "industry"
    REACH = "reach"


@dataclass(frozen=True, kw_only=True)
class FactChange:
    """One fact that differs; blocking: the group cannot be adopted as it is. `text` is a sentence.

    `organisation_id` is None where it is about the whole group.
    """

    organisation_id: int | None
    name: str
    what: What
    before: str
    after: str
    is_blocking: bool
    text: str


@dataclass(frozen=True)
class _Ledger:
    """What is true of all units on the day, by organisation."""

    versions: dict[int, OrganisationVersion]
    counts: dict[int, MemberCount]
    covered: dict[int, frozenset[int | None]]  # Party organisations that stand, by unit
    opened: dict[int, frozenset[int | None]]  # groups (None: deleted) of open establishments
    lost_branches: frozenset[int]


def group_changes(group: ProposedGroup, *, at: date) -> tuple[FactChange, ...]:
    """Everything that differs for one group on `at`; () where all is as planned."""
    return changes_of([group], at=at)[group.pk]


def changes_of(groups: Collection[ProposedGroup], *, at: date) -> dict[int, tuple[FactChange, ...]]:
    """The same for many groups by their primary key, blocking ones first; constant queries."""
    rows = ProposedUnit.objects.filter(group__in=groups).select_related("street")
    rows = rows.defer(OUTLINE)
    units: dict[int, list[ProposedUnit]] = {group.pk: [] for group in groups}
    for unit in rows.order_by("group_id", "-is_host", "name", "organisation_id"):
        units[unit.group_id].append(unit)
    ledger, parameters = _ledger(groups, at=at), _parameters(groups)
    return {
        group.pk: _ordered(
            _GroupThen(
                group, units[group.pk], ledger, parameters=parameters[group.proposal_id]
            ).changes()
        )
        for group in groups
    }


def fingerprint(changes: Iterable[FactChange]) -> str:
    """A short text that differs whenever what was shown differs; '' where nothing changed."""
    told = sorted(
        (str(one.organisation_id or ""), one.name, one.what.value, one.before, one.after)
        for one in changes
    )
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32] if told else ""


class _GroupThen:
    """One group held against the ledger."""

    def __init__(
        self,
        group: ProposedGroup,
        units: Sequence[ProposedUnit],
        ledger: _Ledger,
        *,
        parameters: PlanParameters,
    ) -> None:
        self.group, self.units, self.ledger = group, units, ledger
        self.parameters = parameters

    def changes(self) -> Iterable[FactChange]:
        for unit in self.units:
            version = self.ledger.versions.get(unit.organisation_id)
            if version is None:
                text = f"{unit.name}在台账中已没有有效记录，可能已被撤销导入。"
                yield _change(unit, What.GONE, "在册", "无记录", text, is_blocking=True)
                continue
            yield from _status_changes(unit, version)
            yield from self._standing_changes(unit)
            yield from self._member_changes(unit)
            yield from _told_changes(unit, version)
            yield from self._reach_changes(unit, version)
        yield from self._whole_changes()

    def _standing_changes(self, unit: ProposedUnit) -> Iterable[FactChange]:
        if self.ledger.covered.get(unit.organisation_id, frozenset()) - {unit.from_branch_id}:
            text = f"{unit.name}已有党组织覆盖，不需要再联合组建。"
            yield _change(unit, What.COVERED, "没有党组织", "已有党组织", text, is_blocking=True)
        others = self.ledger.opened.get(unit.organisation_id, frozenset()) - {self.group.pk}
        if others:
            text = f"{unit.name}已列入另一个办理中的组建事项。"
            yield _change(unit, What.ELSEWHERE, "未列入", "已列入", text, is_blocking=True)

    def _member_changes(self, unit: ProposedUnit) -> Iterable[FactChange]:
        count = self._count(unit)
        if count.full != unit.members:
            is_own = count.full >= self.parameters.min_members
            text = f"{unit.name}的正式党员由 {unit.members} 名变为 {count.full} 名"
            text += "，已可单独建立党支部。" if is_own else "。"
            before, after = f"{unit.members} 名", f"{count.full} 名"
            yield _change(unit, What.MEMBERS, before, after, text, is_blocking=is_own)
        if count.elsewhere != unit.to_transfer:
            before, after = f"{unit.to_transfer} 名", f"{count.elsewhere} 名"
            text = f"{unit.name}需转接组织关系的正式党员由 {before}变为 {after}。"
            yield _change(unit, What.TRANSFER, before, after, text)

    def _reach_changes(
        self, unit: ProposedUnit, version: OrganisationVersion
    ) -> Iterable[FactChange]:
        host = next((one for one in self.units if one.is_host), None)
        host_now = self.ledger.versions.get(host.organisation_id) if host else None
        if host is None or host_now is None or host.pk == unit.pk:
            return
        # What stands where it stood was checked when the proposal was computed.
        if not (_is_placed_anew(unit, version) or _is_placed_anew(host, host_now)):
            return
        if not is_within_reach(_place(version), _place(host_now), parameters=self.parameters):
            text = f"{unit.name}与牵头单位{host.name}现在既不同楼同园，也超出联建距离。"
            yield _change(unit, What.REACH, "在联建距离内", "超出联建距离", text, is_blocking=True)

    def _whole_changes(self) -> Iterable[FactChange]:
        if self.group.into_branch_id in self.ledger.lost_branches:
            text = f"第 {self.group.number} 组要并入的党支部已不存在。"
            yield self._whole(What.BRANCH, "已成立", "已撤销", text)
        if self.group.into_branch_id is not None:
            return
        members, least = (
            sum(self._count(unit).full for unit in self.units),
            self.parameters.min_members,
        )
        if members < least:
            text = f"第 {self.group.number} 组现有正式党员 {members} 名，不足 {least} 名，不能成立党支部。"
            yield self._whole(What.GROUP_MEMBERS, f"{self.group.members} 名", f"{members} 名", text)

    def _whole(self, what: What, before: str, after: str, text: str) -> FactChange:
        return FactChange(
            organisation_id=None,
            name=f"第 {self.group.number} 组",
            what=what,
            before=before,
            after=after,
            is_blocking=True,
            text=text,
        )

    def _count(self, unit: ProposedUnit) -> MemberCount:
        return self.ledger.counts.get(unit.organisation_id, NOBODY)


def _ledger(groups: Collection[ProposedGroup], *, at: date) -> _Ledger:
    keys = ProposedUnit.objects.filter(group__in=groups).order_by().values("organisation_id")
    versions = OrganisationVersion.objects.filter(true_at(at), organisation_id__in=keys)
    covered = founded_coverages(at).filter(organisation_id__in=keys)
    opened: dict[int, frozenset[int | None]] = {}
    rows = EstablishmentUnit.objects.filter(is_open=True, organisation_id__in=keys).order_by("pk")
    for organisation, group in rows.values_list("organisation_id", "establishment__group_id"):
        opened[organisation] = opened.get(organisation, frozenset()) | {group}
    return _Ledger(
        versions={
            one.organisation_id: one
            for one in versions.select_related("street", "site").defer(OUTLINE)
        },
        counts=member_counts(at, among=Q(organisation_id__in=keys)),
        covered=_covering(covered),
        opened=opened,
        lost_branches=_lost_branches(groups, at=at),
    )


def _covering(coverages: QuerySet[PartyCoverage]) -> dict[int, frozenset[int | None]]:
    covering: dict[int, frozenset[int | None]] = {}
    rows = coverages.order_by().values_list("organisation_id", "party_organisation_id")
    for organisation, party in rows:
        covering[organisation] = covering.get(organisation, frozenset()) | {party}
    return covering


def _parameters(groups: Collection[ProposedGroup]) -> dict[int, PlanParameters]:
    keys = {group.proposal_id for group in groups}
    rows = BranchProposal.objects.filter(pk__in=keys).order_by("pk").values_list("pk", "parameters")
    return {key: PlanParameters(**values) for key, values in rows}


def _lost_branches(groups: Collection[ProposedGroup], *, at: date) -> frozenset[int]:
    named = {group.into_branch_id for group in groups if group.into_branch_id is not None}
    if not named:
        return frozenset()
    gone = PartyOrganisation.objects.filter(pk__in=named, dissolved_date__lte=at)
    return frozenset(gone.values_list("pk", flat=True))


def _status_changes(unit: ProposedUnit, version: OrganisationVersion) -> Iterable[FactChange]:
    if version.status != OrganisationStatus.OPERATING:
        after = version.get_status_display()
        text = f"{unit.name}现在的登记状态是“{after}”，不再是在营单位。"
        before = str(OrganisationStatus.OPERATING.label)
        yield _change(unit, What.STATUS, before, after, text, is_blocking=True)


def _told_changes(unit: ProposedUnit, version: OrganisationVersion) -> Iterable[FactChange]:
    if version.name != unit.name:
        text = f"{unit.name}已更名为{version.name}。"
        yield _change(unit, What.NAME, unit.name, version.name, text)
    if version.street_id != unit.street_id:
        yield _replaced(unit, What.STREET, "所属街道", unit.street, version.street)
    site_name = version.site.name if version.site else ""
    if site_name != unit.site_name:
        yield _replaced(unit, What.SITE, "所在楼宇园区", unit.site_name, site_name)
    if division(version.industry_code) != division(unit.industry_code):
        before, after = (
            industry_title(one.industry_code) if one.industry_code else ""
            for one in (unit, version)
        )
        yield _replaced(unit, What.INDUSTRY, "行业", before, after)
    yield from _position_changes(unit, _place(version))


def _position_changes(unit: ProposedUnit, place: Place) -> Iterable[FactChange]:
    before = _degrees(unit.lon, unit.lat)
    if place.lon is None or place.lat is None:
        text = f"{unit.name}的位置已从台账中去掉。"
        yield _change(unit, What.POSITION, before, NOT_KNOWN, text)
        return
    way_m = distance_m(unit.lon, unit.lat, place.lon, place.lat)
    if way_m > MOVED_M:
        text = f"{unit.name}的位置移动了约 {way_m:.0f} 米。"
        yield _change(unit, What.POSITION, before, _degrees(place.lon, place.lat), text)


def _is_placed_anew(unit: ProposedUnit, version: OrganisationVersion) -> bool:
    place = _place(version)
    return (
        (version.street_id, place.industry) != (unit.street_id, division(unit.industry_code))
        or (version.site.name if version.site else "") != unit.site_name
        or (place.lon, place.lat) != (unit.lon, unit.lat)
    )


def _place(version: OrganisationVersion) -> Place:
    source = version.site if version.lon is None else version
    return Place(
        lon=source.lon if source else None,
        lat=source.lat if source else None,
        site_id=version.site_id,
        street_id=version.street_id,
        industry=division(version.industry_code),
    )


def _replaced(
    unit: ProposedUnit, what: What, title: str, before: object, after: object
) -> FactChange:
    old, new = str(before or NOT_KNOWN), str(after or NOT_KNOWN)
    return _change(unit, what, old, new, f"{unit.name}的{title}由“{old}”变为“{new}”。")


def _change(
    unit: ProposedUnit, what: What, before: str, after: str, text: str, *, is_blocking: bool = False
) -> FactChange:
    return FactChange(
        organisation_id=unit.organisation_id,
        name=unit.name,
        what=what,
        before=before,
        after=after,
        is_blocking=is_blocking,
        text=text,
    )


def _ordered(changes: Iterable[FactChange]) -> tuple[FactChange, ...]:
    return tuple(sorted(changes, key=lambda change: not change.is_blocking))


def _degrees(lon: float, lat: float) -> str:
    return f"{lon:.5f}, {lat:.5f}"
