"""The ledger's persons by ID number (its blind index) or, without one, by name and home unit."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from liangxin.kernel.encryption import blind_index
from liangxin.registry.models import Person
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
        for person in people.iterator(chunk_size=2000):
            entry = PersonEntry(
                person.pk,
                person.name,
                person.phone,
                person.sex,
                person.provenance.as_of_date,
            )
            if person.id_index:
                self._by_id[person.id_index] = entry
            else:
                self.add_guide(entry)

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
