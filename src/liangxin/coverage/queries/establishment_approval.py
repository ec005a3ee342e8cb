"""Everything that a reply (批复) of the approving committee, and the notice after it, say of branches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from liangxin.coverage.models import Establishment
from liangxin.coverage.queries.establishment_request import (
    DISTRICT_COMMITTEE,
    RequestedBranch,
    request_facts,
)
from liangxin.coverage.queries.post_candidates import (
    LeadershipRule,
    leadership_rule,
    nominees_seen,
)
from liangxin.kernel.viewer import Viewer
from liangxin.registry.queries.party import meeting_place
from liangxin.registry.queries.rules import rule_at
from liangxin.registry.terms import PostKind


@dataclass(frozen=True, kw_only=True)
class ApprovedBranch:
    """One branch of a reply; people by post, nobody where none was named or the viewer may not know."""

    asked: RequestedBranch
    led: LeadershipRule
    secretary: str
    deputies: tuple[str, ...]
    committee: tuple[str, ...]
    founded_date: date | None
    place: str


@dataclass(frozen=True, kw_only=True)
class ApprovalFacts:
    """A reply as a whole; what nobody has typed yet is '' or None."""

    issuer: str
    recipients: tuple[str, ...]
    number: str
    approved_date: date | None
    request_number: str
    request_date: date | None
    branches: tuple[ApprovedBranch, ...]
    laws: tuple[str, ...]  # sources of the rules it rests on
    term_years: int
    is_synthetic: bool


def approval_facts(viewer: Viewer, establishments: Sequence[Establishment]) -> ApprovalFacts:
    """What one reply to these says; they come from `establishments(viewer)`, at least one of them.

    From the committee above to the street's; for branches of several streets to all of theirs.
    Raises NotAllowed.
    """
    asked = request_facts(viewer, establishments)
    at = max(one.approved_date or one.adopted_date for one in establishments)
    issuer, recipients = _ends(asked.sender, asked.recipient, asked.branches)
    pairs = zip(establishments, asked.branches, strict=True)
    term = rule_at("term.years", at=at)
    sources = [one.source for one in asked.rules] + [term.source]
    return ApprovalFacts(
        issuer=issuer,
        recipients=recipients,
        number=_alike(one.approval_number for one in establishments),
        approved_date=_alike_date([one.approved_date for one in establishments]),
        request_number=_alike(one.request_number for one in establishments),
        request_date=_alike_date([one.request_date for one in establishments]),
        branches=tuple(_approved(one, branch, viewer=viewer, at=at) for one, branch in pairs),
        laws=tuple(dict.fromkeys(sources)),
        term_years=int(str(term.value)),
        is_synthetic=asked.is_synthetic,
    )


def _approved(
    establishment: Establishment, asked: RequestedBranch, *, viewer: Viewer, at: date
) -> ApprovedBranch:
    named = nominees_seen(viewer, establishment, at=at)
    place = (
        meeting_place(
            party_organisation_id=establishment.party_organisation_id,
            at=establishment.founded_date,
        )
        if establishment.founded_date
        else None
    )
    return ApprovedBranch(
        asked=asked,
        led=leadership_rule(asked.members, at=at),
        secretary=next((one.name for one in named if one.kind == PostKind.SECRETARY), ""),
        deputies=tuple(one.name for one in named if one.kind == PostKind.DEPUTY),
        committee=tuple(one.name for one in named if one.kind == PostKind.COMMITTEE_MEMBER),
        founded_date=establishment.founded_date,
        place=str(place) if place else "",
    )


def _ends(
    sender: str, recipient: str, branches: Sequence[RequestedBranch]
) -> tuple[str, tuple[str, ...]]:
    """Who replies, and to whom."""
    own = tuple(
        dict.fromkeys(
            one.parent or (f"{one.street}党工委" if one.street else DISTRICT_COMMITTEE)
            for one in branches
        )
    )
    if sender in own:
        return recipient or DISTRICT_COMMITTEE, (sender,)
    return sender or DISTRICT_COMMITTEE, own


def _alike(texts: Iterable[str]) -> str:
    found = set(texts)
    return found.pop() if len(found) == 1 else ""


def _alike_date(days: Sequence[date | None]) -> date | None:
    found = set(days)
    return found.pop() if len(found) == 1 else None
