"""Everything that happened to one organisation, told once, in the order of the days it was true."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from liangxin.insight.queries.happened import Happened
from liangxin.kernel.models import AuditEntry
from liangxin.registry.models import Fact, MassPresence, Merge, PartyCoverage, Posting
from liangxin.registry.queries.changes import VersionStep
from liangxin.registry.queries.reorganisations import OF_BRANCHES, lineage
from liangxin.registry.terms import ReorganisationAct


@dataclass(frozen=True)
class Event:
    """Something that became true, or ceased to be, on a day; `details` are lines under it."""

    day: date
    words: str
    source: str
    details: tuple[str, ...] = ()


def timeline(
    happened: Happened, *, organisation_id: int, steps: Sequence[VersionStep]
) -> tuple[Event, ...]:
    """The events up to the day of what happened, newest first."""
    at = happened.at
    events = [
        *_facts(steps),
        *_coverages(happened.coverages, at=at),
        *_postings(happened.postings, at=at),
        *_presences(happened.presences, at=at),
        *_confirmations(happened.confirmations),
        *_merges(happened.merges, at=at),
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


def _coverages(coverages: Sequence[PartyCoverage], *, at: date) -> Iterator[Event]:
    for coverage in coverages:
        if name := coverage.party_name:  # type: ignore[attr-defined]
            begun, ended = f"纳入“{name}”的涵盖范围", f"不再由“{name}”涵盖"
            yield from _both_ends(coverage, begun=begun, ended=ended, at=at)


def _postings(postings: Sequence[Posting], *, at: date) -> Iterator[Event]:
    for posting in postings:
        who = f"{posting.get_role_display()}{posting.person.name}"
        yield from _both_ends(posting, begun=f"{who}开始联系", ended=f"{who}结束联系", at=at)


def _presences(presences: Sequence[MassPresence], *, at: date) -> Iterator[Event]:
    for presence in presences:
        kind = presence.get_kind_display()
        yield from _both_ends(presence, begun=f"有了{kind}", ended=f"不再有{kind}", at=at)


def _confirmations(entries: Sequence[AuditEntry]) -> Iterator[Event]:
    for entry in entries:
        yield Event(localdate(entry.at), "核对无误，资料没有变化", entry.by_name)


def _merges(merges: Sequence[Merge], *, at: date) -> Iterator[Event]:
    for merge in merges:
        if merge.merged_date <= at:
            yield Event(merge.merged_date, "并入一条重复的单位", "合并")


def _departures(organisation_id: int, *, at: date) -> Iterator[Event]:
    for act in lineage(organisation_id).filter(on_date__lte=at):
        # Where it stands, and which Party organisation covers it, the facts tell already.
        if act.act not in (ReorganisationAct.MOVE, *OF_BRANCHES):
            yield Event(act.on_date, str(act), act.basis)


def _both_ends(fact: Fact, *, begun: str, ended: str, at: date) -> Iterator[Event]:
    if fact.provenance.is_withdrawn:
        return
    yield Event(fact.valid_from, begun, _told(fact))
    if fact.valid_to is not None and fact.valid_to <= at:
        yield Event(fact.valid_to, ended, "")


def _told(fact: Fact) -> str:
    by = fact.provenance.recorded_by
    return f"{fact.provenance}，{f'{by} ' if by else ''}{localdate(fact.recorded_at)} 录入"
