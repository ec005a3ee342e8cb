"""The list of likely duplicates, and the button that looks for them anew."""

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission
from liangxin.registry.actions.duplicates import FIND, look_for_duplicates
from liangxin.registry.models import LikelyPair
from liangxin.registry.queries.duplicates import (
    evidence_words,
    last_search,
    likely_pairs,
    pair_search,
)
from liangxin.registry.queries.sites import street_choices
from liangxin.registry.terms import LikenessKind
from liangxin.ui.listing import ListColumn, ListFilter, Listing, list_response

KINDS = (("organisation", "单位"), ("person", "人员"))


@page(Permission.EDIT_LEDGER)
def duplicates(request: ViewerRequest) -> HttpResponse:
    """重复单位."""
    today = timezone.localdate()
    streets = street_choices(request.viewer, at=today)
    listing = Listing(
        code="duplicates",
        title="疑似重复的单位和人员",
        columns=_columns(),
        filters=(
            ListFilter("kind", "类别", KINDS, _of_kind),
            ListFilter("evidence", "相像之处", LikenessKind.choices, _with_evidence),
            ListFilter("street", "街道", streets, _in_street),
        ),
        search=pair_search,
        search_hint="单位名称或姓名",
        empty_title="没有疑似重复的记录",
        empty_text="导入名单以后，点右上角“重新查找”，系统会把全部单位和人员比对一遍。",
        export_permission=Permission.EXPORT_LISTS,
    )
    context = {"search": last_search(FIND), "at": today}
    return list_response(
        request,
        listing,
        likely_pairs(request.viewer, at=today),
        template="registry/duplicates.html",
        context=context,
    )


@page(Permission.EDIT_LEDGER)
@require_POST
def find(request: ViewerRequest) -> HttpResponse:
    """重新查找."""
    return redirect("job", look_for_duplicates(by=request.viewer).pk)


def _columns() -> tuple[ListColumn, ...]:
    return (
        ListColumn(
            "first", "一方", lambda row: row.first_name, link=_first_page, sort=("first_name",)
        ),
        ListColumn(
            "second",
            "另一方",
            lambda row: row.second_name,
            link=_second_page,
            sort=("second_name",),
        ),
        ListColumn("why", "相像之处", evidence_words),
        ListColumn("streets", "街道", _streets),
        ListColumn(
            "strength", "相像程度", lambda row: row.strength, sort=("strength",), numeric=True
        ),
        ListColumn("settle", "办理", lambda row: "核对合并", link=_merge_page),
    )


def _streets(row: LikelyPair) -> str:
    names = [row.first_street, row.second_street]  # type: ignore[attr-defined]
    return "、".join(dict.fromkeys(name for name in names if name))


def _first_page(row: LikelyPair) -> str | None:
    # A person may be a member or a guide: which page is theirs, the merge page tells.
    key = row.first_organisation_id
    return reverse("organisation", args=(key,)) if key else None


def _second_page(row: LikelyPair) -> str | None:
    key = row.second_organisation_id
    return reverse("organisation", args=(key,)) if key else None


def _merge_page(row: LikelyPair) -> str:
    if row.first_person_id:
        url = reverse("member-merge", args=(row.first_person_id,))
        return f"{url}?with={row.second_person_id}"
    url = reverse("organisation-merge", args=(row.first_organisation_id,))
    return f"{url}?with={row.second_organisation_id}"


def _of_kind(value: str) -> Q:
    return Q(first_person__isnull=value != "person")


def _with_evidence(value: str) -> Q:
    return Q(evidence__contains=f",{value},")


def _in_street(value: str) -> Q:
    return Q(first_street_id=int(value)) | Q(second_street_id=int(value))
