"""Where a Party organisation stands in the tree, how many members it counts, and what became of it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery

from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import (
    OrganisationVersion,
    PartyCoverage,
    PartyMembership,
    PartyOrganisation,
    PartyOrganisationVersion,
)
from liangxin.registry.queries.periods import true_at
from liangxin.registry.queries.scope import organisations_in_scope
from liangxin.registry.queries.versions import party_organisation_versions
from liangxin.registry.terms import MemberStage, Position

MOST_LEVELS = 12
NOT_FILLED_IN = "未填"


@dataclass(frozen=True)
class Turn:
    """Something that became true of a Party organisation on a day."""

    day: date
    words: str
    source: str = ""


@dataclass(frozen=True)
class Tally:
    """Members counted by one thing they are recorded with, as (title, number), the sum being all."""

    title: str
    rows: tuple[tuple[str, int], ...]


def superiors(
    viewer: Viewer, version: PartyOrganisationVersion, *, at: date
) -> list[tuple[PartyOrganisationVersion, bool]]:
    """The chain above, the highest first, each with whether the viewer may open its page."""
    chain = _chain(version, at=at)
    keys = [one.party_organisation_id for one in chain]
    seen = party_organisation_versions(viewer, at=at, among=keys).order_by()
    open_keys = set(seen.values_list("party_organisation_id", flat=True)) if keys else set()
    return [(one, one.party_organisation_id in open_keys) for one in chain]


def _chain(version: PartyOrganisationVersion, *, at: date) -> list[PartyOrganisationVersion]:
    chain: list[PartyOrganisationVersion] = []
    key, seen = version.parent_id, {version.party_organisation_id}
    # Parents that form a circle by a wrong import must not hang the page.
    while key is not None and key not in seen and len(chain) < MOST_LEVELS:
        seen.add(key)
        above = PartyOrganisationVersion.objects.filter(true_at(at), party_organisation_id=key)
        found = above.first()
        if found is None:
            break
        chain.append(found)
        key = found.parent_id
    return chain[::-1]


def subordinates(
    viewer: Viewer, *, party_organisation_id: int, at: date
) -> list[PartyOrganisationVersion]:
    """Those directly below that the viewer may see and that stand on `at`, by name."""
    below = party_organisation_versions(viewer, at=at).filter(
        parent_id=party_organisation_id, party_organisation__founded_date__lte=at
    )
    return list(below)


def tallies(members: Iterable[PartyMembership]) -> tuple[Tally, ...]:
    """Members of `members_held_in` counted by stage, sex and position."""
    rows = list(members)
    positions = dict(Position.choices)
    return (
        _tally("人员类别", (dict(MemberStage.choices)[row.stage] for row in rows)),
        _tally("性别", (row.person.sex or NOT_FILLED_IN for row in rows)),
        _tally(
            "岗位", (positions.get(getattr(row, "position", ""), NOT_FILLED_IN) for row in rows)
        ),
    )


def _tally(title: str, values: Iterable[str]) -> Tally:
    counted = Counter(values)
    return Tally(title, tuple(sorted(counted.items(), key=lambda one: (-one[1], one[0]))))


def party_turns(viewer: Viewer, identity: PartyOrganisation, *, at: date) -> tuple[Turn, ...]:
    """What became of a Party organisation up to `at`, newest first; ask only for one the viewer may see.

    Units outside of the viewer's scope are not named.
    """
    turns = [*_versions(identity, at=at), *_units(viewer, identity, at=at)]
    if identity.founded_date and identity.founded_date <= at:
        turns.append(Turn(identity.founded_date, "成立"))
    if identity.dissolved_date and identity.dissolved_date <= at:
        turns.append(Turn(identity.dissolved_date, "撤销"))
    return tuple(sorted(turns, key=lambda one: one.day, reverse=True))


def _versions(identity: PartyOrganisation, *, at: date) -> Iterator[Turn]:
    found = identity.versions.filter(valid_from__lte=at).order_by("valid_from", "pk")
    before: PartyOrganisationVersion | None = None
    for version in found.select_related("street", "provenance"):
        if before is not None and (words := _changes(before, version)):
            yield Turn(version.valid_from, "；".join(words), str(version.provenance))
        before = version


def _changes(before: PartyOrganisationVersion, after: PartyOrganisationVersion) -> list[str]:
    words = []
    if before.name != after.name:
        words.append(f"“{before.name}”改名为“{after.name}”")
    if before.kind != after.kind:
        words.append(f"{before.get_kind_display()}改建为{after.get_kind_display()}")
    if before.street_id != after.street_id:
        words.append(f"划归{after.street or '区直属'}")
    if before.parent_id != after.parent_id:
        words.append("上级党组织变更")
    return words


def _units(viewer: Viewer, identity: PartyOrganisation, *, at: date) -> Iterator[Turn]:
    named = OrganisationVersion.objects.filter(organisation_id=OuterRef("organisation_id"))
    begun = identity.coverages.filter(valid_from__lte=at)
    units = list(begun.order_by().values_list("organisation_id", flat=True))
    seen = organisations_in_scope(viewer, at=at, among=units).order_by().values("organisation_id")
    found = begun.filter(organisation_id__in=seen, provenance__is_withdrawn=False).annotate(
        unit_name=Subquery(named.order_by("-valid_from").values("name")[:1])
    )
    for coverage in found:
        yield from _ends(coverage, str(getattr(coverage, "unit_name", "")), at=at)


def _ends(coverage: PartyCoverage, name: str, *, at: date) -> Iterator[Turn]:
    yield Turn(coverage.valid_from, f"涵盖“{name}”")
    if coverage.valid_to is not None and coverage.valid_to <= at:
        yield Turn(coverage.valid_to, f"不再涵盖“{name}”")
