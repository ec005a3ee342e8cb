"""Planning rows of enterprise and social organisation lists: upsert by USCC, else name and street."""

from datetime import date
from decimal import Decimal
from typing import Any

from liangxin.intake.queries.ledger_organisations import (
    FIELDS,
    INDUSTRY,
    NAME,
    PLACE,
    SITE,
    STREET,
    OrganisationEntry,
    Organisations,
)
from liangxin.intake.queries.ledger_places import Places
from liangxin.intake.queries.plan import Change, Plan, RowFault, SheetPlan
from liangxin.intake.queries.positions import told_position
from liangxin.intake.queries.readable import readable
from liangxin.intake.queries.row_packs import PackedRow
from liangxin.intake.terms import Outcome
from liangxin.registry.models import Organisation
from liangxin.registry.terms import OrganisationKind, OrganisationStatus
from liangxin.standards.industries import section_of

PLAIN = (
    "name",
    "kind",
    "status",
    "address",
    "employees",
    "has_premises",
    "has_activity",
    "has_meeting_room",
    "legal_representative",
    "supervisor",
    "established_date",
    "phone",
)
TITLES = {
    "name": "名称",
    "kind": "类型",
    "status": "登记状态",
    "street_id": "所属街道",
    "site_id": "所在楼宇（园区）",
    "address": "地址",
    "lon": "经度",
    "lat": "纬度",
    "industry_code": "行业",
    "employees": "从业人数",
    "revenue_wan": "营业收入（万元）",
    "has_premises": "有固定场所",
    "has_activity": "有经营活动",
    "has_meeting_room": "有会议场所",
    "legal_representative": "法定代表人",
    "supervisor": "业务主管单位",
    "established_date": "成立日期",
    "phone": "联系电话",
}
# The registering authority and category that open a USCC (GB 32100-2015).
KIND_BY_USCC = {
    "51": OrganisationKind.ASSOCIATION,
    "52": OrganisationKind.SERVICE,
    "53": OrganisationKind.FOUNDATION,
    "92": OrganisationKind.INDIVIDUAL_BUSINESS,
    "93": OrganisationKind.COOPERATIVE,
}
KIND_BY_ENDING = (
    ("分公司", OrganisationKind.BRANCH_OFFICE),
    ("合作社", OrganisationKind.COOPERATIVE),
    ("合伙)", OrganisationKind.PARTNERSHIP),
    ("合伙）", OrganisationKind.PARTNERSHIP),
    ("合伙企业", OrganisationKind.PARTNERSHIP),
    ("基金会", OrganisationKind.FOUNDATION),
    ("协会", OrganisationKind.ASSOCIATION),
    ("商会", OrganisationKind.ASSOCIATION),
    ("学会", OrganisationKind.ASSOCIATION),
    ("联合会", OrganisationKind.ASSOCIATION),
    ("促进会", OrganisationKind.ASSOCIATION),
)
CENT = Decimal("0.01")
BLANK: dict[str, Any] = {
    **dict.fromkeys(FIELDS),
    "status": OrganisationStatus.UNKNOWN.value,
    **dict.fromkeys(
        ("address", "industry_code", "legal_representative", "supervisor", "phone"), ""
    ),
}
NOTHING_TOLD = tuple(BLANK[field] for field in FIELDS)


