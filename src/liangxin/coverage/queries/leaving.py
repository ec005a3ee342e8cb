"""Establishments that name a unit which closed meanwhile."""

from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from liangxin.coverage.models import EstablishmentUnit
from liangxin.coverage.queries.establishments import establishments
from liangxin.kernel.viewer import Viewer
from liangxin.registry.queries.leavers import closed_units


def units_closed_meanwhile(viewer: Viewer, *, at: date) -> QuerySet[EstablishmentUnit]:
    """Units of establishments under way that closed; each carries `since`."""
    here = closed_units(at).filter(organisation_id=OuterRef("organisation_id"))
    return (
        EstablishmentUnit.objects.filter(
            is_open=True,
            establishment__in=establishments(viewer).order_by().values("pk"),
            organisation_id__in=closed_units(at).values("organisation_id"),
        )
        .select_related("establishment")
        .annotate(since=Subquery(here.values("valid_from")[:1]))
        .order_by("establishment__name", "name", "pk")
    )
