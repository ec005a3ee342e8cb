"""联合党支部: all that stand, and what is out of order with each."""

from datetime import date

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from liangxin.coverage.queries.branch_flags import KINDS, FlagKind, flag_condition, flagged_branches
from liangxin.coverage.queries.branch_units import joint_branches as joint_branches_of
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.kernel.viewer import Viewer
from liangxin.registry.queries.kept_counts import with_kept_count
from liangxin.registry.queries.sites import street_choices
from liangxin.ui.listing import ListColumn, ListFilter, Listing, list_response

Flagged = dict[int, tuple[FlagKind, ...]]
ANY = "any"


@page(Permission.PLAN_BRANCHES)
@never_cache
def joint_branches(request: ViewerRequest) -> HttpResponse:
    """联合党支部.

    Opened by an officer after firms closed, moved or grew; must decide which branch to set right first.
    At a glance: which are out of order, and why.
    """
    today = timezone.localdate()
    flagged = flagged_branches(request.viewer, at=today)
    found = with_kept_count(joint_branches_of(request.viewer, at=today), viewer=request.viewer)
    return list_response(
        request,
        _listing(request.viewer, flagged, at=today),
        found,
        template="coverage/joint_branches.html",
        context={"flagged": len(flagged), "whole": found.order_by().count()},
    )


def _listing(viewer: Viewer, flagged: Flagged, *, at: date) -> Listing:
    return Listing(
        code="joint-branches",
        title="联合党支部",
        columns=_columns(flagged),
        filters=(
            ListFilter(
                "flag",
                "要处理的",
                [(ANY, "有问题的"), *((kind.code, kind.title) for kind in KINDS)],
                lambda value: _flag(viewer, value, flagged, at=at),
            ),
            ListFilter(
                "street",
                "街道",
                street_choices(viewer, at=at),
                lambda value: Q(street_id=int(value)),
            ),
        ),
        search=lambda text: (
            Q(name__icontains=text)
            | Q(
                party_organisation_id__in=joint_branches_of(viewer, at=at)
                .filter(
                    party_organisation__coverages__valid_to__isnull=True,
                    party_organisation__coverages__organisation__versions__valid_to__isnull=True,
                    party_organisation__coverages__organisation__versions__name__icontains=text,
                )
                .order_by()
                .values("party_organisation_id")
            )
        ),
        search_hint="支部名称或单位名称",
        empty_title="没有这样的联合党支部",
        empty_text="联合党支部登记成立以后列在这里；单位注销、搬迁或党员增减以后，要处理的会自动标出来。",
        export_permission=Permission.EXPORT_LISTS,
    )


def _columns(flagged: Flagged) -> tuple[ListColumn, ...]:
    return (
        ListColumn(
            "name",
            "联合党支部",
            lambda row: row.name,
            link=lambda row: reverse("joint-branch", args=(row.party_organisation_id,)),
            sort=("name",),
        ),
        ListColumn(
            "flags",
            "要处理的",
            lambda row: "、".join(
                kind.title for kind in flagged.get(row.party_organisation_id, ())
            ),
        ),
        ListColumn("units", "在营单位", lambda row: row.units, sort=("units",), numeric=True),
        ListColumn("members", "正式党员", lambda row: row.members, sort=("members",), numeric=True),
        ListColumn("street", "街道", lambda row: row.street, sort=("street__code",)),
        ListColumn(
            "founded",
            "成立",
            lambda row: row.party_organisation.founded_date,
            sort=("party_organisation__founded_date",),
            wide=True,
        ),
    )


def _flag(viewer: Viewer, value: str, flagged: Flagged, *, at: date) -> Q:
    if value == ANY:
        return Q(party_organisation_id__in=set(flagged))
    return flag_condition(viewer, value, at=at)
