"""People, for programs: numbers are never handed out, and every reading of members is on record."""

from datetime import date
from typing import Any

from django.db import transaction
from ninja import Query, Router, Schema
from pydantic import Field

from liangxin.kernel import audit
from liangxin.kernel.api import (
    REFUSED,
    ApiRequest,
    DatedWindow,
    Part,
    day,
    operation,
    part_of,
)
from liangxin.kernel.permissions import Permission
from liangxin.registry.queries.guides import guide_search, guides
from liangxin.registry.queries.people import member_search, members
from liangxin.registry.terms import GuideRole, MemberStage

router = Router(tags=["人员"])


class MemberOut(Schema):
    """A Party member as the viewer may see one; no ID and no phone number."""

    id: int
    name: str
    stage: MemberStage
    employer_id: int | None
    employer: str | None
    position: str | None
    held_in_id: int | None
    held_in: str | None
    elsewhere: str | None
    joined_date: date | None
    full_date: date | None


class GuideOut(Schema):
    """Somebody's service as instructor or liaison, with the units served."""

    person_id: int
    name: str
    role: GuideRole
    home_unit: str
    capacity: int | None
    load: int
    since: date


class PeopleFilter(DatedWindow):
    q: str = Field("", max_length=100)


@router.get("/members", response={200: Part[MemberOut], **REFUSED})
@operation(Permission.SEE_PEOPLE)
def list_members(request: ApiRequest, asked: Query[PeopleFilter]) -> Any:
    """党员名册（范围内），按姓名排列；每次读取都有记录。"""
    at = day(asked.at)
    found = members(request.viewer, at=at)
    if asked.q.strip():
        found = found.filter(member_search(asked.q.strip(), at=at))
    answer = part_of(found, window=asked, at=at, shown=_member)
    with transaction.atomic():
        audit.record(
            "members.read",
            by=request.viewer,
            summary=f"经接口读取党员名册 {len(answer['items'])} 人",
            details={"rows": len(answer["items"]), "offset": asked.offset},
            changes_ledger=False,
        )
    return answer


@router.get("/guides", response={200: Part[GuideOut], **REFUSED})
@operation(Permission.SEE_LEDGER)
def list_guides(request: ApiRequest, asked: Query[PeopleFilter]) -> Any:
    """指导员、联络员，按姓名排列。"""
    at = day(asked.at)
    found = guides(request.viewer, at=at)
    if asked.q.strip():
        found = found.filter(guide_search(asked.q.strip()))
    return part_of(found, window=asked, at=at, shown=_guide)


def _member(row: Any) -> dict[str, Any]:
    return {
        "id": row.person_id,
        "name": row.person.name,
        "stage": row.stage,
        "employer_id": row.employer_id if row.is_employer_in_scope else None,
        "employer": row.employer_name,
        "position": row.position,
        "held_in_id": row.held_in_id,
        "held_in": row.held_in_name,
        "elsewhere": row.elsewhere,
        "joined_date": row.joined_date,
        "full_date": row.full_date,
    }


def _guide(row: Any) -> dict[str, Any]:
    return {
        "person_id": row.person_id,
        "name": row.person.name,
        "role": row.role,
        "home_unit": row.home_unit,
        "capacity": row.capacity,
        "load": row.load,
        "since": row.valid_from,
    }
