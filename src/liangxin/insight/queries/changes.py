"""What changed between two days, by kind: each kind is one query, counted on the overview and listed on its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from liangxin.kernel.keeping import kept
from liangxin.kernel.permissions import Permission, may
from liangxin.kernel.viewer import Viewer
from liangxin.registry.queries import differences
from liangxin.registry.queries.differences import MemberChanges, Window, member_changes
from liangxin.registry.queries.revisions import revision_for, standing_revision_for


class Sort(StrEnum):
    """What the rows of a kind are, and so how they are shown."""

    ORGANISATION = "organisation"
    PARTY = "party"
    MEMBER = "member"
    POSTING = "posting"
    PRESENCE = "presence"
    TOLD_ORGANISATION = "told_organisation"
    TOLD_COVERAGE = "told_coverage"
    TOLD_POSTING = "told_posting"


@dataclass(frozen=True)
class Kind:
    """One kind of change; `rows` answers the changes of a window that a viewer may see."""

    code: str
    title: str
    group: str
    sort: Sort
    rows: Callable[[Viewer, Window], QuerySet[Any]]
    permission: Permission = Permission.SEE_LEDGER


UNITS, PARTY, PEOPLE, GUIDES, MASS, TOLD = (
    "单位",
    "党组织",
    "党员",
    "指导员联络员",
    "工会团组织",
    "录入",
)
TRUE_KINDS: tuple[Kind, ...] = (
    Kind("new", "新增单位", UNITS, Sort.ORGANISATION, differences.new_organisations),
    Kind("closed", "注销、吊销或迁出", UNITS, Sort.ORGANISATION, differences.closed_organisations),
    Kind("restated", "其他状态变化", UNITS, Sort.ORGANISATION, differences.restated_organisations),
    Kind("moved", "换了街道或楼宇", UNITS, Sort.ORGANISATION, differences.moved_organisations),
    Kind("renamed", "改了名称", UNITS, Sort.ORGANISATION, differences.renamed_organisations),
    Kind("resized", "规模变化", UNITS, Sort.ORGANISATION, differences.resized_organisations),
    Kind("gone", "离开本范围", UNITS, Sort.ORGANISATION, differences.organisations_gone),
    Kind("founded", "新成立", PARTY, Sort.PARTY, differences.founded_party_organisations),
    Kind("dissolved", "撤销", PARTY, Sort.PARTY, differences.dissolved_party_organisations),
    Kind(
        "joined",
        "新列入",
        PEOPLE,
        Sort.MEMBER,
        differences.joined_members,
        Permission.SEE_PEOPLE,
    ),
    Kind(
        "made-full",
        "转为正式党员",
        PEOPLE,
        Sort.MEMBER,
        differences.members_made_full,
        Permission.SEE_PEOPLE,
    ),
    Kind(
        "members-gone",
        "不再列入",
        PEOPLE,
        Sort.MEMBER,
        differences.members_gone,
        Permission.SEE_PEOPLE,
    ),
    Kind("posted", "新选派", GUIDES, Sort.POSTING, differences.begun_postings),
    Kind("unposted", "结束联系", GUIDES, Sort.POSTING, differences.ended_postings),
    Kind("mass-begun", "新建立", MASS, Sort.PRESENCE, differences.begun_presences),
    Kind("mass-ended", "不再有", MASS, Sort.PRESENCE, differences.ended_presences),
)
TOLD_KINDS: tuple[Kind, ...] = (
    Kind("told-units", "单位资料", TOLD, Sort.TOLD_ORGANISATION, differences.told_organisations),
    Kind("told-coverage", "涵盖关系", TOLD, Sort.TOLD_COVERAGE, differences.told_coverages),
    Kind("told-postings", "选派", TOLD, Sort.TOLD_POSTING, differences.told_postings),
)
KINDS = {kind.code: kind for kind in (*TRUE_KINDS, *TOLD_KINDS)}


# Lists that are counted together: their numbers come from the same two readings.
MEMBER_COUNTS: Mapping[str, Callable[[MemberChanges], int]] = {
    "joined": lambda changes: changes.joined,
    "made-full": lambda changes: changes.made_full,
    "members-gone": lambda changes: changes.gone,
}


@dataclass(frozen=True)
class Counted:
    """A kind with the number of its changes."""

    kind: Kind
    count: int


def counted_changes(
    viewer: Viewer, window: Window, *, kinds: Sequence[Kind]
) -> dict[str, list[Counted]]:
    """How many changes there are of each kind that the viewer may see, by group.

    Numbers are kept until anything that may change them is written: fifteen lists are counted for one page.
    """
    seen = [kind for kind in kinds if may(viewer, kind.permission)]
    codes = [kind.code for kind in seen]
    key = _cache_key("changes", revision_for(viewer), viewer, window, *codes)
    numbers = kept(key, lambda: _counted(viewer, window, seen))
    found: dict[str, list[Counted]] = {}
    for kind, number in zip(seen, numbers, strict=True):
        found.setdefault(kind.group, []).append(Counted(kind, number))
    return found


def _counted(viewer: Viewer, window: Window, kinds: Sequence[Kind]) -> list[int]:
    people: dict[str, int] = {}
    if any(kind.code in MEMBER_COUNTS for kind in kinds):
        changes = kept_member_changes(viewer, window)
        people = {code: count(changes) for code, count in MEMBER_COUNTS.items()}
    return [
        people[kind.code] if kind.code in people else kind.rows(viewer, window).order_by().count()
        for kind in kinds
    ]


def kept_member_changes(viewer: Viewer, window: Window) -> MemberChanges:
    """Who joined, was made full and left; kept also when something is only told of an organisation."""
    key = _cache_key("member-changes", standing_revision_for(viewer), viewer, window)
    return kept(key, lambda: member_changes(viewer, window))


def _cache_key(what: str, revision: int, viewer: Viewer, window: Window, *parts: str) -> str:
    held = sorted(f"{one.role}:{one.scope.kind}={one.scope.key}" for one in viewer.held)
    days = (window.since.isoformat(), window.until.isoformat())
    return "/".join((what, str(revision), *days, *parts, *held))
