"""The ledger's organisations by USCC and name, with what it says of them now."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, TextField
from django.db.models.functions import Cast

from liangxin.kernel.encryption import unseal_text
from liangxin.registry.models import Merge, Organisation, OrganisationVersion
from liangxin.registry.queries.merged import surviving_organisation
from liangxin.registry.terms import OrganisationStatus
from liangxin.workbook.cells import compact

# Columns of OrganisationVersion that lists tell; a value of an entry stands at its column's place.
FIELDS = (
    "name",
    "kind",
    "status",
    "street_id",
    "site_id",
    "address",
    "lon",
    "lat",
    "industry_code",
    "employees",
    "revenue_wan",
    "has_premises",
    "has_activity",
    "has_meeting_room",
    "legal_representative",
    "supervisor",
    "established_date",
    "phone",
)
PLACE = {field: place for place, field in enumerate(FIELDS)}
NAME, STATUS, STREET, SITE, INDUSTRY = (
    PLACE[field] for field in ("name", "status", "street_id", "site_id", "industry_code")
)
USCC_LENGTH = 18


@dataclass(slots=True)
class OrganisationEntry:
    """An organisation of the ledger (positive key) or of this plan (negative key).

    `told` holds what the ledger says, in the order of FIELDS; None until a version is known.
    """

    key: int
    uscc: str | None
    told: tuple[Any, ...]
    version_key: int | None = None
    valid_from: date | None = None
    known_on: date = date.min
    is_touched: bool = False
    is_uscc_new: bool = False
    is_phone_sealed: bool = False

    def opened(self) -> tuple[Any, ...]:
        """What is told, the telephone number unsealed (only now: most entries are never compared)."""
        if self.is_phone_sealed:
            self.told = (*self.told[:-1], unseal_text(self.told[-1]))
            self.is_phone_sealed = False
        return self.told


class Organisations:
    """Finds organisations by USCC and by name; those of the same go are added while planning."""

    def __init__(self) -> None:
        self.by_uscc: dict[str, OrganisationEntry] = {}
        self._by_name: dict[str, list[OrganisationEntry]] = defaultdict(list)
        self.by_key: dict[int, OrganisationEntry] = {}
        self._absorbed_names: dict[str, list[tuple[OrganisationEntry, int | None]]] = defaultdict(
            list
        )
        usccs = dict(Organisation.objects.values_list("id", "uscc"))
        for entry in _open_versions(usccs):
            self.add(entry)
        absorbed = _absorbed()
        for entry in _ended_organisations(set(usccs) - set(self.by_key) - set(absorbed), usccs):
            self.add(entry)
        for key in absorbed:
            self._lead_on(key, uscc=usccs[key])

    def add(self, entry: OrganisationEntry) -> None:
        """Make an organisation known to the rows that follow."""
        self.by_key[entry.key] = entry
        if entry.uscc:
            self.by_uscc[entry.uscc] = entry
        self.add_name(entry)

    def add_name(self, entry: OrganisationEntry) -> None:
        """Make the entry's present name known; a former name keeps leading to it."""
        found = self._by_name[compact(entry.told[NAME])]
        if entry not in found:
            found.append(entry)

    def _lead_on(self, key: int, *, uscc: str | None) -> None:
        """Let the code and the names of an absorbed organisation find the one it was merged into."""
        survivor = self.by_key.get(surviving_organisation(key))
        if survivor is None:
            return
        if uscc:
            self.by_uscc.setdefault(uscc, survivor)
        for name, street in _names_of(key):
            self._absorbed_names[compact(name)].append((survivor, street))

    def named(self, name: str) -> list[OrganisationEntry]:
        """The organisations that bear the name now."""
        key = compact(name)
        return [entry for entry in self._by_name.get(key, ()) if compact(entry.told[NAME]) == key]

    def absorbed(self, name: str, *, street: int | None) -> list[OrganisationEntry]:
        """What the organisations that bore the name in the street were merged into."""
        known = self._absorbed_names.get(compact(name), ())
        found = {
            entry.key: entry
            for entry, stood_in in known
            if street is None or stood_in in (street, None)
        }
        return list(found.values())

    def unit(self, text: str) -> list[OrganisationEntry]:
        """The organisations that a cell means: by USCC, else by name, closed ones only if no other."""
        code = compact(text).upper()
        if len(code) == USCC_LENGTH and code in self.by_uscc:
            return [self.by_uscc[code]]
        found = (
            self.named(text)
            or self._by_name.get(compact(text), [])
            or self.absorbed(text, street=None)
        )
        standing = [entry for entry in found if entry.told[STATUS] != OrganisationStatus.CLOSED]
        return standing or found


def _absorbed() -> list[int]:
    found = Organisation.objects.filter(merged_into__isnull=False).order_by("id")
    return list(found.values_list("id", flat=True))


def _names_of(key: int) -> set[tuple[str, int | None]]:
    """Every name an absorbed organisation bore and the street it stood in.

    One begun and merged on the same day has no version left: its name counts in every street.
    """
    versions = OrganisationVersion.objects.filter(organisation_id=key).order_by()
    told: set[tuple[str, int | None]] = set(versions.values_list("name", "street_id"))
    merges = Merge.objects.filter(absorbed_organisation_id=key, undone_at__isnull=True).order_by()
    return told or {(name, None) for name in merges.values_list("absorbed_name", flat=True)}


def _open_versions(usccs: dict[int, str | None]) -> list[OrganisationEntry]:
    rows = (
        OrganisationVersion.objects.filter(valid_to__isnull=True)
        .annotate(sealed_phone=Cast("phone", TextField()))
        .order_by("organisation_id")
        .values_list(
            "organisation_id",
            "id",
            "valid_from",
            "provenance__as_of_date",
            *FIELDS[:-1],
            "sealed_phone",
        )
    )
    return [
        OrganisationEntry(
            key=row[0],
            uscc=usccs[row[0]],
            told=row[4:],
            version_key=row[1],
            valid_from=row[2],
            known_on=max(row[2], row[3]),
            is_phone_sealed=True,
        )
        for row in rows.iterator(chunk_size=5000)
    ]


def _ended_organisations(keys: set[int], usccs: dict[int, str | None]) -> list[OrganisationEntry]:
    """Organisations whose last version has ended: a list may open a new one after it."""
    found = []
    for key in sorted(keys):
        last = OrganisationVersion.objects.filter(organisation_id=key).order_by("-valid_from")
        ended_on = last.aggregate(ended_on=Max("valid_to"))["ended_on"]
        version = last.first()
        if version is not None:
            told = tuple(getattr(version, field) for field in FIELDS)
            found.append(OrganisationEntry(key, usccs[key], told, known_on=ended_on))
    return found
