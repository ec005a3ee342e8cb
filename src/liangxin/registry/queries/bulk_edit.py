"""What one change would do to many organisations: which change, which have it already, which may not."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import OrganisationVersion, Provenance, Site
from liangxin.registry.queries.changes import industry_title
from liangxin.registry.queries.organisations import editable_versions
from liangxin.registry.terms import (
    SOCIAL_KINDS,
    OrganisationKind,
    OrganisationStatus,
    SourceKind,
)

# What may be changed in many at once, by the column it is kept in.
BULK_FIELDS = {
    "site_id": "所在楼宇（园区）",
    "industry_code": "行业",
    "status": "登记状态",
    "kind": "类型",
    "has_premises": "有固定场所",
    "has_activity": "有经营活动",
    "has_meeting_room": "有会议场所",
    "supervisor": "业务主管单位",
}
BULK_SOURCE = "批量修改："
KEYS_PER_QUERY = 5000
OUT_OF_SCOPE = "不在您负责的范围内，或已不在台账中"
Value = str | int | bool | None


@dataclass(frozen=True, kw_only=True)
class BulkChange:
    """From `from_date` on, `field` (of BULK_FIELDS) is `value`; '' or None where it is not known."""

    field: str
    value: Value
    from_date: date

    @property
    def words(self) -> str:
        return f"{BULK_FIELDS[self.field]}改为“{value_in_words(self.field, self.value)}”"


@dataclass(frozen=True, kw_only=True)
class BulkPlan:
    """What a change would do; `refused` counts the rest by reason."""

    changing: Sequence[OrganisationVersion]
    same: int
    refused: tuple[tuple[str, int], ...]

    @property
    def digest(self) -> str:
        """New as soon as any of the organisations is changed, or another would be."""
        editions = ",".join(f"{one.pk}-{one.provenance_id}" for one in self.changing)
        return hashlib.sha256(editions.encode()).hexdigest()[:32]


def bulk_plan(keys: Iterable[int], change: BulkChange, *, by: Viewer, today: date) -> BulkPlan:
    """Sort organisations by what the change would do to them; only those the viewer keeps."""
    asked = sorted(set(keys))
    street_id = _street_of(change)
    changing, same, refused = [], 0, Counter[str]()
    found = 0
    for version in _editable(asked, by=by, today=today):
        found += 1
        reason = _refusal(version, change, street_id=street_id)
        if reason:
            refused[reason] += 1
        elif getattr(version, change.field) == change.value:
            same += 1
        else:
            changing.append(version)
    refused[OUT_OF_SCOPE] += len(asked) - found
    return BulkPlan(changing=changing, same=same, refused=tuple((+refused).most_common()))


def bulk_acts(viewer: Viewer) -> QuerySet[Provenance]:
    """Changes of many at once that the viewer may look back at: own ones, for the district all."""
    found = Provenance.objects.filter(kind=SourceKind.FORM, source__startswith=BULK_SOURCE)
    if not viewer.sees_district():
        found = found.filter(recorded_by_id=viewer.user_id or 0)
    return found.select_related("recorded_by").order_by("-id")


def value_in_words(field: str, value: Value) -> str:
    """A value as the screens call it."""
    match field:
        case _ if value in (None, ""):
            return "未填"
        case "site_id":
            return str(Site.objects.filter(pk=int(str(value))).first() or "未填")
        case "industry_code":
            return industry_title(str(value))
        case "status":
            return str(OrganisationStatus(str(value)).label)
        case "kind":
            return str(OrganisationKind(str(value)).label)
        case "has_premises" | "has_activity" | "has_meeting_room":
            return "是" if value else "否"
    return str(value)


def _editable(keys: Sequence[int], *, by: Viewer, today: date) -> Iterator[OrganisationVersion]:
    versions = editable_versions(by, at=today).select_related(None).order_by("organisation_id")
    for start in range(0, len(keys), KEYS_PER_QUERY):
        yield from versions.filter(organisation_id__in=keys[start : start + KEYS_PER_QUERY])


def _street_of(change: BulkChange) -> int | None:
    if change.field != "site_id" or not isinstance(change.value, int):
        return None
    return Site.objects.get(pk=change.value).street_id


def _refusal(version: OrganisationVersion, change: BulkChange, *, street_id: int | None) -> str:
    if version.status == OrganisationStatus.CLOSED:
        return "已注销、吊销或迁出"
    if getattr(version, change.field) == change.value:
        return ""
    if change.from_date <= version.valid_from:
        return "现有资料从那天或更晚的日子起才有，请换一个日期或逐家修改"
    if street_id is not None and version.street_id != street_id:
        return "楼宇（园区）不在单位所在的街道"
    is_social = version.kind in SOCIAL_KINDS
    if change.field == "supervisor" and not is_social:
        return "只有社会组织才有业务主管单位"
    if change.field == "kind" and (change.value in SOCIAL_KINDS) != is_social:
        return "企业和社会组织之间不能批量互改"
    return ""
