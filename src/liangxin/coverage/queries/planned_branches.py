"""Which branch to be an organisation is planned for, beside the organisations of a list."""

from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from liangxin.coverage.models import EstablishmentUnit
from liangxin.coverage.queries.state import Versions
from liangxin.registry.models import OrganisationVersion


def with_planned_branches(found: Versions, *, at: date) -> Versions:
    """Fetch with each page of versions the establishments on their way on `at`; for `planned_branch`."""
    return found.prefetch_related(planned_branches_beside(at))


def planned_branches_beside(at: date) -> "Prefetch[str, QuerySet[EstablishmentUnit], str]":
    """The same beside versions that are at hand."""
    still = Q(establishment__founded_date__isnull=True) | Q(establishment__founded_date__gt=at)
    not_back = Q(establishment__withdrawn_date__isnull=True) | Q(
        establishment__withdrawn_date__gt=at
    )
    units = (
        EstablishmentUnit.objects.filter(still, not_back, establishment__adopted_date__lte=at)
        .select_related("establishment")
        .order_by("establishment_id")
    )
    return Prefetch("organisation__establishment_units", queryset=units, to_attr="planned_units")


def planned_branch(version: OrganisationVersion) -> str:
    """What to say of a version fetched by `with_planned_branches`; '' where nothing is planned."""
    units = version.organisation.planned_units  # type: ignore[attr-defined]
    if not units:
        return ""
    establishment = units[-1].establishment
    if establishment.joins_branch:
        return f"已列入拟并入“{establishment.name}”的单位"
    return f"已列入拟建的“{establishment.name}”"
