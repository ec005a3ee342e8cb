"""What is under way about one organisation, for whoever keeps its facts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Exists, Q, QuerySet
from django.urls import reverse

from liangxin.coverage.models import EstablishmentUnit, ProposedUnit
from liangxin.coverage.queries.establishments import establishments
from liangxin.coverage.queries.proposals import proposals
from liangxin.coverage.queries.whose_turn import turn_in_words
from liangxin.coverage.terms import EstablishmentState
from liangxin.kernel.models import AuditEntry
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import LikelyPair, Organisation, OrganisationVersion, Reorganisation
from liangxin.registry.queries.confirmations import is_due
from liangxin.registry.queries.duplicates import likely_pairs
from liangxin.registry.queries.leavers import left_behind_by
from liangxin.registry.queries.reorganisations import visible_reorganisations
from liangxin.registry.terms import OrganisationStatus, ReorganisationState

MOST_PROPOSALS = 3


@dataclass(frozen=True)
class OpenMatter:
    """Something under way, in words, and the page where it goes on."""

    words: str
    url: str


def open_matters(
    viewer: Viewer,
    version: OrganisationVersion,
    *,
    confirmation: AuditEntry | None,
    today: date,
) -> tuple[OpenMatter, ...]:
    """The matters of today; ask only for an organisation whose facts the viewer keeps.

    `version` is its open version, `confirmation` the newest time it was said that nothing changed.
    """
    key = version.organisation_id
    under_way = _kinds_under_way(key)
    found: list[OpenMatter] = []
    if under_way["establishment"]:
        found += _establishments(viewer, key)
    if under_way["proposal"]:
        found += _proposals(viewer, key)
    if under_way["request"]:
        found += _requests(viewer, key, today=today)
    if version.status == OrganisationStatus.CLOSED:
        found += _left_behind(viewer, key, today=today)
    if under_way["pair"]:
        found += _pairs(viewer, key, today=today)
    if is_due(version, confirmation=confirmation, today=today):
        words = "资料很久没有修改也没有核对，待核对"
        found.append(OpenMatter(words, reverse("confirmations")))
    return tuple(found)


def _kinds_under_way(key: int) -> Mapping[str, object]:
    """Whether there is anything of a kind at all.

    Most firms have nothing under way, and to ask what of it the viewer may see costs many times that.
    """
    units = EstablishmentUnit.objects.filter(organisation_id=key, is_open=True)
    pairs = LikelyPair.objects.filter(_paired(key))
    told = Organisation.objects.filter(pk=key).annotate(
        establishment=Exists(units),
        proposal=Exists(_free_units(key)),
        request=Exists(Reorganisation.objects.filter(_waiting(key))),
        pair=Exists(pairs),
    )
    return told.values("establishment", "proposal", "request", "pair").get()


def _establishments(viewer: Viewer, key: int) -> Iterator[OpenMatter]:
    found = establishments(viewer).filter(units__organisation_id=key, units__is_open=True)
    for one in found.distinct():
        words = f"正在组建“{one.name}”：{turn_in_words(one)}"
        yield OpenMatter(words, reverse("establishment", args=(one.pk,)))


def _proposals(viewer: Viewer, key: int) -> Iterator[OpenMatter]:
    own = proposals(viewer).order_by().values("pk")
    seen = _free_units(key).filter(proposal_id__in=own).select_related("proposal", "group")
    for unit in seen.order_by("-proposal_id")[:MOST_PROPOSALS]:
        address = reverse("proposed-group", args=(unit.proposal_id, unit.group.number))
        yield OpenMatter(f"联建方案“{unit.proposal.title}”编入第 {unit.group.number} 组", address)


def _requests(viewer: Viewer, key: int, *, today: date) -> Iterator[OpenMatter]:
    for act in visible_reorganisations(viewer, at=today).filter(_waiting(key)):
        yield OpenMatter(f"等{act.into_name}接收", reverse("reorganisation", args=(act.pk,)))


def _left_behind(viewer: Viewer, key: int, *, today: date) -> Iterator[OpenMatter]:
    for kind, words, number in left_behind_by(viewer, organisation_id=key, at=today):
        if number:
            address = f"{reverse('leavers')}?{urlencode({'kind': kind})}"
            yield OpenMatter(f"{words} {number} {'名' if kind != 'coverages' else '个'}", address)


def _pairs(viewer: Viewer, key: int, *, today: date) -> Iterator[OpenMatter]:
    number = likely_pairs(viewer, at=today).filter(_paired(key)).order_by().count()
    if number:
        yield OpenMatter(f"可能与另外 {number} 家是同一家，待核对", reverse("duplicates"))


def _free_units(key: int) -> QuerySet[ProposedUnit]:
    """Where plans put a firm that is still to be placed; one that a branch covers may be planned anew."""
    # What was adopted, from this plan or another, goes on as an establishment.
    adopted = EstablishmentUnit.objects.filter(organisation_id=key).exclude(
        establishment__state=EstablishmentState.WITHDRAWN
    )
    return ProposedUnit.objects.filter(
        ~Exists(adopted) | Q(from_branch__isnull=False),
        organisation_id=key,
        group__establishments__isnull=True,
    )


def _waiting(key: int) -> Q:
    return Q(organisation_id=key, state=ReorganisationState.REQUESTED)


def _paired(key: int) -> Q:
    return Q(first_organisation_id=key) | Q(second_organisation_id=key)
