"""The menu: what each viewer can open, in the order of the daily work."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import ROLE_TITLES, Viewer


@dataclass(frozen=True)
class MenuItem:
    """One entry of the menu: route name, title, the permission its page asks for, its icon and group."""

    route: str
    title: str
    permission: Permission
    icon: str = "dot"
    group: str = ""


@dataclass(frozen=True)
class OpenItem:
    """An entry as one viewer sees it on one page."""

    title: str
    url: str
    icon: str
    is_current: bool


@dataclass(frozen=True)
class OpenGroup:
    """Entries under one small heading."""

    title: str
    items: Sequence[OpenItem]


COVERAGE = "两个覆盖"
LEDGER = "底数台账"
SETTINGS = "规则与管理"

# Entries of one group stand together; their order is the menu's.
MENU: tuple[MenuItem, ...] = (
    MenuItem("home", "首页", Permission.SEE_HOME, "home"),
    MenuItem("board", "挂图作战", Permission.SEE_COVERAGE, "map", COVERAGE),
    MenuItem("coverage", "覆盖情况", Permission.SEE_COVERAGE, "coverage", COVERAGE),
    MenuItem("growth", "党员占比", Permission.SEE_COVERAGE, "growth", COVERAGE),
    MenuItem("mass-presence", "工会团组织", Permission.SEE_COVERAGE, "circles", COVERAGE),
    MenuItem("proposals", "联建方案", Permission.PLAN_BRANCHES, "group", COVERAGE),
    MenuItem("establishments", "组建事项", Permission.PLAN_BRANCHES, "steps", COVERAGE),
    MenuItem("targets", "发展重点", Permission.PLAN_BRANCHES, "target", COVERAGE),
    MenuItem("joint-branches", "联合党支部", Permission.PLAN_BRANCHES, "flag", COVERAGE),
    MenuItem("consents", "会签", Permission.PLAN_BRANCHES, "seal", COVERAGE),
    MenuItem("changes", "变化对比", Permission.SEE_COVERAGE, "swap", COVERAGE),
    MenuItem("uncovered", "未覆盖清单", Permission.SEE_COVERAGE, "warning", COVERAGE),
    MenuItem("reports", "报表", Permission.MAKE_REPORTS, "print", COVERAGE),
    MenuItem("organisations", "单位台账", Permission.SEE_LEDGER, "building", LEDGER),
    MenuItem("duplicates", "重复单位", Permission.EDIT_LEDGER, "copies", LEDGER),
    MenuItem("confirmations", "待核对", Permission.EDIT_LEDGER, "checklist", LEDGER),
    MenuItem("leavers", "离开与变动", Permission.EDIT_LEDGER, "leave", LEDGER),
    MenuItem("streets", "街道", Permission.SEE_COVERAGE, "road", LEDGER),
    MenuItem("sites", "楼宇园区", Permission.SEE_LEDGER, "place", LEDGER),
    MenuItem("party-organisations", "党组织名册", Permission.SEE_LEDGER, "tree", LEDGER),
    MenuItem("members", "党员", Permission.SEE_PEOPLE, "people", LEDGER),
    MenuItem("guides", "指导员联络员", Permission.SEE_LEDGER, "guide", LEDGER),
    MenuItem("imports", "导入名单", Permission.IMPORT_LISTS, "upload", LEDGER),
    MenuItem("rules", "规则", Permission.SEE_RULES, "rules", SETTINGS),
    MenuItem("users", "用户", Permission.MANAGE_USERS, "key", SETTINGS),
    MenuItem("audit", "操作记录", Permission.SEE_AUDIT, "record", SETTINGS),
)


def navigation(request: HttpRequest) -> dict[str, object]:
    """Context for every page: the viewer, the titles of their roles, and the menu open to them."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    titles = [ROLE_TITLES[role] for role in sorted(viewer.roles)] if viewer else []
    return {
        "viewer": viewer,
        "viewer_titles": "、".join(titles),
        "menu": menu_for(viewer, path=request.path) if viewer else (),
        "is_demo": settings.DEMO_MODE,
    }


def menu_for(viewer: Viewer, *, path: str) -> tuple[OpenGroup, ...]:
    """The groups of the menu that hold something for the viewer; the entry nearest to `path` is current."""
    items = [(item, reverse(item.route)) for item in MENU if may(viewer, item.permission)]
    around = [url for _, url in items if path == url or (url != "/" and path.startswith(url))]
    nearest = max(around, key=len, default="")
    return tuple(
        OpenGroup(
            title=title,
            items=[OpenItem(one.title, url, one.icon, url == nearest) for one, url in group],
        )
        for title, group in groupby(items, key=lambda pair: pair[0].group)
    )
