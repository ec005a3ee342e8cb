"""What happened to one organisation, asked for once: its page tells it by kind, its line of time by day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import TypeVar

from django.db.models import OuterRef, QuerySet, Subquery

from liangxin.kernel.models import AuditEntry
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import (
    Fact,
    MassPresence,
    Merge,
    PartyCoverage,
    PartyOrganisationVersion,
    Posting,
)
from liangxin.registry.queries.merged import merges_into_organisation
from liangxin.registry.queries.organisations import confirmations_of
from liangxin.registry.queries.versions import may_be_met

MOST_CONFIRMATIONS = 20
FactT = TypeVar("FactT", bound=Fact)


@dataclass(frozen=True, kw_only=True)
class Happened:
    """Everything that had begun by the day `at`, by its first day; confirmations and merges newest first.

    Coverages bear a `party_name`: None where the viewer does not hear of the Party organisation.
    """

    at: date
    coverages: tuple[PartyCoverage, ...]
    postings: tuple[Posting, ...]
    presences: tuple[MassPresence, ...]
    confirmations: tuple[AuditEntry, ...]
    merges: tuple[Merge, ...]

    @property
    def postings_now(self) -> tuple[Posting, ...]:
        """Who is posted to the organisation on the day."""
        now = standing(self.postings, at=self.at)
        return tuple(sorted(now, key=attrgetter("role", "person.name", "pk")))

    @property
    def postings_before(self) -> tuple[Posting, ...]:
        """Postings that had ended, the latest first."""
        return tuple(sorted(ended(self.postings, at=self.at), key=_end, reverse=True))

    @property
    def presences_now(self) -> tuple[MassPresence, ...]:
        """The union and the League organisation that stand on the day."""
        now = standing(self.presences, at=self.at)
        return tuple(sorted(now, key=attrgetter("kind", "pk")))

    @property
    def confirmation(self) -> AuditEntry | None:
        """The newest 'no change' said of the organisation."""
        return next(iter(self.confirmations), None)


def happened(viewer: Viewer, *, organisation_id: int, at: date) -> Happened:
    """What happened up to `at`; ask only for an organisation the viewer may see."""
    # Of a branch that is only proposed nobody hears who does not plan it.
    named = PartyOrganisationVersion.objects.filter(
        may_be_met(viewer, at=at), party_organisation_id=OuterRef("party_organisation_id")
    ).order_by("-valid_from")
    coverages = _begun(PartyCoverage.objects.filter(organisation_id=organisation_id), at=at)
    postings = _begun(Posting.objects.filter(organisation_id=organisation_id), at=at)
    presences = _begun(MassPresence.objects.filter(organisation_id=organisation_id), at=at)
    return Happened(
        at=at,
        coverages=tuple(coverages.annotate(party_name=Subquery(named.values("name")[:1]))),
        postings=tuple(postings.select_related("person")),
        presences=tuple(presences),
        confirmations=tuple(confirmations_of(organisation_id, at=at)[:MOST_CONFIRMATIONS]),
        merges=tuple(merges_into_organisation(organisation_id)),
    )


def standing(facts: Iterable[FactT], *, at: date) -> list[FactT]:
    """Those of facts begun by `at` that hold on it."""
    return [fact for fact in facts if fact.valid_to is None or fact.valid_to > at]


def ended(facts: Iterable[FactT], *, at: date) -> list[FactT]:
    """Those of facts begun by `at` that had ended by then."""
    return [fact for fact in facts if fact.valid_to is not None and fact.valid_to <= at]


def _begun(facts: QuerySet[FactT], *, at: date) -> QuerySet[FactT]:
    begun = facts.filter(valid_from__lte=at).order_by("valid_from", "id")
    return begun.select_related("provenance", "provenance__recorded_by")


def _end(fact: Fact) -> tuple[date, int]:
    return fact.valid_to or date.max, fact.pk
