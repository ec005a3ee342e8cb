"""What groups weigh in the total cost of a plan, which is more than the ways that members walk."""

from django.db.models import Case, F, FloatField, QuerySet, Sum, Value, When

from liangxin.coverage.models import ProposedGroup, ProposedUnit
from liangxin.coverage.queries.proposal_summary import joins_branch
from liangxin.coverage.terms import GroupMode, PlanParameters


def weighed_mm(groups: QuerySet[ProposedGroup], parameters: PlanParameters) -> float:
    """Member-metres of groups: ways by the weight of their mode, and units beyond the usual limit.

    A group that joins a branch that stands pays for no further unit.
    """
    weight = Case(
        When(mode=GroupMode.STREET, then=Value(parameters.street_weight)),
        When(mode=GroupMode.INDUSTRY, then=Value(parameters.industry_weight)),
        default=Value(1.0),
        output_field=FloatField(),
    )
    walked: float = ProposedUnit.objects.filter(group__in=groups.order_by().values("pk")).aggregate(
        mm=Sum(F("members") * F("way_m") * weight, default=0.0, output_field=FloatField())
    )["mm"]
    beyond: int = groups.filter(~joins_branch(), units_count__gt=parameters.max_units).aggregate(
        units=Sum(F("units_count") - parameters.max_units, default=0)
    )["units"]
    return walked + beyond * parameters.extra_unit_mm
