"""What groups are called and in which order they stand."""

from collections.abc import Collection

from django.db.models import Q

from liangxin.coverage.terms import Grouping
from liangxin.registry.models import Area, Site
from liangxin.registry.terms import AreaKind, SizeClassCode
from liangxin.standards.industries import sections

NOT_FILLED_IN = {
    Grouping.STREET: "未填所属街道",
    Grouping.SITE: "不在楼宇园区",
    Grouping.INDUSTRY: "未填行业",
    Grouping.SIZE: "规模不明",
}


def group_titles(by: Grouping, *, keys: Collection[str]) -> dict[str, str]:
    """Title of every group in `keys`, in the order of the ledger, what is not filled in last."""
    return {**_titles(by, keys=keys), "": NOT_FILLED_IN[by]}


def _titles(by: Grouping, *, keys: Collection[str]) -> dict[str, str]:
    if by is Grouping.STREET:
        # Nothing is in the district at large, unless somebody has written it so.
        areas = Area.objects.filter(Q(kind=AreaKind.STREET) | Q(pk__in=_numbers(keys)))
        return {str(pk): name for pk, name in areas.values_list("pk", "name")}
    if by is Grouping.SITE:
        places = Site.objects.filter(pk__in=_numbers(keys))
        rows = places.values_list("pk", "name", "street__name")
        return {str(pk): f"{name}（{street}）" for pk, name, street in rows}
    if by is Grouping.INDUSTRY:
        return {section.code: section.name for section in sections()}
    return {size.value: str(size.label) for size in SizeClassCode}


def _numbers(keys: Collection[str]) -> list[int]:
    return [int(key) for key in keys if key]
