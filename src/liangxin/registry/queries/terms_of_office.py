"""When the committee of a Party organisation is due for election."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import PartyOrganisationVersion, Post
from liangxin.registry.queries.party import led_party_organisations
from liangxin.registry.queries.periods import true_at
from liangxin.registry.queries.rules import rule_at
from liangxin.registry.terms import PartyKind

BY_COMMITTEE_RULE = (PartyKind.COMMITTEE,)
# 党工委 is set up by its superior and holds no elections.
WITHOUT_ELECTION = (PartyKind.WORK_COMMITTEE,)


@dataclass(frozen=True)
class Term:
    """A term of office: `rule` is the code of the rule that tells its length in years."""

    since: date
    ends: date
    years: int
    rule: str
    warned_from: date

    def is_over(self, at: date) -> bool:
        return self.ends <= at

    def is_near(self, at: date) -> bool:
        """Whether the end has to be prepared."""
        return self.warned_from <= at < self.ends


def term_of_office(
    version: PartyOrganisationVersion, posts: Sequence[Post], *, at: date
) -> Term | None:
    """The term that runs on `at`, from the newest post; None where no post or no election is known."""
    since = max((post.valid_from for post in posts), default=None)
    if since is None or version.kind in WITHOUT_ELECTION:
        return None
    rule = "term.committee_years" if version.kind in BY_COMMITTEE_RULE else "term.years"
    years = cast(int, rule_at(rule, at=at).value)
    ends = months_after(since, 12 * years)
    return Term(since, ends, years, rule, months_after(ends, -_warning_months(at)))


def with_term_since(
    found: QuerySet[PartyOrganisationVersion], *, viewer: Viewer, at: date
) -> QuerySet[PartyOrganisationVersion]:
    """The same with `term_since`; None where the posts are not the viewer's business."""
    led = led_party_organisations(viewer, at=at)
    held = Post.objects.filter(
        true_at(at),
        party_organisation_id=OuterRef("party_organisation_id"),
        party_organisation_id__in=led,
    )
    newest = held.order_by().values("party_organisation_id").annotate(since=Max("valid_from"))
    return found.annotate(term_since=Subquery(newest.values("since")[:1]))


def due_condition(*, at: date, within_months: int) -> Q:
    """Rows of `with_term_since` whose term ends by so many months after `at`."""
    due = Q(pk__in=())
    for rule, is_committee in (("term.committee_years", True), ("term.years", False)):
        years = cast(int, rule_at(rule, at=at).value)
        begun = Q(term_since__lte=months_after(at, within_months - 12 * years))
        kinds = Q(kind__in=BY_COMMITTEE_RULE)
        due |= begun & (kinds if is_committee else ~kinds & ~Q(kind__in=WITHOUT_ELECTION))
    return due


def warning_months(at: date) -> int:
    """How long before its end a term has to be prepared, in months."""
    return _warning_months(at)


def months_after(day: date, months: int) -> date:
    """The same day of another month, or that month's last day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    for number in (day.day, 30, 29):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    return date(year, month, 28)


def _warning_months(at: date) -> int:
    return cast(int, rule_at("term.warning_months", at=at).value)
