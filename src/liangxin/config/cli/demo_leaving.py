"""The demo's last words: firms close, and what hangs on them waits to be settled."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from liangxin.accounts.queries import viewer_of
from liangxin.coverage.models import EstablishmentUnit
from liangxin.insight.queries.leavers import leaver_counts
from liangxin.kernel.models import User
from liangxin.kernel.viewer import Role, ScopeKind
from liangxin.registry.actions.organisations import close_organisation, edition
from liangxin.registry.models import (
    Employment,
    OrganisationVersion,
    PartyCoverage,
    PartyMembership,
    Posting,
)
from liangxin.registry.queries.organisations import editable_versions
from liangxin.registry.queries.periods import true_at
from liangxin.registry.terms import OrganisationStatus, PartyKind

OFFICER = "officer"
REASON = "市场监管部门注销登记（演示）"
# Roles whose demo logins look at one firm or a few: those must stay in operation.
SHOWN_TO = (Role.OWNER, Role.INSTRUCTOR, Role.SECRETARY)


def tell_leaving(*, today: date) -> dict[str, Any]:
    """Let the street's officer record that two firms closed; return how much waits to be settled."""
    by = viewer_of(User.objects.get(username=OFFICER), at=today)
    own = editable_versions(by, at=today).filter(
        status=OrganisationStatus.OPERATING, valid_from__lt=today
    )
    own = own.exclude(organisation_id__in=_shown(today)).exclude(
        organisation_id__in=EstablishmentUnit.objects.order_by().values("organisation_id")
    )
    closed = []
    for found in (_of_joint_branches(own, today), _served(own, today)):
        version = found.order_by("pk").first()
        if version is not None:
            close_organisation(
                version.organisation,
                by=by,
                based_on=edition(version),
                closed_date=today,
                reason=REASON,
                today=today,
            )
            closed.append(version.name)
    return {"closed": len(closed), "waiting": sum(leaver_counts(by, at=today).values())}


def leaving_sentence(leaving: dict[str, Any]) -> str:
    """What was told, in plain words."""
    return (
        f"之后街道登记 {leaving['closed']} 家单位注销（上面的数字是登记之前的），"
        f"“离开与变动”里有 {leaving['waiting']} 件等着落实。"
    )


def _of_joint_branches(
    own: QuerySet[OrganisationVersion], today: date
) -> QuerySet[OrganisationVersion]:
    members = PartyMembership.objects.filter(true_at(today)).order_by().values("person_id")
    work = Employment.objects.filter(true_at(today), person_id__in=members).order_by()
    covered = PartyCoverage.objects.filter(
        true_at(today),
        true_at(today, prefix="party_organisation__versions__"),
        party_organisation__versions__kind=PartyKind.JOINT_BRANCH,
        party_organisation__founded_date__lte=today,
    ).order_by()
    return own.filter(organisation_id__in=work.values("organisation_id")).filter(
        organisation_id__in=covered.values("organisation_id")
    )


def _served(own: QuerySet[OrganisationVersion], today: date) -> QuerySet[OrganisationVersion]:
    sent = Posting.objects.filter(true_at(today)).order_by()
    covered = PartyCoverage.objects.filter(true_at(today)).order_by()
    return own.filter(organisation_id__in=sent.values("organisation_id")).exclude(
        organisation_id__in=covered.values("organisation_id")
    )


def _shown(today: date) -> set[int]:
    """Firms that the demo's other logins are about."""
    found: set[int] = set()
    for user in User.objects.filter(is_active=True):
        viewer = viewer_of(user, at=today)
        for scope in viewer.scopes(*SHOWN_TO):
            key = int(scope.key)
            if scope.kind is ScopeKind.ORGANISATION:
                found.add(key)
            elif scope.kind is ScopeKind.ASSIGNED_FIRMS:
                sent = Posting.objects.filter(true_at(today), person_id=key)
                found.update(sent.values_list("organisation_id", flat=True))
            else:
                covered = PartyCoverage.objects.filter(true_at(today), party_organisation_id=key)
                found.update(covered.values_list("organisation_id", flat=True))
    return found
