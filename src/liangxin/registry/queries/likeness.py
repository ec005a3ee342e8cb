"""Whether the ledger already holds what somebody is about to add: within their scope, and why it looks alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from liangxin.kernel.encryption import blind_index
from liangxin.kernel.viewer import Viewer
from liangxin.registry.models import Employment, Organisation, OrganisationVersion, Person
from liangxin.registry.queries.alike import place_key
from liangxin.registry.queries.guides import guides
from liangxin.registry.queries.merged import surviving_organisation, surviving_person
from liangxin.registry.queries.people import member_persons
from liangxin.registry.queries.periods import true_at
from liangxin.registry.queries.scope import in_scope
from liangxin.standards.organisation_names import core_name

MAX_SHOWN = 5
# Former names and firms of one legal representative are sifted in Python: a bound keeps typing fast.
MAX_SIFTED = 50
MIN_NAME = 2


@dataclass(frozen=True)
class Alike:
    """One organisation that looks the same, and why."""

    version: OrganisationVersion
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Likeness:
    """Organisations that look the same; of those outside the viewer's scope only that the code is taken."""

    same_uscc: OrganisationVersion | None = None
    is_uscc_taken_elsewhere: bool = False
    alike: tuple[Alike, ...] = ()

    @property
    def is_any(self) -> bool:
        return bool(self.same_uscc or self.is_uscc_taken_elsewhere or self.alike)


@dataclass(frozen=True, kw_only=True)
class AskedOrganisation:
    """What has been typed so far; '' or None where nothing."""

    uscc: str = ""
    name: str = ""
    street_id: int | None = None
    address: str = ""
    legal_representative: str = ""


@dataclass(frozen=True)
class AlikePerson:
    """One person in the viewer's scope who looks the same, and why."""

    person: Person
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class PersonLikeness:
    """Persons that look the same; of those outside the viewer's scope only that the number is taken."""

    same_id: Person | None = None
    is_id_taken_elsewhere: bool = False
    alike: tuple[AlikePerson, ...] = ()

    @property
    def is_any(self) -> bool:
        return bool(self.same_id or self.is_id_taken_elsewhere or self.alike)


def likeness(
    viewer: Viewer, *, asked: AskedOrganisation, at: date, apart_from: int | None = None
) -> Likeness:
    """What has the same code, name (also a former one), or address and legal representative.

    One id is left out: the organisation that is being revised.
    """
    every = OrganisationVersion.objects.filter(valid_to__isnull=True).exclude(
        organisation_id=apart_from or 0
    )
    seen = every.filter(in_scope(viewer, at=at)).select_related("organisation", "street")
    holder = _holder(asked.uscc)
    coded = seen.filter(organisation_id=holder).first() if holder else None
    is_taken = holder not in (None, apart_from) and coded is None
    reasons: dict[int, list[str]] = {}
    for key, reason in (*_named(seen, asked), *_formerly_named(seen, asked), *_placed(seen, asked)):
        reasons.setdefault(key, []).append(reason)
    if coded:
        reasons.pop(coded.organisation_id, None)
    return Likeness(coded, is_taken, tuple(_alike(seen, reasons, asked)))


def person_likeness(
    viewer: Viewer,
    *,
    name: str,
    id_number: str,
    organisation_id: int | None,
    at: date,
    apart_from: int | None = None,
) -> PersonLikeness:
    """Who has the same ID number, or the same name, the colleague of one organisation first.

    Of a number that stands outside the viewer's scope only that is told: no name.
    """
    own = Person.objects.filter(merged_into__isnull=True).filter(
        Q(pk__in=member_persons(viewer, at=at).order_by().values("pk"))
        | Q(pk__in=guides(viewer, at=at).order_by().values("person_id"))
    )
    own = own.exclude(pk=apart_from or 0)
    holder = Person.objects.filter(id_index=blind_index(id_number) or "-").first()
    key = surviving_person(holder.pk) if holder else None
    same = own.filter(pk=key).first() if key else None
    is_elsewhere = key is not None and key != apart_from and same is None
    named = list(own.filter(name=name).exclude(pk=key or 0).order_by("id")[:MAX_SIFTED])
    colleagues = _colleagues(named, organisation_id, at=at)
    named.sort(key=lambda person: (person.pk not in colleagues, person.pk))
    alike = tuple(
        AlikePerson(one, ("姓名相同", "同一单位") if one.pk in colleagues else ("姓名相同",))
        for one in named[:MAX_SHOWN]
    )
    return PersonLikeness(same, is_elsewhere, alike if name else ())


def _holder(uscc: str) -> int | None:
    """The organisation that stands for the one that bears the code."""
    bearers = Organisation.objects.filter(uscc=uscc) if uscc else Organisation.objects.none()
    key = bearers.values_list("pk", flat=True).first()
    return surviving_organisation(key) if key is not None else None


def _named(
    seen: QuerySet[OrganisationVersion], asked: AskedOrganisation
) -> Iterable[tuple[int, str]]:
    core = core_name(asked.name)
    if len(core) < MIN_NAME:
        return
    for key, name in (
        seen.filter(name_core=core)
        .order_by("organisation_id")
        .values_list("organisation_id", "name")[:MAX_SIFTED]
    ):
        is_same = name == asked.name
        yield key, "名称相同" if is_same else "名称只差标点、括号或公司类型字样"


def _formerly_named(
    seen: QuerySet[OrganisationVersion], asked: AskedOrganisation
) -> Iterable[tuple[int, str]]:
    core = core_name(asked.name)
    if len(core) < MIN_NAME:
        return
    former = OrganisationVersion.objects.filter(name_core=core, valid_to__isnull=False)
    bearers: dict[int, str] = {}
    for key, name in former.order_by("id").values_list("organisation_id", "name")[:MAX_SIFTED]:
        bearers.setdefault(surviving_organisation(key), name)
    renamed = seen.filter(organisation_id__in=bearers).exclude(name_core=core).order_by()
    for key in renamed.values_list("organisation_id", flat=True):
        yield key, f"曾用名“{bearers[key]}”"


def _placed(
    seen: QuerySet[OrganisationVersion], asked: AskedOrganisation
) -> Iterable[tuple[int, str]]:
    wanted = place_key(asked.address, asked.legal_representative)
    if not wanted:
        return
    same = seen.filter(legal_representative=asked.legal_representative.strip()).order_by(
        "organisation_id"
    )
    for key, address, person in same.values_list(
        "organisation_id", "address", "legal_representative"
    )[:MAX_SIFTED]:
        if place_key(address, person) == wanted:
            yield key, "地址和法定代表人相同"


def _alike(
    seen: QuerySet[OrganisationVersion], reasons: dict[int, list[str]], asked: AskedOrganisation
) -> Iterable[Alike]:
    """Those with most reasons first, then those of the street."""
    found = list(seen.filter(organisation_id__in=reasons))
    found.sort(
        key=lambda one: (
            -len(reasons[one.organisation_id]),
            one.street_id != asked.street_id,
            one.organisation_id,
        )
    )
    for one in found[:MAX_SHOWN]:
        same_street = ("同一街道",) if one.street_id == asked.street_id else ()
        yield Alike(one, (*reasons[one.organisation_id], *same_street))


def _colleagues(named: list[Person], organisation_id: int | None, *, at: date) -> set[int]:
    if organisation_id is None:
        return set()
    work = Employment.objects.filter(true_at(at), person__in=named, organisation_id=organisation_id)
    return set(work.order_by().values_list("person_id", flat=True))
