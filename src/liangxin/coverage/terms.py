"""The words of the two coverages: bases, states, groupings, reasons."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models

MAX_STAFF = 1_000_000
DEFAULT_MIN_STAFF = 50


class BaseKind(models.TextChoices):
    OPERATING = "operating", "全部在营单位"
    SAN_YOU = "san_you", "三有企业"
    MIN_STAFF = "min_staff", "达到一定从业人数的单位"


class Coverage(models.TextChoices):
    SINGLE = "single", "单独组建"
    JOINT = "joint", "联合组建"
    WORK = "work", "工作覆盖"
    NONE = "none", "未覆盖"


class Standing(models.TextChoices):
    """Whether an organisation counts in the denominator."""

    IN_BASE = "in_base", "计入基数"
    UNKNOWN = "unknown", "状态不明，另计"
    OUTSIDE = "outside", "不计入基数"


class Slice(models.TextChoices):
    """Which organisations a figure counts; every figure's list is the slice of the same name."""

    BASE = "base", "统计基数"
    ORGANISATION = "organisation", "组织覆盖"
    SINGLE = "single", "单独组建"
    JOINT = "joint", "联合组建"
    WITHOUT = "without", "没有党组织"
    WORK = "work", "工作覆盖"
    EITHER = "either", "任一覆盖"
    UNCOVERED = "uncovered", "均未覆盖"
    UNKNOWN = "unknown", "状态不明"


class GrowthSlice(models.TextChoices):
    """Which organisations a figure of growth counts; every figure's list is the slice of the same name."""

    STAFFED = "staffed", "从业人数已填"
    UNSTAFFED = "unstaffed", "从业人数未填"
    SHOULD_HAVE_MEMBER = "should_have_member", "达到应有党员人数"
    NO_MEMBER = "no_member", "达到人数没有党员"
    SHOULD_HAVE_PARTY = "should_have_party", "达到应有党组织人数"
    NO_PARTY = "no_party", "达到人数没有党组织"
    TRANSFER = "transfer", "组织关系需转接"


class MassSlice(models.TextChoices):
    """Which organisations a figure of union and League presence counts."""

    UNION = "union", "建有工会的单位"
    NO_UNION = "no_union", "没有工会的单位"
    LEAGUE = "league", "建有团组织的单位"
    NO_LEAGUE = "no_league", "没有团组织的单位"
    NEITHER = "neither", "工会团组织都没有的单位"
    NOBODY = "nobody", "指导员联络员、工会团组织都没有的单位"


class Part(models.TextChoices):
    """Where an organisation stands that makes a rate differ between two days."""

    GAINED = "gained", "新覆盖"
    LOST = "lost", "失去覆盖"
    ENTERED_COVERED = "entered_covered", "新计入基数，已有党组织"
    ENTERED_WITHOUT = "entered_without", "新计入基数，没有党组织"
    LEFT_COVERED = "left_covered", "不再计入基数，原有党组织"
    LEFT_WITHOUT = "left_without", "不再计入基数，原没有党组织"


class Grouping(models.TextChoices):
    STREET = "street", "街道"
    SITE = "site", "楼宇园区"
    INDUSTRY = "industry", "行业"
    SIZE = "size", "规模"


@dataclass(frozen=True)
class Group:
    """One row of a coverage table; `key` is '' where the group is not filled in."""

    by: Grouping
    key: str


class ReasonCode(models.TextChoices):
    """Why an organisation has no Party organisation, and so what comes next."""

    OWN_BRANCH = "own_branch", "可单独组建"
    JOIN = "join", "可联合组建"
    GUIDE = "guide", "没有正式党员"


class UnknownBase(ValueError):
    """The text names no base; the message says which there are."""


@dataclass(frozen=True)
class Base:
    """The denominator: which organisations are counted; `min_staff` only with its kind."""

    kind: BaseKind = BaseKind.OPERATING
    min_staff: int = 0

    @property
    def code(self) -> str:
        """The base as it stands in an address or on the command line; `parsed_base` reads it."""
        return f"{self.kind.value}:{self.min_staff}" if self.min_staff else self.kind.value

    @property
    def title(self) -> str:
        if self.kind is BaseKind.MIN_STAFF:
            return f"从业 {self.min_staff} 人以上的在营单位"
        return str(self.kind.label)


def parsed_base(text: str) -> Base:
    """Read `operating`, `san_you` or `min_staff:50`; raises UnknownBase."""
    name, _, number = text.strip().partition(":")
    if name == BaseKind.MIN_STAFF and number.isdecimal() and 0 < int(number) <= MAX_STAFF:
        return Base(BaseKind.MIN_STAFF, int(number))
    if not number and name in (BaseKind.OPERATING, BaseKind.SAN_YOU):
        return Base(BaseKind(name))
    raise UnknownBase(f"没有“{text}”这个统计口径，可用 operating、san_you、min_staff:人数。")


def asked_base(asked: Mapping[str, str], *, usual: Base) -> tuple[Base, str]:
    """The base a query string asks for (`base`, and `staff` beside a bare min_staff), else the usual.

    Returns with it what to tell the reader: '' or why the usual base is shown instead.
    """
    text = asked.get("base", "").strip()
    if not text:
        return usual, ""
    if text == BaseKind.MIN_STAFF:
        text = f"{text}:{asked.get('staff', '').strip() or DEFAULT_MIN_STAFF}"
    try:
        return parsed_base(text), ""
    except UnknownBase:
        return usual, f"看不懂所选的统计口径，已按{usual.title}显示。人数应为正整数。"


class ProposalState(models.TextChoices):
    WAITING = "waiting", "计算中"
    READY = "ready", "可采纳"
    FAILED = "failed", "没有算成"
    CANCELLED = "cancelled", "已取消"


