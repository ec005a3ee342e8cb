"""Reports and templates as a viewer may see them; scope decides which reports."""

import json
from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Max, Q, QuerySet

from liangxin.accounts.queries import scope_title
from liangxin.insight.models import Report, ReportTemplate, TemplateVersion
from liangxin.insight.terms import ReportState
from liangxin.kernel.permissions import Permission, require, roles_with
from liangxin.kernel.viewer import Held, Role, Scope, ScopeKind, Viewer
from liangxin.registry.models import Area
from liangxin.registry.queries.sites import streets
from liangxin.registry.terms import AreaKind
from liangxin.workbook.filling import Content, from_json

REPORT_ROLES = tuple(sorted(roles_with(Permission.MAKE_REPORTS)))
WHOLE = Scope(ScopeKind.DISTRICT)


def own_scopes(viewer: Viewer) -> frozenset[Scope]:
    """The scopes over which the viewer makes reports."""
    return viewer.scopes(*REPORT_ROLES)


def reports(viewer: Viewer) -> QuerySet[Report]:
    """The reports of the viewer's scopes, newest first; the district sees all. Their data stay behind."""
    found = Report.objects.select_related("version__template", "created_by", "job").defer(
        "content", "version__content"
    )
    scopes = own_scopes(viewer)
    if WHOLE in scopes:
        return found.order_by("-id")
    condition = Q(pk__in=())
    for scope in sorted(scopes):
        condition |= Q(scope_kind=scope.kind.value, scope_key=scope.key)
    return found.filter(condition).order_by("-id")


def report_or_none(viewer: Viewer, report_id: int) -> Report | None:
    """One report of the viewer's scopes."""
    return (
        reports(viewer).filter(pk=report_id).select_related("blob", "previous", "sent_by").first()
    )


def scope_of(report: Report) -> Scope:
    """What a report is about."""
    return Scope(ScopeKind(report.scope_kind), report.scope_key)


def as_seen_for(viewer: Viewer, scope: Scope) -> Viewer | None:
    """The viewer with nothing but one scope, so that a report holds that scope and no more.

    None where the scope is not the viewer's: one's own, or for the district any street.
    """
    own = own_scopes(viewer)
    is_street = scope.kind is ScopeKind.STREET and WHOLE in own
    if scope not in own and not is_street:
        return None
    role = Role.DISTRICT_OFFICE if scope == WHOLE else Role.COMMITTEE_OFFICER
    return viewer.holding_only((Held(role, scope),))


def report_scopes(viewer: Viewer) -> Sequence[tuple[str, str]]:
    """What the viewer can make a report about, as choices: `kind:key` and its title."""
    own = own_scopes(viewer)
    offered = [(scope_code(scope), titled(scope)) for scope in sorted(own)]
    if WHOLE in own:
        rows = streets().values_list("pk", "name")
        offered += [(scope_code(Scope(ScopeKind.STREET, str(pk))), name) for pk, name in rows]
    return list(dict.fromkeys(offered))


def scope_code(scope: Scope) -> str:
    """A scope as a form sends it; `scope_from` reads it."""
    return f"{scope.kind.value}:{scope.key}"


def scope_from(code: str) -> Scope:
    """The scope of a choice that report_scopes offered."""
    kind, _, key = code.partition(":")
    return Scope(ScopeKind(kind), key)


def titled(scope: Scope) -> str:
    """What a report calls its scope; the district by its name where the ledger knows it."""
    if scope == WHOLE:
        names = Area.objects.filter(kind=AreaKind.DISTRICT).order_by("pk")
        return names.values_list("name", flat=True).first() or "全区"
    return scope_title(scope) or "（已不在台账）"


def content_of(report: Report) -> Content:
    """The report's own copy of every figure and list; empty before it is filled."""
    return from_json(json.loads(report.content)) if report.content else Content()


def previous_report(report: Report) -> Report | None:
    """The report of the same template and scope before this one: of an earlier day, the latest sent first."""
    same = Report.objects.filter(
        version__template_id=report.version.template_id,
        scope_kind=report.scope_kind,
        scope_key=report.scope_key,
        at__lt=report.at,
    ).exclude(pk=report.pk)
    filled = same.exclude(state=ReportState.WAITING).order_by("-at", "-id")
    return filled.filter(state=ReportState.SENT).first() or filled.first()


def templates(viewer: Viewer) -> QuerySet[ReportTemplate]:
    """Every template with `version_number` and how many `reports` were made of it."""
    require(viewer, Permission.MAKE_REPORTS)
    return ReportTemplate.objects.annotate(
        version_number=Max("versions__number"),
        report_count=Count("versions__reports", distinct=True),
    ).order_by("is_retired", "-id")


def versions(template: ReportTemplate) -> QuerySet[TemplateVersion]:
    """The versions of a template, newest first, their files left behind."""
    found = template.versions.defer("content").select_related("created_by")
    return found.annotate(report_count=Count("reports")).order_by("-number")


def newest_version(template: ReportTemplate) -> TemplateVersion:
    """The version that a new report is made with."""
    return template.versions.order_by("-number")[0]


def street_names() -> list[str]:
    """The streets a template can name."""
    return list(streets().values_list("name", flat=True))


def chinese_day(day: date) -> str:
    """A day as documents write it."""
    return f"{day.year}年{day.month}月{day.day}日"
