"""Who may be chosen for the posts of a branch to be: full members who work in its units.

Only people whom the viewer may see are named; nothing is inferred, nobody is ranked.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import QuerySet

from liangxin.coverage.models import Establishment, Nominee
from liangxin.coverage.queries.establishments import is_planned_by
from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import Employment, Person, Site
from liangxin.registry.queries import true_at
from liangxin.registry.queries.people import members
from liangxin.registry.queries.rules import rule_at
from liangxin.registry.queries.sites import standing
from liangxin.registry.terms import MemberStage
from liangxin.rulebook import Rule


@dataclass(frozen=True, kw_only=True)
class PostCandidate:
    """One person; `label` tells namesakes apart by unit, then by the number of the ledger."""

    person: Person
    label: str


@dataclass(frozen=True, kw_only=True)
class LeadershipRule:
    """How a branch of so many full members is led, with the rules that say so."""

    has_committee: bool
    least: int  # persons of a committee, the secretary counted
    usual: int
    most: int
    rules: tuple[Rule, ...]


def post_candidates(
    viewer: Viewer, establishment: Establishment, *, at: date
) -> tuple[PostCandidate, ...]:
    """Full members on `at` who work in the units, as far as the viewer may see them; by name."""
    if not may(viewer, Permission.SEE_PEOPLE):
        return ()
    units = [unit.organisation_id for unit in establishment.units.all()]
    if establishment.joins_branch or not units:
        return ()
    work = Employment.objects.filter(true_at(at), organisation_id__in=units).order_by()
    keys = list(work.values_list("person_id", flat=True))
    found = members(viewer, at=at, among=keys).filter(stage=MemberStage.FULL)
    return _labelled(list(found))


def nominees_seen(viewer: Viewer, establishment: Establishment, *, at: date) -> tuple[Nominee, ...]:
    """Who is named for the posts, to whoever plans the branch; else only people in the viewer's scope."""
    named = tuple(establishment.nominees.all())
    if not may(viewer, Permission.SEE_PEOPLE):
        return ()
    if is_planned_by(viewer, establishment):
        return named
    keys = [one.person_id for one in named if one.person_id is not None]
    reached = members(viewer, at=at, among=keys).order_by().values_list("person_id", flat=True)
    seen = set(reached)
    return tuple(one for one in named if one.person_id in seen)


def meeting_sites(establishment: Establishment) -> QuerySet[Site]:
    """Sites of the streets of its units, where a branch may meet; by name."""
    streets = {unit.street_id for unit in establishment.units.all()} | {establishment.street_id}
    found = Site.objects.filter(standing(None), street_id__in=streets - {None})
    return found.select_related("street").order_by("name", "pk")


def leadership_rule(full_members: int, *, at: date) -> LeadershipRule:
    """Whether so many full members elect a committee, and of how many persons."""
    threshold, size = (
        rule_at("branch.committee_min_full_members", at=at),
        rule_at("branch.committee_size", at=at),
    )
    least, usual, most = (int(str(one)) for one in cast(Sequence[Any], size.value))
    return LeadershipRule(
        has_committee=full_members >= int(str(threshold.value)),
        least=least,
        usual=usual,
        most=most,
        rules=(threshold, size),
    )


def _labelled(rows: list[Any]) -> tuple[PostCandidate, ...]:
    plain = [_plain(row) for row in rows]
    doubled = {label for label, count in Counter(plain).items() if count > 1}
    return tuple(
        PostCandidate(
            person=row.person,
            label=f"{label}，编号 {row.person_id}" if label in doubled else label,
        )
        for row, label in zip(rows, plain, strict=True)
    )


def _plain(row: Any) -> str:
    employer = row.employer_name if row.is_employer_in_scope else ""
    return f"{row.person.name}（{employer}）" if employer else str(row.person.name)
