"""What is out of order with joint branches that stand: each kind one query, nothing of it stored.

Every row names its branch by `party_organisation_id` and carries `since`, the day from which it waits
(None where the ledger does not tell).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from liangxin.coverage.queries.branch_units import (
    joint_branches,
    joint_coverages,
    joint_keys,
    units_out_of_reach,
)
from liangxin.coverage.queries.members import full_members
from liangxin.coverage.queries.plan_rules import plan_parameters
from liangxin.coverage.queries.table import cache_key
from liangxin.kernel.keeping import kept
from liangxin.kernel.permissions import Permission
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import (
    OrganisationVersion,
    PartyCoverage,
    PartyMembership,
    PartyOrganisationVersion,
    PartyRelation,
    Post,
)
from liangxin.registry.queries import leavers, true_at
from liangxin.registry.terms import OrganisationStatus, PostKind

MIN_JOINT_UNITS = 2
Rows = QuerySet[Any]
NO_DAY: Value = Value(None, output_field=DateField())


@dataclass(frozen=True)
class FlagKind:
    """One kind of flag: why, by which rule, and what to do next; `say` tells one row in a sentence."""

    code: str
    title: str
    why: str
    rule: str
    next_step: str
    rows: Callable[..., Rows]
    say: Callable[[Any], str]


@dataclass(frozen=True, kw_only=True)
class Flag:
    """One row of one kind, for the page of its branch."""

    kind: FlagKind
    row: Any
    text: str


def closed_units_of(viewer: Viewer, *, at: date) -> Rows:
    """Closed units that a joint branch with other units still covers."""
    found: Rows = leavers.coverages_of_closed(viewer, at=at)
    rows: Rows = found.filter(party_organisation_id__in=joint_keys(viewer, at=at))
    return rows


def units_moved_away(viewer: Viewer, *, at: date) -> Rows:
    """Units that moved to another street than the joint branch's."""
    found: Rows = leavers.coverages_left_behind(viewer, at=at)
    rows: Rows = found.filter(party_organisation_id__in=joint_keys(viewer, at=at))
    return rows


def units_too_far(viewer: Viewer, *, at: date) -> Rows:
    """Units that, after a move of theirs or of the host, stand beyond the distances of a joint branch."""
    keys = units_out_of_reach(viewer, at=at)
    now = OrganisationVersion.objects.filter(
        true_at(at), organisation_id=OuterRef("organisation_id")
    ).order_by()
    found = joint_coverages(viewer, at=at).filter(pk__in=keys)
    rows: Rows = found.annotate(since=Subquery(now.values("valid_from")[:1]))
    return rows


def units_of_their_own(viewer: Viewer, *, at: date) -> Rows:
    """Units, none of them closed, that by now have full members enough for a branch of their own; each with `full`."""
    least = plan_parameters(at).min_members
    working = full_members(at).filter(organisation_id=OuterRef("organisation_id"))
    counted = working.values("organisation_id").annotate(
        number=Count("person_id", distinct=True), last=Max("valid_from")
    )
    found = joint_coverages(viewer, at=at).annotate(
        full=Coalesce(Subquery(counted.values("number")[:1], output_field=IntegerField()), 0),
        since=Subquery(counted.values("last")[:1]),
    )
    closed = OrganisationVersion.objects.filter(
        true_at(at),
        organisation_id=OuterRef("organisation_id"),
        status=OrganisationStatus.CLOSED,
    )
    rows: Rows = found.filter(~Exists(closed), full__gte=least)
    return rows


def branches_of_few_members(viewer: Viewer, *, at: date) -> Rows:
    """Joint branches with fewer full members than a branch needs."""
    least = plan_parameters(at).min_members
    found = joint_branches(viewer, at=at).filter(members__lt=least, units__gt=0)
    rows: Rows = found.annotate(since=NO_DAY)
    return rows


def branches_of_few_members_unrecorded(viewer: Viewer, *, at: date) -> Rows:
    """Those of them in which no relation was ever recorded: the general list of branches omits them."""
    rows: Rows = branches_of_few_members(viewer, at=at).filter(has_relations=False)
    return rows


def branches_of_one_unit(viewer: Viewer, *, at: date) -> Rows:
    """Joint branches of one unit, or of none."""
    found = joint_branches(viewer, at=at).filter(units__lt=MIN_JOINT_UNITS)
    rows: Rows = found.annotate(since=NO_DAY)
    return rows


