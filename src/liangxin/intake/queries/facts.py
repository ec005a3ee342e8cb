"""Facts that hold now, by their subject, and how a list revises them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q

from liangxin.intake.queries.plan import Draft, Plan
from liangxin.registry.models import Fact
from liangxin.registry.queries import true_at

Subject = tuple[Any, ...]


@dataclass(slots=True)
class FactEntry:
    """A fact of the ledger (`key`) or of this plan (`draft`), and what it says."""

    values: dict[str, Any]
    valid_from: date
    known_on: date
    key: int | None = None
    draft: Draft | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """What a list says of a subject now; None in place of values: it has ended.

    `base` names the subject in columns. The change counts from `since` where that is a day between
    the start of the fact and the day of the list, else from the day of the list.
    """

    model: type[Fact]
    base: Mapping[str, int | str]
    values: dict[str, Any] | None
    since: date | None = None

    @property
    def subject(self) -> Subject:
        return (self.model, *self.base.values())


class Facts:
    """The facts that hold on the day of the list or later, and the plan's revisions of them."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._known: dict[Subject, FactEntry] = {}
        self._loaded: set[type[Fact]] = set()

    def load(
        self, model: type[Fact], *, base: tuple[str, ...], values: tuple[str, ...] = ()
    ) -> list[Subject]:
        """Read the facts of a model once; returns their subjects."""
        if model in self._loaded:
            return []
        self._loaded.add(model)
        held = true_at(self.plan.as_of) | Q(valid_from__gt=self.plan.as_of)
        if "valid_to" in values:
            # A term that ran out: the list that told of it may be read once more.
            held |= Q(valid_to__isnull=False, ended_by__isnull=True)
        rows = model._base_manager.filter(held).order_by("valid_from", "id")
        told = rows.annotate(
            told_on=F("provenance__as_of_date"), ended_on=F("ended_by__as_of_date")
        ).values_list("id", "valid_from", "told_on", "ended_on", *base, *values)
        subjects = []
        for key, valid_from, told_on, ended_on, *rest in told.iterator(chunk_size=5000):
            subject = (model, *rest[: len(base)])
            said = dict(zip(values, rest[len(base) :], strict=True))
            known_on = max(valid_from, told_on, ended_on or told_on)
            self._known[subject] = FactEntry(said, valid_from, known_on, key=key)
            subjects.append(subject)
        return subjects

    def known(self, model: type[Fact], *base: int | str) -> FactEntry | None:
        """The fact that holds of a subject, stored or planned."""
        return self._known.get((model, *base))

    def said(self, model: type[Fact], *base: int | str) -> dict[str, Any]:
        """What the fact of a subject says; nothing where there is none."""
        entry = self.known(model, *base)
        return dict(entry.values) if entry else {}

    def differing(self, revisions: Iterable[Revision]) -> list[Revision]:
        """Those revisions that say something else than the ledger."""
        return [revision for revision in revisions if self._differs(revision)]

    def newest(self, revisions: Iterable[Revision]) -> date:
        """The latest day for which the ledger knows any of these subjects."""
        entries = [self._known.get(revision.subject) for revision in revisions]
        return max((entry.known_on for entry in entries if entry), default=date.min)

    def apply(self, revisions: Iterable[Revision]) -> None:
        """Plan what the revisions end and what they begin."""
        for revision in revisions:
            entry = self._known.pop(revision.subject, None)
            if entry is not None and entry.draft is not None:
                self._redraft(revision, entry)
                continue
            start = self._start(revision, entry)
            if entry is not None and entry.key is not None:
                self.plan.end(revision.model, key=entry.key, valid_from=entry.valid_from, on=start)
            if revision.values is not None:
                self._draft(revision, start)

    def _differs(self, revision: Revision) -> bool:
        entry = self._known.get(revision.subject)
        if entry is None or revision.values is None:
            return (entry is None) != (revision.values is None)
        return entry.values != revision.values

    def _start(self, revision: Revision, entry: FactEntry | None) -> date:
        as_of, since = self.plan.as_of, revision.since
        if entry is None:
            return since or as_of
        start = since if since and entry.valid_from < since <= as_of else as_of
        ends = (revision.values or {}).get("valid_to")
        # A term that is over by the day of the list is told anew as a whole.
        return (since or entry.valid_from) if ends and ends <= start else start

    def _draft(self, revision: Revision, start: date) -> None:
        values = revision.values or {}
        draft = self.plan.add(revision.model, {**revision.base, **values, "valid_from": start})
        self._known[revision.subject] = FactEntry(values, start, self.plan.as_of, draft=draft)

    def _redraft(self, revision: Revision, entry: FactEntry) -> None:
        assert entry.draft is not None
        if revision.values is None:
            self.plan.drafts.remove(entry.draft)
            return
        entry.draft.values.update(revision.values)
        entry.values = revision.values
        self._known[revision.subject] = entry


def _ran_out(entry: FactEntry, *, by: date) -> bool:
    ends = entry.values.get("valid_to")
    return ends is not None and ends <= by
