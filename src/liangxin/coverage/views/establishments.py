"""All establishments that the viewer meets: how far each has come, and what it waits for."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.cache import never_cache

from liangxin.coverage.models import Establishment
from liangxin.coverage.queries.establishments import establishments as establishments_of
from liangxin.coverage.queries.establishments import state_in_words
from liangxin.coverage.queries.whose_turn import (
    OPEN_TURNS,
    Turn,
    establishment_tasks,
    turn_condition,
    turn_in_words,
)
from liangxin.coverage.terms import EstablishmentState
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Viewer
from liangxin.registry.queries.sites import street_choices
from liangxin.ui.listing import ListColumn, ListFilter, Listing, list_response

REQUESTED_STATES = (EstablishmentState.PROPOSED, EstablishmentState.APPROVED)


@page(Permission.PLAN_BRANCHES)
@never_cache
def establishments(request: ViewerRequest) -> HttpResponse:
    """组建事项.

    Opened to see how the adopted groups stand; must decide which to push on, and for which to write a
    request. At a glance: the state of each, what it waits for, and whose turn it is.
    """
    return list_response(
        request,
        _listing(request.viewer, is_export=request.GET.get("export") == "xlsx"),
        establishments_of(request.viewer),
        template="coverage/establishments.html",
        context={
            "tasks": establishment_tasks(request.viewer),
            "approves": may(request.viewer, Permission.APPROVE_BRANCHES),
        },
    )


def _listing(viewer: Viewer, *, is_export: bool) -> Listing:
    return Listing(
        code="establishments",
        title="组建事项",
        columns=_columns(is_export=is_export),
        filters=_filters(viewer),
        search=lambda text: Q(
            pk__in=Establishment.objects.filter(
                Q(name__icontains=text) | Q(units__name__icontains=text)
            )
            .order_by()
            .values("pk")
        ),
        search_hint="支部名称或单位名称",
        empty_title="没有这样的组建事项",
        empty_text="在联建方案里采纳拟联合组以后，从拟建、批复到成立的办理情况显示在这里。",
        export_permission=Permission.EXPORT_LISTS,
    )


def _columns(*, is_export: bool) -> tuple[ListColumn, ...]:
    return (
        ListColumn(
            "name",
            "党组织名称",
            _name if is_export else _name_to_choose,
            sort=("name",),
        ),
        ListColumn("state", "状态", state_in_words, sort=("state",)),
        ListColumn("turn", "在等", turn_in_words),
        ListColumn("street", "街道", lambda row: row.street, sort=("street__code",)),
        ListColumn("units", "单位", lambda row: len(row.units.all()), numeric=True),
        ListColumn(
            "members",
            "正式党员",
            lambda row: sum(unit.members for unit in row.units.all()),
            numeric=True,
        ),
        ListColumn("adopted", "采纳", lambda row: row.adopted_date, sort=("adopted_date",)),
        ListColumn(
            "approved", "批复", lambda row: row.approved_date, sort=("approved_date",), wide=True
        ),
        ListColumn(
            "founded", "成立", lambda row: row.founded_date, sort=("founded_date",), wide=True
        ),
    )


def _name(row: Establishment) -> str:
    return row.name


def _name_to_choose(row: Any) -> str:
    url = reverse("establishment", args=(row.pk,))
    if row.state not in REQUESTED_STATES:
        return format_html('<a href="{}">{}</a>', url, row.name)
    # The box belongs to the form of requests, which stands outside the list.
    return format_html(
        '<span class="es-choice"><input type="checkbox" name="establishment" value="{}" '
        'form="request-form" aria-label="选择{}"><a href="{}">{}</a></span>',
        row.pk,
        row.name,
        url,
        row.name,
    )


def _filters(viewer: Viewer) -> tuple[ListFilter, ...]:
    return (
        ListFilter("state", "状态", EstablishmentState.choices, lambda value: Q(state=value)),
        ListFilter(
            "turn",
            "在等",
            [(one.value, str(one.label)) for one in OPEN_TURNS],
            lambda value: turn_condition(Turn(value)),
        ),
        ListFilter(
            "street",
            "街道",
            street_choices(viewer, at=timezone.localdate()),
            lambda value: Q(
                pk__in=Establishment.objects.filter(
                    Q(street_id=int(value)) | Q(units__street_id=int(value))
                )
                .order_by()
                .values("pk")
            ),
        ),
    )