def branches_of_many_members(viewer: Viewer, *, at: date) -> Rows:
    """Joint branches with more full members than a branch may have."""
    most = plan_parameters(at).max_members
    rows: Rows = joint_branches(viewer, at=at).filter(members__gt=most).annotate(since=NO_DAY)
    return rows


def branches_of_many_units(viewer: Viewer, *, at: date) -> Rows:
    """Joint branches that cover more units than they may."""
    most = plan_parameters(at).largest_units
    rows: Rows = joint_branches(viewer, at=at).filter(units__gt=most).annotate(since=NO_DAY)
    return rows


def branches_without_secretary(viewer: Viewer, *, at: date) -> Rows:
    """Joint branches whose secretary nobody is."""
    held = Post.objects.filter(
        true_at(at),
        party_organisation_id=OuterRef("party_organisation_id"),
        kind=PostKind.SECRETARY,
    )
    ended = (
        Post.objects.filter(
            party_organisation_id=OuterRef("party_organisation_id"),
            kind=PostKind.SECRETARY,
            valid_to__lte=at,
        )
        .order_by("-valid_to")
        .values("valid_to")
    )
    found = joint_branches(viewer, at=at).filter(~Exists(held))
    rows: Rows = found.annotate(
        since=Coalesce(Subquery(ended[:1]), F("party_organisation__founded_date"))
    )
    return rows


def relations_left_behind(viewer: Viewer, *, at: date) -> Rows:
    """Relations still held in a joint branch that the member's unit has left; with both names."""
    left = PartyCoverage.objects.filter(
        organisation__employments__person_id=OuterRef("person_id"),
        party_organisation_id=OuterRef("party_organisation_id"),
        valid_to__lte=at,
    ).filter(true_at(at, prefix="organisation__employments__"))
    lasts = PartyCoverage.objects.filter(
        true_at(at),
        organisation__employments__person_id=OuterRef("person_id"),
        party_organisation_id=OuterRef("party_organisation_id"),
    ).filter(true_at(at, prefix="organisation__employments__"))
    is_member = PartyMembership.objects.filter(true_at(at), person_id=OuterRef("person_id"))
    unit = OrganisationVersion.objects.filter(
        true_at(at), true_at(at, prefix="organisation__employments__")
    ).filter(organisation__employments__person_id=OuterRef("person_id"))
    party = PartyOrganisationVersion.objects.filter(
        true_at(at), party_organisation_id=OuterRef("party_organisation_id")
    )
    return (
        PartyRelation.objects.filter(
            Exists(is_member),
            Exists(left),
            ~Exists(lasts),
            true_at(at),
            party_organisation_id__in=joint_keys(viewer, at=at),
        )
        .select_related("person")
        .annotate(
            unit_name=Subquery(unit.order_by().values("name")[:1]),
            party_name=Subquery(party.order_by().values("name")[:1]),
            since=Subquery(left.order_by("-valid_to").values("valid_to")[:1]),
        )
        .order_by("person__name", "person_id")
    )


