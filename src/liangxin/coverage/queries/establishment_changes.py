"""What the ledger says of establishments by now that differs from what was adopted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from liangxin.coverage.models import Establishment, EstablishmentUnit
from liangxin.coverage.queries.candidates import NOBODY, member_counts
from liangxin.coverage.queries.changed_facts import FactChange, What
from liangxin.coverage.queries.members import MemberCount
from liangxin.coverage.queries.state import founded_coverages
from liangxin.registry.models import OrganisationVersion, PartyOrganisationVersion
from liangxin.registry.queries import true_at
from liangxin.registry.terms import OrganisationStatus

NOT_KNOWN = "未填"


@dataclass(frozen=True)
class _Now:
    versions: dict[int, OrganisationVersion]
    counts: dict[int, MemberCount]
    covering: dict[int, tuple[tuple[int, str], ...]]  # key and name of those that stand


def establishment_changes(establishment: Establishment, *, at: date) -> tuple[FactChange, ...]:
    """What differs on `at` for one establishment, what calls for a decision first; () where nothing."""
    return changes_of_establishments([establishment], at=at)[establishment.pk]


def changes_of_establishments(
    establishments: Sequence[Establishment], *, at: date
) -> dict[int, tuple[FactChange, ...]]:
    """The same for many by their primary key; the number of queries does not grow with them.

    Blocking ones (closed, gone, covered by another Party organisation) call for planning anew.
    """
    units = {one.pk: list(one.units.all()) for one in establishments}
    now = _now([unit.organisation_id for some in units.values() for unit in some], at=at)
    return {
        one.pk: tuple(
            sorted(
                (change for unit in units[one.pk] for change in _changes(one, unit, now)),
                key=lambda change: not change.is_blocking,
            )
        )
        for one in establishments
    }


def _now(keys: Sequence[int], *, at: date) -> _Now:
    among = Q(organisation_id__in=keys)
    versions = OrganisationVersion.objects.filter(true_at(at), among).select_related("street")
    pairs = list(
        founded_coverages(at)
        .filter(among)
        .order_by("organisation_id", "party_organisation_id")
        .values_list("organisation_id", "party_organisation_id")
    )
    named = PartyOrganisationVersion.objects.filter(
        true_at(at), party_organisation_id__in={party for _, party in pairs}
    ).order_by()
    names = dict(named.values_list("party_organisation_id", "name"))
    covering: dict[int, tuple[tuple[int, str], ...]] = {}
    for organisation, party in pairs:
        told = (party, names.get(party, ""))
        covering[organisation] = (*covering.get(organisation, ()), told)
    return _Now(
        versions={version.organisation_id: version for version in versions},
        counts=member_counts(at, among=among),
        covering=covering,
    )


def _changes(
    establishment: Establishment, unit: EstablishmentUnit, now: _Now
) -> Iterator[FactChange]:
    version = now.versions.get(unit.organisation_id)
    if version is None:
        text = f"{unit.name}在台账中已没有有效记录，可能已被撤销导入。"
        yield _change(unit, What.GONE, "在册", "无记录", text, is_blocking=True)
        return
    if version.status != OrganisationStatus.OPERATING:
        after = str(version.get_status_display())
        text = f"{unit.name}现在的登记状态是“{after}”，不再是在营单位。"
        before = str(OrganisationStatus.OPERATING.label)
        yield _change(unit, What.STATUS, before, after, text, is_blocking=True)
    yield from _other_coverage(establishment, unit, now)
    yield from _told_changes(unit, version)
    yield from _member_changes(unit, now.counts.get(unit.organisation_id, NOBODY))


def _other_coverage(
    establishment: Establishment, unit: EstablishmentUnit, now: _Now
) -> Iterator[FactChange]:
    expected = (establishment.party_organisation_id, unit.from_branch_id)
    covering = now.covering.get(unit.organisation_id, ())
    others = [name for key, name in covering if key not in expected]
    if others:
        text = f"{unit.name}已由“{others[0]}”覆盖。"
        yield _change(unit, What.COVERED, "没有党组织", others[0], text, is_blocking=True)


def _told_changes(unit: EstablishmentUnit, version: OrganisationVersion) -> Iterator[FactChange]:
    if version.name != unit.name:
        text = f"{unit.name}已更名为{version.name}。"
        yield _change(unit, What.NAME, unit.name, version.name, text)
    if version.street_id != unit.street_id:
        before, after = (
            street.name if street else NOT_KNOWN for street in (unit.street, version.street)
        )
        text = f"{unit.name}的所属街道由“{before}”变为“{after}”。"
        yield _change(unit, What.STREET, before, after, text)


def _member_changes(unit: EstablishmentUnit, count: MemberCount) -> Iterator[FactChange]:
    if count.full != unit.members:
        before, after = f"{unit.members} 名", f"{count.full} 名"
        text = f"{unit.name}的正式党员由 {before}变为 {after}。"
        yield _change(unit, What.MEMBERS, before, after, text)
    if count.elsewhere != unit.to_transfer:
        before, after = f"{unit.to_transfer} 名", f"{count.elsewhere} 名"
        text = f"{unit.name}需转接组织关系的正式党员由 {before}变为 {after}。"
        yield _change(unit, What.TRANSFER, before, after, text)


def _change(
    unit: EstablishmentUnit,
    what: What,
    before: str,
    after: str,
    text: str,
    *,
    is_blocking: bool = False,
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
