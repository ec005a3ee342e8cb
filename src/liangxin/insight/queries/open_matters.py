"""What is under way about one organisation, for whoever keeps its facts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from liangxin.coverage.models import EstablishmentUnit, ProposedUnit
from liangxin.coverage.queries.establishments import establishments
from liangxin.coverage.queries.proposals import proposals
from liangxin.coverage.queries.whose_turn import turn_in_words
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import LikelyPair, OrganisationVersion, Reorganisation
from liangxin.registry.queries.confirmations import due_organisations
from liangxin.registry.queries.duplicates import likely_pairs
from liangxin.registry.queries.leavers import left_behind_by
from liangxin.registry.queries.reorganisations import visible_reorganisations
from liangxin.registry.terms import ReorganisationState

MOST_PROPOSALS = 3


@dataclass(frozen=True)
class OpenMatter:
    """Something under way, in words, and the page where it goes on."""

    words: str
    url: str


def open_matters(
    viewer: Viewer, version: OrganisationVersion, *, today: date
) -> tuple[OpenMatter, ...]:
    """The matters of today; ask only for an organisation whose facts the viewer keeps."""
    key = version.organisation_id
    return (
        *_establishments(viewer, key),
        *_proposals(viewer, key),
        *_requests(viewer, key, today=today),
        *_left_behind(viewer, key, today=today),
        *_pairs(viewer, key, today=today),
        *_confirmation(viewer, key, today=today),
    )


# Each first looks whether there is anything of its kind at all: most firms have nothing under way, and to ask
# what of it the viewer may see costs many times that.


def _establishments(viewer: Viewer, key: int) -> Iterator[OpenMatter]:
    if not EstablishmentUnit.objects.filter(organisation_id=key, is_open=True).exists():
        return
    found = establishments(viewer).filter(units__organisation_id=key, units__is_open=True)
    for one in found.distinct():
        words = f"正在组建“{one.name}”：{turn_in_words(one)}"
        yield OpenMatter(words, reverse("establishment", args=(one.pk,)))


def _proposals(viewer: Viewer, key: int) -> Iterator[OpenMatter]:
    # A group that was adopted goes on as an establishment.
    free = ProposedUnit.objects.filter(organisation_id=key, group__establishments__isnull=True)
    if not free.exists():
        return
    own = proposals(viewer).order_by().values("pk")
    seen = free.filter(proposal_id__in=own).select_related("proposal", "group")
    for unit in seen.order_by("-proposal_id")[:MOST_PROPOSALS]:
        address = reverse("proposed-group", args=(unit.proposal_id, unit.group.number))
        yield OpenMatter(f"联建方案“{unit.proposal.title}”编入第 {unit.group.number} 组", address)


def _requests(viewer: Viewer, key: int, *, today: date) -> Iterator[OpenMatter]:
    waiting = {"organisation_id": key, "state": ReorganisationState.REQUESTED}
    if not Reorganisation.objects.filter(**waiting).exists():
        return
    for act in visible_reorganisations(viewer, at=today).filter(**waiting):
        yield OpenMatter(f"等{act.into_name}接收", reverse("reorganisation", args=(act.pk,)))


def _left_behind(viewer: Viewer, key: int, *, today: date) -> Iterator[OpenMatter]:
    for kind, words, number in left_behind_by(viewer, organisation_id=key, at=today):
        if number:
            address = f"{reverse('leavers')}?{urlencode({'kind': kind})}"
            yield OpenMatter(f"{words} {number} {'名' if kind != 'coverages' else '个'}", address)


def _pairs(viewer: Viewer, key: int, *, today: date) -> Iterator[OpenMatter]:
    mine = Q(first_organisation_id=key) | Q(second_organisation_id=key)
    if not LikelyPair.objects.filter(mine).exists():
        return
    number = likely_pairs(viewer, at=today).filter(mine).order_by().count()
    if number:
        yield OpenMatter(f"可能与另外 {number} 家是同一家，待核对", reverse("duplicates"))


def _confirmation(viewer: Viewer, key: int, *, today: date) -> Iterator[OpenMatter]:
    if due_organisations(viewer, today=today).filter(organisation_id=key).exists():
        yield OpenMatter("资料很久没有修改也没有核对，待核对", reverse("confirmations"))
