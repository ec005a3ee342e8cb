"""Everything that happened to one organisation, told once, in the order of the days it was true."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localdate

from liangxin.kernel.models import AuditEntry
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import (
    Fact,
    MassPresence,
    Organisation,
    PartyCoverage,
    PartyOrganisationVersion,
    Posting,
)
from liangxin.registry.queries.changes import VersionStep
from liangxin.registry.queries.merged import merges_into_organisation
from liangxin.registry.queries.organisations import CONFIRMED
from liangxin.registry.queries.reorganisations import OF_BRANCHES, lineage
from liangxin.registry.queries.versions import may_be_met
from liangxin.registry.terms import ReorganisationAct

MOST_CONFIRMATIONS = 20


@dataclass(frozen=True)
class Event:
    """Something that became true, or ceased to be, on a day; `details` are lines under it."""

    day: date
    words: str
    source: str
    details: tuple[str, ...] = ()


def timeline(
    viewer: Viewer, *, organisation_id: int, steps: Sequence[VersionStep], at: date
) -> tuple[Event, ...]:
    """The events up to `at`, newest first; ask only for an organisation the viewer may see."""
    events = [
        *_facts(steps),
        *_coverages(viewer, organisation_id, at=at),
        *_postings(organisation_id, at=at),
        *_presences(organisation_id, at=at),
        *_confirmations(organisation_id, at=at),
        *_merges(organisation_id, at=at),
        *_departures(organisation_id, at=at),
    ]
    return tuple(sorted(events, key=lambda event: event.day, reverse=True))


def _facts(steps: Sequence[VersionStep]) -> Iterator[Event]:
    for step in steps:
        version = step.version
        words = (
            "首次登记"
            if step.is_first
            else "资料变化"
            if step.changes
            else "重新登记，内容没有变化"
        )
        details = () if step.is_first else step.changes
        yield Event(
            version.valid_from,
            words,
            _told(version),
            tuple(f"{one.title}：{one.before} → {one.after}" for one in details),
        )


def _coverages(viewer: Viewer, organisation_id: int, *, at: date) -> Iterator[Event]:
    # Of a branch that is only proposed nobody hears who does not plan it.
    named = PartyOrganisationVersion.objects.filter(
        may_be_met(viewer, at=at), party_organisation_id=OuterRef("party_organisation_id")
    ).order_by("-valid_from")
    found = _facts_of(PartyCoverage.objects.filter(organisation_id=organisation_id), at=at)
    for coverage in found.annotate(party_name=Subquery(named.values("name")[:1])):
        if coverage.party_name:
            yield from _both_ends(
                coverage,
                begun=f"纳入“{coverage.party_name}”的涵盖范围",
                ended=f"不再由“{coverage.party_name}”涵盖",
                at=at,
            )


def _postings(organisation_id: int, *, at: date) -> Iterator[Event]:
    found = _facts_of(Posting.objects.filter(organisation_id=organisation_id), at=at)
    for posting in found.select_related("person"):
        who = f"{posting.get_role_display()}{posting.person.name}"
        yield from _both_ends(posting, begun=f"{who}开始联系", ended=f"{who}结束联系", at=at)


def _presences(organisation_id: int, *, at: date) -> Iterator[Event]:
    for presence in _facts_of(MassPresence.objects.filter(organisation_id=organisation_id), at=at):
        kind = presence.get_kind_display()
        yield from _both_ends(presence, begun=f"有了{kind}", ended=f"不再有{kind}", at=at)


def _confirmations(organisation_id: int, *, at: date) -> Iterator[Event]:
    entries = AuditEntry.objects.filter(
        action=CONFIRMED,
        object_kind=Organisation._meta.label_lower,
        object_key=str(organisation_id),
        at__date__lte=at,
    ).order_by("-id")
    for entry in entries[:MOST_CONFIRMATIONS]:
        yield Event(localdate(entry.at), "核对无误，资料没有变化", entry.by_name)


def _merges(organisation_id: int, *, at: date) -> Iterator[Event]:
    for merge in merges_into_organisation(organisation_id):
        if merge.merged_date <= at:
            yield Event(merge.merged_date, "并入一条重复的单位", "合并")


def _departures(organisation_id: int, *, at: date) -> Iterator[Event]:
    for act in lineage(organisation_id).filter(on_date__lte=at):
        # Where it stands, and which Party organisation covers it, the facts tell already.
        if act.act not in (ReorganisationAct.MOVE, *OF_BRANCHES):
            yield Event(act.on_date, str(act), act.basis)


def _facts_of(facts: QuerySet[Any], *, at: date) -> QuerySet[Any]:
    begun = facts.filter(Q(valid_from__lte=at), provenance__is_withdrawn=False)
    return begun.select_related("provenance", "provenance__recorded_by").order_by(
        "valid_from", "id"
    )


def _both_ends(fact: Fact, *, begun: str, ended: str, at: date) -> Iterator[Event]:
    yield Event(fact.valid_from, begun, _told(fact))
    if fact.valid_to is not None and fact.valid_to <= at:
        yield Event(fact.valid_to, ended, "")


def _told(fact: Fact) -> str:
    by = fact.provenance.recorded_by
    return f"{fact.provenance}，{f'{by} ' if by else ''}{localdate(fact.recorded_at)} 录入"
