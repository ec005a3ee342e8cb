"""Carrying out proposed attachments: each becomes the posting of an instructor or liaison."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from liangxin.coverage.models import ProposedAttachment
from liangxin.coverage.terms import AttachmentKind
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import Viewer
from liangxin.registry.actions.postings import PostingFacts, begin_posting
from liangxin.registry.actions.refusals import RefusedChange
from liangxin.registry.queries.guides import guides
from liangxin.registry.terms import GuideRole

ROLES = {
    AttachmentKind.INSTRUCTOR: GuideRole.INSTRUCTOR,
    AttachmentKind.LIAISON: GuideRole.LIAISON,
}
NO_POSTING = "由党支部联系的不登记选派，请把名单交给党支部。"
NOBODY = "还没有人可以联系，先增派指导员或联络员。"
NO_SERVICE = "这名指导员、联络员已不在岗，或不在您可以选派的范围内。"


@dataclass(frozen=True)
class Posted:
    """How many postings began, and each reason with the number of attachments it kept back."""

    number: int
    refused: tuple[tuple[str, int], ...]


def post_attachments(
    rows: Iterable[ProposedAttachment], *, from_date: date, by: Viewer, today: date
) -> Posted:
    """Begin the posting that each attachment proposes; one that is refused does not stop the others."""
    require(by, Permission.PLAN_BRANCHES)
    require(by, Permission.EDIT_LEDGER)
    chosen = list(rows)
    people = {row.person_id for row in chosen if row.person_id is not None}
    services = {
        (service.person_id, service.role): service for service in guides(by, at=today, among=people)
    }
    number, refused = 0, Counter[str]()
    for row in chosen:
        role = ROLES.get(AttachmentKind(row.kind))
        if role is None:
            refused[NOBODY if row.kind == AttachmentKind.NONE else NO_POSTING] += 1
            continue
        service = services.get((row.person_id or 0, role))
        if service is None:
            refused[NO_SERVICE] += 1
            continue
        facts = PostingFacts(
            service=service, organisation_id=row.organisation_id, from_date=from_date
        )
        try:
            begin_posting(facts, by=by, today=today)
        except RefusedChange as refusal:
            refused[str(refusal)] += 1
        else:
            number += 1
    return Posted(number, tuple(refused.items()))
