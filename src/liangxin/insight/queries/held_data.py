"""Everything the ledger holds on one person, and who looked at it: for themselves, and for the office."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from liangxin.accounts.terms import ACTION_TITLES
from liangxin.kernel.models import AuditEntry
from liangxin.kernel.viewer import ScopeKind, Viewer
from liangxin.registry.models import (
    Employment,
    Fact,
    GuideService,
    OrganisationVersion,
    PartyMembership,
    PartyOrganisationVersion,
    PartyRelation,
    Person,
    Post,
    Posting,
)
from liangxin.registry.queries.people import member_persons
from liangxin.registry.queries.retention import facts_of_persons, retention_years

MOST_LOOKS = 200
NO_NAME = "台账中已没有名称"
# Lists in which people stand, by the title under which an export is recorded.
LISTS_OF_MEMBERS = ("党员",)
LISTS_OF_GUIDES = ("指导员联络员", "党建指导员、联络员")
Names = Mapping[int, str]


@dataclass(frozen=True, kw_only=True)
class HeldFact:
    """One dated fact: what, since and until when, who told it and when it was recorded."""

    title: str
    words: str
    fact: Fact


@dataclass(frozen=True, kw_only=True)
class Look:
    """Somebody opened, changed or took away what is held."""

    at: datetime
    by_name: str
    title: str
    note: str


@dataclass(frozen=True, kw_only=True)
class HeldData:
    """All that is held on one person; numbers are for masking by the page."""

    person: Person
    facts: Sequence[HeldFact]
    looks: Sequence[Look]
    exports: Sequence[Look]
    retention_years: int


def own_data(viewer: Viewer, *, at: date) -> Sequence[HeldData]:
    """What is held on the persons that the viewer is; empty for accounts that are nobody's record."""
    keys = {
        int(scope.key)
        for scope in viewer.scopes(*viewer.roles)
        if scope.kind in (ScopeKind.OWN_RECORD, ScopeKind.ASSIGNED_FIRMS) and scope.key.isdecimal()
    }
    found = Person.objects.filter(pk__in=keys).select_related("provenance").order_by("pk")
    return [_held_data(person, at=at) for person in found]


def held_data(viewer: Viewer, *, person_id: int, at: date) -> HeldData | None:
    """What is held on a member in the viewer's scope; None for anybody else."""
    found = member_persons(viewer, at=at).select_related("provenance").filter(pk=person_id).first()
    return _held_data(found, at=at) if found else None


def _held_data(person: Person, *, at: date) -> HeldData:
    facts = _facts(person)
    return HeldData(
        person=person,
        facts=facts,
        looks=_looks(Q(object_kind=Person._meta.label_lower, object_key=str(person.pk))),
        exports=_exports(person, facts),
        retention_years=retention_years(at=at),
    )


def _facts(person: Person) -> list[HeldFact]:
    told: list[Fact] = []
    for model, link in facts_of_persons():
        rows = model._default_manager.filter(**{link: person.pk}).select_related("provenance")
        told.extend(rows.order_by("-valid_from", "-pk"))
    units = _names(OrganisationVersion, "organisation_id", told)
    parties = _names(PartyOrganisationVersion, "party_organisation_id", told)
    return [_in_words(fact, units=units, parties=parties) for fact in told]


def _names(
    model: type[OrganisationVersion] | type[PartyOrganisationVersion],
    link: str,
    facts: Iterable[Fact],
) -> Names:
    """The newest names of whatever the facts speak of; one query."""
    keys = {getattr(fact, link, None) for fact in facts} - {None}
    rows = model._default_manager.filter(**{f"{link}__in": keys}).order_by("valid_from", "pk")
    return dict(rows.values_list(link, "name"))


def _in_words(fact: Fact, *, units: Names, parties: Names) -> HeldFact:
    unit = units.get(getattr(fact, "organisation_id", None) or 0, NO_NAME)
    party = parties.get(getattr(fact, "party_organisation_id", None) or 0, NO_NAME)
    match fact:
        case Employment():
            title, words = "工作单位", f"{unit} {fact.get_position_display()}"
        case PartyMembership():
            title, words = "党员身份", fact.get_stage_display()
        case PartyRelation():
            title, words = "组织关系", fact.elsewhere or party
        case Post():
            title, words = "党组织职务", f"{party} {fact.get_kind_display()}"
        case GuideService():
            title, words = fact.get_role_display(), fact.home_unit or "派出单位不详"
        case Posting():
            title, words = f"{fact.get_role_display()}联系单位", unit
        case _:
            title, words = str(fact._meta.verbose_name), ""
    return HeldFact(title=title, words=words.strip(), fact=fact)


def _exports(person: Person, facts: Sequence[HeldFact]) -> Sequence[Look]:
    """Exports of lists in which the person may have stood since the ledger knows them."""
    kinds = {type(held.fact) for held in facts}
    lists: tuple[str, ...] = ()
    if PartyMembership in kinds:
        lists += LISTS_OF_MEMBERS
    if GuideService in kinds:
        lists += LISTS_OF_GUIDES
    if not lists:
        return []
    since = Q(at__gte=person.provenance.recorded_at)
    return _looks(Q(action="list.export", details__list__in=lists) & since)


def _looks(condition: Q) -> list[Look]:
    entries = AuditEntry.objects.filter(condition).order_by("-id")[:MOST_LOOKS]
    return [
        Look(
            at=entry.at,
            by_name=entry.by_name,
            title=ACTION_TITLES.get(entry.action, entry.action),
            note=_note(entry),
        )
        for entry in entries
    ]


_NOTES: Sequence[tuple[str, Callable[[object], str]]] = (
    ("reason", lambda reason: f"原因：{reason}"),
    ("rows", lambda rows: f"共 {rows} 行"),
)


def _note(entry: AuditEntry) -> str:
    """The reason or the size; summaries may name others."""
    return "，".join(words(entry.details[name]) for name, words in _NOTES if name in entry.details)
