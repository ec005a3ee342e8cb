"""Facts as the rows of office lists: column code to cell, in the words that offices use."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from random import Random

from liangxin.demo.datum import shifted
from liangxin.demo.facts import (
    Enterprise,
    Instructor,
    MassPresence,
    Member,
    PartyOrganisation,
    Point,
    Site,
    SocialOrganisation,
)
from liangxin.demo.trades import SECTION_TITLES

Cell = str | int | float | date | None
Record = dict[str, Cell]

SITE_KINDS = {
    "building": "楼宇",
    "park": "园区",
    "market": "市场",
    "street_front": "商业街",
    "other": "其他",
}
FIRM_KINDS = {
    "company": ("有限责任公司", "有限责任公司", "股份有限公司"),
    "sole_proprietorship": ("个人独资企业",),
    "partnership": ("合伙企业",),
    "foreign": ("外商投资企业",),
    "branch_office": ("分公司",),
    "individual_business": ("个体工商户",),
    "cooperative": ("农民专业合作社",),
}
STATUSES = {
    "operating": ("存续", "开业", "在营"),
    "closed": ("注销", "吊销", "迁出"),
    "shell": ("空壳",),
    "dormant": ("停业", "歇业"),
    "unknown": ("",),
}
SOCIAL_KINDS = {
    "association": ("社会团体",),
    "service": ("社会服务机构", "民办非企业单位"),
    "foundation": ("基金会",),
}
PARTY_KINDS = {
    "work_committee": "党工委",
    "general_branch": "党总支",
    "branch": "党支部",
    "joint_branch": "联合党支部",
}
POSITIONS = {
    "front_line": "生产一线",
    "technical": "专业技术",
    "management": "经营管理",
    "other": "其他",
}
STAGES = {"full": "正式党员", "probationary": "预备党员"}
ROLES = {"instructor": "指导员", "liaison": "联络员"}
ANSWERS = (("是", "否"), ("有", "无"), ("√", "×"), ("Y", "N"), ("1", "0"))
SEPARATORS = ("、", "；", ";", "，", "、")


def site_records(sites: Iterable[Site]) -> Iterator[Record]:
    """Yield the rows of the sites' list, coordinates in WGS-84."""
    for site in sites:
        yield {
            "name": site.name,
            "kind": SITE_KINDS[site.kind],
            "street": site.street,
            "address": site.address,
            **_place(site.point, system="WGS-84"),
        }


def enterprise_records(
    enterprises: Iterable[Enterprise], *, is_register: bool, rng: Random
) -> Iterator[Record]:
    """Yield enterprises as the regulator's register or as a street's own list writes them.

    The register gives class codes and GCJ-02 coordinates, a street names sections and gives WGS-84.
    """
    for firm in enterprises:
        yes_no = ANSWERS[1] if is_register else rng.choice(ANSWERS)
        point = shifted(firm.point) if is_register else firm.point
        yield {
            "name": firm.name,
            "uscc": firm.uscc,
            "kind": rng.choice(FIRM_KINDS[firm.kind]),
            "status": rng.choice(STATUSES[firm.status]),
            "street": firm.street,
            "site": firm.site,
            "address": firm.address,
            "industry": firm.industry if is_register else SECTION_TITLES[firm.industry],
            "employees": firm.employees,
            "revenue_wan": firm.revenue_wan,
            "has_premises": _answer(firm.has_premises, yes_no),
            "has_activity": _answer(firm.has_activity, yes_no),
            "legal_representative": firm.legal_representative,
            "phone": firm.phone,
            "established_date": firm.established_date,
            **_place(point, system="GCJ-02" if is_register else "WGS-84"),
        }


def social_records(social: Iterable[SocialOrganisation], *, rng: Random) -> Iterator[Record]:
    """Yield the rows of the civil affairs bureau's list."""
    for one in social:
        yield {
            "name": one.name,
            "uscc": one.uscc,
            "kind": rng.choice(SOCIAL_KINDS[one.kind]),
            "status": rng.choice(STATUSES[one.status]),
            "street": one.street,
            "address": one.address,
            "employees": one.employees,
            "supervisor": one.supervisor,
            "legal_representative": one.legal_representative,
            "phone": one.phone,
            "established_date": one.established_date,
        }


def party_records(
    party: Iterable[PartyOrganisation], *, usccs: Mapping[str, str], rng: Random
) -> Iterator[Record]:
    """Yield the register of Party organisations; some rows name covered units by credit code."""
    for one in party:
        by_code = rng.random() < 0.1
        names = [(usccs[name] or name) if by_code else name for name in one.covered]
        yield {
            "name": one.name,
            "code": one.code,
            "kind": PARTY_KINDS[one.kind],
            "parent": one.parent,
            "street": one.street,
            "founded_date": one.founded_date,
            "covered": rng.choice((*SEPARATORS, "\n")).join(names),
            "secretary": one.secretary,
        }


def member_records(members: Iterable[Member], *, usccs: Mapping[str, str]) -> Iterator[Record]:
    """Yield the register of members, each with the name and credit code of the work unit."""
    for member in members:
        yield {
            "name": member.name,
            "id_number": member.id_number,
            "sex": member.sex,
            "phone": member.phone,
            "work_unit": member.work_unit,
            "work_unit_uscc": usccs[member.work_unit],
            "position": POSITIONS[member.position],
            "stage": STAGES[member.stage],
            "joined_date": member.joined_date,
            "full_date": member.full_date,
            "relation": member.relation,
        }


def instructor_records(instructors: Iterable[Instructor], *, rng: Random) -> Iterator[Record]:
    """Yield the list of instructors and liaisons with the firms they serve."""
    for one in instructors:
        yield {
            "name": one.name,
            "id_number": one.id_number,
            "phone": one.phone,
            "role": ROLES[one.role],
            "home_unit": one.home_unit,
            "capacity": one.capacity,
            "served": rng.choice(SEPARATORS).join(one.served),
            "start_date": one.start_date,
            "end_date": one.end_date,
        }


def mass_records(
    presences: Iterable[MassPresence], *, usccs: Mapping[str, str]
) -> Iterator[Record]:
    """Yield the survey of unions and League organisations."""
    for one in presences:
        yield {
            "name": one.name,
            "uscc": usccs[one.name],
            "union": "有" if one.has_union else "无",
            "league": "有" if one.has_league else "无",
        }


def _answer(fact: bool | None, words: tuple[str, str]) -> str:
    return "" if fact is None else words[0 if fact else 1]


def _place(point: Point, *, system: str) -> Record:
    return {"lon": point[0], "lat": point[1], "coordinate_system": system}
