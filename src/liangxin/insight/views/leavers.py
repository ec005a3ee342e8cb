"""离开与变动: the to-do list after firms and Party organisations closed or moved."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from liangxin.insight.queries.leavers import KIND_BY_CODE, LeaverKind, leaver_counts, open_kinds
from liangxin.kernel.pages import ViewerRequest, page
from liangxin.kernel.permissions import Permission, require
from liangxin.registry.queries.kept_counts import with_kept_count
from liangxin.registry.queries.rules import rule_at
from liangxin.ui.listing import ListColumn, Listing, list_response

Value = Callable[[Any], object]


@page(Permission.EDIT_LEDGER)
def leavers(request: ViewerRequest) -> HttpResponse:
    """The kinds with their numbers, and the list of one of them: the asked, else the first with any."""
    today = timezone.localdate()
    counts = leaver_counts(request.viewer, at=today)
    kinds = open_kinds(request.viewer)
    kind = KIND_BY_CODE.get(request.GET.get("kind", ""))
    if kind is None:
        kind = next((one for one in kinds if counts[one.code]), kinds[0])
    require(request.viewer, kind.permission)
    listing = Listing(
        code=f"leavers-{kind.code}",
        title="离开与变动",
        columns=_columns(kind),
        search=_SEARCHES[kind.code],
        search_hint="姓名、单位或党组织名称",
        empty_title="都落实了",
        empty_text="单位注销、迁移，党组织撤销以后，要落实的事会自动列在这里，办完自动消失。",
        export_permission=Permission.EXPORT_LISTS,
    )
    context = {
        "kind": kind,
        "rule": rule_at(kind.rule, at=today),
        "kinds": [(one, counts[one.code], _address(one)) for one in kinds],
        "waiting": sum(counts.values()),
        "at": today,
    }
    found = with_kept_count(kind.rows(request.viewer, at=today), viewer=request.viewer)
    return list_response(request, listing, found, template="insight/leavers.html", context=context)


def _address(kind: LeaverKind) -> str:
    return f"{reverse('leavers')}?{urlencode({'kind': kind.code})}"


def _columns(kind: LeaverKind) -> tuple[ListColumn, ...]:
    since = ListColumn("since", "从哪天起", lambda row: row.since, sort=("since",))
    return (*_COLUMNS[kind.code], since, _settling(kind))


def _settling(kind: LeaverKind) -> ListColumn:
    title, address = _SETTLED_BY[kind.code]
    back = urlencode({"next": _address(kind)})
    return ListColumn(
        "settle", "办理", lambda row: title, link=lambda row: f"{address(row)}?{back}"
    )


def _person(row: Any) -> str:
    return reverse("member", args=(row.person_id,))


def _party(row: Any) -> str:
    return reverse("party-organisation", args=(row.party_organisation_id,))


def _joint(row: Any) -> str:
    return reverse("joint-branch", args=(row.party_organisation_id,))


def _unit(row: Any) -> str:
    return reverse("organisation", args=(row.organisation_id,))


_MEMBER = ListColumn(
    "name", "党员", lambda row: row.person.name, link=_person, sort=("person__name",)
)
_BRANCH = ListColumn("name", "党组织", lambda row: row.name, link=_party, sort=("name",))
_BRANCH_KIND = ListColumn("kind", "类别", lambda row: row.get_kind_display())
_BRANCH_STREET = ListColumn("street", "街道", lambda row: row.street, wide=True)
_COVERED = ListColumn("unit", "单位", lambda row: row.unit_name, link=_unit, sort=("unit_name",))
_COVERING = ListColumn(
    "party", "党组织", lambda row: row.party_name, link=_party, sort=("party_name",)
)
_JOINT = ListColumn(
    "party", "联合党支部", lambda row: row.party_name, link=_joint, sort=("party_name",)
)
_JOINT_BRANCH = (
    ListColumn("name", "联合党支部", lambda row: row.name, link=_joint, sort=("name",)),
    ListColumn("units", "在营单位", lambda row: row.units, sort=("units",), numeric=True),
    ListColumn("full", "正式党员", lambda row: row.members, sort=("members",), numeric=True),
    _BRANCH_STREET,
)
_COLUMNS: dict[str, tuple[ListColumn, ...]] = {
    "requests": (
        ListColumn("name", "单位", lambda row: row.name, sort=("name",)),
        ListColumn("from", "来自", lambda row: row.area, wide=True),
        ListColumn("into", "迁到", lambda row: row.into_name),
    ),
    "members": (
        _MEMBER,
        ListColumn("stage", "人员类别", lambda row: row.get_stage_display(), wide=True),
        ListColumn(
            "unit",
            "已注销的单位",
            lambda row: row.unit_name,
            link=lambda row: reverse("organisation", args=(row.unit_id,)),
            sort=("unit_name",),
        ),
        ListColumn("held", "组织关系所在", lambda row: row.held_in_name or "不在本区或未填"),
    ),
    "relations": (
        _MEMBER,
        ListColumn("party", "已撤销的党组织", lambda row: row.party_name, sort=("party_name",)),
    ),
    "branches": (_BRANCH, _BRANCH_KIND, _BRANCH_STREET),
    "short": (
        _BRANCH,
        _BRANCH_KIND,
        ListColumn("full", "正式党员", lambda row: row.full, sort=("full",), numeric=True),
        ListColumn("units", "在营单位", lambda row: row.units, sort=("units",), numeric=True),
        _BRANCH_STREET,
    ),
    "children": (
        _BRANCH,
        _BRANCH_KIND,
        ListColumn("parent", "已撤销的上级", lambda row: row.parent_name, sort=("parent_name",)),
    ),
    "coverages": (_COVERED, _COVERING),
    "moved": (
        _COVERED,
        ListColumn("street", "现在的街道", lambda row: row.street_name),
        _COVERING,
    ),
    "postings": (
        ListColumn(
            "guide",
            "指导员、联络员",
            lambda row: row.person.name,
            link=lambda row: reverse("guide", args=(row.person_id,)),
            sort=("person__name",),
        ),
        ListColumn("role", "类别", lambda row: row.get_role_display(), wide=True),
        _COVERED,
    ),
    "far": (_COVERED, _JOINT),
    "own": (
        _COVERED,
        ListColumn("full", "正式党员", lambda row: row.full, sort=("full",), numeric=True),
        _JOINT,
    ),
    "few": _JOINT_BRANCH,
    "many": _JOINT_BRANCH,
    "crowded": _JOINT_BRANCH,
    "vacant": _JOINT_BRANCH,
    "left": (
        _MEMBER,
        ListColumn("unit", "已退出的单位", lambda row: row.unit_name, sort=("unit_name",)),
        _JOINT,
    ),
    "establishments": (
        ListColumn(
            "establishment",
            "组建事项",
            lambda row: row.establishment.name,
            link=lambda row: reverse("establishment", args=(row.establishment_id,)),
            sort=("establishment__name",),
        ),
        ListColumn("unit", "已注销的单位", lambda row: row.name, link=_unit, sort=("name",)),
    ),
}
_SETTLED_BY: dict[str, tuple[str, Callable[[Any], str]]] = {
    "requests": ("接收或退回", lambda row: reverse("reorganisation", args=(row.pk,))),
    "members": ("登记去向", lambda row: reverse("member-edit", args=(row.person_id,))),
    "relations": ("登记转接结果", lambda row: reverse("member-edit", args=(row.person_id,))),
    "branches": (
        "撤销",
        lambda row: reverse("party-organisation-dissolve", args=(row.party_organisation_id,)),
    ),
    "short": (
        "增加涵盖单位",
        lambda row: reverse("coverage-add", args=(row.party_organisation_id,)),
    ),
    "children": (
        "改上级党组织",
        lambda row: reverse("party-organisation-edit", args=(row.party_organisation_id,)),
    ),
    "coverages": ("不再涵盖", lambda row: _ending(row)),
    "moved": ("不再涵盖", lambda row: _ending(row)),
    "postings": ("联系结束", lambda row: reverse("posting-end", args=(row.pk,))),
    "far": ("检查和重排", _joint),
    "own": (
        "登记退出",
        lambda row: reverse("branch-leave", args=(row.party_organisation_id, row.organisation_id)),
    ),
    "few": ("检查和重排", _joint),
    "many": ("检查", _joint),
    "crowded": ("检查", _joint),
    "vacant": ("登记任职", lambda row: reverse("post-add", args=(row.party_organisation_id,))),
    "left": ("登记转接结果", lambda row: reverse("member-edit", args=(row.person_id,))),
    "establishments": (
        "去组建事项",
        lambda row: reverse("establishment", args=(row.establishment_id,)),
    ),
}


def _ending(row: Any) -> str:
    return reverse("coverage-end", args=(row.party_organisation_id, row.organisation_id))


def _by_person(text: str) -> Q:
    return Q(person__name__icontains=text)


def _by_name(text: str) -> Q:
    return Q(name__icontains=text)


def _by_names(text: str) -> Q:
    return Q(unit_name__icontains=text) | Q(party_name__icontains=text)


_SEARCHES: dict[str, Callable[[str], Q]] = {
    "requests": _by_name,
    "members": lambda text: _by_person(text) | Q(unit_name__icontains=text),
    "relations": lambda text: _by_person(text) | Q(party_name__icontains=text),
    "branches": _by_name,
    "short": _by_name,
    "children": lambda text: _by_name(text) | Q(parent_name__icontains=text),
    "coverages": _by_names,
    "moved": _by_names,
    "postings": lambda text: _by_person(text) | Q(unit_name__icontains=text),
    "far": _by_names,
    "own": _by_names,
    "few": _by_name,
    "many": _by_name,
    "crowded": _by_name,
    "vacant": _by_name,
    "left": lambda text: _by_person(text) | _by_names(text),
    "establishments": lambda text: _by_name(text) | Q(establishment__name__icontains=text),
}
