"""Who holds posts in a Party organisation: begun with an election or appointment, and ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from liangxin.kernel import audit
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.form_refusals import (
    AlreadyInPost,
    BeforeFounding,
    EndsTooEarly,
    SecretaryInOffice,
)
from liangxin.registry.actions.party_organisations import told_by
from liangxin.registry.actions.party_register import held_party_organisation
from liangxin.registry.actions.refusals import NothingChanged
from liangxin.registry.actions.telling import FORM_SOURCE, begin_fact, end_fact, refuse_future
from liangxin.registry.models import PartyOrganisation, Person, Post, Provenance
from liangxin.registry.terms import PostKind


@dataclass(frozen=True, kw_only=True)
class PostFacts:
    """A post from the day of the election or appointment on; the term runs from that day."""

    kind: PostKind
    person_name: str
    from_date: date
    person: Person | None = None
    ends_predecessor: bool = False


def begin_post(
    party_organisation: PartyOrganisation, facts: PostFacts, *, by: Viewer, today: date
) -> Post:
    """Put somebody in a post; a secretary follows the one before only where that is said."""
    require(by, Permission.EDIT_LEDGER)
    refuse_future(facts.from_date, today=today)
    with transaction.atomic():
        told = told_by(by, source=FORM_SOURCE, as_of_date=facts.from_date)
        current = held_party_organisation(party_organisation, by=by)
        founded = current.party_organisation.founded_date
        if founded and facts.from_date < founded:
            raise BeforeFounding(f"这个党组织 {founded} 才成立，任职不能更早。")
        _settle_predecessors(_predecessors(party_organisation, facts), facts, told=told)
        post = Post.objects.get(pk=_begun(party_organisation, facts, told=told))
        _record("post.begin", f"登记{facts.kind.label}任职", post=post, by=by)
    return post


@dataclass(frozen=True, kw_only=True)
class FirstPost:
    """A post of a branch's first leadership."""

    kind: PostKind
    person_name: str
    person: Person | None = None


@transaction.atomic
def begin_first_posts(
    party_organisation: PartyOrganisation,
    posts: Sequence[FirstPost],
    *,
    by: Viewer,
    told: Provenance,
    from_date: date,
) -> None:
    """Begin the posts of a Party organisation on the day of its founding; the term runs from that day.

    A secretary whom a register has told of already stays. Whether `by` may is for the caller to ask.
    """
    require(by, Permission.PLAN_BRANCHES)
    lasting = Post.objects.filter(
        party_organisation=party_organisation, valid_to__isnull=True
    ).order_by("pk")
    known = {(post.kind, post.person_id, post.person_name) for post in lasting}
    has_secretary = any(post.kind == PostKind.SECRETARY for post in lasting)
    for one in posts:
        who = (one.kind.value, one.person.pk if one.person else None, one.person_name)
        if who in known or (one.kind == PostKind.SECRETARY and has_secretary):
            continue
        facts = PostFacts(
            kind=one.kind, person=one.person, person_name=one.person_name, from_date=from_date
        )
        post = Post.objects.get(pk=_begun(party_organisation, facts, told=told))
        _record("post.begin", f"登记首任{one.kind.label}", post=post, by=by)


def end_post(post: Post, *, by: Viewer, end_date: date, today: date) -> None:
    """Let somebody hold a post no longer from `end_date` on; raises RefusedChange."""
    require(by, Permission.EDIT_LEDGER)
    refuse_future(end_date, today=today)
    with transaction.atomic():
        told = told_by(by, source=FORM_SOURCE, as_of_date=end_date)
        held_party_organisation(post.party_organisation, by=by)
        row = Post.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today), pk=post.pk)
        held = row.first()
        if held is None:
            raise NothingChanged("别人已经登记这一任结束。")
        if end_date <= held.valid_from:
            raise EndsTooEarly(f"任职自 {held.valid_from} 起，结束的日子要更晚。")
        end_fact(held, on=end_date, told=told)
        _record("post.end", f"登记{held.get_kind_display()}任职结束", post=held, by=by)


def _predecessors(party_organisation: PartyOrganisation, facts: PostFacts) -> QuerySet[Post]:
    """Posts that would last beside the new one: any other secretary's, and the person's own."""
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=facts.from_date)
    found = Post.objects.filter(lasting, party_organisation=party_organisation, kind=facts.kind)
    if facts.kind != PostKind.SECRETARY:
        found = found.filter(person_name=facts.person_name, person=facts.person)
    return found.order_by("pk")


def _settle_predecessors(found: QuerySet[Post], facts: PostFacts, *, told: Provenance) -> None:
    for row in found:
        if not facts.ends_predecessor:
            raise _in_office(row, facts)
        if row.valid_from >= facts.from_date:
            raise EndsTooEarly(f"原任期自 {row.valid_from} 起，新任期的日子要更晚。")
        end_fact(row, on=facts.from_date, told=told)


def _in_office(row: Post, facts: PostFacts) -> AlreadyInPost | SecretaryInOffice:
    who = (row.person_id, row.person_name)
    if who == (facts.person.pk if facts.person else None, facts.person_name):
        return AlreadyInPost(
            f"{row.person_name}自 {row.valid_from} 起就任{facts.kind.label}；"
            "换届连任的，请勾选“同时结束原来的任期”。"
        )
    return SecretaryInOffice(
        f"{row.person_name}自 {row.valid_from} 起任书记，尚未免去；"
        "确已卸任的，请勾选“同时结束原来的任期”。"
    )


def _begun(party_organisation: PartyOrganisation, facts: PostFacts, *, told: Provenance) -> int:
    values = {
        "party_organisation": party_organisation,
        "kind": facts.kind.value,
        "person": facts.person,
        "person_name": facts.person_name,
    }
    return int(begin_fact(Post, values, from_date=facts.from_date, told=told).pk)


def _record(action: str, summary: str, *, post: Post, by: Viewer) -> None:
    audit.record(
        action,
        by=by,
        summary=summary,
        about=post.party_organisation,
        details={"post": post.pk, "kind": post.kind, "valid_from": post.valid_from.isoformat()},
    )
