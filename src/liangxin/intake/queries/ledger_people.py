"""The ledger's persons by ID number (its blind index) or, without one, by name and home unit."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from liangxin.kernel.encryption import blind_index
from liangxin.registry.models import Person
from liangxin.registry.queries.merged import surviving_person
from liangxin.workbook.cells import compact


@dataclass(slots=True)
class PersonEntry:
    """A person of the ledger (positive key) or of this plan (negative key)."""

    key: int
    name: str
    phone: str
    sex: str
    known_on: date


class People:
    """Finds persons; those of the same go are added while planning."""

    def __init__(self) -> None:
        self._by_id: dict[str, PersonEntry] = {}
        self._guides: dict[str, list[PersonEntry]] = defaultdict(list)
        people = Person.objects.select_related("provenance").defer("id_number").order_by("id")
        standing = people.filter(merged_into__isnull=True)
        by_key: dict[int, PersonEntry] = {}
        for person in standing.iterator(chunk_size=2000):
            entry = PersonEntry(
                person.pk,
                person.name,
                person.phone,
                person.sex,
                person.provenance.as_of_date,
            )
            by_key[person.pk] = entry
            if person.id_index:
                self._by_id[person.id_index] = entry
            else:
                self.add_guide(entry)
        self._lead_on(people.filter(merged_into__isnull=False), by_key)

    def _lead_on(self, absorbed: QuerySet[Person], by_key: dict[int, PersonEntry]) -> None:
        """Let the ID number or the name of an absorbed person find the one they were merged into."""
        for person in absorbed:
            survivor = by_key.get(surviving_person(person.pk))
            if survivor is None:
                continue
            if person.id_index:
                self._by_id.setdefault(person.id_index, survivor)
            elif survivor not in self._guides[compact(person.name)]:
                self._guides[compact(person.name)].append(survivor)

    def by_id(self, id_number: str) -> PersonEntry | None:
        """The person who holds this ID number."""
        return self._by_id.get(blind_index(id_number) or "")

    def add(self, entry: PersonEntry, *, id_number: str) -> None:
        """Make a person known to the rows that follow."""
        self._by_id[blind_index(id_number) or ""] = entry

    def guides(self, name: str) -> list[PersonEntry]:
        """Persons of that name whose ID number nobody told: instructors and liaisons."""
        return self._guides[compact(name)]

    def add_guide(self, entry: PersonEntry) -> None:
        """Make a person without an ID number known to the rows that follow."""
        self._guides[compact(entry.name)].append(entry)
