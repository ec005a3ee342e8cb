"""Single organisations, searches among them, and what the form needs to know."""

from datetime import date
from functools import reduce
from operator import and_

from django.db.models import Q, QuerySet

from liangxin.kernel.models import AuditEntry
from liangxin.kernel.permissions import Permission, roles_with
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import MassPresence, Organisation, OrganisationVersion
from liangxin.registry.queries.containing import containing
from liangxin.registry.queries.periods import true_at
from liangxin.registry.queries.scope import in_scope, reached_versions
from liangxin.registry.queries.search import fitting_keys
from liangxin.registry.terms import Searched

CONFIRMED = "organisation.confirm"
EDITING_ROLES = tuple(sorted(roles_with(Permission.EDIT_LEDGER)))
MIN_CODE_SEARCH = 4
MAX_COMPARED = 600


def organisation_search(text: str) -> Q:
    """A condition on OrganisationVersion: every word fits a name of any time, its pinyin, the code.

    Very common words are compared with the names and initials of the versions alone.
    """
    keys = fitting_keys(Searched.ORGANISATION, text, at_most=MAX_COMPARED)
    if keys is not None:
        return Q(organisation_id__in=keys)
    conditions = [_named(word) for word in text.split()] or [_named(text)]
    return reduce(and_, conditions)


def _named(text: str) -> Q:
    condition = containing("name", text)
    if text.isascii() and text.isalnum():
        condition |= Q(name_initials__contains=text.lower())
        if len(text) >= MIN_CODE_SEARCH:
            condition |= Q(organisation__uscc__contains=text.upper())
    # As a set of keys: else SQLite walks the whole list in the order of names to find a rare word.
    return Q(pk__in=OrganisationVersion.objects.filter(condition).order_by().values("pk"))


def organisation_history(
    viewer: Viewer, *, organisation_id: int, at: date
) -> list[OrganisationVersion]:
    """Every version that began by `at`, oldest first; empty unless the one in force is in scope."""
    versions = list(
        OrganisationVersion.objects.filter(organisation_id=organisation_id, valid_from__lte=at)
        .select_related("organisation", "street", "site", "provenance", "provenance__recorded_by")
        .order_by("valid_from", "id")
    )
    in_force = [v.pk for v in versions if v.valid_to is None or v.valid_to > at]
    return versions if reached_versions(in_force, in_scope(viewer, at=at)) else []


def editable_versions(viewer: Viewer, *, at: date) -> QuerySet[OrganisationVersion]:
    """Open versions of the organisations whose facts the viewer may change."""
    scope = in_scope(viewer, at=at, roles=EDITING_ROLES)
    return OrganisationVersion.objects.filter(scope, valid_to__isnull=True).select_related(
        "organisation", "street", "site", "provenance", "provenance__recorded_by"
    )


def same_name_in_street(name: str, *, street_id: int) -> QuerySet[OrganisationVersion]:
    """Open versions of that exact name in that street, as the ledger holds them now."""
    return OrganisationVersion.objects.filter(
        name=name, street_id=street_id, valid_to__isnull=True
    ).order_by("organisation_id")


def confirmations_of(organisation_id: int, *, at: date) -> QuerySet[AuditEntry]:
    """Each 'no change' said of the organisation by the end of the day `at`, newest first."""
    return AuditEntry.objects.filter(
        action=CONFIRMED,
        object_kind=Organisation._meta.label_lower,
        object_key=str(organisation_id),
        at__date__lte=at,
    ).order_by("-id")


def mass_presences(organisation: Organisation, *, at: date) -> QuerySet[MassPresence]:
    """The union and the League organisation that stand in the organisation on `at`."""
    return MassPresence.objects.filter(true_at(at), organisation=organisation).order_by(
        "kind", "id"
    )