class OrganisationPlanner:
    """Plans the rows of enterprise and social organisation sheets against ledger and plan."""

    def __init__(self, plan: Plan, *, places: Places, organisations: Organisations) -> None:
        self.plan = plan
        self.places = places
        self.organisations = organisations

    def plan_row(self, row: PackedRow, sheet: SheetPlan) -> None:
        """Decide what becomes of one row, and remember what it would write."""
        faults: list[RowFault] = []
        told = self._told(row, sheet, faults)
        entry = None if faults else self._found(row, told, sheet, faults)
        if not faults:
            key = entry.key if entry else row.values.get("uscc") or (told["name"], row.number)
            repeated = sheet.repeated(row, key=key, code="uscc" if "uscc" in row.values else "name")
            faults += [repeated] if repeated else []
        if faults:
            sheet.reject(row, faults)
        elif entry is None:
            self._plan_new(row, told, sheet)
        else:
            self._plan_known(row, told, entry, sheet)

    def _told(self, row: PackedRow, sheet: SheetPlan, faults: list[RowFault]) -> dict[str, Any]:
        values = row.values
        told = {field: values[field] for field in PLAIN if field in values}
        if "industry" in values:
            told["industry_code"] = values["industry"]
        if "revenue_wan" in values:
            told["revenue_wan"] = Decimal(values["revenue_wan"]).quantize(CENT)
        told.update(told_position(values))
        self._tell_place(row, told, sheet, faults)
        return told

    def _tell_place(
        self, row: PackedRow, told: dict[str, Any], sheet: SheetPlan, faults: list[RowFault]
    ) -> None:
        street, site = row.values.get("street"), row.values.get("site")
        if street:
            told["street_id"] = self.places.street(street)
            if told["street_id"] is None:
                faults.append(unknown_street(row, sheet, street, self.places))
                return
        elif not sheet.has_column("street"):
            self._tell_street_of_sheet(told, sheet)
        if site:
            self._tell_site(row, told, sheet, faults)

    def _tell_street_of_sheet(self, told: dict[str, Any], sheet: SheetPlan) -> None:
        """A workbook with one sheet for each street names the street on the sheet alone."""
        street = self.places.street(sheet.sheet.name)
        if street is not None:
            told["street_id"] = street

    def _tell_site(
        self, row: PackedRow, told: dict[str, Any], sheet: SheetPlan, faults: list[RowFault]
    ) -> None:
        name, street = row.values["site"], told.get("street_id")
        found = self.places.sites(name)
        here = [entry for entry in found if street is None or entry.street == street]
        if len(here) == 1:
            told["site_id"] = here[0].key
            told["street_id"] = here[0].street
            return
        faults.append(
            sheet.fault(row, "site", *_site_reason(name, here or found, bool(here), self.places))
        )

    def _found(
        self, row: PackedRow, told: dict[str, Any], sheet: SheetPlan, faults: list[RowFault]
    ) -> OrganisationEntry | None:
        uscc = row.values.get("uscc")
        if uscc and uscc in self.organisations.by_uscc:
            return self.organisations.by_uscc[uscc]
        same = self.organisations.named(told["name"])
        street = told.get("street_id") or self.plan.reach.only_street
        if street is not None:
            same = [entry for entry in same if entry.told[STREET] in (street, None)]
        same = same or self.organisations.absorbed(told["name"], street=street)
        if uscc:
            # Known under its name, its USCC not yet: the list tells it now.
            same = [entry for entry in same if entry.uscc is None]
        if len(same) > 1:
            reason = f"台账中有{len(same)}家同名单位，不能确定是哪一家"
            faults.append(sheet.fault(row, "name", reason, "请填写统一社会信用代码或所属街道"))
        return same[0] if len(same) == 1 else None

    def _plan_new(self, row: PackedRow, told: dict[str, Any], sheet: SheetPlan) -> None:
        uscc = row.values.get("uscc")
        told.setdefault("street_id", self.plan.reach.only_street)
        told.setdefault("kind", kind_told_by(told["name"], uscc=uscc, sheet_kind=sheet.kind.code))
        values = tuple([told.get(field, blank) for field, blank in BLANK.items()])
        if not self._reaches(values):
            sheet.put_apart(row, outcome=Outcome.OUT_OF_SCOPE, faults=[out_of_scope(row, sheet)])
            return
        key = self.plan.new_key(Organisation)
        entry = OrganisationEntry(key, uscc, values, known_on=self.plan.as_of, is_touched=True)
        self.organisations.add(entry)
        sheet.seen[key] = row.number
        sheet.counts[Outcome.NEW] += 1

    def _plan_known(
        self, row: PackedRow, told: dict[str, Any], entry: OrganisationEntry, sheet: SheetPlan
    ) -> None:
        before = entry.opened()
        if "site_id" not in told and told.get("street_id", before[STREET]) != before[STREET]:
            # The old site stands in the old street; the list says only that the firm moved.
            told["site_id"] = None
        after = tuple([told.get(field, old) for field, old in zip(FIELDS, before, strict=True)])
        if not (self._reaches(before) and self._reaches(after)):
            sheet.put_apart(row, outcome=Outcome.OUT_OF_SCOPE, faults=[out_of_scope(row, sheet)])
            return
        changes = self._changes(row, entry, before, after)
        if changes and self.plan.as_of < entry.known_on:
            sheet.put_apart(
                row, outcome=Outcome.OLDER, faults=[older(row, sheet, entry.known_on, changes)]
            )
            return
        if changes:
            self._touch(entry, after, uscc=row.values.get("uscc"))
        sheet.keep(row, changes=changes)

    def _touch(self, entry: OrganisationEntry, after: tuple[Any, ...], *, uscc: str | None) -> None:
        is_renamed = entry.told[NAME] != after[NAME]
        entry.told, entry.is_touched = after, True
        if uscc and entry.uscc is None:
            entry.uscc, entry.is_uscc_new = uscc, True
            self.organisations.by_uscc[uscc] = entry
        if is_renamed:
            self.organisations.add_name(entry)

    def _reaches(self, values: tuple[Any, ...]) -> bool:
        reach = self.plan.reach
        if reach.is_district:
            return True
        industry = values[INDUSTRY]
        return reach.holds(
            street=values[STREET],
            site=values[SITE],
            industry=industry,
            section=section_of(industry) if industry else "",
        )

    def _changes(
        self,
        row: PackedRow,
        entry: OrganisationEntry,
        before: tuple[Any, ...],
        after: tuple[Any, ...],
    ) -> list[Change]:
        changes = []
        if before != after:
            changes = [
                Change(
                    TITLES[field],
                    readable(field, before[place], self.places),
                    readable(field, after[place], self.places),
                )
                for field, place in PLACE.items()
                if before[place] != after[place]
            ]
        if entry.uscc is None and "uscc" in row.values:
            changes.append(Change("统一社会信用代码", "", row.values["uscc"]))
        if not changes and entry.version_key is None and not entry.is_touched:
            changes.append(Change("登记", "已结束", "重新出现"))
        return changes


