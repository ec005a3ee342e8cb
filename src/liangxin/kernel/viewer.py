"""Who is looking: a frozen description handed to every query about people or organisations."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The seven roles of the office, and the administrator who sees accounts but no facts."""

    DISTRICT_OFFICE = "district_office"
    COMMITTEE_OFFICER = "committee_officer"
    SECRETARY = "secretary"
    INSTRUCTOR = "instructor"
    OWNER = "owner"
    MEMBER = "member"
    SUBSCRIBER = "subscriber"
    ADMINISTRATOR = "administrator"


ROLE_TITLES = {
    Role.DISTRICT_OFFICE: "区委社会工作部（两新工委）",
    Role.COMMITTEE_OFFICER: "街道、园区、行业党务干事",
    Role.SECRETARY: "党组织书记",
    Role.INSTRUCTOR: "党建指导员、联络员",
    Role.OWNER: "出资人、企业负责人",
    Role.MEMBER: "党员",
    Role.SUBSCRIBER: "资料库会员",
    Role.ADMINISTRATOR: "系统管理员",
}

PARTY_CHAIN = frozenset({Role.DISTRICT_OFFICE, Role.COMMITTEE_OFFICER, Role.SECRETARY})


class ScopeKind(StrEnum):
    """Over what a role is held."""

    DISTRICT = "district"
    STREET = "street"
    SITE = "site"
    TRADE = "trade"
    PARTY_ORGANISATION = "party_organisation"
    ORGANISATION = "organisation"
    OWN_RECORD = "own_record"
    ASSIGNED_FIRMS = "assigned_firms"
    LIBRARY_ONLY = "library_only"


SCOPE_TITLES = {
    ScopeKind.DISTRICT: "全区",
    ScopeKind.STREET: "街道",
    ScopeKind.SITE: "楼宇、园区",
    ScopeKind.TRADE: "行业",
    ScopeKind.PARTY_ORGANISATION: "党组织",
    ScopeKind.ORGANISATION: "一家单位",
    ScopeKind.OWN_RECORD: "本人记录",
    ScopeKind.ASSIGNED_FIRMS: "所联系企业",
    ScopeKind.LIBRARY_ONLY: "仅资料库",
}

ROLE_SCOPES: dict[Role, tuple[ScopeKind, ...]] = {
    Role.DISTRICT_OFFICE: (ScopeKind.DISTRICT,),
    Role.COMMITTEE_OFFICER: (ScopeKind.STREET, ScopeKind.SITE, ScopeKind.TRADE),
    Role.SECRETARY: (ScopeKind.PARTY_ORGANISATION,),
    Role.INSTRUCTOR: (ScopeKind.ASSIGNED_FIRMS,),
    Role.OWNER: (ScopeKind.ORGANISATION,),
    Role.MEMBER: (ScopeKind.OWN_RECORD,),
    Role.SUBSCRIBER: (ScopeKind.LIBRARY_ONLY,),
    Role.ADMINISTRATOR: (ScopeKind.DISTRICT,),
}


@dataclass(frozen=True, order=True)
class Scope:
    """One scope; `key` is the primary key of its object, an industry code for a trade, else ''.

    ASSIGNED_FIRMS and OWN_RECORD carry the key of the person.
    """

    kind: ScopeKind
    key: str = ""


@dataclass(frozen=True, order=True)
class Held:
    """One role held over one scope."""

    role: Role
    scope: Scope


@dataclass(frozen=True)
class Viewer:
    """Who asks: the account and the roles it holds today. Never a database object."""

    user_id: int | None
    username: str
    name: str
    held: frozenset[Held]

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(held.role for held in self.held)

    @property
    def is_stranger(self) -> bool:
        return not self.held

    @property
    def is_in_party_chain(self) -> bool:
        return bool(self.roles & PARTY_CHAIN)

    def scopes(self, *roles: Role) -> frozenset[Scope]:
        """The scopes over which any of `roles` is held."""
        return frozenset(held.scope for held in self.held if held.role in roles)

    def holding_only(self, held: Iterable[Held]) -> "Viewer":
        """The same somebody with some of what they hold; also of a request's viewer, a lazy stand-in."""
        return Viewer(self.user_id, self.username, self.name, frozenset(held))

    def sees_district(self) -> bool:
        """Whether the whole district's facts are open to this viewer."""
        return Role.DISTRICT_OFFICE in self.roles


STRANGER = Viewer(user_id=None, username="", name="", held=frozenset())
SYSTEM = Viewer(
    user_id=None,
    username="system",
    name="系统",
    held=frozenset({Held(Role.DISTRICT_OFFICE, Scope(ScopeKind.DISTRICT))}),
)
# Whoever sets the deployment up at the server, before any account exists.
SETUP = Viewer(
    user_id=None,
    username="setup",
    name="系统初始化",
    held=SYSTEM.held | {Held(Role.ADMINISTRATOR, Scope(ScopeKind.DISTRICT))},
)
