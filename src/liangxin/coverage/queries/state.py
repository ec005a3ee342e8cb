"""The one definition of coverage: how each organisation stands on a day.

Every figure and every list is this queryset, filtered or counted, so that they cannot disagree.
Conditions are uncorrelated IN-subqueries: both databases build each set once and look up per row.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When

from liangxin.coverage.queries.rules import CoverageRules, coverage_rules
from liangxin.coverage.terms import Base, BaseKind, Coverage, Group, Grouping, Slice, Standing
from liangxin.kernel.permissions import Permission, roles_with
from liangxin.kernel.prepared import rows_about
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import (
    MassPresence,
    OrganisationVersion,
    PartyCoverage,
    PartyOrganisationVersion,
    Posting,
)
from liangxin.registry.queries import in_scope, true_at
from liangxin.registry.terms import (
    ENTERPRISE_KINDS,
    GuideRole,
    MassKind,
    OrganisationKind,
    OrganisationStatus,
    PartyKind,
)

# A viewer who is officer here and owner there gets figures of the officer's scope only.
COVERAGE_ROLES = tuple(sorted(roles_with(Permission.SEE_COVERAGE)))
GROUP_FIELDS = {
    Grouping.STREET: "street_id",
    Grouping.SITE: "site_id",
    Grouping.INDUSTRY: "industry_section",
    Grouping.SIZE: "size_class",
}
SLICE_COVERAGE = {
    Slice.BASE: tuple(Coverage),
    Slice.ORGANISATION: (Coverage.SINGLE, Coverage.JOINT),
    Slice.SINGLE: (Coverage.SINGLE,),
    Slice.JOINT: (Coverage.JOINT,),
    Slice.WITHOUT: (Coverage.WORK, Coverage.NONE),
    Slice.WORK: (Coverage.WORK,),
    Slice.EITHER: (Coverage.SINGLE, Coverage.JOINT, Coverage.WORK),
    Slice.UNCOVERED: (Coverage.NONE,),
}
# More names in one condition than this cost more than the sets of a whole district.
MOST_NAMED = 3000
# Any: the rows carry annotations (standing, coverage) that the type of the model does not name.
Versions = QuerySet[Any]


def covered_state(viewer: Viewer, *, at: date, base: Base) -> Versions:
    """Organisations of the viewer's coverage scope on `at`, each with `standing` and `coverage`.

    `standing` is a Standing value (whether it counts in `base`), `coverage` a Coverage value.
    """
    scope = in_scope(viewer, at=at, roles=COVERAGE_ROLES)
    return stated(OrganisationVersion.objects.filter(true_at(at), scope), at=at, base=base)


def covered_state_of(
    viewer: Viewer, organisations: Collection[int], *, at: date, base: Base
) -> Versions:
    """The same of some organisations; nothing is worked out for the others of the district."""
    if len(organisations) > MOST_NAMED:
        return covered_state(viewer, at=at, base=base).filter(organisation_id__in=organisations)
    scope = in_scope(viewer, at=at, roles=COVERAGE_ROLES)
    found = OrganisationVersion.objects.filter(
        true_at(at), scope, organisation_id__in=organisations
    )
    return stated(found, at=at, base=base, among=organisations)


def stated(
    found: Versions, *, at: date, base: Base, among: Collection[int] | None = None
) -> Versions:
    """Annotate versions that hold on `at` with `standing` and `coverage`.

    `among` names the organisations of all these versions, if they are few: the sets of who is covered
    are then found for them alone.
    """
    rules = coverage_rules(at)
    rows: Versions = found.annotate(
        standing=_standing(base, rules=rules), coverage=_coverage(at, rules=rules, among=among)
    )
    return rows


def restated(rows: Versions, keys: Collection[int], *, at: date, base: Base) -> Versions:
    """The versions of a few keys, stated as before, without working out who else is covered."""
    return stated(rows, at=at, base=base, among=organisations_of(keys))


def organisations_of(keys: Collection[int]) -> list[int]:
    """Whose versions these are."""
    found = OrganisationVersion.objects.filter(pk__in=keys).order_by()
    return list(found.values_list("organisation_id", flat=True))


def coverage_of(organisation_id: int, *, at: date) -> Coverage:
    """How one organisation that is in the ledger on `at` is covered then."""
    rules = coverage_rules(at)

    def told(key: int) -> Versions:
        found = OrganisationVersion.objects.filter(true_at(at), organisation_id=key).order_by()
        return stated(found, at=at, base=Base(), among=(key,)).values_list("coverage")

    [(coverage,)] = rows_about(organisation_id, ("coverage of one", at, rules), told)
    return Coverage(coverage)


def slice_condition(which: Slice) -> Q:
    """The rows of a stated queryset that the figure named by `which` counts."""
    if which is Slice.UNKNOWN:
        return Q(standing=Standing.UNKNOWN)
    inside = Q(standing=Standing.IN_BASE)
    return inside if which is Slice.BASE else inside & Q(coverage__in=SLICE_COVERAGE[which])


def group_condition(group: Group) -> Q:
    """The rows that fall in one group."""
    field = GROUP_FIELDS[group.by]
    if group.key == "" and group.by in (Grouping.STREET, Grouping.SITE):
        return Q(**{f"{field}__isnull": True})
    return Q(**{field: group.key})


def _standing(base: Base, *, rules: CoverageRules) -> Case:
    counted = _counted(base, rules=rules)
    return _first_true(
        (counted & Q(status=OrganisationStatus.OPERATING), Standing.IN_BASE),
        (counted & Q(status=OrganisationStatus.UNKNOWN), Standing.UNKNOWN),
        otherwise=Standing.OUTSIDE,
    )


def _counted(base: Base, *, rules: CoverageRules) -> Q:
    """What the base asks of an organisation, its status apart."""
    left_out = []
    if not rules.count_branch_offices:
        left_out.append(OrganisationKind.BRANCH_OFFICE)
    if not rules.count_sole_traders:
        left_out.append(OrganisationKind.INDIVIDUAL_BUSINESS)
    kinds = ~Q(kind__in=left_out)
    if base.kind is BaseKind.SAN_YOU:
        three = Q(has_premises=True, has_activity=True, employees__gte=rules.san_you_min_staff)
        return kinds & three & Q(kind__in=ENTERPRISE_KINDS)
    if base.kind is BaseKind.MIN_STAFF:
        return kinds & Q(employees__gte=base.min_staff)
    return kinds


def _coverage(at: date, *, rules: CoverageRules, among: Collection[int] | None) -> Case:
    of = Q() if among is None else Q(organisation_id__in=among)
    steps: list[tuple[Q, str]] = []
    if "single" in rules.numerator:
        steps.append((_covered_alone(at, of=of), Coverage.SINGLE))
    if "joint" in rules.numerator:
        steps.append((_covered_jointly(at, rules=rules, of=of), Coverage.JOINT))
    steps.append((_reached_by_work(at, rules=rules, of=of), Coverage.WORK))
    return _first_true(*steps, otherwise=Coverage.NONE)


def founded_coverages(at: date) -> QuerySet[PartyCoverage]:
    """Coverages that hold on `at` by Party organisations that stand on that day."""
    return PartyCoverage.objects.filter(
        Q(party_organisation__dissolved_date__isnull=True)
        | Q(party_organisation__dissolved_date__gt=at),
        true_at(at),
        party_organisation__founded_date__lte=at,
    ).order_by()


def _lone(at: date, *, of: Q) -> QuerySet[PartyCoverage]:
    """Coverages by Party organisations of one unit; a joint branch left with one unit stays joint.

    Of every Party organisation that covers any of those in question all units count, also the others.
    """
    counted = founded_coverages(at)
    if of:
        own = PartyCoverage.objects.filter(true_at(at), of).order_by()
        counted = counted.filter(party_organisation_id__in=own.values("party_organisation_id"))
    units = (
        counted.values("party_organisation_id")
        .annotate(units=Count("organisation_id", distinct=True))
        .filter(units=1)
    )
    joint = PartyOrganisationVersion.objects.filter(
        true_at(at), kind=PartyKind.JOINT_BRANCH
    ).order_by()
    return (
        founded_coverages(at)
        .filter(party_organisation_id__in=units.values("party_organisation_id"))
        .exclude(party_organisation_id__in=joint.values("party_organisation_id"))
    )


def _covered_alone(at: date, *, of: Q) -> Q:
    return Q(organisation_id__in=_lone(at, of=of).filter(of).values("organisation_id"))


def _covered_jointly(at: date, *, rules: CoverageRules, of: Q) -> Q:
    every = founded_coverages(at).filter(of)
    if "single" not in rules.numerator:
        # Otherwise a branch of one unit would be counted as joint when only joint ones count.
        every = every.exclude(pk__in=_lone(at, of=of).values("pk"))
    return Q(organisation_id__in=every.values("organisation_id"))


def _reached_by_work(at: date, *, rules: CoverageRules, of: Q) -> Q:
    roles = [role for role in GuideRole if role.value in rules.work_means]
    kinds = [kind for kind in MassKind if kind.value in rules.work_means]
    posted = Posting.objects.filter(true_at(at), of, role__in=roles).order_by()
    present = MassPresence.objects.filter(true_at(at), of, kind__in=kinds).order_by()
    return Q(organisation_id__in=posted.values("organisation_id")) | Q(
        organisation_id__in=present.values("organisation_id")
    )


def _first_true(*steps: tuple[Q, str], otherwise: str) -> Case:
    cases = [When(condition, then=Value(str(value))) for condition, value in steps]
    return Case(*cases, default=Value(str(otherwise)), output_field=CharField())
