"""Whose identifiers may no longer be kept: closed persons whose time has ended."""

from datetime import date

from django.db.models import DateField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest, NullIf

from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import Fact, Person
from liangxin.registry.queries.rules import rule_at

YEARS = "people.identifier_retention_years"
ERASED_NAME = "已清除"
NEVER = Value(date.min, output_field=DateField())


def retention_years(*, at: date) -> int:
    """For how many years after a person's last fact their identifiers are kept."""
    return int(rule_at(YEARS, at=at).value)  # type: ignore[arg-type]


def closed_persons(viewer: Viewer) -> QuerySet[Person]:
    """Persons with identifiers of whom nothing is true any more, the longest closed first.

    Each carries `closed_date`, the day on which the last fact ended, or that of their source where
    nothing was ever told of them. None for viewers who may not decide about keeping.
    """
    found = Person.objects.filter(erased_date__isnull=True)
    if not (may(viewer, Permission.EDIT_RULES) and viewer.sees_district()):
        found = found.none()
    for model, link in facts_of_persons():
        holds = model._default_manager.filter(**{link: OuterRef("pk")}, valid_to__isnull=True)
        found = found.exclude(Exists(holds))
    return found.annotate(closed_date=_closed_date()).order_by("closed_date", "pk")


def due_persons(viewer: Viewer, *, at: date) -> QuerySet[Person]:
    """The closed persons whose identifiers may not be kept after `at`."""
    return closed_persons(viewer).filter(
        Q(closed_date__lte=years_before(at, years=retention_years(at=at)))
    )


def facts_of_persons() -> list[tuple[type[Fact], str]]:
    """Every dated table that speaks of persons, with the column that names the person."""
    return [
        (relation.related_model, relation.field.name)
        for relation in Person._meta.related_objects
        if isinstance(relation.related_model, type) and issubclass(relation.related_model, Fact)
    ]


def years_before(day: date, *, years: int) -> date:
    """The same day some years earlier; the 28th for the 29th of February."""
    return _in_year(day, day.year - years)


def years_after(day: date, *, years: int) -> date:
    """The same day some years later; the 28th for the 29th of February."""
    return _in_year(day, day.year + years)


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def _closed_date() -> Coalesce:
    ends = [_last_end(model, link) for model, link in facts_of_persons()]
    return Coalesce(NullIf(Greatest(*ends), NEVER), F("provenance__as_of_date"))


def _last_end(model: type[Fact], link: str) -> Coalesce:
    ends = (
        model._default_manager.filter(**{link: OuterRef("pk")})
        .order_by()
        .values(link)
        .annotate(last=Max("valid_to"))
        .values("last")
    )
    return Coalesce(Subquery(ends), NEVER)