KINDS: tuple[FlagKind, ...] = (
    FlagKind(
        "closed",
        "名下有注销单位",
        "成员单位已经注销、吊销或迁出本区。",
        "coverage.base",
        "登记这家单位退出；人数家数不够的，就近重排。",
        closed_units_of,
        lambda row: f"“{row.unit_name}”已经注销、吊销或迁出本区。",
    ),
    FlagKind(
        "moved",
        "单位迁了街道",
        "成员单位已经不在支部所属的街道。",
        "joint_branch.street_radius_m",
        "商定由谁涵盖：登记退出，由新街道的支部接收；或者维持不变。",
        units_moved_away,
        lambda row: f"“{row.unit_name}”已迁到{row.street_name}。",
    ),
    FlagKind(
        "far",
        "单位超出联建距离",
        "单位或牵头单位搬了家，既不同楼同园，也超出联建距离。",
        "joint_branch.industry_radius_m",
        "就近重排，看它并入哪个支部路程最短。",
        units_too_far,
        lambda row: f"“{row.unit_name}”搬家以后，与牵头单位超出联建距离。",
    ),
    FlagKind(
        "own",
        "单位够单独建支部",
        "成员单位自己的正式党员已经达到建立党支部的人数。",
        "branch.min_full_members",
        "应当单独建立党支部：指导它申请，批准后登记退出联合党支部。",
        units_of_their_own,
        lambda row: f"“{row.unit_name}”自己已有正式党员 {row.full} 名，应当单独建立党支部。",
    ),
    FlagKind(
        "few",
        "正式党员不足",
        "正式党员少于建立党支部的人数。",
        "branch.min_full_members",
        "就近重排：补充单位，或者撤销后把单位并入附近的支部。",
        branches_of_few_members,
        lambda row: f"现有正式党员 {row.members} 名，不足建立党支部的人数。",
    ),
    FlagKind(
        "lone",
        "只剩一家单位",
        "联合党支部只剩一家单位，或者一家也没有了。",
        "joint_branch.principles",
        "就近重排：补充单位，或者撤销后把单位并入附近的支部。",
        branches_of_one_unit,
        lambda row: f"在营单位只剩 {row.units} 家。" if row.units else "已经没有在营单位。",
    ),
    FlagKind(
        "many",
        "党员超过上限",
        "正式党员多于一个支部一般的上限。",
        "branch.max_members",
        "研究分设支部，或者改设党总支。",
        branches_of_many_members,
        lambda row: f"现有正式党员 {row.members} 名，超过一个支部的上限。",
    ),
    FlagKind(
        "crowded",
        "单位超过上限",
        "涵盖的单位多于一个联合党支部最多涵盖的家数。",
        "joint_branch.largest_units",
        "研究分设，或者让较远的单位转到附近的支部。",
        branches_of_many_units,
        lambda row: f"涵盖在营单位 {row.units} 家，超过一个联合党支部的上限。",
    ),
    FlagKind(
        "vacant",
        "没有书记",
        "名册里没有在任的书记。",
        "branch.committee_min_full_members",
        "选举或任命以后登记任职。",
        branches_without_secretary,
        lambda row: "名册里没有在任的书记。",
    ),
    FlagKind(
        "left",
        "退出单位的党员关系",
        "单位已经退出，党员的组织关系还在这个支部。",
        "branch.counts_only_relations_held",
        "逐人办理组织关系转接后登记。",
        relations_left_behind,
        lambda row: f"{row.person.name}所在的“{row.unit_name}”已经退出，组织关系还在这里。",
    ),
)
KIND_BY_CODE: Mapping[str, FlagKind] = {kind.code: kind for kind in KINDS}
PEOPLE_KINDS = ("left",)
PERMISSION = Permission.PLAN_BRANCHES


def flag_condition(viewer: Viewer, code: str, *, at: date) -> Q:
    """A condition on versions of Party organisations: the branch bears a flag of this kind."""
    rows = KIND_BY_CODE[code].rows(viewer, at=at).order_by()
    return Q(party_organisation_id__in=set(rows.values_list("party_organisation_id", flat=True)))


def flagged_branches(viewer: Viewer, *, at: date) -> dict[int, tuple[FlagKind, ...]]:
    """The kinds of flags that each of the viewer's joint branches bears, by its key.

    Kept until anything that may change them is written.
    """
    # Which branches are the viewer's follows from every role, not from those of coverage alone.
    roles = sorted(f"{held.role}:{held.scope.kind}={held.scope.key}" for held in viewer.held)
    key = cache_key("flags", viewer, at=at, parts=tuple(roles), by_standing=True)
    flags = kept(key, lambda: _flagged(viewer, at=at))
    kinds = {kind.code: kind for kind in KINDS}
    return {branch: tuple(kinds[code] for code in codes) for branch, codes in flags.items()}


def _flagged(viewer: Viewer, *, at: date) -> dict[int, tuple[str, ...]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for kind in KINDS:
        rows = kind.rows(viewer, at=at).order_by()
        for branch in sorted(set(rows.values_list("party_organisation_id", flat=True))):
            found[branch].append(kind.code)
    return {branch: tuple(codes) for branch, codes in found.items()}


def flags_of(viewer: Viewer, party_organisation_id: int, *, at: date) -> tuple[Flag, ...]:
    """Every flag of one joint branch, in the order of the kinds."""
    return tuple(
        Flag(kind=kind, row=row, text=kind.say(row))
        for kind in KINDS
        for row in kind.rows(viewer, at=at).filter(party_organisation_id=party_organisation_id)
    )
