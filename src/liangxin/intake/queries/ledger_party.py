"""The ledger's Party organisations by name and code."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from liangxin.registry.models import PartyOrganisationVersion
from liangxin.workbook.cells import compact


@dataclass(slots=True)
class PartyEntry:
    """A Party organisation of the ledger (positive key) or of this plan (negative key)."""

    key: int
    name: str
    code: str | None
    founded_date: date | None
    parent: int | None
    known_on: date


class PartyOrganisations:
    """Finds Party organisations; those of the same go are added while planning."""

    def __init__(self) -> None:
        self.by_key: dict[int, PartyEntry] = {}
        self.by_code: dict[str, PartyEntry] = {}
        self._by_name: dict[str, list[PartyEntry]] = defaultdict(list)
        found = PartyOrganisationVersion.objects.filter(valid_to__isnull=True).select_related(
            "party_organisation", "party_organisation__provenance"
        )
        for version in found.order_by("party_organisation_id"):
            identity = version.party_organisation
            self.add(
                PartyEntry(
                    identity.pk,
                    version.name,
                    identity.code,
                    identity.founded_date,
                    version.parent_id,
                    identity.provenance.as_of_date,
                )
            )

    def add(self, entry: PartyEntry) -> None:
        """Make a Party organisation known to the rows that follow."""
        self.by_key[entry.key] = entry
        if entry.code:
            self.by_code[entry.code] = entry
        self._by_name[compact(entry.name)].append(entry)

    def named(self, text: str) -> PartyEntry | None:
        """The only Party organisation of that name; None where there is none or several."""
        found = self._by_name.get(compact(text), [])
        return found[0] if len(found) == 1 else None
