"""What is said of each organisation on the lists of growth: why it stands there, and what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Prefetch, When

from liangxin.coverage.queries.members import held_elsewhere
from liangxin.coverage.queries.planned_branches import planned_branch, with_planned_branches
from liangxin.coverage.queries.rules import CoverageRules
from liangxin.coverage.queries.state import Versions
from liangxin.coverage.terms import Coverage
from liangxin.registry.models import Employment, Posting
from liangxin.registry.queries import true_at
from liangxin.registry.terms import ENTERPRISE_KINDS, MemberStage

WITHOUT_PARTY = (Coverage.WORK, Coverage.NONE)


@dataclass(frozen=True)
class Employed:
    """Members who work in one organisation; `elsewhere` full ones are held outside the ledger."""

    full: int
    probationary: int
    elsewhere: int

    @property
    def every(self) -> int:
        return self.full + self.probationary


def with_members(found: Versions, *, at: date) -> Versions:
    """Fetch with each page of versions what `employed`, `growth_reason` and `growth_step` tell from."""
    away = Case(When(held_elsewhere(at), then=True), default=False, output_field=BooleanField())
    work = Employment.objects.filter(true_at(at), true_at(at, prefix="person__memberships__"))
    # Of hundreds of jobs beside a page, whose and where is all that is told.
    bare = work.order_by().only("person_id", "organisation_id")
    told = bare.annotate(stage=F("person__memberships__stage"), is_elsewhere=away)
    posted = Posting.objects.filter(true_at(at), organisation_id=OuterRef("organisation_id"))
    rows = found.annotate(has_guide=Exists(posted)).prefetch_related(
        Prefetch("organisation__employments", queryset=told, to_attr="member_employments")
    )
    return with_planned_branches(rows, at=at)


def employed(row: Any) -> Employed:
    """The members of a version fetched by `with_members`; counted once a row, which several columns ask."""
    if not hasattr(row, "counted_members"):
        row.counted_members = _employed(row.organisation.member_employments)
    return cast(Employed, row.counted_members)


def _employed(work: Iterable[Any]) -> Employed:
    full = {one.person_id for one in work if one.stage == MemberStage.FULL}
    every = {one.person_id for one in work}
    away = {one.person_id for one in work if one.is_elsewhere}
    return Employed(len(full), len(every - full), len(full & away))


def growth_reason(row: Any, *, rules: CoverageRules) -> str:
    """What the rules ask of the organisation and it has not, and whose relations are elsewhere."""
    parts = []
    staff = row.employees or 0 if row.kind in ENTERPRISE_KINDS else 0
    counted = employed(row)
    if staff >= rules.staff_for_member and not counted.every:
        parts.append(f"从业 {staff} 人，达到 {rules.staff_for_member} 人，台账中没有党员")
    if staff >= rules.staff_for_organisation and row.coverage in WITHOUT_PARTY:
        parts.append(f"从业 {staff} 人，达到 {rules.staff_for_organisation} 人，没有党组织")
    if counted.elsewhere:
        parts.append(f"{counted.elsewhere} 名正式党员的组织关系不在本区党组织")
    if row.employees is None:
        parts.append("从业人数未填")
    return "；".join(parts)


def growth_step(row: Any, *, rules: CoverageRules) -> str:
    """What to do next, told from recorded facts alone; '' where nothing is missing."""
    counted = employed(row)
    if not growth_reason(row, rules=rules):
        return ""
    if row.employees is None:
        return "核对并填写从业人数"
    if planned := planned_branch(row):
        return str(planned)
    if counted.elsewhere:
        return "与党员本人核实，办理组织关系转接"
    if not counted.every:
        return _towards_members(row)
    if counted.full >= rules.branch_min_full:
        return f"有正式党员 {counted.full} 名，可单独建立党支部"
    if counted.full:
        return f"有正式党员 {counted.full} 名，可联合组建"
    return f"有预备党员 {counted.probationary} 名，按期转正；先落实工作覆盖"


def _towards_members(row: Any) -> str:
    if not row.has_guide:
        return "先选派指导员或联络员，上门了解党员情况"
    return "请已选派的指导员或联络员上门核对党员，有的登记入册"