def first_valid_from(entry: OrganisationEntry, *, as_of: date) -> date:
    """Since when a new organisation's facts hold: its establishment, where it stands open today.

    Of one that is closed or dormant only the day of the list is known.
    """
    established = entry.told[PLACE["established_date"]]
    standing = (OrganisationStatus.OPERATING, OrganisationStatus.UNKNOWN)
    if established and established <= as_of and entry.told[PLACE["status"]] in standing:
        return established  # type: ignore[no-any-return]
    return as_of


def kind_told_by(name: str, *, uscc: str | None, sheet_kind: str) -> str:
    """The kind of an organisation whose list does not say: by its USCC, its name, its list."""
    if uscc and uscc[:2] in KIND_BY_USCC:
        return KIND_BY_USCC[uscc[:2]].value
    for ending, kind in KIND_BY_ENDING:
        if name.endswith(ending):
            return kind.value
    is_social = sheet_kind == "social_organisations"
    return (OrganisationKind.SERVICE if is_social else OrganisationKind.COMPANY).value


def unknown_street(row: PackedRow, sheet: SheetPlan, text: str, places: Places) -> RowFault:
    """The fault of a street that the district does not have."""
    known = "、".join(list(places.street_names.values())[:6])
    return sheet.fault(
        row, "street", f"区内没有“{text}”这个街道（镇）", f"请改为区内街道的名称，例如：{known}"
    )


def out_of_scope(row: PackedRow, sheet: SheetPlan) -> RowFault:
    """The reason why a row of somebody else's street is left alone."""
    code = "street" if "street" in sheet.kind.by_code else "name"
    return sheet.fault(
        row,
        code,
        "不在您的职责范围内，没有采用",
        "请转给所属街道的干事或区级导入；如街道填错，请改正",
    )


def older(row: PackedRow, sheet: SheetPlan, known_on: date, changes: list[Change]) -> RowFault:
    """The reason why a row that is older than the ledger is left alone."""
    columns = "、".join(change.title for change in changes)
    return sheet.fault(
        row,
        "name",
        f"台账在{known_on.isoformat()}已有更新的情况，与本行不同：{columns}",
        "如果名单更可靠，请把“数据截至”改为名单的实际日期后重新上传",
    )


def _site_reason(name: str, found: list[Any], is_here: bool, places: Places) -> tuple[str, str]:
    streets = "、".join(places.street_name(entry.street) for entry in found)
    if not found:
        return (
            f"台账和本次上传中都没有楼宇（园区）“{name}”",
            "请先上传楼宇园区名单（可同一次上传），或改正名称",
        )
    if is_here:
        return f"有{len(found)}处楼宇（园区）都叫“{name}”：{streets}", "请填写所属街道"
    return f"“{name}”在{streets}，与本行的街道不符", "请改正所属街道或楼宇名称"