class GroupMode(models.TextChoices):
    """How units of a joint branch belong together; `optimize.grouping.solution.Mode` alike."""

    SITE = "site", "楼宇共建"
    STREET = "street", "区域联建"
    INDUSTRY = "industry", "行业统建"


class LeftOutCode(models.TextChoices):
    """Why an organisation with too few members is in no group; the first three by the solver."""

    TOO_FEW_NEAR = "too_few_near", "附近党员不足"
    SETTLED = "settled", "受人工限定"
    TOO_FAR = "too_far", "路程过远"
    NO_POSITION = "no_position", "缺少位置"


class HelpKind(models.TextChoices):
    """What would bring a left-out organisation into a branch."""

    POSSIBLE = "possible", "现在就能编组"
    STREET_RADIUS = "street_radius", "放宽同街道距离"
    INDUSTRY_RADIUS = "industry_radius", "放宽同行业距离"
    OWN_MEMBER = "own_member", "本单位再有 1 名党员"
    NEIGHBOURS_MEMBER = "neighbours", "邻近单位再有 1 名党员"
    POSITION = "position", "补录位置"
    GUIDE = "guide", "选派指导员"


class AttachmentKind(models.TextChoices):
    GROUP = "group", "拟建联合党支部"
    BRANCH = "branch", "已成立党组织"
    INSTRUCTOR = "instructor", "党建指导员"
    LIAISON = "liaison", "党建联络员"
    NONE = "none", "暂无着落"


class TargetGoal(models.TextChoices):
    """What development targets bring most of."""

    ORGANISATIONS = "organisations", "新覆盖单位最多"
    STAFF = "staff", "新覆盖职工最多"


class TargetKind(models.TextChoices):
    """What the new members of a target bring about; `optimize.targets.solution.TargetKind` alike."""

    OWN = "own", "单独组建"
    JOINT = "joint", "凑成联合党支部"
    JOIN = "join", "加入拟建支部"
    FIRST = "first", "消除党员空白"


class EstablishmentState(models.TextChoices):
    PROPOSED = "proposed", "拟建"
    APPROVED = "approved", "已批复"
    FOUNDED = "founded", "已成立"
    WITHDRAWN = "withdrawn", "已撤回"


class ConsentState(models.TextChoices):
    WAITING = "waiting", "待答复"
    GIVEN = "given", "同意"
    REFUSED = "refused", "不同意"


MOST_PLANNED_UNITS = 7  # of a group: the planner forms no larger ones


@dataclass(frozen=True, kw_only=True)
class PlanParameters:
    """What a proposal is computed with; each default is the rule named beside it."""

    street_radius_m: float  # joint_branch.street_radius_m
    industry_radius_m: float  # joint_branch.industry_radius_m
    left_out_mm: float  # joint_branch.left_out_mm
    min_members: int  # branch.min_full_members
    max_members: int  # branch.max_members
    max_units: int  # joint_branch.max_units
    largest_units: int  # joint_branch.largest_units
    extra_unit_mm: float  # joint_branch.extra_unit_mm
    attachment_radius_m: float  # attachment.radius_m
    branch_places: int  # attachment.branch_max_units
    instructor_places: int  # instructor.max_enterprises, where the roster names no number
    # Proposals computed before these could be set had the values given here.
    street_weight: float = 1.0  # joint_branch.street_weight
    industry_weight: float = 1.0  # joint_branch.industry_weight
    new_per_street: int = 0  # joint_branch.new_per_street; 0: no limit
    joins_branches: bool = False  # joint_branch.joins_branches
    host_needs_room: bool = False  # joint_branch.host_needs_room
    host_needs_secretary: bool = False  # joint_branch.host_needs_secretary


@dataclass(frozen=True, kw_only=True)
class ProposalFigures:
    """Key figures of a proposal over its scope on its day; every one is a count of organisations
    in the base of the coverage rules, unless it says otherwise."""

    base: int  # denominator: operating organisations of the scope
    covered_before: int  # organisation coverage, single + joint, on the day
    covered_after: int  # with every group of the proposal founded
    either_before: int  # covered either way on the day
    either_after: int  # with every group founded and every attachment to a guide made
    candidates: int  # without Party organisation, 1 or 2 full members, in no open establishment
    groups: int  # new joint branches proposed (not organisations)
    joined_units: int  # units in groups
    members: int  # full members in groups (persons)
    to_transfer: int  # of them with the Party relation elsewhere (persons)
    left_out: int
    own_branch: int  # enough members for a branch of their own; not part of the plan
    already_adopted: int  # in an open establishment; not part of the plan
    without_members: int  # no members, no work coverage
    attached: int
    unattached: int
    joining_units: int = 0  # of `joined_units`, those that join a branch that stands


class ProposalKind(models.TextChoices):
    """Where a proposal comes from; the last two are derived from another one."""

    COMPUTED = "computed", "测算"
    DRAFT = "draft", "人工调整稿"
    REPLANNED = "replanned", "重新测算"


class EditKind(models.TextChoices):
    """What a person changes in a draft."""

    MOVE = "move", "移到别组"
    REMOVE = "remove", "移出"
    HOST = "host", "换牵头单位"
    PIN = "pin", "固定"
    UNPIN = "unpin", "解除固定"
    LOCK = "lock", "锁定"
    UNLOCK = "unlock", "解除锁定"
    APART = "apart", "不得同组"
    TOGETHER = "together", "解除不得同组"
    DISSOLVE = "dissolve", "撤销一组"
    FOUND = "found", "新编一组"
    UNDO = "undo", "撤销操作"
