"""离开与变动: what waits to be settled after firms and Party organisations closed or moved, by kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from liangxin.coverage.queries.branch_flags import KIND_BY_CODE as FLAGS
from liangxin.coverage.queries.branch_flags import branches_of_few_members_unrecorded
from liangxin.coverage.queries.leaving import units_closed_meanwhile
from liangxin.kernel.keeping import kept
from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Viewer
from liangxin.registry.queries import leavers
from liangxin.registry.queries.reorganisations import requests_to
from liangxin.registry.queries.revisions import standing_revision_for


@dataclass(frozen=True)
class LeaverKind:
    """One kind of thing to settle: why it waits, by which rule, and what settles it.

    `rows` answers those a viewer keeps, as they stand on a day.
    """

    code: str
    title: str
    why: str
    rule: str
    rows: Callable[..., QuerySet[Any]]
    permission: Permission = Permission.EDIT_LEDGER


KINDS: tuple[LeaverKind, ...] = (
    LeaverKind(
        "requests",
        "等我们接收的单位",
        "别的街道登记它迁到了这里。核对以后接收，从迁移那天起计入本街道；不在这里的退回。",
        "coverage.base",
        requests_to,
    ),
    LeaverKind(
        "members",
        "单位注销的党员",
        "工作单位已经注销、吊销或迁出。问清去向：到了新单位的改工作单位；待业、退休的清空工作单位；"
        "离开本区的停止登记。组织关系不因单位注销而消失，随去向转接。",
        "members.never_deleted",
        leavers.members_of_closed,
        Permission.SEE_PEOPLE,
    ),
    LeaverKind(
        "relations",
        "党组织撤销后的党员",
        "党组织撤销时党员的关系没有随之转走。逐人登记转接到哪个党组织。",
        "branch.counts_only_relations_held",
        leavers.relations_of_dissolved,
        Permission.SEE_PEOPLE,
    ),
    LeaverKind(
        "branches",
        "没有单位的党组织",
        "涵盖的单位一家也不在了，党组织没有依托。改为涵盖别的单位，或者撤销。",
        "branch.min_full_members",
        leavers.branches_without_units,
    ),
    LeaverKind(
        "short",
        "人数单位不足的支部",
        "正式党员不足建立党支部的人数，或者联合党支部只剩一家单位。补充涵盖单位、联建，或者撤销。",
        "branch.min_full_members",
        leavers.branches_short,
        Permission.SEE_PEOPLE,
    ),
    LeaverKind(
        "children",
        "上级已撤销的党组织",
        "上级党组织已经撤销。在修改页里改“上级党组织”。",
        "branch.counts_only_relations_held",
        leavers.without_parent,
    ),
    LeaverKind(
        "coverages",
        "名下还有注销单位",
        "单位已经注销、吊销或迁出，党组织还有别的单位。登记不再涵盖。",
        "coverage.base",
        leavers.coverages_of_closed,
    ),
    LeaverKind(
        "moved",
        "迁了街道的单位",
        "单位已经不在党组织所属的街道。商定由谁涵盖：改由新街道的党组织涵盖，或者维持不变。",
        "joint_branch.street_radius_m",
        leavers.coverages_left_behind,
    ),
    LeaverKind(
        "postings",
        "联系注销单位的指导员",
        "联系的单位已经不在。登记联系结束，腾出来的名额可以联系别的单位。",
        "instructor.max_enterprises",
        leavers.postings_to_closed,
    ),
    LeaverKind(
        "establishments",
        "组建事项里的注销单位",
        "正在组建的联合党支部里有单位已经注销。不够家数或人数的撤回，重新编组。",
        "joint_branch.max_units",
        units_closed_meanwhile,
        Permission.PLAN_BRANCHES,
    ),
)
KINDS += tuple(
    LeaverKind(kind.code, title, f"{kind.why}{kind.next_step}", kind.rule, rows, permission)
    for kind, title, rows, permission in (
        (FLAGS["far"], "超出联建距离的单位", FLAGS["far"].rows, Permission.PLAN_BRANCHES),
        (FLAGS["own"], "够单独建支部的单位", FLAGS["own"].rows, Permission.PLAN_BRANCHES),
        (
            FLAGS["few"],
            "党员不足的联合党支部",
            branches_of_few_members_unrecorded,
            Permission.SEE_PEOPLE,
        ),
        (FLAGS["many"], "党员超限的联合党支部", FLAGS["many"].rows, Permission.SEE_PEOPLE),
        (FLAGS["crowded"], "单位超限的联合党支部", FLAGS["crowded"].rows, Permission.PLAN_BRANCHES),
        (FLAGS["vacant"], "没有书记的联合党支部", FLAGS["vacant"].rows, Permission.SEE_PEOPLE),
        (FLAGS["left"], "退出单位的党员关系", FLAGS["left"].rows, Permission.SEE_PEOPLE),
    )
)
KIND_BY_CODE: Mapping[str, LeaverKind] = {kind.code: kind for kind in KINDS}


def open_kinds(viewer: Viewer) -> tuple[LeaverKind, ...]:
    """The kinds whose rows the viewer may be told of."""
    return tuple(kind for kind in KINDS if may(viewer, kind.permission))


def leaver_counts(viewer: Viewer, *, at: date) -> dict[str, int]:
    """How many of each kind wait, by code; over the same queries as the lists.

    Kept until the ledger changes: the starting page shows their sum every morning.
    """
    scopes = sorted(f"{one.role}:{one.scope.kind}={one.scope.key}" for one in viewer.held)
    key = "/".join(("leavers", str(standing_revision_for(viewer)), at.isoformat(), *scopes))
    return kept(key, lambda: _counted(viewer, at=at))


def _counted(viewer: Viewer, *, at: date) -> dict[str, int]:
    return {kind.code: kind.rows(viewer, at=at).order_by().count() for kind in open_kinds(viewer)}
