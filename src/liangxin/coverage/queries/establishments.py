"""Establishments and consents: which ones a viewer meets, and what the viewer may do with them."""

from django.db.models import Prefetch, Q, QuerySet

from liangxin.coverage.models import (
    Consent,
    Establishment,
    EstablishmentUnit,
    Nominee,
    ProposedGroup,
)
from liangxin.coverage.queries.branch_names import OPEN_STATES
from liangxin.coverage.queries.establishment_changes import (
    changes_of_establishments,
    establishment_changes,
)
from liangxin.coverage.queries.establishment_request import RequestFacts, request_facts
from liangxin.coverage.queries.planning_scope import (
    own_streets,
    planned_organisations_now,
    plans_district,
    reached_branches,
    reached_organisations,
)
from liangxin.coverage.terms import ConsentState, EstablishmentState
from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Viewer

__all__ = [
    "RequestFacts",
    "changes_of_establishments",
    "consents",
    "described_establishments",
    "establishment_changes",
    "establishment_or_none",
    "establishments",
    "is_founded_in_ledger",
    "is_open",
    "is_planned_by",
    "may_adopt",
    "may_answer",
    "may_approve",
    "may_found",
    "may_name_people",
    "may_rename",
    "may_withdraw",
    "request_facts",
    "state_in_words",
    "waiting_consents",
]


def establishments(viewer: Viewer) -> QuerySet[Establishment]:
    """组建事项 the viewer may see, newest first, with units, consents, and who did what.

    The district sees all; an officer those with a unit, or the branch itself, in the own scope.
    """
    found = described_establishments()
    if not may(viewer, Permission.PLAN_BRANCHES):
        return found.none()
    if plans_district(viewer):
        return found
    streets = own_streets(viewer)
    reached = planned_organisations_now(viewer).values("organisation_id")
    touched = EstablishmentUnit.objects.filter(
        Q(organisation_id__in=reached) | Q(street_id__in=streets)
    ).order_by()
    return found.filter(Q(pk__in=touched.values("establishment_id")) | Q(street_id__in=streets))


def establishment_or_none(viewer: Viewer, key: int) -> Establishment | None:
    """One establishment, if the viewer may see it."""
    return establishments(viewer).filter(pk=key).first()


def described_establishments() -> QuerySet[Establishment]:
    """All establishments with everything that a list or a page says of one."""
    return (
        Establishment.objects.select_related(
            "group__proposal",
            "party_organisation",
            "street",
            "adopted_by",
            "approved_by",
            "founded_by",
            "withdrawn_by",
        )
        .prefetch_related(
            Prefetch("units", queryset=EstablishmentUnit.objects.select_related("street")),
            Prefetch("nominees", queryset=Nominee.objects.select_related("person")),
            Prefetch("consents", queryset=Consent.objects.select_related("street", "decided_by")),
        )
        .order_by("-id")
    )


def consents(viewer: Viewer) -> QuerySet[Consent]:
    """Every consent asked for in establishments that the viewer may see, the newest first."""
    return _described(Consent.objects.filter(establishment__in=_keys(viewer)))


def waiting_consents(viewer: Viewer) -> QuerySet[Consent]:
    """The consents that wait for this viewer's answer: of own streets; the district's, of all."""
    found = Consent.objects.filter(
        state=ConsentState.WAITING, establishment__state=EstablishmentState.PROPOSED
    )
    if not may(viewer, Permission.PLAN_BRANCHES):
        return found.none()
    if not plans_district(viewer):
        found = found.filter(street_id__in=own_streets(viewer))
    return _described(found)


def is_open(establishment: Establishment) -> bool:
    """Whether the establishment is on its way: neither founded nor withdrawn."""
    return establishment.state in OPEN_STATES


def is_founded_in_ledger(establishment: Establishment) -> bool:
    """Whether a register has told of the founding while the establishment is still on its way."""
    stands = establishment.party_organisation.founded_date is not None
    return is_open(establishment) and not establishment.joins_branch and stands


def state_in_words(establishment: Establishment) -> str:
    """The state as lists show it, with what the ledger says where that is ahead of it."""
    label = str(establishment.get_state_display())
    if not is_founded_in_ledger(establishment):
        return label
    founded_date = establishment.party_organisation.founded_date
    return f"{label}（党组织名册已记 {founded_date} 成立，待补办）"


def is_planned_by(viewer: Viewer, establishment: Establishment) -> bool:
    """Whether the host, or the branch joined, is the viewer's to plan for."""
    if not may(viewer, Permission.PLAN_BRANCHES):
        return False
    if establishment.joins_branch:
        key = establishment.party_organisation_id
        return bool(reached_branches(viewer, [key]))
    hosts = [unit.organisation_id for unit in establishment.units.all() if unit.is_host]
    return plans_district(viewer) or bool(reached_organisations(viewer, hosts))


def may_adopt(viewer: Viewer, group: ProposedGroup) -> bool:
    """Whether the viewer plans for the group's host, or for the branch its units are to join."""
    if not may(viewer, Permission.PLAN_BRANCHES):
        return False
    if group.host_id is None:
        return bool(reached_branches(viewer, [group.into_branch_id or 0]))
    return plans_district(viewer) or bool(reached_organisations(viewer, [group.host_id]))


def may_approve(viewer: Viewer, establishment: Establishment) -> bool:
    """Whether the viewer could approve it now, dates apart: every street has consented."""
    waits = any(one.state != ConsentState.GIVEN for one in establishment.consents.all())
    is_proposed = establishment.state == EstablishmentState.PROPOSED
    return may(viewer, Permission.APPROVE_BRANCHES) and is_proposed and not waits


def may_found(viewer: Viewer, establishment: Establishment) -> bool:
    """Whether the viewer could record the founding now."""
    is_approved = establishment.state == EstablishmentState.APPROVED
    return is_approved and is_planned_by(viewer, establishment)


def may_withdraw(viewer: Viewer, establishment: Establishment) -> bool:
    """Whether the viewer could withdraw it: until it is founded."""
    return is_open(establishment) and is_planned_by(viewer, establishment)


def may_name_people(viewer: Viewer, establishment: Establishment) -> bool:
    """Whether the viewer could name people for the posts now: a new branch, until it is founded."""
    is_new = is_open(establishment) and not establishment.joins_branch
    return is_new and may(viewer, Permission.SEE_PEOPLE) and is_planned_by(viewer, establishment)


def may_rename(viewer: Viewer, establishment: Establishment) -> bool:
    """Whether the viewer could give it another name: a new branch, until it is approved."""
    is_new = establishment.state == EstablishmentState.PROPOSED and not establishment.joins_branch
    stands = establishment.party_organisation.founded_date is not None
    return is_new and not stands and is_planned_by(viewer, establishment)


def may_answer(viewer: Viewer, consent: Consent) -> bool:
    """Whether the viewer could give or refuse the consent now, for the street or the district."""
    if consent.establishment.state != EstablishmentState.PROPOSED:
        return False
    if plans_district(viewer):
        return True
    return consent.street_id in own_streets(viewer) and not consent.is_by_district


def _described(found: QuerySet[Consent]) -> QuerySet[Consent]:
    return (
        found.select_related("street", "decided_by")
        .prefetch_related(Prefetch("establishment", queryset=described_establishments()))
        .order_by("-establishment_id", "street__code")
    )


def _keys(viewer: Viewer) -> QuerySet[Establishment, int]:
    return establishments(viewer).order_by().values_list("pk", flat=True)
