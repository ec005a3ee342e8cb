"""Pairs of the whole ledger that look like one and the same: grouped by what they share, then weighed."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

from liangxin.registry.models import Employment, OrganisationVersion, Person
from liangxin.registry.queries.periods import true_at
from liangxin.registry.terms import LikenessKind
from liangxin.standards.organisation_names import core_name

WEIGHTS = {
    LikenessKind.NAME: 4,
    LikenessKind.CORE_NAME: 3,
    LikenessKind.ADDRESS: 3,
    LikenessKind.FORMER_NAME: 2,
    LikenessKind.PHONE: 2,
    LikenessKind.PERSON_PHONE: 4,
    LikenessKind.PERSON_UNIT: 3,
}
SAME_STREET = 1
CODES_DIFFER = -2
OF_NAMES = (LikenessKind.NAME, LikenessKind.CORE_NAME)
ROWS_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Compared:
    """What of one entry is compared; `names` are cores of former names, `code` a credit code or an index."""

    key: int
    name: str
    core: str = ""
    place: str = ""
    phone: str = ""
    street_id: int | None = None
    code: str = ""
    unit_id: int | None = None
    former: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        return "|".join([self.name, self.place, self.phone, self.code, str(self.unit_id)])


@dataclass
class FoundPair:
    """Two keys, the lower first, with what they share and how much that weighs."""

    first: Compared
    second: Compared
    evidence: set[LikenessKind] = field(default_factory=set)

    @property
    def differ_in_code(self) -> bool:
        return bool(self.first.code and self.second.code)

    @property
    def strength(self) -> int:
        total = sum(WEIGHTS[kind] for kind in self.evidence)
        if self.first.street_id is not None and self.first.street_id == self.second.street_id:
            total += SAME_STREET
        return total + (CODES_DIFFER if self.differ_in_code else 0)

    @property
    def is_likely(self) -> bool:
        """Two codes are two entities, unless they share a name in one street: then a code may be wrong."""
        if not self.differ_in_code:
            return True
        is_near = self.first.street_id == self.second.street_id
        return is_near and bool(self.evidence & set(OF_NAMES))

    @property
    def basis(self) -> str:
        return hashlib.sha256(f"{self.first.told}||{self.second.told}".encode()).hexdigest()[:32]


def organisation_pairs(
    entries: Iterable[Compared], *, max_alike: int, min_strength: int
) -> list[FoundPair]:
    """Likely pairs of organisations, the strongest first."""
    listed = list(entries)
    pairs = _Pairs(max_alike)
    pairs.share(listed, LikenessKind.CORE_NAME, lambda one: one.core)
    pairs.share(listed, LikenessKind.ADDRESS, lambda one: one.place)
    pairs.share(listed, LikenessKind.PHONE, lambda one: one.phone)
    pairs.share_former(listed)
    for pair in pairs.found.values():
        if LikenessKind.CORE_NAME in pair.evidence and pair.first.name == pair.second.name:
            pair.evidence ^= {LikenessKind.CORE_NAME, LikenessKind.NAME}
    return pairs.likely(min_strength=min_strength)


def person_pairs(
    entries: Iterable[Compared], *, max_alike: int, min_strength: int
) -> list[FoundPair]:
    """Likely pairs of persons, the strongest first; two ID numbers are two persons."""
    listed = list(entries)
    pairs = _Pairs(max_alike)
    pairs.share(listed, LikenessKind.PERSON_PHONE, lambda one: one.phone and (one.name, one.phone))
    pairs.share(
        listed, LikenessKind.PERSON_UNIT, lambda one: one.unit_id and (one.name, one.unit_id)
    )
    likely = pairs.likely(min_strength=min_strength)
    return [pair for pair in likely if not pair.differ_in_code]


def compared_organisations() -> Iterator[Compared]:
    """Every organisation that has an open version, by key."""
    former: dict[int, list[str]] = defaultdict(list)
    closed = OrganisationVersion.objects.filter(valid_to__isnull=False).order_by()
    for key, core in closed.values_list("organisation_id", "name_core").distinct():
        former[key].append(core)
    rows = (
        OrganisationVersion.objects.filter(valid_to__isnull=True)
        .order_by("organisation_id")
        .values_list(
            "organisation_id",
            "name",
            "name_core",
            "address",
            "legal_representative",
            "phone",
            "street_id",
            "organisation__uscc",
        )
    )
    for key, name, core, address, person, phone, street_id, uscc in rows.iterator(ROWS_AT_ONCE):
        yield Compared(
            key=key,
            name=name,
            core=core,
            place=place_key(address, person),
            phone=phone or "",
            street_id=street_id,
            code=uscc or "",
            former=tuple(one for one in former.get(key, ()) if one and one != core),
        )


def compared_persons(*, at: date) -> Iterator[Compared]:
    """Every person that stands for themselves, with the unit they work in on `at`."""
    work = Employment.objects.filter(true_at(at)).order_by()
    units = dict(work.values_list("person_id", "organisation_id"))
    rows = Person.objects.filter(merged_into__isnull=True).order_by("id")
    for key, name, phone, index in rows.values_list("id", "name", "phone", "id_index").iterator(
        ROWS_AT_ONCE
    ):
        yield Compared(
            key=key, name=name, phone=phone or "", code=index or "", unit_id=units.get(key)
        )


def place_key(address: str, legal_representative: str) -> str:
    """Address and legal representative as one comparable text; '' where one of them is not known."""
    place, person = core_name(address), core_name(legal_representative)
    return f"{place}/{person}" if place and person else ""


class _Pairs:
    """Pairs found so far, by keys."""

    def __init__(self, max_alike: int) -> None:
        self.max_alike = max_alike
        self.found: dict[tuple[int, int], FoundPair] = {}

    def share(
        self,
        entries: list[Compared],
        kind: LikenessKind,
        shared: Callable[[Compared], Hashable],
    ) -> None:
        groups: dict[Hashable, list[Compared]] = defaultdict(list)
        for entry in entries:
            if value := shared(entry):
                groups[value].append(entry)
        for group in groups.values():
            # One telephone of an agency would pair every firm it serves with every other.
            if 1 < len(group) <= self.max_alike:
                for one, other in combinations(group, 2):
                    self._add(one, other, kind)

    def share_former(self, entries: list[Compared]) -> None:
        """Pairs of which one bears the name that the other bore."""
        present: dict[str, list[Compared]] = defaultdict(list)
        for entry in entries:
            if entry.core:
                present[entry.core].append(entry)
        for entry in entries:
            for core in entry.former:
                bearers = present.get(core, [])
                if len(bearers) <= self.max_alike:
                    for other in bearers:
                        self._add(entry, other, LikenessKind.FORMER_NAME)

    def likely(self, *, min_strength: int) -> list[FoundPair]:
        kept = [
            pair for pair in self.found.values() if pair.is_likely and pair.strength >= min_strength
        ]
        return sorted(kept, key=lambda pair: (-pair.strength, pair.first.key, pair.second.key))

    def _add(self, one: Compared, other: Compared, kind: LikenessKind) -> None:
        if one.key == other.key:
            return
        first, second = sorted((one, other), key=lambda entry: entry.key)
        pair = self.found.setdefault((first.key, second.key), FoundPair(first, second))
        pair.evidence.add(kind)
